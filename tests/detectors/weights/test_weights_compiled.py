"""The compiled loop against the path of Torch, which it replaces for large matrices."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("numba")

import numpy as np
import relations as given
import torch
from torch import Tensor

from codesim.detectors.weights import compiled, folding, kernel, stream, workers
from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.compiled import CompiledSums
from codesim.detectors.weights.moments import SUMS, Moments
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import Values
from codesim.formats import ByteSource, TensorRecord

_CHANCE = torch.Generator().manual_seed(11)
_SHAPES = [(1, 1), (3, 1), (1, 300), (5, 9001), (65, 4097), (700, 130), (3000, 700)]
_TYPES = [torch.bfloat16, torch.float16, torch.float32]


def _random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_CHANCE)


def _noised(*shape: int) -> tuple[Tensor, Tensor]:
    """Two matrices, the first row equal and some numbers of the second zero."""
    one = _random(*shape)
    two = one + 0.1 * _random(*shape)
    two[0] = one[0]
    return one, torch.where(two.abs() < 0.05, 0.0, two)


def _pair(one: Tensor, two: Tensor) -> Aligned:
    left, right = given.values({"one": one, "two": two})
    return Aligned(Window.of(left), Window.of(right), 0.0, "test")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The shapes that the compiled loop was used for."""
    shapes: list[tuple[int, int]] = []
    before = CompiledSums.add

    def noted(self: CompiledSums, first: int, a: Tensor, b: Tensor) -> None:
        shapes.append(tuple(a.shape))
        before(self, first, a, b)

    monkeypatch.setattr(CompiledSums, "add", noted)
    return shapes


def _measured(pair: Aligned, monkeypatch: pytest.MonkeyPatch, worth: int) -> Moments:
    monkeypatch.setattr(stream, "_WORTH", worth)
    (found,) = stream.measured([pair], "cpu")
    return found


def _check(pair: Aligned, monkeypatch: pytest.MonkeyPatch, seen: list[tuple[int, int]]) -> Moments:
    """The same sums either way, within what float32 leaves of them."""
    expected = _measured(pair, monkeypatch, 1 << 40)
    assert not seen
    found = _measured(pair, monkeypatch, 0)
    assert seen or not pair.left.shape[0]
    assert (found.rows, found.columns) == (expected.rows, expected.columns)
    for name in ("count", "equal", "unusable", "sampled", "problem"):
        assert getattr(found, name) == getattr(expected, name), name
    scale = max(found.aa, found.bb, 1.0)
    for name in SUMS:
        near = pytest.approx(getattr(expected, name), rel=1e-5, abs=1e-6 * scale)
        assert getattr(found, name) == near, name
    for name in ("row_dots", "column_dots", "row_energy", "column_energy"):
        one, two = getattr(found, name), getattr(expected, name)
        assert (one is None) == (two is None), name
        if one is not None:
            torch.testing.assert_close(one, two, rtol=1e-5, atol=1e-5 * max(map(len, (one, two))))
    return found


@pytest.mark.parametrize("shape", _SHAPES)
@pytest.mark.parametrize("types", [(t, t) for t in _TYPES] + [(torch.float32, torch.bfloat16)])
def test_every_type_and_shape(monkeypatch, seen, shape, types) -> None:
    one, two = _noised(*shape)
    found = _check(_pair(one.to(types[0]), two.to(types[1])), monkeypatch, seen)
    a, b = one.to(types[0]).double(), two.to(types[1]).double()
    assert found.ab == pytest.approx(float((a * b).sum()), rel=1e-5, abs=1e-5)
    assert found.d2 == pytest.approx(float(((b - a) ** 2).sum()), rel=1e-5, abs=1e-12)


@pytest.mark.parametrize("turned", ["left", "right", "both"])
def test_transposes(monkeypatch, seen, turned) -> None:
    one, two = _noised(300, 170)
    sides = [
        Window.of(given.values({"w": side.T if turned in (name, "both") else side})[0])
        for name, side in (("left", one), ("right", two))
    ]
    left, right = (
        side.turned() if turned in (name, "both") else side
        for name, side in zip(("left", "right"), sides, strict=True)
    )
    _check(Aligned(left, right, 0.0, "test"), monkeypatch, seen)


def test_some_columns_of_a_matrix(monkeypatch, seen) -> None:
    one, two = _noised(90, 60)
    wide = torch.cat([_random(90, 15), two, _random(90, 5)], 1)
    left, right = given.values({"one": one, "two": wide})
    window = Window(right, 0, 90, low=15, high=75)
    _check(Aligned(Window.of(left), window, 0.0, "test"), monkeypatch, seen)


@pytest.mark.parametrize("shape", [(2000, 3), (5001,), (2, 3000)])
def test_long_sides(monkeypatch, seen, shape) -> None:
    monkeypatch.setattr(folding, "_LONGEST", 500)
    monkeypatch.setattr(folding, "_WIDTH", 64)
    one, two = _noised(*shape)
    _check(_pair(one.bfloat16(), two.bfloat16()), monkeypatch, seen)
    assert max(columns for _, columns in seen) == 64


def _stored(data: bytes, shape: tuple[int, ...], dtype: str, **more) -> Window:
    record = TensorRecord("w", shape, dtype, "memory", 0, len(data), more.pop("strides", None))
    return Window.of(Values(record, ByteSource.of(data, "memory"), **more))


def test_what_is_not_stored_row_by_row(monkeypatch, seen) -> None:
    one, _ = _noised(40, 64)
    other = _stored(one.numpy().tobytes(), (20, 3, 5), "F32", strides=(64, 2, 7))
    plain = Window.of(given.values({"w": _random(20, 15)})[0])
    _check(Aligned(plain, other, 0.0, "test"), monkeypatch, seen)


def test_quantised_numbers(monkeypatch, seen) -> None:
    one = _random(16, 64).half()
    blocks = np.random.default_rng(3).integers(-127, 128, (32, 32), dtype=np.int8)
    scales = np.full((32, 1), 0.01, np.float16).view(np.int8).reshape(32, 2)
    data = np.concatenate([scales, blocks], 1).tobytes()
    left = Window.of(given.values({"w": one})[0])
    _check(Aligned(left, _stored(data, (16, 64), "Q8_0"), 0.0, "test"), monkeypatch, seen)
    seen.clear()
    scaled = _stored(blocks.tobytes(), (16, 64), "I8", scale=torch.full((1, 1), 0.02))
    _check(Aligned(left, scaled, 0.0, "test"), monkeypatch, seen)


@pytest.mark.parametrize("shape", [(0, 5), (0, 0)])
def test_nothing(monkeypatch, seen, shape) -> None:
    found = _check(_pair(torch.zeros(shape), torch.zeros(shape)), monkeypatch, seen)
    assert found.count == 0


@pytest.mark.parametrize("dtype", _TYPES)
@pytest.mark.parametrize("shape", [(300, 400), (3000, 700)])
def test_what_is_no_weight_is_counted_and_left_out(monkeypatch, seen, dtype, shape) -> None:
    one, two = (side.to(dtype) for side in _noised(*shape))
    bad = [(3, 5), (200, 7), (shape[0] - 1, shape[1] - 1)]
    for place, number in zip(bad, (float("nan"), float("inf"), float("-inf")), strict=True):
        one[place] = number
    two[3, 5] = float("nan")
    two[100, 0] = 60000.0 if dtype == torch.float16 else 3e38
    found = _check(_pair(one, two), monkeypatch, seen)
    expected = 3 if dtype == torch.float16 else 4
    assert found.unusable == expected
    assert found.count == one.numel() - expected


@pytest.mark.parametrize("size", [9.9e7, 1.1e8, 1e10])
def test_the_limit_of_what_a_weight_is(monkeypatch, seen, size) -> None:
    one, two = _noised(70, 50)
    one[5, 5] = size
    found = _check(_pair(one, two), monkeypatch, seen)
    assert found.unusable == int(size > 1e8)


def test_all_numbers_are_broken(monkeypatch, seen) -> None:
    found = _check(_pair(torch.full((200, 6), float("nan")), _random(200, 6)), monkeypatch, seen)
    assert (found.count, found.unusable, found.equal) == (0, 1200, 0)


def test_a_file_that_ends_before_its_tensor(monkeypatch, seen) -> None:
    short = _stored(bytes(800), (40, 10), "F32")
    whole = Window.of(given.values({"w": _random(40, 10)})[0])
    monkeypatch.setattr(stream, "_WORTH", 0)
    record = short.values.record
    cut = Window.of(Values(record, ByteSource.of(bytes(800))))
    for pair in ((cut, whole), (whole, cut)):
        (found,) = stream.measured([Aligned(*pair, 0.0, "test")], "cpu")
        assert (found.problem, found.count) == ("is cut short", 0)


def _same(one: Moments, two: Moments) -> bool:
    return all(getattr(one, name) == getattr(two, name) for name in SUMS) and all(
        torch.equal(getattr(one, name), getattr(two, name))
        for name in ("row_dots", "column_dots", "row_energy", "column_energy")
    )


def test_the_same_sums_whoever_adds_them(monkeypatch) -> None:
    monkeypatch.setattr(stream, "_SEGMENT", 200_000)
    monkeypatch.setattr(stream, "_WORTH", 0)
    pair = _pair(*(side.bfloat16() for side in _noised(3000, 700)))
    found = []
    for processors in (1, 2, 5):
        monkeypatch.setattr(workers, "_processors", lambda count=processors: count)
        found += stream.measured([pair], "cpu")
    assert _same(found[0], found[1])
    assert _same(found[0], found[2])


@pytest.mark.parametrize("cut", [("_SEGMENT", 200_000), ("_PIECE", 70_000)])
def test_the_same_rows_are_sampled_however_it_is_cut(monkeypatch, cut) -> None:
    monkeypatch.setattr(stream, "_WORTH", 0)
    pair = _pair(*(side.bfloat16() for side in _noised(3000, 700)))
    (whole,) = stream.measured([pair], "cpu")
    monkeypatch.setattr(stream, *cut)
    (found,) = stream.measured([pair], "cpu")
    assert torch.equal(found.row_energy, whole.row_energy)
    for name in SUMS:
        assert getattr(found, name) == pytest.approx(getattr(whole, name), rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_every_number_of_16_bits(dtype) -> None:
    from numba import njit

    decoded = kernel.decoded

    @njit
    def every(stored, found):
        for i in range(len(stored)):
            found[i] = decoded(stored[i])

    bits = torch.arange(-(1 << 15), 1 << 15).to(torch.int16).view(dtype)
    found = np.empty(1 << 16, np.float32)
    every(compiled._numbers(bits), found)
    expected = bits.float().numpy()
    good = np.isfinite(expected)
    assert np.array_equal(found[good], expected[good])
    assert not np.isfinite(found[~good]).any()


def test_too_little_to_read_or_no_compiler(monkeypatch, seen) -> None:
    pair = _pair(*_noised(300, 200))
    (expected,) = stream.measured([pair], "cpu")
    monkeypatch.setattr(stream, "_WORTH", 0)
    monkeypatch.setattr(stream, "is_there", lambda: False)
    (found,) = stream.measured([pair], "cpu")
    assert _same(found, expected)
    assert not seen
