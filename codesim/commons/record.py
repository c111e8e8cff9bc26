"""The file of a commons table: a checked header and four columns that can be memory-mapped.

``magic, format, header length, checksum`` (32 bytes), the header as JSON padded to 8 bytes, then
the columns one after the other, each padded likewise. Everything is little-endian. The checksum is
over all other bytes, so that one wrong bit anywhere is noticed.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt

MAGIC = b"CSCOMMON"
FORMAT = 1
_HEAD = struct.Struct("<8sII16s")
_UNCHECKED = struct.Struct("<8sII")
_ALIGN = 8

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]


class DamagedError(ValueError):
    """The bytes are not a table that this version of codesim can use; the text says why."""


@dataclass(frozen=True, slots=True)
class Project:
    """One public project in the table; ``fingerprints`` is how many distinct ones it has."""

    name: str
    version: str
    licence: str
    fingerprints: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a table says about itself.

    ``canonicaliser`` names what made the fingerprints: values made by another one mean nothing
    here. ``bucket_bits`` is how many leading bits choose a bucket, ``scale_bits`` how many leading
    zero bits a fingerprint needs to be in a sketch.
    """

    canonicaliser: str
    projects: tuple[Project, ...]
    bucket_bits: Annotated[int, msgspec.Meta(ge=1, le=24)]
    scale_bits: Annotated[int, msgspec.Meta(ge=0, le=31)]
    entries: Annotated[int, msgspec.Meta(ge=0)]
    sampled: Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class Record:
    """A table: ``load`` per bucket and ``entries`` in bucket order; sketches as sorted ``sampled``
    hashes with the number of the project in ``owner``. ``version`` names the content.
    """

    header: Header
    load: Bytes
    entries: Words
    sampled: Words
    owner: Bytes
    version: str = ""


def encode(record: Record) -> bytes:
    """The same record gives the same bytes."""
    header = _padded(msgspec.json.encode(record.header, order="sorted"), b" ")
    body = header + b"".join(
        _padded(column.astype(column.dtype.newbyteorder("<")).tobytes(), b"\0")
        for column in (record.load, record.entries, record.sampled, record.owner)
    )
    checksum = _checksum(_UNCHECKED.pack(MAGIC, FORMAT, len(header)), body)
    return _HEAD.pack(MAGIC, FORMAT, len(header), checksum) + body


def decode(data: Bytes) -> Record:
    """Views into ``data``, which may be a memory map. Raises DamagedError."""
    if len(data) < _HEAD.size:
        raise DamagedError("it is cut off")
    magic, version, length, checksum = _HEAD.unpack(data[: _HEAD.size].tobytes())
    if magic != MAGIC:
        raise DamagedError("it is not a commons table")
    if version != FORMAT:
        raise DamagedError(f"it has format {version}, and this version of codesim reads {FORMAT}")
    body = data[_HEAD.size :]
    if _checksum(data[: _UNCHECKED.size].tobytes(), body.data) != checksum:
        raise DamagedError("its checksum is wrong")
    header = _header(body[:length].tobytes())
    return _columns(header, body[length:], checksum.hex()[:12])


def _columns(header: Header, body: Bytes, version: str) -> Record:
    column = _Reader(body)
    return Record(
        header,
        load=column.next("<u1", 1 << header.bucket_bits),
        entries=column.next("<u4", header.entries),
        sampled=column.next("<u4", header.sampled),
        owner=column.next("<u1", header.sampled),
        version=version,
    )


class _Reader:
    """Takes one column after the other."""

    def __init__(self, body: Bytes) -> None:
        self._body = body
        self._at = 0

    def next(self, dtype: str, size: int) -> npt.NDArray[Any]:
        length = size * np.dtype(dtype).itemsize
        found = self._body[self._at : self._at + length]
        if len(found) != length:
            raise DamagedError("its columns are shorter than its header says")
        self._at += -(-length // _ALIGN) * _ALIGN
        return found.view(dtype)


def _header(text: bytes) -> Header:
    try:
        return msgspec.json.decode(text, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise DamagedError("its header cannot be read") from None


def _checksum(*parts: bytes | memoryview) -> bytes:
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        state.update(part)
    return state.digest()


def _padded(data: bytes, filler: bytes) -> bytes:
    return data + filler * (-len(data) % _ALIGN)
