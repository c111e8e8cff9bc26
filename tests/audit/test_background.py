"""What a submission shares with many others says little of any one of them."""

from __future__ import annotations

import itertools

import pytest

from codesim.audit.background import beyond
from codesim.audit.messages import Compared, Found


def alike(score, share=0.1, other=7.0):
    return Compared((
        Found("code", "strong", score, "", share, share), Found("files", "none", other, ""),
    ))  # fmt: skip


def scores(pairs, found):
    return [each.found[0].score for each in beyond(pairs, found, {"code"})]


def test_habits_of_both_sides_are_taken_away():
    # 0 has something in common with everybody, 1 with one more.
    pairs = [(0, 1), *((0, other) for other in range(2, 8)), (1, 8)]
    found = [alike(200.0), *(alike(40.0 + n) for n in range(6)), alike(30.0)]
    # Of 0 the second to fifth best, 44 to 41; of 1 there is only a best one, which may be a copy.
    assert scores(pairs, found)[0] == pytest.approx(200.0 - 42.5)


def test_a_pair_that_stands_alone_keeps_its_score():
    assert scores([(0, 1), (2, 3)], [alike(90.0), alike(20.0)]) == [90.0, 20.0]
    assert beyond([], [], {"code"}) == []


def test_scores_do_not_depend_on_order_or_side():
    pairs = [*itertools.combinations(range(7), 2)]
    found = [alike(float(10 + 7 * left + right)) for left, right in pairs]
    back = scores([(right, left) for left, right in reversed(pairs)], found[::-1])
    assert back[::-1] == scores(pairs, found)


def test_copies_of_one_work_are_no_habit():
    pairs = [*itertools.combinations(range(7), 2)]
    assert scores(pairs, [alike(300.0, share=0.8)] * len(pairs)) == [300.0] * len(pairs)


def test_the_more_two_works_share_the_less_they_tell_of_habits():
    pairs = [*itertools.combinations(range(7), 2)]
    shares = (0.2, 0.45, 0.5, 0.55, 0.8)
    kept = [scores(pairs, [alike(300.0, share=share)] * len(pairs))[0] for share in shares]
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (100.0, 300.0)
    assert kept[3] - kept[1] < 150.0


def test_a_passage_that_several_share_keeps_a_part():
    pairs = [*itertools.combinations(range(9), 2)]
    assert scores(pairs, [alike(300.0)] * len(pairs)) == [100.0] * len(pairs)


def test_other_kinds_and_everything_else_stay():
    pairs = [*itertools.combinations(range(7), 2)]
    found = [alike(50.0, other=60.0)] * len(pairs)
    for before, after in zip(found, beyond(pairs, found, {"code"}), strict=True):
        assert after.found[1] == before.found[1]
        assert after.found[0].left_coverage == 0.1
        assert after.found[0].strength == "strong"


def test_a_school_of_one_style_stands_back_behind_a_copy():
    school = [*itertools.combinations(range(10), 2)]
    styled = [alike(100.0 + (5 * left + 3 * right) % 40) for left, right in school]
    pairs, found = [*school, (10, 11)], [*styled, alike(120.0)]
    *others, copy = scores(pairs, found)
    assert copy == 120.0
    assert max(others) < 60.0
