"""Safetensors headers: a length, a JSON object, and where each tensor's bytes lie after it.

Source: the format section of the README of huggingface/safetensors, and its own validation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from codesim.formats.errors import FormatError
from codesim.formats.source import ByteSource
from codesim.formats.tensor import (
    MOST_DIMENSIONS,
    MOST_TENSORS,
    TensorRecord,
    check_disjoint,
    check_name,
    product,
)
from codesim.text import JsonError, parse_json

# Bits per element.
DTYPE_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "F8_E8M0": 8, "F8_E4M3": 8, "F8_E5M2": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64,
}  # fmt: skip
# A header of 50,000 tensors has 6 MB.
_MOST_BYTES = 8_000_000
_LENGTH = 8
_METADATA = "__metadata__"
# Beyond any size or offset of a file.
_LARGEST = 1 << 63
# Two lists and one object for each tensor; more are there to fill the memory.
_MOST_LISTS = 2 * MOST_TENSORS + 1_000


@dataclass(frozen=True, slots=True)
class Safetensors:
    """The header of a safetensors file."""

    metadata: dict[str, str]
    tensors: tuple[TensorRecord, ...]


def read_safetensors(source: ByteSource | bytes) -> Safetensors:
    """The header of a safetensors file.

    Raises FormatError for what the format does not allow: a header that is no JSON object or gives
    a key twice, tensors that overlap, leave holes or do not end where the file does, and sizes that
    do not agree with shape and dtype.
    """
    if isinstance(source, bytes):
        source = ByteSource.of(source)
    length = int.from_bytes(source.at(0, _LENGTH), "little")
    if length > _MOST_BYTES:
        raise FormatError(f"claims a header of {length:,} bytes; the limit is {_MOST_BYTES:,}")
    header = _parsed(source.at(_LENGTH, length))
    metadata = header.pop(_METADATA, {})
    if len(header) > MOST_TENSORS:
        raise FormatError(f"has {len(header):,} tensors; the limit is {MOST_TENSORS:,}")
    seen: set[str] = set()
    start = _LENGTH + length
    found = [_tensor(check_name(n, seen), v, start, source.path) for n, v in header.items()]
    _check_layout(found, start, source.size)
    return Safetensors(_texts(metadata), tuple(found))


def _parsed(data: bytes) -> dict[str, Any]:
    if not data.startswith(b"{"):
        raise FormatError("is no safetensors file: its header is not a JSON object")
    if data.count(b"[") > _MOST_LISTS or data.count(b"{") > _MOST_LISTS:
        raise FormatError(f"has a header of more than {_MOST_LISTS:,} lists")
    try:
        header = parse_json(data)
    except JsonError as error:
        raise FormatError(f"has a header that {error}") from None
    if not isinstance(header, dict):
        raise FormatError("is no safetensors file: its header is not a JSON object")
    return header


def _texts(metadata: object) -> dict[str, str]:
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise FormatError("has metadata that is not text by key")
    return metadata


def _tensor(name: str, about: object, first: int, path: str) -> TensorRecord:
    if not isinstance(about, dict):
        raise FormatError(f"does not describe the tensor {name[:60]!r}")
    shape, dtype = about.get("shape"), about.get("dtype")
    sizes = _whole_numbers(shape)
    offsets = _whole_numbers(about.get("data_offsets"))
    if sizes is None or len(sizes) > MOST_DIMENSIONS:
        raise FormatError(f"gives {name[:60]!r} a shape that is none")
    if not isinstance(dtype, str) or dtype not in DTYPE_BITS:
        raise FormatError(f"gives {name[:60]!r} the unknown dtype {str(dtype)[:20]!r}")
    if offsets is None or len(offsets) != 2:
        raise FormatError(f"gives {name[:60]!r} offsets that are none")
    start, end = offsets
    if (end - start) * 8 != product(sizes) * DTYPE_BITS[dtype]:
        raise FormatError(f"gives {name[:60]!r} {end - start:,} bytes, which its shape denies")
    return TensorRecord(name, sizes, dtype, path, first + start, first + end)


def _whole_numbers(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, list) or not all(map(_is_size, value)):
        return None
    return tuple(value)


def _is_size(value: object) -> bool:
    return type(value) is int and 0 <= value < _LARGEST


def _check_layout(tensors: list[TensorRecord], first: int, size: int) -> None:
    check_disjoint(tensors)
    held = sum(tensor.bytes or 0 for tensor in tensors)
    last = max([tensor.end or 0 for tensor in tensors], default=first)
    if last > size:
        raise FormatError(f"is cut short: its tensors end at {last:,} of {size:,} bytes")
    if last < size:
        raise FormatError(f"has {size - last:,} bytes after its last tensor")
    if held != last - first:
        raise FormatError("has bytes between its tensors that belong to none")
