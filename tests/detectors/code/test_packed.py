"""Profiles as bytes: the same comes back, and anything else is refused."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, fields, is_dataclass, replace

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim import snapshot_of
from codesim.detectors.code.graph import FileGraph
from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.code.reader import Limits, read_profile
from codesim.packed import pack, unpack

LIMITS = Limits(1_000_000, 32_000_000, 500_000, 150)
SOURCE = b"""
import torch.nn as nn

class Block(nn.Module):
    def __init__(self, dim, depth=3):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])

    def forward(self, x, *, scale=0.5):
        for layer in self.layers:
            x = x + layer(x) * scale
        return f"{x}\\u00e9" if x is None else x
"""


def assert_same(one, two):
    """Two values agree in type, content and element types."""
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (two.dtype, two.shape)
        assert one.tobytes() == two.tobytes()
    elif is_dataclass(one):
        assert type(one) is type(two)
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(two, field.name))
    else:
        assert type(one) is type(two)
        assert one == two


def _bytes(value):
    return b"".join(pack(value))


@pytest.fixture(scope="module")
def profile():
    files = {"pkg/block.py": SOURCE, "broken.py": b"def f(:\n  ((((\n", "empty.py": b""}
    return read_profile(snapshot_of(files, "some name"), LIMITS)


@pytest.fixture(scope="module")
def packed(profile):
    return _bytes(profile)


def test_a_profile_comes_back_the_same(profile, packed):
    assert len(profile.nodes.op) > 20
    assert_same(unpack(CodeProfile, packed), profile)


def test_an_empty_profile_comes_back_the_same():
    empty = read_profile(snapshot_of({"readme.md": b"nothing"}), LIMITS)
    assert_same(unpack(CodeProfile, _bytes(empty)), empty)


def test_arrays_come_back_aligned_and_closed_to_changes(packed):
    found = unpack(CodeProfile, packed)
    for array in (found.nodes.labels, found.nodes.op, found.tokens.canonical, found.unit_file):
        assert array.flags.aligned
        assert not array.flags.writeable


@dataclass(frozen=True)
class Sample:
    words: npt.NDArray[np.uint64]
    name: str = ""


@dataclass(frozen=True)
class Wider:
    words: npt.NDArray[np.int64]
    name: str = ""


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(0, np.uint64),
        np.arange(24, dtype=np.uint64).reshape(2, 3, 4),
        np.arange(24, dtype=np.uint64).reshape(2, 3, 4).transpose(2, 0, 1),
        np.arange(24, dtype=np.uint64)[::-2],
        np.zeros((3, 0, 2), np.uint64),
        np.array([2**64 - 1], np.uint64),
    ],
    ids=["empty", "cube", "transposed", "backwards", "no rows", "largest"],
)
def test_any_array_comes_back(array):
    assert_same(unpack(Sample, _bytes(Sample(array))), Sample(array))


# -- refused --------------------------------------------------------------------------------------

ONE = Sample(np.arange(3, dtype=np.uint64))


def _noted(note, data=bytes(24)):
    return _headed(msgspec.msgpack.encode({"words": note, "name": ""}), data)


def _headed(head, data=b""):
    start = len(head).to_bytes(8, "little") + head
    return start + bytes(-len(start) % 16) + data


def test_the_hand_made_record_is_right_when_nothing_is_wrong():
    assert_same(unpack(Sample, _noted(["uint64", 3])), Sample(np.zeros(3, np.uint64)))


@pytest.mark.parametrize(
    ("kind", "data"),
    {
        "another element type": (Wider, _bytes(ONE)),
        "another kind": (FileGraph, _bytes(ONE)),
        "no head": (Sample, b""),
        "a head beyond the end": (Sample, b"\xff" * 8),
        "more bytes": (Sample, _bytes(ONE) + b"\0"),
        "fewer bytes": (Sample, _bytes(ONE)[:-1]),
        "a name for the shape": (Sample, _noted("uint64")),
        "no element type": (Sample, _noted([3])),
        "objects": (Sample, _noted(["object", 3])),
        "a negative shape": (Sample, _noted(["uint64", -3])),
        "a huge shape": (Sample, _noted(["uint64", 2**62, 2**62])),
        "a huge shape of nothing": (Sample, _noted(["uint64", 2**62, 0], b"")),
        "a broken shape": (Sample, _noted(["uint64", 1.5])),
        "true for one": (Sample, _noted(["uint64", True], bytes(8))),
        "a deep shape": (Sample, _headed(b"\x81\xa5words" + b"\x91" * 5000 + b"\xc0")),
        "too many dimensions": (Sample, _noted(["uint64", *[1] * 90], bytes(8))),
    }.values(),
    ids=lambda value: None,
)
def test_refused(kind, data):
    with pytest.raises(ValueError, match=r"."):
        unpack(kind, data)


@pytest.mark.parametrize(
    "value",
    [
        Sample(np.array([object()])),
        Sample(3 + 4j),
        replace(ONE, name="\ud800"),
    ],
    ids=["objects", "no array", "text that UTF-8 cannot write"],
)
def test_what_could_not_come_back_is_not_written(value):
    with pytest.raises(ValueError, match=r"."):
        pack(value)


@given(st.binary(max_size=200))
def test_noise_is_refused(noise):
    with pytest.raises(ValueError, match=r"."):
        unpack(CodeProfile, noise)


@given(st.data())
def test_damage_is_refused_or_harmless(packed, data):
    """The checksum of the cache lets no damage through; what would come through cannot crash."""
    at = data.draw(st.integers(0, len(packed) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    damaged = packed[:at] + bytes([packed[at] ^ bit]) + packed[at + 1 :]
    with contextlib.suppress(ValueError):
        assert isinstance(unpack(CodeProfile, damaged), CodeProfile)
