"""Weights of what works on one task share."""

from __future__ import annotations

import copy

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from codesim.commons import Cohort


def values(*numbers):
    return np.array(numbers, dtype=np.uint64)


def cohort(**holders):
    """A cohort of 40 in which value v is held by so many members."""
    works = [values(*(int(v[1:]) for v, most in holders.items() if n < most)) for n in range(40)]
    return Cohort.of(works)


def test_what_everybody_has_weighs_nothing():
    assert cohort(v7=40).weights(values(7)).tolist() == [0.0]
    assert cohort(v7=20).weights(values(7)).tolist() == [0.0]


def test_what_a_pair_alone_has_weighs_all():
    assert cohort(v7=2, v8=1).weights(values(7, 8, 9)).tolist() == [1.0, 1.0, 1.0]


def test_more_holders_weigh_less():
    found = cohort(v3=3, v5=5, v9=9, v15=15).weights(values(3, 5, 9, 15))
    assert found.tolist() == sorted(found, reverse=True)
    assert len(set(found.tolist())) == 4


def test_all_of_three_may_have_it_from_one_of_them():
    three = Cohort.of([values(1)] * 3)
    assert three.weights(values(1))[0] > 0.75


def test_in_a_small_cohort_what_most_have_weighs_nothing_and_what_half_have_little():
    ten = Cohort.of([values(1, 2)] * 5 + [values(1)] * 3 + [values(3)] * 2)
    most, half, pair = ten.weights(values(1, 2, 3)).tolist()
    assert most == 0.0 < half < 0.5 < pair == 1.0


def test_an_empty_cohort_weighs_all():
    assert Cohort.of([]).weights(values(1, 2)).tolist() == [1.0, 1.0]
    assert Cohort.of([values(1)]).weights(values()).tolist() == []


def test_its_text_names_its_content():
    one, same, other = cohort(v1=3), cohort(v1=3), cohort(v1=4)
    assert repr(one) == repr(same) != repr(other)
    assert copy.deepcopy(one) is one


@given(st.lists(st.lists(st.integers(0, 30), unique=True), max_size=12), st.integers(0, 30))
def test_weights_follow_the_count(works, asked):
    found = Cohort.of(values(*sorted(work)) for work in works)
    count = sum(asked in work for work in works)
    weight = found.weights(values(asked))[0]
    assert 0.0 <= weight <= 1.0
    assert (weight == 1.0) == (count <= 2)
