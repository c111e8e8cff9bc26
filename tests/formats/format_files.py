"""Tiny writers of model files: what the readers read, byte by byte, and without the libraries."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence

Shape = tuple[int, ...]
BITS = {"F32": 32, "F16": 16, "BF16": 16, "I64": 64, "U8": 8}


def product(shape: Shape) -> int:
    result = 1
    for size in shape:
        result *= size
    return result


def safetensors(tensors: Mapping[str, Shape], dtype: str = "F32") -> bytes:
    """A safetensors file of zeros."""
    header: dict[str, object] = {}
    at = 0
    for name, shape in tensors.items():
        size = product(shape) * BITS[dtype] // 8
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    return safetensors_of(json.dumps(header).encode(), bytes(at))


def safetensors_of(header: bytes, data: bytes = b"") -> bytes:
    """A safetensors file with exactly this header."""
    return struct.pack("<Q", len(header)) + header + data


def index(names: Mapping[str, str], total_size: int | None = None) -> bytes:
    """An index file as ``save_pretrained`` writes it."""
    metadata = {} if total_size is None else {"total_size": total_size}
    root = {"metadata": metadata, "weight_map": dict(sorted(names.items()))}
    return (json.dumps(root, indent=2) + "\n").encode()


def lfs_pointer(oid: str, size: int) -> bytes:
    """A Git LFS pointer."""
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"
    return text.encode()


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def gguf(
    metadata: Mapping[str, object], tensors: Mapping[str, tuple[Shape, int]], tail: int = 1 << 12
) -> bytes:
    """A GGUF file, version 3; shapes in row-major order, kinds by number, data of zeros."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        head += text(key) + value_of(value)
    offset = 0
    for name, (shape, kind) in tensors.items():
        head += text(name) + struct.pack("<I", len(shape))
        head += b"".join(struct.pack("<Q", size) for size in reversed(shape))
        head += struct.pack("<IQ", kind, offset)
        offset += -(-product(shape) * 4 // 32) * 32
    return head + bytes(-len(head) % 32) + bytes(max(tail, offset))


def value_of(value: object) -> bytes:
    """A metadata value with its type."""
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<Iq", 11, value)
    if isinstance(value, float):
        return struct.pack("<Id", 12, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + text(value)
    assert isinstance(value, list)
    if value and isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(text(item) for item in value)
    return struct.pack("<IIQ", 9, 6, len(value)) + struct.pack(f"<{len(value)}f", *value)


def zipped(
    members: Sequence[tuple[str, bytes]], method: int = 0, declared: int | None = None
) -> bytes:
    """A zip archive of stored members; ``method`` and ``declared`` size as its directory says."""
    body, directory = b"", b""
    for name, data in members:
        raw, size = name.encode(), len(data) if declared is None else declared
        fields = (20, 0, method, 0, 0, 0, len(data), size, len(raw))
        place = len(body)
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *fields, 0) + raw + data
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0, place
        ) + raw  # fmt: skip
    counts = (len(members), len(members), len(directory), len(body), 0)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, *counts)


class Pickle:
    """Writes the instructions of a pickle by hand; nothing is ever pickled or unpickled."""

    def __init__(self) -> None:
        self.data = b"\x80\x02"

    def put(self, *parts: bytes) -> Pickle:
        self.data += b"".join(parts)
        return self

    def string(self, value: str) -> Pickle:
        raw = value.encode()
        return self.put(b"X", struct.pack("<I", len(raw)), raw)

    def number(self, value: int) -> Pickle:
        if -(2**31) <= value < 2**31:
            return self.put(b"J", struct.pack("<i", value))
        return self.put(b"\x8a\x08", value.to_bytes(8, "little", signed=True))

    def named(self, module: str, name: str) -> Pickle:
        return self.put(b"c", module.encode(), b"\n", name.encode(), b"\n")

    def numbers(self, values: Shape) -> Pickle:
        self.put(b"(")
        for value in values:
            self.number(value)
        return self.put(b"t")

    def tensor(
        self,
        key: str,
        shape: Shape,
        strides: Shape | None = None,
        storage: str = "FloatStorage",
        offset: int = 0,
    ) -> Pickle:
        self.named("torch._utils", "_rebuild_tensor_v2").put(b"((").string("storage")
        self.named("torch", storage).string(key).string("cpu").number(product(shape)).put(b"tQ")
        self.number(offset).numbers(shape).numbers(row_major(shape) if strides is None else strides)
        return self.put(b"\x89}tR")

    def end(self) -> bytes:
        return self.data + b"."


def row_major(shape: Shape) -> Shape:
    return tuple(product(shape[place + 1 :]) for place in range(len(shape)))


def pytorch(tensors: Mapping[str, Shape], folder: str = "archive") -> bytes:
    """A checkpoint as ``torch.save`` of a state dict writes it, of zeros."""
    pickle = Pickle().put(b"}(")
    members: list[tuple[str, bytes]] = []
    for number, (name, shape) in enumerate(tensors.items()):
        pickle.string(name).tensor(str(number), shape)
        members.append((f"{folder}/data/{number}", bytes(4 * product(shape))))
    return zipped([(f"{folder}/data.pkl", pickle.put(b"u").end()), *members])
