"""GGUF headers: metadata (with the tokenizer) and tensors.

Source: docs/gguf.md of ggml-org/ggml, versions 1 to 3, in either byte order.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from codesim.formats.errors import FormatError
from codesim.formats.ggml import GGML_TYPES
from codesim.formats.source import ByteSource
from codesim.formats.tensor import (
    LONGEST_NAME,
    MOST_DIMENSIONS,
    MOST_TENSORS,
    TensorRecord,
    check_disjoint,
    check_name,
    product,
)

Scalar = bool | int | float | str
Value = Scalar | tuple[Scalar, ...]

_MAGIC = b"GGUF"
_NUMBERS = {
    0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d",
}  # fmt: skip
_STRING, _ARRAY = 8, 9
# The largest public vocabularies, 262,000 tokens with 514,000 merges, need 14 MB.
_MOST_BYTES = 24_000_000
_MOST_KEYS = 10_000
# Elements of all arrays together; a string counts twice, as it costs more.
_MOST_ELEMENTS = 2_000_000
# Chat templates are the longest texts; they stay below 100 KB.
_LONGEST_TEXT = 1_000_000
_CHUNK = 1 << 20
_ALIGNMENT = 32


@dataclass(frozen=True, slots=True)
class Gguf:
    """The header of a GGUF file; a metadata array is a tuple."""

    metadata: dict[str, Value]
    tensors: tuple[TensorRecord, ...]


def read_gguf(source: ByteSource | bytes) -> Gguf:
    """The header of a GGUF file, of which no value of a tensor is read.

    Raises FormatError for anything that the format does not allow, and for counts and lengths
    beyond every public model.
    """
    cursor = _Cursor(ByteSource.of(source) if isinstance(source, bytes) else source)
    keys, tensors = _counts(cursor)
    metadata: dict[str, Value] = {}
    for _ in range(keys):
        key = cursor.text(LONGEST_NAME)
        if key in metadata:
            raise FormatError(f"gives the metadata {key[:60]!r} twice")
        metadata[key] = _value(cursor)
    return Gguf(metadata, _tensors(cursor, tensors, _alignment(metadata)))


class _Cursor:
    """Reads forward through the header; fetches more of the file as it goes."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self.data = b""
        self.position = 0
        self.order = "<"
        self.wide = True
        self.elements = 0

    def need(self, size: int) -> int:
        """Where the next ``size`` bytes begin in ``data``; moves beyond them."""
        start, end = self.position, self.position + size
        if end > len(self.data):
            self._fetch(end)
        self.position = end
        return start

    def _fetch(self, end: int) -> None:
        if end > self.source.size:
            raise FormatError("is cut short")
        if end > _MOST_BYTES:
            raise FormatError(f"has a header over {_MOST_BYTES:,} bytes")
        more = max(end - len(self.data), len(self.data), _CHUNK)
        more = min(more, self.source.size - len(self.data))
        self.data += self.source.at(len(self.data), more)

    def number(self, code: str) -> int | float:
        at = self.need(struct.calcsize("<" + code))
        value: int | float = struct.unpack_from(self.order + code, self.data, at)[0]
        return value

    def count(self) -> int:
        """A length: 64 bits, in version 1 only 32."""
        return int(self.number("Q" if self.wide else "I"))

    def text(self, longest: int = _LONGEST_TEXT) -> str:
        length = self.count()
        if length > longest:
            raise FormatError(f"has a text of {length:,} bytes; the limit is {longest:,}")
        at = self.need(length)
        return self.data[at : at + length].decode("utf-8", "replace")


def _counts(cursor: _Cursor) -> tuple[int, int]:
    """How many metadata keys and tensors follow."""
    if cursor.source.size < 4 or cursor.source.at(0, 4) != _MAGIC:
        raise FormatError("is not a GGUF file")
    cursor.need(4)
    version = int(cursor.number("I"))
    if version and not version & 0xFFFF:  # written on a big-endian machine
        cursor.order, version = ">", int.from_bytes(version.to_bytes(4, "little"), "big")
    if version not in (1, 2, 3):
        raise FormatError(f"has the unknown GGUF version {version:,}")
    cursor.wide = version > 1
    tensors, keys = cursor.count(), cursor.count()
    if tensors > MOST_TENSORS:
        raise FormatError(f"claims {tensors:,} tensors; the limit is {MOST_TENSORS:,}")
    if keys > _MOST_KEYS:
        raise FormatError(f"claims {keys:,} metadata keys; the limit is {_MOST_KEYS:,}")
    return keys, tensors


def _value(cursor: _Cursor) -> Value:
    kind = int(cursor.number("I"))
    if kind == _STRING:
        return cursor.text()
    if kind == _ARRAY:
        return _array(cursor)
    if kind not in _NUMBERS:
        raise FormatError(f"has metadata of the unknown type {kind:,}")
    return cursor.number(_NUMBERS[kind])


def _array(cursor: _Cursor) -> tuple[Scalar, ...]:
    kind, length = int(cursor.number("I")), cursor.count()
    if kind == _ARRAY:
        raise FormatError("has arrays of arrays, which are not read")
    if kind != _STRING and kind not in _NUMBERS:
        raise FormatError(f"has metadata of the unknown type {kind:,}")
    cursor.elements += length * (2 if kind == _STRING else 1)
    if cursor.elements > _MOST_ELEMENTS:
        raise FormatError(f"has arrays of {length:,} elements; the limit is {_MOST_ELEMENTS:,}")
    if kind == _STRING:
        return tuple(_texts(cursor, length))
    code = _NUMBERS[kind]
    at = cursor.need(length * struct.calcsize("<" + code))
    return struct.unpack_from(f"{cursor.order}{length}{code}", cursor.data, at)


def _texts(cursor: _Cursor, count: int) -> Iterator[str]:
    """The texts of an array: as ``cursor.text`` gives them, three times as fast."""
    length = struct.Struct(cursor.order + ("Q" if cursor.wide else "I"))
    for _ in range(count):
        start = cursor.position + length.size
        if start <= len(cursor.data):
            end = start + length.unpack_from(cursor.data, cursor.position)[0]
            if end <= len(cursor.data) and end - start <= _LONGEST_TEXT:
                cursor.position = end
                yield cursor.data[start:end].decode("utf-8", "replace")
                continue
        yield cursor.text()


def _alignment(metadata: dict[str, Value]) -> int:
    alignment = metadata.get("general.alignment", _ALIGNMENT)
    if type(alignment) is not int or not 0 < alignment <= _CHUNK:
        raise FormatError("has an alignment that is not a number in reason")
    return alignment


def _tensors(cursor: _Cursor, count: int, alignment: int) -> tuple[TensorRecord, ...]:
    seen: set[str] = set()
    described = [_described(cursor, seen) for _ in range(count)]
    first = -(-cursor.position // alignment) * alignment
    found = tuple(_placed(cursor.source, first, *each) for each in described)
    check_disjoint(found)
    return found


def _described(cursor: _Cursor, seen: set[str]) -> tuple[str, tuple[int, ...], int, int]:
    """Name, shape, number of the type, and offset in the data, of the next tensor."""
    name = check_name(cursor.text(LONGEST_NAME), seen)
    dimensions = int(cursor.number("I"))
    if dimensions > MOST_DIMENSIONS:
        raise FormatError(f"has a tensor of {dimensions:,} dimensions")
    shape = tuple(cursor.count() for _ in range(dimensions))[::-1]  # fastest last, as elsewhere
    return name, shape, int(cursor.number("I")), int(cursor.number("Q"))


def _placed(
    source: ByteSource, first: int, name: str, shape: tuple[int, ...], kind: int, offset: int
) -> TensorRecord:
    start = first + offset
    if kind not in GGML_TYPES:
        if start > source.size:
            raise FormatError(f"is cut short: {name[:60]!r} lies beyond its end")
        return TensorRecord(name, shape, f"type {kind}", source.path)
    dtype, block, size = GGML_TYPES[kind]
    elements = product(shape)
    if shape and shape[-1] % block:
        raise FormatError(f"has a tensor {name[:60]!r} whose rows are no whole blocks of {dtype}")
    end = start + elements // block * size
    if end > source.size:
        raise FormatError(f"is cut short: {name[:60]!r} of {elements:,} elements ends beyond it")
    return TensorRecord(name, shape, dtype, source.path, start, end)
