"""Work in parts: the same results however many processors share it, and as if it were whole."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import relations as given
import torch
from torch import Tensor

from codesim.detectors.weights import frames, neighbours, symmetry, workers
from codesim.detectors.weights.alignment import aligned
from codesim.detectors.weights.frames import Frame
from codesim.detectors.weights.neighbours import mutual, nearest, signs_of
from codesim.detectors.weights.relation import judged
from codesim.detectors.weights.stream import measured
from codesim.detectors.weights.symmetry import products
from codesim.detectors.weights.workers import in_order, one_thread_each

_CHANCE = torch.Generator().manual_seed(5)


def _random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_CHANCE)


def test_items_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors in (1, 2, 9):
        monkeypatch.setattr(workers, "_processors", lambda count=processors: count)
        assert in_order(lambda n: n * n, range(50)) == [n * n for n in range(50)]
        assert in_order(lambda n: n, []) == []


def test_an_error_of_a_worker_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_processors", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        in_order(lambda n: 1 // n, [1, 0, 2])


def test_the_number_of_threads_is_as_before() -> None:
    before = torch.get_num_threads()
    with one_thread_each():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
    assert set(in_order(lambda _: torch.get_num_threads(), range(4))) == {1}


@pytest.mark.parametrize("name", ["tuned", "independent"])
def test_a_verdict_does_not_depend_on_processors(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    one, two = given.values(given.trained("parent")), given.values(given.trained(name))
    pairs = aligned(one, two)
    found = []
    for processors in (1, 3):
        monkeypatch.setattr(workers, "_processors", lambda count=processors: count)
        with one_thread_each():
            found.append(judged(pairs, measured(pairs, "cpu"), one, two))
    assert found[0] == found[1]


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("with_gain", [False, True])
def test_a_matrix_in_a_frame(
    monkeypatch: pytest.MonkeyPatch, writes: bool, turned: bool, with_gain: bool
) -> None:
    monkeypatch.setattr(frames, "_ROWS", 7)
    monkeypatch.setattr(frames, "_COLUMNS", 5)
    matrix, turn, gain = _random(33, 20), _random(20, 12), _random(20)
    (values,) = given.values({"w": matrix.T if writes else matrix})
    frame = Frame(20, 12, turn if turned else None, gain if with_gain else None)
    map_ = (gain if with_gain else torch.ones(20))[:, None] * (
        turn if turned else torch.eye(20)[:, :12]
    )
    torch.testing.assert_close(frame.of(values, writes), matrix @ map_, rtol=1e-5, atol=1e-5)
    assert frame.of(values, not writes).shape == (0, 12)


def _cosines(one: Tensor, two: Tensor, signed: bool) -> Tensor:
    found = torch.nn.functional.normalize(one.double()) @ torch.nn.functional.normalize(
        two.double()
    ).T  # fmt: skip
    return found if signed else found.abs()


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("shape", [(40, 60), (60, 40), (1, 1), (8, 7)])
def test_nearest_rows(
    monkeypatch: pytest.MonkeyPatch, signed: bool, shape: tuple[int, int]
) -> None:
    monkeypatch.setattr(neighbours, "_ROWS", 7)
    one, two = _random(shape[0], 9), _random(shape[1], 9)
    near = min(shape) // 2
    two[:near] = one[torch.randperm(shape[0], generator=_CHANCE)[:near]] * -3
    cosines = _cosines(one, two, signed)
    forward, backward = cosines.argmax(1), cosines.argmax(0)
    some = torch.arange(0, len(one), 2)
    assert torch.equal(nearest(one, two, some, signed), forward[some])
    ours, theirs = mutual(one, two, signed)
    expected = [k for k in range(len(one)) if backward[forward[k]] == k]
    assert ours.tolist() == expected
    assert torch.equal(theirs, forward[ours])


def test_signs_of_matched_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_ROWS", 7)
    one, signs = _random(20, 9), torch.where(_random(20) < 0, -1.0, 1.0)
    ours = torch.randperm(20, generator=_CHANCE)
    two = one[ours] * signs[:, None]
    assert torch.equal(signs_of((one, two), ours, torch.arange(20)), signs)


def test_nothing_is_nearest_to_nothing() -> None:
    for one, two in ((torch.zeros(0, 4), _random(3, 4)), (_random(3, 4), torch.zeros(0, 4))):
        assert all(len(each) == 0 for each in mutual(one, two, signed=True))
        assert len(nearest(one, two, torch.arange(len(one)), signed=True)) == 0


def test_products_of_parts_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symmetry, "_ROWS", 7)
    one, two = _random(30, 24), _random(30, 24)
    total = products(one[:, 10:], two[:, 10:], products(one[:, :10], two[:, :10]))
    centred = (one - one.mean(0)).double() @ (two - two.mean(0)).double().T
    torch.testing.assert_close(total, centred, rtol=1e-5, atol=1e-5)
