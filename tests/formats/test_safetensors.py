"""Safetensors headers: what is read, and every way in which a file is refused."""

from __future__ import annotations

import json
import struct

import pytest
from format_files import safetensors, safetensors_of

from codesim.formats import FormatError, TensorRecord, read_safetensors
from codesim.formats.source import ByteSource


def header(**tensors: object) -> bytes:
    return json.dumps(tensors).encode()


def about(shape: list[object], start: int, end: int, dtype: str = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def test_a_record_says_where_the_bytes_lie() -> None:
    data = safetensors({"a.weight": (2, 3), "a.bias": (2,)})
    found = read_safetensors(ByteSource.of(data, "model.safetensors"))
    first = len(data) - 4 * 8
    assert found.tensors == (
        TensorRecord("a.weight", (2, 3), "F32", "model.safetensors", first, first + 24),
        TensorRecord("a.bias", (2,), "F32", "model.safetensors", first + 24, first + 32),
    )
    assert [tensor.elements for tensor in found.tensors] == [6, 2]
    assert [tensor.bytes for tensor in found.tensors] == [24, 8]


def test_metadata_empty_tensors_and_scalars() -> None:
    text = header(__metadata__={"format": "pt"}, none=about([0, 4], 0, 0), one=about([], 0, 4))
    found = read_safetensors(safetensors_of(text + b"   ", bytes(4)))
    assert found.metadata == {"format": "pt"}
    assert [(t.name, t.shape, t.bytes) for t in found.tensors] == [
        ("none", (0, 4), 0), ("one", (), 4),
    ]  # fmt: skip


def test_only_the_header_is_fetched() -> None:
    data = safetensors({"a": (1000, 1000)})
    fetched = []

    def fetch(start: int, size: int) -> bytes:
        fetched.append(start + size)
        return data[start : start + size]

    read_safetensors(ByteSource("m", len(data), fetch))
    assert max(fetched) == len(data) - 4_000_000


REFUSED = {
    "empty file": (b"", "cut short"),
    "no length": (b"\1\2\3", "cut short"),
    "length beyond the file": (struct.pack("<Q", 500) + b"{}", "cut short"),
    "length of a terabyte": (struct.pack("<Q", 1 << 40) + b"{}", "claims a header of 1,099,511"),
    "header that is a list": (safetensors_of(b"[]"), "is no safetensors file"),
    "header that is no JSON": (safetensors_of(b"{nope}"), "not JSON"),
    "header that is not UTF-8": (safetensors_of(b'{"\xff": 1}'), "not UTF-8"),
    "header with NaN": (safetensors_of(b'{"a": NaN}'), "NaN"),
    "deep header": (safetensors_of(b'{"a":' + b"[" * 90_000), "nested too deeply"),
    "lists without end": (safetensors_of(b'{"a":[' + b"[]," * 200_000), "lists"),
    "key given twice": (safetensors_of(b'{"a":1,"a":2}'), "twice"),
    "tensor that is text": (safetensors_of(header(a="x")), "does not describe"),
    "no shape": (safetensors_of(header(a={"dtype": "F32"})), "a shape that is none"),
    "negative size": (safetensors_of(header(a=about([-1], 0, 4))), "a shape that is none"),
    "boolean size": (safetensors_of(header(a=about([True], 0, 4))), "a shape that is none"),
    "fractional size": (safetensors_of(header(a=about([1.5], 0, 4))), "a shape that is none"),
    "a hundred dimensions": (safetensors_of(header(a=about([1] * 100, 0, 4))), "a shape"),
    "unknown dtype": (safetensors_of(header(a=about([1], 0, 4, "F33"))), "unknown dtype"),
    "no offsets": (safetensors_of(header(a={"dtype": "F32", "shape": []})), "offsets"),
    "offsets turned round": (safetensors_of(header(a=about([1], 4, 0)), bytes(4)), "denies"),
    "size against shape": (safetensors_of(header(a=about([2], 0, 4)), bytes(4)), "denies"),
    "shape beyond 64 bits": (
        safetensors_of(header(a=about([2**40, 2**40], 0, 4)), bytes(4)), "denies",
    ),
    "beyond the end": (safetensors_of(header(a=about([2], 0, 8)), bytes(4)), "cut short"),
    "bytes after the last": (safetensors_of(header(a=about([1], 0, 4)), bytes(9)), "after its"),
    "hole": (
        safetensors_of(header(a=about([1], 0, 4), b=about([1], 8, 12)), bytes(12)), "between",
    ),
    "hole at the start": (safetensors_of(header(a=about([1], 4, 8)), bytes(8)), "between"),
    "overlap": (
        safetensors_of(header(a=about([2], 0, 8), b=about([2], 4, 12)), bytes(12)), "overlap",
    ),
    "same bytes twice": (
        safetensors_of(header(a=about([1], 0, 4), b=about([1], 0, 4)), bytes(4)), "overlap",
    ),
    "metadata of numbers": (safetensors_of(b'{"__metadata__":{"a":1}}'), "metadata"),
    "long name": (safetensors_of(header(**{"a" * 9000: about([1], 0, 4)}), bytes(4)), "name of"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case, bounded) -> None:
    data, reason = REFUSED[case]
    with bounded(), pytest.raises(FormatError, match=reason):
        read_safetensors(data)


def test_a_million_tensors(bounded) -> None:
    body = b",".join(b'"%d":0' % number for number in range(1_000_000))
    with bounded(), pytest.raises(FormatError, match="limit is"):
        read_safetensors(safetensors_of(b"{" + body + b"}"))
    fewer = b",".join(b'"%d":0' % number for number in range(60_000))
    with bounded(), pytest.raises(FormatError, match="60,000 tensors; the limit is 50,000"):
        read_safetensors(safetensors_of(b"{" + fewer + b"}"))


def test_a_header_full_of_empty_lists(bounded) -> None:
    with bounded(), pytest.raises(FormatError, match="lists"):
        read_safetensors(safetensors_of(b'{"a":[' + b"[]," * 2_600_000 + b"1]}"))


def test_an_endless_size_is_not_written_out() -> None:
    nines = "9" * 999
    text = f'{{"a":{{"dtype":"F32","shape":[{nines}],"data_offsets":[{nines},0]}}}}'.encode()
    with pytest.raises(FormatError) as caught:
        read_safetensors(len(text).to_bytes(8, "little") + text)
    assert len(str(caught.value)) < 100
