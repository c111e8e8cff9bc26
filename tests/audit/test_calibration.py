"""Strengths hold for a cohort: chance is counted, extended, and never lowers what stands out."""

from __future__ import annotations

import math

import pytest

from codesim.audit.calibration import Chance
from codesim.audit.messages import Compared, Found
from codesim.audit.tail import Tail
from codesim.model import Strength

LEADING = frozenset({"code"})


def found(score, strength="very strong", kind="code"):
    return Found(kind, strength, score, "")


def pair(*told):
    return Compared(tuple(told))


def exponential(count, scale=5.0):
    """The scores that an exponential law gives at evenly spread ranks."""
    return [-scale * math.log((rank + 0.5) / count) for rank in range(count)]


def chance(scores, chosen=(), population=1540, least=20):
    sampled = [pair(found(score, "none")) for score in scores]
    return Chance.of(sampled, chosen, population, LEADING, least)


def judged(of, *told):
    return of.judged(pair(*told))[0]


def test_what_many_unconnected_pairs_reach_is_nothing():
    assert judged(chance(exponential(100)), found(4.0)).strength is Strength.NONE


def test_what_one_of_a_hundred_reaches_is_moderate_at_most():
    result = judged(chance(exponential(100)), found(max(exponential(100))))
    assert result.strength is Strength.MODERATE
    assert "of the 1,540 pairs of this cohort about 15" in result.note


def test_what_lies_at_the_end_of_the_tail_is_not_strong_in_a_large_audit():
    few, many = chance(exponential(100), population=100), chance(exponential(100))
    # A tail that begins with 6 bits and falls ever more slowly reaches 60 once in some 2,000 pairs.
    assert judged(few, found(60.0)).strength is Strength.STRONG
    assert judged(many, found(60.0)).strength is Strength.MODERATE


def test_what_stands_far_out_stays_very_strong():
    result = judged(chance(exponential(100), population=50_000), found(500.0))
    assert (result.strength, result.note) == (Strength.VERY_STRONG, "")
    assert result.above == 1.0


def test_a_copy_in_the_sample_does_not_hide_the_others():
    scores = [*exponential(99), 400.0]
    assert judged(chance(scores), found(410.0)).strength is Strength.VERY_STRONG


def test_a_ring_of_copies_does_not_hide_itself():
    ring = [pair(found(score)) for score in (900, 740, 510, 430, 390, 350)]
    of = chance(exponential(100), ring, population=190)
    assert all(of.judged(each)[0].strength is Strength.VERY_STRONG for each in ring)


def test_chosen_pairs_that_continue_the_tail_are_chance():
    chosen = [pair(found(score)) for score in (60.0, 52.0, 45.0, 40.0, 36.0, 33.0, 31.0)]
    of = chance(exponential(100), chosen)
    assert max(of.judged(each)[0].strength for each in chosen) is Strength.MODERATE


def test_the_steps_of_the_cohort_are_where_its_strengths_begin():
    of = chance(exponential(100))
    steps = of.steps("code")
    for word, score in steps.items():
        strength = Strength[word.upper().replace(" ", "_")]
        assert judged(of, found(score + 0.1)).strength >= strength
        assert judged(of, found(score - 0.1)).strength < strength


def test_a_few_authors_of_one_style_are_chance():
    # Nine in ten pairs have next to nothing in common, those of some authors ever more.
    rare = [pair(found(10.0 * (495 / (rank + 1)) ** 0.4)) for rank in range(495)]
    of = chance(exponential(100, scale=2.0), rare, population=4950)
    assert max(of.judged(each)[0].strength for each in rare) is Strength.MODERATE


def test_a_large_cohort_spares_as_many_scores_as_its_members_could_make():
    scores = [(float(score), 1.0) for score in range(1, 1001)]
    few, many = (Tail.of([*scores, (0.0, more)]) for more in (4_000.0, 1_999_000.0))
    assert few.scores[-1] == 1000 - 5
    assert many.scores[-1] == 1000 - 300


def test_rate_and_reach_are_each_other_s_inverse():
    tail = Tail.of([(score, 1.0) for score in exponential(5000)])
    for rate in (1e-3, 1e-5, 1e-8):
        assert tail.rate(tail.reach(rate)) == pytest.approx(rate)


def test_nothing_is_raised():
    result = judged(chance(exponential(100)), found(300.0, "weak"))
    assert result.strength is Strength.WEAK


def test_a_small_sample_says_nothing():
    result = judged(chance(exponential(10)), found(1.0, "strong"))
    assert (result.strength, result.above) == (Strength.STRONG, None)


def test_artefacts_that_pairs_with_code_of_their_own_share_are_lowered():
    sample = [pair(found(0, "none"), found(0, "none", "files")) for _ in range(50)]
    same_files = [pair(found(0, "none"), found(9, "strong", "files")) for _ in range(5)]
    of = Chance.of(sample, same_files, 1000, LEADING, 20)
    files = of.judged(same_files[0])[1]
    assert files.strength is Strength.MODERATE
    assert "about 4 have as much while their code is not strongly alike" in files.note


def test_artefacts_that_only_one_pair_shares_stay_strong():
    sample = [pair(found(0, "none"), found(0, "none", "files")) for _ in range(50)]
    only = pair(found(0, "none"), found(9, "strong", "files"))
    assert Chance.of(sample, [only], 1000, LEADING, 20).judged(only)[1].strength is Strength.STRONG


def test_copies_with_the_same_files_do_not_lower_each_other():
    sample = [pair(found(0, "none"), found(0, "none", "files")) for _ in range(50)]
    copies = [pair(found(500), found(9, "strong", "files")) for _ in range(40)]
    result = Chance.of(sample, copies, 10_000, LEADING, 20).judged(copies[0])
    assert [each.strength for each in result] == [Strength.VERY_STRONG, Strength.STRONG]


@pytest.mark.parametrize("scores", [[0.0] * 100, [7.0] * 100], ids=["zeros", "all alike"])
def test_a_sample_without_a_tail_lowers_nothing_above_it(scores):
    assert judged(chance(scores), found(80.0, "strong")).strength is Strength.STRONG
