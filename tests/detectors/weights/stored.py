"""Tensors as files, and snapshots of them."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping

import torch
from torch import Tensor

from codesim import snapshot_of
from codesim.detectors.weights.models import Model, open_model

_DTYPES = {
    torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16", torch.int8: "I8",
    torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2",
    torch.int32: "I32", torch.float64: "F64",
}  # fmt: skip
_GGUF = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 8, "Q4_K": 12, "Q6_K": 14, "BF16": 30}


def raw(tensor: Tensor) -> bytes:
    """The bytes of a tensor, row by row."""
    return bytes(tensor.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes())


def safetensors(tensors: Mapping[str, Tensor]) -> bytes:
    """A safetensors file."""
    about: dict[str, object] = {}
    data = b""
    for name, tensor in tensors.items():
        end = len(data) + tensor.numel() * tensor.element_size()
        shape, dtype = list(tensor.shape), _DTYPES[tensor.dtype]
        about[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), end]}
        data += raw(tensor)
    header = json.dumps(about).encode()
    return struct.pack("<Q", len(header)) + header + data


def index(places: Mapping[str, str], total: int | None = None) -> bytes:
    """An index file: the file of each tensor."""
    metadata = {} if total is None else {"total_size": total}
    return json.dumps({"metadata": metadata, "weight_map": dict(places)}).encode()


def gguf(
    tensors: Mapping[str, tuple[str, tuple[int, ...], bytes]],
    texts: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
) -> bytes:
    """A GGUF file of tensors: type, shape in row-major order, bytes."""
    texts, numbers = texts or {}, numbers or {}
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(texts) + len(numbers))
    head += b"".join(_text(k) + struct.pack("<I", 8) + _text(v) for k, v in texts.items())
    head += b"".join(_text(k) + struct.pack("<II", 4, v) for k, v in numbers.items())
    data = b""
    for name, (kind, shape, content) in tensors.items():
        sizes = b"".join(struct.pack("<Q", size) for size in reversed(shape))
        head += _text(name) + struct.pack("<I", len(shape)) + sizes
        head += struct.pack("<IQ", _GGUF[kind], len(data))
        data += content + bytes(-len(content) % 32)
    return head + bytes(-len(head) % 32) + data


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def model(files: Mapping[str, bytes]) -> Model:
    """The model of a snapshot of some files."""
    return open_model(snapshot_of(dict(files)))


def read(found: Model, name: str) -> Tensor:
    """All values of one tensor of a model, as a matrix."""
    (values,) = (each for each in found.tensors if each.name == name)
    return values.read(0, values.rows)
