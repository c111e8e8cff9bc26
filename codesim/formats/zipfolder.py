"""The directory of a zip archive, read by range: only members that are stored as they are.

Source: PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 to 4.3.16 and 4.5.3 (zip64).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codesim.formats.errors import FormatError
from codesim.formats.source import ByteSource

_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_MEMBER = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_LONGEST_COMMENT = 0xFFFF
_WIDE = 0xFFFFFFFF
_ENCRYPTED = 1
# A member for each tensor storage, and a few more; about 100 bytes each.
_MOST_MEMBERS = 60_000
_MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; ``start`` is where its bytes begin, ``stored`` that they are raw."""

    name: str
    header: int
    size: int
    stored: bool


def read_zip(source: ByteSource) -> dict[str, Member]:
    """The members of an archive by name. Raises FormatError for a damaged or odd directory."""
    start, size, count = _directory(source)
    if count > _MOST_MEMBERS or size > _MOST_BYTES:
        raise FormatError(f"claims {count:,} members in a directory of {size:,} bytes")
    found: dict[str, Member] = {}
    for member in _members(source.at(start, size), count):
        if member.name in found:
            raise FormatError(f"holds the member {member.name[:60]!r} twice")
        found[member.name] = member
    return found


def announce_headers(source: ByteSource, members: Iterable[Member]) -> None:
    """Say to a source that is far away that the header of each of these members will be read."""
    if source.announce is not None:
        source.announce([(member.header, _LOCAL.size) for member in members])


def data_start(source: ByteSource, member: Member) -> int:
    """Where the bytes of a stored member begin. Raises FormatError for one that is compressed."""
    if not member.stored:
        raise FormatError(f"has the compressed or encrypted member {member.name[:60]!r}")
    fields = _LOCAL.unpack(source.at(member.header, _LOCAL.size))
    if fields[0] != b"PK\3\4":
        raise FormatError(f"does not hold {member.name[:60]!r} where its directory says")
    start = member.header + _LOCAL.size + int(fields[9]) + int(fields[10])
    if start + member.size > source.size:
        raise FormatError(f"is cut short: {member.name[:60]!r} ends beyond it")
    return start


def _directory(source: ByteSource) -> tuple[int, int, int]:
    """Start, size and number of members of the central directory."""
    tail_at = max(0, source.size - _END.size - _LONGEST_COMMENT)
    tail = source.at(tail_at, source.size - tail_at)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise FormatError("is cut short, or no zip archive")
    _, _, _, _, count, size, start, _ = _END.unpack_from(tail, at)
    locator = at - _LOCATOR.size
    if locator >= 0 and tail.startswith(b"PK\6\7", locator):
        end = int(_LOCATOR.unpack_from(tail, locator)[2])
        fields = _END64.unpack(source.at(end, _END64.size))
        if fields[0] != b"PK\6\6":
            raise FormatError("has a directory that points nowhere")
        count, size, start = fields[7:]
    return int(start), int(size), int(count)


def _members(data: bytes, count: int) -> Iterator[Member]:
    at = 0
    for _ in range(count):
        if len(data) - at < _MEMBER.size or not data.startswith(b"PK\1\2", at):
            raise FormatError("has a damaged directory")
        fields = _MEMBER.unpack_from(data, at)
        flags, method, packed, size = fields[3], fields[4], fields[8], fields[9]
        lengths, header = fields[10:13], fields[16]
        at += _MEMBER.size
        name = data[at : at + lengths[0]].decode("utf-8", "replace")
        extra = data[at + lengths[0] : at + lengths[0] + lengths[1]]
        size, packed, header = _widened(extra, size, packed, header)
        at += sum(lengths)
        stored = method == 0 and size == packed and not flags & _ENCRYPTED
        yield Member(name, header, size, stored)


def _widened(extra: bytes, *narrow: int) -> list[int]:
    """Sizes and offset of a member, from its zip64 field where 32 bits were not enough."""
    wide: list[int] = []
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            body = extra[at + 4 : at + 4 + length]
            wide = [int(each) for (each,) in struct.iter_unpack("<Q", body[: len(body) // 8 * 8])]
        at += 4 + length
    values = iter(wide)
    try:
        return [next(values) if value == _WIDE else value for value in narrow]
    except StopIteration:
        raise FormatError("has a member whose size is nowhere") from None
