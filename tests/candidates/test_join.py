"""The join in numpy against one that anybody can read, and its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from naive_join import cases, crowd, lines_of, naive, rows_of

from codesim.candidates import Pairs, Policy, Rows, candidate_pairs, join
from codesim.errors import CodesimError

EVERYTHING = Policy(most_documents=100, least_shared=1, keep=100)


def _lines(weights, old=None, policy=EVERYTHING):
    documents = max((document for document, _, _ in weights), default=-1) + 1
    flags = np.array(old if old is not None else [False] * documents, dtype=bool)
    return lines_of(candidate_pairs(rows_of(weights), flags, policy, "numpy"))


@given(cases())
@settings(max_examples=300, deadline=None)
def test_it_gives_what_the_naive_join_gives(case):
    weights, old, policy = case
    assert _lines(weights, old, policy) == naive(weights, old, policy)


@pytest.mark.parametrize("cells", [1, 50, 1 << 21])
def test_many_documents_in_blocks_and_pieces(monkeypatch, cells):
    """Also when the bounds of memory are met after every few rows."""
    monkeypatch.setattr(join, "_CELLS", cells)
    monkeypatch.setattr(join, "_PIECE", max(1, cells // 2))
    weights, old = crowd(documents=40, values=60, seed=cells)
    for policy in (Policy(30, 2, 3), Policy(8, 1, 1), EVERYTHING):
        found = _lines(weights, old, policy)
        assert len(found) > 20
        assert found == naive(weights, old, policy)


def test_the_order_of_rows_does_not_matter():
    weights, old = crowd(documents=12, values=40, seed=3)
    policy = Policy(6, 2, 2)
    turned = dict(reversed(weights.items()))
    assert _lines(weights, old, policy) == _lines(turned, old, policy)


NO_PAIR = {
    "nothing at all": ({}, None, EVERYTHING),
    "one document": ({(0, 0, 7): 5}, None, EVERYTHING),
    "the same number as another kind of evidence": (
        {(0, 0, 7): 5, (1, 1, 7): 5}, None, EVERYTHING,
    ),
    "values that differ in the highest bit": (
        {(0, 0, 7): 5, (1, 0, 7 + 2**63): 5}, None, EVERYTHING,
    ),
    "a value in too many documents": (
        {(d, 0, 7): 5 for d in range(4)}, None, Policy(3, 1, 9),
    ),
    "too many because of old documents": (
        {(d, 0, 7): 5 for d in range(4)}, [False, False, True, True], Policy(3, 1, 9),
    ),
    "fewer shared values than asked for": (
        {(d, 0, v): 5 for d in range(2) for v in range(2)}, None, Policy(9, 3, 9),
    ),
    "two old documents": ({(0, 0, 7): 5, (1, 0, 7): 5}, [True, True], EVERYTHING),
}  # fmt: skip


@pytest.mark.parametrize(("weights", "old", "policy"), NO_PAIR.values(), ids=NO_PAIR)
def test_no_pair(weights, old, policy):
    assert _lines(weights, old, policy) == []


def test_old_with_new():
    found = _lines({(0, 0, 7): 5, (1, 0, 7): 4, (2, 0, 7): 3}, [True, False, True])
    assert found == [(0, 0, 1, 1, 4), (0, 1, 2, 1, 3)]


def test_a_pair_weighs_the_smaller_of_the_two_weights_of_each_value():
    assert _lines({(0, 0, 7): 5, (0, 0, 8): 1, (1, 0, 7): 3, (1, 0, 8): 9}) == [(0, 0, 1, 2, 4)]


def test_a_pair_that_is_among_the_best_of_one_side_only_stays():
    """Document 0 has two heavier partners; document 3 has no other than 0."""
    weights = {(0, 0, v): 9 for v in range(3)}
    weights |= {(d, 0, v): 10 - d for d in (1, 2, 3) for v in (d - 1,)}
    found = _lines(weights, None, Policy(9, 1, 1))
    assert [line[1:3] for line in found] == [(0, 1), (0, 2), (0, 3)]


def test_of_equal_partners_those_with_lower_numbers_stay():
    weights = {(d, 0, 100 * min(d, e) + max(d, e)): 5 for d in range(5) for e in range(5) if d != e}
    found = _lines(weights, None, Policy(9, 1, 1))
    assert [line[1:3] for line in found] == [(0, 1), (0, 2), (0, 3), (0, 4)]


def test_sums_that_do_not_fit_into_32_bits():
    top = 2**31 - 1
    assert _lines({(d, 0, v): top for d in (0, 1) for v in (1, 2, 3)}) == [(0, 0, 1, 3, 3 * top)]


def test_the_types_of_an_answer():
    for weights in ({}, {(0, 0, 7): 5, (1, 0, 7): 5}):
        pairs = candidate_pairs(rows_of(weights), np.zeros(2, dtype=bool), EVERYTHING, "numpy")
        assert isinstance(pairs, Pairs)
        types = [c.dtype for c in (pairs.kind, pairs.left, pairs.right, pairs.shared, pairs.weight)]
        assert types == [np.int16, np.int32, np.int32, np.int64, np.int64]


GOOD = {
    "document": np.array([0, 1], np.int32), "kind": np.array([0, 0], np.int16),
    "value": np.array([7, 7], np.uint64), "weight": np.array([5, 5], np.int32),
}  # fmt: skip
BAD = {
    "a document that is not there": {"document": np.array([0, 2], np.int32)},
    "a negative document": {"document": np.array([0, -1], np.int32)},
    "a negative weight": {"weight": np.array([0, -1], np.int32)},
    "a negative kind": {"kind": np.array([0, -1], np.int16)},
    "signed values": {"value": np.array([7, 7], np.int64)},
    "a column that is too short": {"weight": np.array([5], np.int32)},
    "a value twice": {"document": np.array([1, 1], np.int32)},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_rows_that_are_none(wrong):
    with pytest.raises(ValueError, match=r"must be|not one of|negative|twice"):
        candidate_pairs(Rows(**GOOD | wrong), np.zeros(2, dtype=bool), EVERYTHING, "numpy")


@pytest.mark.parametrize("field", ["most_documents", "least_shared", "keep"])
def test_policies_that_are_none(field):
    with pytest.raises(ValueError, match=field):
        Policy(**{"most_documents": 1, "least_shared": 1, "keep": 1, field: 0})


def test_an_engine_that_is_not_known():
    with pytest.raises(CodesimError, match="unknown engine 'flink'"):
        candidate_pairs(Rows(**GOOD), np.zeros(2, dtype=bool), EVERYTHING, "flink")
