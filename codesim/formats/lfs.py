"""Git LFS pointers: the small file that stands for a large one, with its SHA-256 and size.

Source: docs/spec.md of git-lfs/git-lfs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from codesim.formats.errors import FormatError

_MARK = b"version https://git-lfs.github.com/spec/v1\n"
# By the specification a pointer is shorter than this.
LONGEST_POINTER = 1_024
_OID = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)
_SIZE = re.compile(rb"^size (\d{1,18})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LfsPointer:
    """What a pointer says of the file it stands for: SHA-256 in hexadecimal, size in bytes."""

    oid: str
    size: int


def is_lfs_pointer(data: bytes) -> bool:
    """Whether a file calls itself a pointer."""
    return len(data) <= LONGEST_POINTER and data.startswith(_MARK)


def read_lfs_pointer(data: bytes) -> LfsPointer:
    """The content of a pointer. Raises FormatError where it is none."""
    if not is_lfs_pointer(data):
        raise FormatError("is no Git LFS pointer")
    oids, sizes = _OID.findall(data), _SIZE.findall(data)
    if len(oids) != 1 or len(sizes) != 1:
        raise FormatError("is a Git LFS pointer without one SHA-256 and one size")
    return LfsPointer(oids[0].decode(), int(sizes[0]))
