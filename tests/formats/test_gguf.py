"""GGUF headers: metadata, tensors, and files made to hang a reader."""

from __future__ import annotations

import struct

import pytest
from format_files import gguf, text

from codesim.formats import FormatError, read_gguf
from codesim.formats.source import ByteSource

Q4_0 = 2


def test_metadata_and_tensors() -> None:
    words = {"tokenizer.ggml.tokens": ["<s>", "é"], "tokenizer.ggml.scores": [0.5, 1.0]}
    plain = {"general.name": "m", "n": -3, "x": 0.25, "yes": True}
    data = gguf({**plain, **words}, {"a.weight": ((2, 64), Q4_0), "b": ((4,), 0)})
    found = read_gguf(ByteSource.of(data, "m.gguf"))
    assert found.metadata == {**plain, **{key: tuple(value) for key, value in words.items()}}
    one, two = found.tensors
    assert (one.name, one.shape, one.dtype, one.bytes) == ("a.weight", (2, 64), "Q4_0", 72)
    assert (two.shape, two.dtype, two.bytes, two.file) == ((4,), "F32", 16, "m.gguf")
    assert one.start is not None
    assert one.start % 32 == 0


@pytest.mark.parametrize("version", [1, 2, 3])
def test_versions(version: int) -> None:
    wide = "Q" if version > 1 else "I"
    data = b"GGUF" + struct.pack(f"<I{wide}{wide}", version, 0, 1)
    data += struct.pack(f"<{wide}", 1) + b"k" + struct.pack("<II", 4, 7)
    assert read_gguf(data).metadata == {"k": 7}


def test_big_endian() -> None:
    data = b"GGUF" + struct.pack(">IQQQ", 3, 0, 1, 1) + b"k" + struct.pack(">II", 4, 7)
    assert read_gguf(data).metadata == {"k": 7}


def test_a_large_header_comes_in_parts_and_no_data_is_fetched() -> None:
    data = gguf({"tokens": ["token"] * 100_000}, {"a": ((1000, 1000), 0)})
    fetched = []

    def fetch(start: int, size: int) -> bytes:
        fetched.append(size)
        return data[start : start + size]

    found = read_gguf(ByteSource("m", len(data), fetch))
    assert len(found.metadata["tokens"]) == 100_000
    assert sum(fetched) < 3_000_000


def head(tensors: int = 0, keys: int = 0, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)


def key(kind: int, rest: bytes) -> bytes:
    return head(0, 1) + text("k") + struct.pack("<I", kind) + rest


def one_tensor(shape: tuple[int, ...], kind: int = 0, offset: int = 0, tail: int = 64) -> bytes:
    sizes = b"".join(struct.pack("<Q", size) for size in shape)
    described = text("t") + struct.pack("<I", len(shape)) + sizes
    return head(1) + described + struct.pack("<IQ", kind, offset) + bytes(tail)


REFUSED = {
    "empty": (b"", "not a GGUF"),
    "other magic": (b"GGML" + bytes(40), "not a GGUF"),
    "only the magic": (b"GGUF", "cut short"),
    "unknown version": (head(version=77), "unknown GGUF version"),
    "version zero": (head(version=0), "unknown GGUF version"),
    "a trillion tensors": (head(1 << 40), "claims 1,099,511,627,776 tensors"),
    "a trillion keys": (head(0, 1 << 40), "claims 1,099,511,627,776 metadata keys"),
    "array that hangs a reader": (key(9, struct.pack("<IQ", 0, 1 << 40)), "arrays of"),
    "array of a million nothings": (key(9, struct.pack("<IQ", 8, 1 << 19)), "cut short"),
    "array of arrays": (key(9, struct.pack("<IQ", 9, 1)), "arrays of arrays"),
    "array of an unknown type": (key(9, struct.pack("<IQ", 99, 1)), "unknown type"),
    "value of an unknown type": (key(99, b""), "unknown type"),
    "text of a terabyte": (key(8, struct.pack("<Q", 1 << 40)), "text of 1,099"),
    "text beyond the end": (key(8, struct.pack("<Q", 1000)), "cut short"),
    "key of a megabyte": (head(0, 1) + struct.pack("<Q", 1 << 20), "text of 1,048,576"),
    "key given twice": (head(0, 2) + (text("k") + struct.pack("<IB", 0, 1)) * 2, "twice"),
    "tensor given twice": (
        head(2) + (text("t") + struct.pack("<IIQ", 0, 0, 0)) * 2, "twice",
    ),
    "a million dimensions": (head(1) + text("t") + struct.pack("<I", 1 << 20), "dimensions"),
    "a tensor of 2^120 elements": (one_tensor((1 << 60, 1 << 60)), "ends beyond"),
    "offset beyond the end": (one_tensor((1,), offset=1 << 60), "ends beyond"),
    "unknown type beyond the end": (one_tensor((1,), 77, 1 << 60), "beyond its end"),
    "rows that are no blocks": (one_tensor((33,), Q4_0), "no whole blocks"),
    "alignment of zero": (
        head(0, 1) + text("general.alignment") + struct.pack("<II", 4, 0), "alignment",
    ),
    "alignment that is text": (
        head(0, 1) + text("general.alignment") + struct.pack("<I", 8) + text("x"), "alignment",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case, bounded) -> None:
    data, reason = REFUSED[case]
    with bounded(), pytest.raises(FormatError, match=reason):
        read_gguf(data)


def test_overlapping_tensors() -> None:
    data = gguf({}, {"a": ((8,), 0), "b": ((8,), 0)})
    moved = data.replace(struct.pack("<IQ", 0, 32), struct.pack("<IQ", 0, 16))
    with pytest.raises(FormatError, match="overlap"):
        read_gguf(moved)


def test_a_header_of_a_gigabyte_is_given_up(bounded) -> None:
    words = text("x" * 900_000)
    start = head(0, 1) + text("k") + struct.pack("<IIQ", 9, 8, 1000)

    def fetch(at: int, size: int) -> bytes:
        whole = start + words * ((at + size) // len(words) + 1)
        return whole[at : at + size]

    with bounded(), pytest.raises(FormatError, match="header over"):
        read_gguf(ByteSource("m", 1 << 30, fetch))


def test_a_vocabulary_of_many_strings(bounded) -> None:
    count = 50_000
    data = key(9, struct.pack("<IQ", 8, count) + text("\U0001f600abc") * count)
    with bounded():
        assert len(read_gguf(data).metadata["k"]) == count


def test_more_strings_than_any_vocabulary() -> None:
    with pytest.raises(FormatError, match="arrays of 1,100,000 elements"):
        read_gguf(key(9, struct.pack("<IQ", 8, 1_100_000) + bytes(8_800_000)))
