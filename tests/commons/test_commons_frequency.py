"""How many projects have a fingerprint."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import commons_of, project, random_values

from codesim.commons.frequency import Frequencies, pack, spread

ONE, TWO, THREE = (random_values(4_000, seed) for seed in (1, 2, 3))
COUNTED = np.arange(60_000, dtype=np.uint64)
VALUES = st.lists(st.integers(0, 2**64 - 1), max_size=40)


def test_a_value_that_is_in_one_project_only_has_no_frequency():
    commons = commons_of(project("a", ONE), project("b", TWO))
    assert not commons.frequency(np.concatenate([ONE, TWO, THREE])).any()


def test_frequency_counts_projects():
    commons = commons_of(project("a", ONE, TWO, THREE), project("b", ONE, TWO), project("c", ONE))
    assert (commons.frequency(ONE) == 3).all()
    assert (commons.frequency(TWO) == 2).all()
    assert (commons.frequency(THREE) == 0).all()


def test_a_value_that_one_project_has_forty_times_counts_once():
    commons = commons_of(project("a", *[ONE] * 40), project("b", TWO))
    assert not commons.frequency(ONE).any()
    assert commons.projects[0].fingerprints == len(ONE)


@given(st.lists(VALUES, min_size=1, max_size=6), VALUES)
def test_frequencies_are_those_of_plain_counting(projects, others):
    parts = [np.array(values, dtype=np.uint64) for values in projects]
    commons = commons_of(*(project(str(n), part) for n, part in enumerate(parts)))
    asked = np.array([*others, *(v for values in projects for v in values)], dtype=np.uint64)
    counts = [sum(v in values for values in projects) for v in asked.tolist()]
    assert commons.frequency(asked).tolist() == [n if n >= 2 else 0 for n in counts]


def test_any_shape_of_question():
    commons = commons_of(project("a", ONE), project("b", ONE))
    assert commons.frequency(np.zeros(0, dtype=np.uint64)).tolist() == []
    assert (commons.frequency(ONE[::-2]) == 2).all()
    assert (commons.frequency(np.repeat(ONE, 20)) == 2).all()
    assert commons.frequency(ONE).dtype == np.uint8


@pytest.mark.parametrize("size", [1, 255, 256, 5_000, 200_000])
def test_hardly_any_foreign_value_is_taken_for_a_known_one(size):
    """One in eight million at most, as the key is 24 bits longer than what tells buckets apart."""
    known = random_values(size, 4)
    commons = commons_of(project("a", known), project("b", known))
    wrong = np.count_nonzero(commons.frequency(random_values(2_000_000, 5)))
    assert wrong <= 3
    assert (commons.frequency(known) == 2).all()


@pytest.mark.parametrize(
    "values",
    [COUNTED, COUNTED << np.uint64(40), COUNTED * np.uint64(16) + np.uint64(1 << 63)],
    ids=["small numbers", "leading bits only", "one leading bit"],
)
def test_values_need_not_be_hashes(values):
    commons = commons_of(project("a", values), project("b", values))
    assert (commons.frequency(values) == 2).all()
    assert np.count_nonzero(commons.frequency(values + np.uint64(60_000 << 40 | 1 << 20))) <= 1


def test_spread_is_a_bijection_on_samples():
    values = np.concatenate([np.arange(100_000, dtype=np.uint64), ONE])
    assert len(np.unique(spread(values))) == len(np.unique(values))


def test_the_more_frequent_of_two_values_on_one_entry_stays():
    same = np.repeat(ONE[:1], 3)
    bits, load, entries = pack(same, np.array([2, 9, 4], dtype=np.uint8))
    assert Frequencies(bits, load, entries).of(same).tolist() == [9, 9, 9]
    assert len(entries) == 1
