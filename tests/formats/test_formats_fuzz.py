"""Damaged files: every reader gives records or a FormatError, whatever the bytes are."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from format_files import gguf, index, lfs_pointer, pytorch, safetensors
from hypothesis import given, settings

from codesim.formats import (
    FormatError,
    read_gguf,
    read_index,
    read_lfs_pointer,
    read_pytorch,
    read_safetensors,
)

TENSORS = {"model.layers.0.w": (2, 3), "model.layers.1.w": (2, 3), "head.bias": (5,)}
VALID: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "safetensors": (read_safetensors, safetensors(TENSORS)),
    "index": (read_index, index(dict.fromkeys(TENSORS, "model.safetensors"), 68)),
    "pytorch": (read_pytorch, pytorch(TENSORS)),
    "gguf": (
        read_gguf,
        gguf(
            {"general.name": "m", "n": 1, "t": ["a", "b"], "s": [0.5]},
            {name: (shape, 0) for name, shape in TENSORS.items()},
            tail=64,
        ),
    ),
    "pointer": (read_lfs_pointer, lfs_pointer("ab" * 32, 123)),
}


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The file after some bytes were changed, put in, taken out or repeated."""
    found = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(found) - 1)))
        size = draw(st.integers(0, 9))
        new = draw(st.one_of(
            st.binary(max_size=9),
            st.sampled_from([b"\xff" * 8, b"\0" * 8, b"\x7f" + b"\xff" * 7, b"\xff\xff\xff\x7f"]),
            st.just(bytes(found[at : at + 40])),
        ))  # fmt: skip
        found[at : at + size] = new
    return bytes(found[: draw(st.integers(0, len(found)))]) if draw(st.booleans()) else bytes(found)


def said(reader: Callable[[bytes], object], data: bytes) -> str:
    """What a reader makes of some bytes: a value, or the reason that it names."""
    try:
        return repr(reader(data))
    except FormatError as error:
        return str(error)


@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=150)
@given(choice=st.data())
def test_damaged(kind: str, choice: st.DataObject) -> None:
    reader, data = VALID[kind]
    assert said(reader, choice.draw(damaged(data)))


@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=60)
@given(data=st.binary(max_size=300))
def test_any_bytes(kind: str, data: bytes) -> None:
    reader, valid = VALID[kind]
    for start in (b"", valid[:4], valid[:40]):
        assert said(reader, start + data)


@pytest.mark.parametrize("kind", VALID)
def test_every_way_to_cut(kind: str) -> None:
    reader, data = VALID[kind]
    reader(data)
    for end in range(len(data) - 1):
        with contextlib.suppress(FormatError):
            reader(data[:end])
