"""Maximal runs agree with their definition, found by trying every run."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.sequences import maximal_segments

# Whole numbers, so that a sum is exact whatever its order.
SCORES = st.lists(st.integers(-6, 6), max_size=24)


def defined(scores: list[int]) -> set[tuple[int, int]]:
    """Ruzzo and Tompa's definition: the run of greatest sum, then the same on either side."""
    runs = [(i, j) for i in range(len(scores)) for j in range(i + 1, len(scores) + 1)]
    runs = [run for run in runs if sum(scores[slice(*run)]) > 0]
    if not runs:
        return set()
    # Of equal sums the shortest counts: it has no edge that adds nothing.
    first, last = max(runs, key=lambda run: (sum(scores[slice(*run)]), run[0] - run[1], -run[0]))
    behind = {(i + last, j + last) for i, j in defined(scores[last:])}
    return {(first, last)} | defined(scores[:first]) | behind


@pytest.mark.parametrize(
    ("scores", "least", "runs"),
    [
        pytest.param([], 0, [], id="nothing"),
        pytest.param([-1, -2, 0], 0, [], id="nothing above zero"),
        pytest.param([1], 2, [], id="a run below the least sum"),
        pytest.param([3], 2, [(0, 1, 3)], id="one item"),
        pytest.param([2, -1, 2], 0, [(0, 3, 3)], id="a small gap is bridged"),
        pytest.param([2, -3, 2], 0, [(0, 1, 2), (2, 3, 2)], id="a wide gap is not"),
        pytest.param([4, -5, 3, -3, 1, 2, -2, 2, -2, 1, 5], 0,
                     [(0, 1, 4), (2, 3, 3), (4, 11, 7)], id="the example of the paper"),
    ],
)  # fmt: skip
def test_runs(scores: list[float], least: float, runs: list[tuple[int, int, float]]) -> None:
    found = maximal_segments(scores, least)
    assert [(run.first, run.last, run.score) for run in found] == runs


@given(SCORES)
def test_runs_are_those_of_the_definition(scores: list[int]) -> None:
    found = maximal_segments([float(score) for score in scores], 0.0)
    best = max((sum(scores[i:j]) for i, j in defined(scores)), default=0)
    assert max((run.score for run in found), default=0) == best
    assert sorted(run.score for run in found) == sorted(
        float(sum(scores[i:j])) for i, j in defined(scores)
    )


@given(SCORES, st.integers(1, 8))
def test_runs_are_disjoint_and_sum_to_their_score(scores: list[int], least: int) -> None:
    found = maximal_segments([float(score) for score in scores], least)
    assert all(one.last <= two.first for one, two in pairwise(found))
    for run in found:
        assert run.score == sum(scores[run.first : run.last]) >= least
        # No run can lose an edge without losing some of its sum.
        assert scores[run.first] > 0 < scores[run.last - 1]


@given(SCORES)
def test_every_gain_lies_in_some_run(scores: list[int]) -> None:
    inside = {n for run in maximal_segments(scores, 0.0) for n in range(run.first, run.last)}
    assert {n for n, score in enumerate(scores) if score > 0} <= inside


def test_falling_sums_take_linear_time() -> None:
    # No run joins another here, so that looking back at all of them would take 20,000 squared.
    started = time.process_time()
    assert len(maximal_segments([1.0, -0.75, 0.5, -1.5] * 10_000, 0.0)) == 20_000
    assert time.process_time() - started < 1.0
