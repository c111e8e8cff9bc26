"""The rank among a cohort promises no more than the cohort has pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("torch")

from codesim.detectors.weights import verdict as ladder
from codesim.detectors.weights.cohort import Beside, Cohort, Rank, placed, rank
from codesim.detectors.weights.residual import RESTORED
from codesim.detectors.weights.strength import strength_of
from codesim.detectors.weights.verdict import Row, Verdict, reached
from codesim.model import Strength

NONE, WEAK, MODERATE, STRONG, _ = Strength
ROW = Row("a", "b", RESTORED, "changed", 4096, 0.9, 0.1, 0.1, (1.0, 0.9))


def _alone(relation: str = ladder.TUNED, share: float = 0.9, how: str = RESTORED) -> Verdict:
    """A verdict that rests on matched neurons, or on a correlation."""
    return Verdict(
        relation, "B", ladder.UNDECIDED, -1.0, "0.1", "left and right are alike",
        (replace(ROW, how=how),), figures={"correlation": share}, matched=(0.1, share, share),
    )  # fmt: skip


def _pairs(*shares: float, counts: bool = True) -> tuple[Beside, ...]:
    return tuple(
        Beside("one", "other", replace(_alone(ladder.NONE, share), grade=""), counts)
        for share in shares
    )


def _beside(*shares: float, verdict: Verdict | None = None, members: int = 1) -> Verdict:
    return placed(verdict or _alone(), Cohort(("m",) * members, _pairs(*shares)))


@pytest.mark.parametrize(
    ("matched", "expected"),
    [((), 0.0), ((0.4,), 0.4), ((0.9, 0.1), 0.1), ((0.0, 0.1, 0.5), 0.5), ((1, 0.3, 0.2, 0.1), 0.2),
     ((0, 0.4, 0.3, 0.2, 0.1), 0.3)],
)  # fmt: skip
def test_what_half_of_the_layers_reach(matched, expected):
    assert reached(matched) == expected


@pytest.mark.parametrize(
    ("shares", "reaching", "p"),
    [((0.1,), 0, 1 / 2), ((0.1,) * 9, 0, 1 / 10), ((0.9, 0.1), 1, 2 / 3), ((0.95, 0.9), 2, 1.0)],
)
def test_the_rank_counts_what_reaches_as_much(shares, reaching, p):
    found = rank(_alone(), _pairs(*shares))
    assert (found.reaching, found.p) == (reaching, pytest.approx(p))
    assert found.least == pytest.approx(1 / (1 + len(shares)))


def test_pairs_of_other_sizes_count_against_only():
    pairs = (*_pairs(0.1), *_pairs(0.95, 0.1, counts=False))
    assert rank(_alone(), pairs) == Rank("neurons that agree", 0.9, 1, 1, 0.95, 1)
    assert rank(_alone(), pairs).p == 1.0


@pytest.mark.parametrize(
    ("pairs", "reaching", "expected"),
    [
        (1, 0, MODERATE),  # 1 in 2 is promised by the rank; what stands is what stood without it
        (104, 0, MODERATE),
        (998, 0, MODERATE),
        (999, 0, STRONG),
        (1999, 1, STRONG),
        (1998, 1, MODERATE),
        (199, 1, MODERATE),
        (39, 1, WEAK),
        (20, 1, NONE),
        (1, 1, NONE),
    ],
)
def test_a_strength_promises_no_more_than_the_pairs_can(pairs, reaching, expected):
    found = _beside(*[0.95] * reaching, *[0.1] * (pairs - reaching))
    assert strength_of(found) is expected


def test_what_does_not_stand_out_is_no_evidence():
    found = _beside(0.95, 0.1)
    assert (found.relation, found.grade, found.direction) == ("no evidence", "", "")
    assert found.sentence == (
        "90.0 % of neurons agree, and unrelated models of the cohort reach 95.0 %: nothing tells"
        " the two from those"
    )


@pytest.mark.parametrize(
    "verdict",
    [
        replace(_alone(), grade="A", log10_p=-40.0),
        replace(_alone(), relation=ladder.MERGED),
        replace(_alone(), figures={"base_conditioned": True, "base_slope": 1.0}),
    ],
    ids=["an exact test", "a merge", "beyond a base"],
)
def test_what_does_not_rest_on_matching_is_not_changed(verdict):
    found = _beside(0.95, 0.1, verdict=verdict)
    assert (found.relation, strength_of(found)) == (verdict.relation, strength_of(verdict))
    assert found.figures["cohort_rank_p"] == pytest.approx(2 / 3)


def test_a_correlation_is_ranked_by_correlations():
    direct = _alone(ladder.TUNED, 0.4, how="same shape")
    assert rank(direct, _pairs(0.3)).statistic == "median correlation"
    assert strength_of(_beside(0.3, verdict=direct)) is MODERATE
    assert strength_of(_beside(0.5, verdict=direct)) is NONE


def test_without_a_pair_that_can_be_compared_nothing_is_claimed():
    found = placed(_alone(), Cohort(("m",), ()))
    assert (found.figures["cohort"], strength_of(found)) == (1, MODERATE)
