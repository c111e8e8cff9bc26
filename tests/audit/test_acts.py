"""Copies of one work are few acts, however many pairs they make."""

from __future__ import annotations

import itertools

import pytest

from codesim.audit.acts import acts
from codesim.audit.messages import Compared, Found


def same(left=1.0, right=1.0):
    return Compared((
        Found("code", "strong", 90.0, "", left, right), Found("files", "none", 0.0, ""),
    ))  # fmt: skip


def test_pairs_of_a_group_count_as_its_members_less_one():
    pairs = [*itertools.combinations(range(6), 2), (6, 7), (0, 6)]
    found = [same()] * 15 + [same(0.4), same(0.96, 0.94)]
    counted = acts(pairs, found)
    assert sum(counted[:15]) == pytest.approx(5.0)
    assert counted[15:] == [1.0, 1.0]


def test_a_pair_is_one_act_and_groups_are_apart():
    pairs = [(0, 1), (2, 3), (3, 4), (2, 4), (1, 2)]
    assert acts(pairs, [same()] * 4 + [same(0.1)]) == pytest.approx([1.0, 2 / 3, 2 / 3, 2 / 3, 1.0])


def test_pairs_of_a_group_that_do_not_look_alike_count_with_it():
    counted = acts([(0, 1), (1, 2), (0, 2)], [same(), same(), same(0.5, 0.5)])
    assert sum(counted) == pytest.approx(2.0)


def test_what_has_no_code_is_never_the_same_work():
    nothing = Compared((Found("files", "strong", 9.0, ""),))
    assert acts([(0, 1), (1, 2)], [nothing, nothing]) == [1.0, 1.0]
    assert acts([], []) == []
