"""The sums of the streaming pass against those of whole matrices in double precision."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import relations as given
import torch
from torch import Tensor

from codesim.detectors.weights import stream, sums
from codesim.detectors.weights.alignment import Aligned, aligned
from codesim.detectors.weights.arithmetic import TORCH
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import Values
from codesim.formats import ByteSource, TensorRecord

_CHANCE = torch.Generator().manual_seed(9)
_SUMS = ("a", "b", "aa", "bb", "ab", "d2", "d3", "d4", "abs_d", "abs_a", "abs_da")


def _random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_CHANCE)


def _copy(value: Tensor) -> Tensor:
    """Row by row, also where one row makes any order the same."""
    return value.reshape(-1).clone().view(value.shape)


def _pair(one: Tensor, two: Tensor, turned: bool = False) -> Aligned:
    """A pair of which the right is stored transposed, and looked at as the left."""
    left, right = given.values({"one": one, "two": _copy(two.T) if turned else two})
    window = Window.of(right)
    return Aligned(Window.of(left), window.turned() if turned else window, 0.0, "test")


def _expected(one: Tensor, two: Tensor) -> dict[str, float]:
    a, b = one.double(), two.double()
    d = b - a
    return {
        "a": a.sum(), "b": b.sum(), "aa": (a * a).sum(), "bb": (b * b).sum(), "ab": (a * b).sum(),
        "d2": (d**2).sum(), "d3": (d**3).sum(), "d4": (d**4).sum(), "abs_d": d.abs().sum(),
        "abs_a": a.abs().sum(), "abs_da": (a * d).abs().sum(),
    }  # fmt: skip


def _check(found: Moments, one: Tensor, two: Tensor) -> None:
    scale = one.numel()
    for name, value in _expected(one, two).items():
        assert getattr(found, name) == pytest.approx(float(value), rel=2e-5, abs=2e-6 * scale), name
    assert found.count == one.numel()
    assert found.equal == int((one == two).sum())
    products = one.double() * two.double()
    torch.testing.assert_close(found.row_dots, products.sum(1), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found.column_dots, products.sum(0), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (200, 1), (1, 300), (64, 176), (700, 130)])
@pytest.mark.parametrize("turned", [False, True])
def test_sums_of_whole_matrices(shape: tuple[int, int], turned: bool) -> None:
    one = _random(*shape)
    two = one + 0.3 * _random(*shape)
    two[0] = one[0]
    (found,) = stream.measured([_pair(one, two, turned)], device="cpu")
    _check(found, one, two)
    energy = (two - one).double() ** 2
    torch.testing.assert_close(found.row_energy, energy.sum(1), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found.column_energy, energy.sum(0), rtol=1e-4, atol=1e-4)


def test_a_left_that_is_looked_at_transposed() -> None:
    one, two = _random(40, 30), _random(40, 30)
    pair = _pair(two, one, turned=True)
    (found,) = stream.measured([Aligned(pair.right, pair.left, 0.0, "test")], device="cpu")
    _check(found, one, two)


def test_windows_of_columns() -> None:
    one, two = _random(50, 20), _random(50, 60)
    left, right = given.values({"one": one, "two": two})
    pair = Aligned(Window.of(left), Window(right, 0, 50, low=15, high=35), 0.0, "test")
    (found,) = stream.measured([pair], device="cpu")
    _check(found, one, two[:, 15:35])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_sample_of_a_large_matrix(dtype: torch.dtype) -> None:
    one = (0.02 * _random(3000, 700)).to(dtype)
    two = (one.float() + 1.4e-3 * _random(3000, 700)).to(dtype)
    (found,) = stream.measured([_pair(one, two)], device="cpu")
    assert 0.1 < found.sampled / found.count < 0.2
    expected = _expected(one, two)
    for name in ("aa", "bb", "ab", "d2"):
        assert getattr(found, name) == pytest.approx(float(expected[name]), rel=1e-5)
    for name in ("d4", "abs_d", "abs_a", "abs_da"):
        assert getattr(found, name) == pytest.approx(float(expected[name]), rel=0.02)
    assert found.sigma == pytest.approx(1.4e-3, rel=0.01)
    assert abs(found.excess_kurtosis) < 0.05
    assert all(0.8 < value < 1.2 for value in found.evenness)


@pytest.mark.parametrize("shape", [(3000, 700), (500, 176)])
def test_the_same_however_it_is_cut(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
) -> None:
    one, two = _random(*shape), _random(*shape)
    pair = _pair(one, two)
    (expected,) = stream.measured([pair], device="cpu")
    _close(expected, stream.measured([pair], device="cpu", on_block=lambda *_: None)[0], exact=True)
    monkeypatch.setattr(stream, "_SEGMENT", 200_000)
    monkeypatch.setattr(stream, "_PIECE", 70_000)
    _close(expected, stream.measured([pair], device="cpu")[0])
    (turned,) = stream.measured([_pair(one, two, turned=True)], device="cpu")
    _close(expected, turned)


@pytest.mark.parametrize("shape", [(3000, 700), (500, 176)])
def test_the_arithmetic_of_a_gpu(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]) -> None:
    """The operations for a GPU, on the processor: the same sums, of large blocks too."""
    one = _random(*shape)
    pair = _pair(one, one + 0.1 * _random(*shape))
    (expected,) = stream.measured([pair], device="cpu")
    monkeypatch.setattr(sums, "PROCESSOR", TORCH)
    for block in (1 << 16, 1 << 20):
        monkeypatch.setattr(stream, "_CPU_BLOCK", block)
        (found,) = stream.measured([pair], device="cpu")
        _close(expected, found)


def _close(one: Moments, two: Moments, exact: bool = False) -> None:
    for name in (*_SUMS, "count", "equal", "unusable", "sampled", "zeroed"):
        near = 0.0 if exact else 1e-5
        expected = pytest.approx(getattr(one, name), rel=near, abs=near * one.count)
        assert getattr(two, name) == expected, name
    for name in ("row_dots", "column_dots", "row_energy", "column_energy"):
        a, b = getattr(one, name), getattr(two, name)
        torch.testing.assert_close(a, b, rtol=0 if exact else 1e-4, atol=0 if exact else 1e-3)


def test_what_is_not_finite_is_counted_and_left_out() -> None:
    one, two = _random(300, 400), _random(300, 400)
    broken, other = one.clone(), two.clone()
    broken[3, 5], broken[200, 7], other[100, 0] = float("nan"), float("inf"), float("-inf")
    other[299, 399] = 3e38
    (found,) = stream.measured([_pair(broken, other)], device="cpu")
    good = torch.isfinite(broken) & (other.abs() < 1e30)
    a, b = torch.where(good, broken, 0.0), torch.where(good, other, 0.0)
    assert (found.unusable, found.count) == (4, 300 * 400 - 4)
    assert found.ab == pytest.approx(float((a.double() * b.double()).sum()), abs=1e-2)
    assert found.equal == 0
    assert abs(found.correlation) < 0.02


def test_all_numbers_are_broken() -> None:
    (found,) = stream.measured([_pair(torch.full((5, 6), float("nan")), _random(5, 6))], "cpu")
    assert (found.count, found.unusable, found.equal) == (0, 30, 0)
    assert (found.correlation, found.sigma, found.slopes) == (0.0, 0.0, (0.0, 0.0))


def test_zeros_of_the_right() -> None:
    one = _random(64, 64)
    one[0] = 0.0
    two = torch.where(one.abs() > 0.7, one, torch.zeros(()))
    (found,) = stream.measured([_pair(one, two)], device="cpu")
    assert found.zeroed == int(((two == 0) & (one != 0)).sum())


def test_a_file_that_ends_before_its_tensor() -> None:
    record = TensorRecord("short", (40, 10), "F32", "short", 0, 1600)
    short = Values(record, ByteSource.of(bytes(800)))
    (whole,) = given.values({"w": _random(40, 10)})
    for left, right in ((short, whole), (whole, short)):
        (found,) = stream.measured([Aligned(Window.of(left), Window.of(right), 0.0, "test")], "cpu")
        assert found.problem == "is cut short"
        assert found.count == 0


def test_every_pair_of_a_model_and_every_block() -> None:
    parent, other = given.trained("parent"), given.renamed(given.trained("tuned"))
    pairs = aligned(given.values(parent), given.values(other))
    seen: list[tuple[int, int, int]] = []
    found = stream.measured(
        pairs, "cpu", lambda pair, first, a, b: seen.append((pair, first, a.numel() + b.numel()))
    )
    assert [m.count for m in found] == [p.left.shape[0] * p.left.shape[1] for p in pairs]
    assert seen == sorted(seen)
    assert sum(size for *_, size in seen) == 2 * sum(m.count for m in found)
    assert stream.measured([], "cpu") == []
