"""Index files and Git LFS pointers."""

from __future__ import annotations

import pytest
from format_files import index, lfs_pointer

from codesim.formats import (
    FormatError,
    LfsPointer,
    TensorRecord,
    is_lfs_pointer,
    read_index,
    read_lfs_pointer,
)

OID = "ab" * 32


def test_an_index_names_tensors_and_files() -> None:
    found = read_index(index({"b": "two", "a": "one"}, 12))
    assert found.tensors == (TensorRecord("a", file="one"), TensorRecord("b", file="two"))
    assert (found.total_size, found.total_parameters) == (12, None)
    assert found.tensors[0].elements is None
    assert found.tensors[0].bytes is None


@pytest.mark.parametrize(
    ("size", "expected"),
    [("12.0", 12), ("12", 12), ("-1", None), ('"12"', None), ("true", None), ("1e999", None),
     ("9" * 40, None), ("null", None)],
)  # fmt: skip
def test_total_size_is_a_count_or_unknown(size: str, expected: int | None) -> None:
    data = b'{"metadata": {"total_size": %s}, "weight_map": {}}' % size.encode()
    assert read_index(data).total_size == expected


REFUSED = {
    "empty": (b"", "not JSON"),
    "a list": (b"[]", "no map of weights"),
    "no map": (b'{"metadata": {}}', "no map of weights"),
    "a map that is a list": (b'{"weight_map": []}', "no map of weights"),
    "a file that is a number": (b'{"weight_map": {"a": 1}}', "no file name"),
    "a name given twice": (b'{"weight_map": {"a": "x", "a": "y"}}', "twice"),
    "NaN": (b'{"weight_map": {"a": NaN}}', "NaN"),
    "not UTF-8": (b'{"weight_map": {"\xff": "x"}}', "not UTF-8"),
    "nested": (b'{"weight_map": ' + b"[" * 9_000, "nested too deeply"),
    "lists": (b"[" * 90_000, "lists"),
    "a long name": (index({"a" * 9_000: "x"}), "tensor name of"),
    "60,000 tensors": (index({str(n): "x" for n in range(60_000)}), "60,000 tensors"),
    "20 MB": (b" " * 20_000_000, "an index has at most"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case, bounded) -> None:
    data, reason = REFUSED[case]
    with bounded(), pytest.raises(FormatError, match=reason):
        read_index(data)


def test_a_pointer() -> None:
    assert read_lfs_pointer(lfs_pointer(OID, 4_979_000)) == LfsPointer(OID, 4_979_000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"version https://git-lfs.github.com/spec/v1\n",
        lfs_pointer(OID[:-1], 1),
        lfs_pointer(OID.upper(), 1),
        lfs_pointer(OID, -1),
        lfs_pointer(OID, 10**30),
        lfs_pointer(OID, 1) * 2,
        lfs_pointer(OID, 1) + b"x" * 2000,
    ],
)
def test_no_pointer(data: bytes) -> None:
    with pytest.raises(FormatError, match="LFS pointer"):
        read_lfs_pointer(data)


def test_a_weight_file_is_no_pointer() -> None:
    assert not is_lfs_pointer(b"PK\3\4")
    assert is_lfs_pointer(lfs_pointer(OID, 1))
