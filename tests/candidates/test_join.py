"""The join, against the plainest way to write it down."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.candidates import Policy, Rows, candidate_pairs
from codesim.candidates import arrays as arrays_module
from codesim.errors import CodesimError

TRIPLES = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(0, 12)),
    st.integers(1, 40_000),
    max_size=80,
)
POLICIES = st.builds(Policy, st.integers(2, 10), st.integers(1, 3), st.integers(1, 4))
OLD = st.lists(st.booleans(), min_size=10, max_size=10)


def rows(table):
    keys = sorted(table)
    return Rows(
        np.array([k[0] for k in keys], np.int32),
        np.array([k[1] for k in keys], np.int16),
        np.array([k[2] for k in keys], np.uint64) << np.uint64(58),
        np.array([table[k] for k in keys], np.int32),
    )


def plainly(table, old, policy):
    """Dictionaries and loops."""
    holders = defaultdict(dict)
    for (document, kind, value), weight in table.items():
        holders[kind, value][document] = weight
    shared, weights = defaultdict(int), defaultdict(int)
    for (kind, _), having in holders.items():
        if len(having) > policy.most_documents:
            continue
        for left, right in combinations(sorted(having), 2):
            if not (old[left] and old[right]):
                shared[kind, left, right] += 1
                weights[kind, left, right] += min(having[left], having[right])
    enough = [key for key, count in shared.items() if count >= policy.least_shared]
    kept = set()
    for side in (1, 2):
        partners = defaultdict(list)
        for key in enough:
            partners[key[0], key[side]].append((-weights[key], key[3 - side], key))
        for found in partners.values():
            kept.update(key for *_, key in sorted(found)[: policy.keep])
    ordered = sorted(kept, key=lambda key: (key[0], -weights[key], key[1], key[2]))
    return [(*key, shared[key], weights[key]) for key in ordered]


def told(pairs):
    columns = (pairs.kind, pairs.left, pairs.right, pairs.shared, pairs.weight)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(TRIPLES, OLD, POLICIES)
def test_arrays_find_what_loops_find(table, old, policy):
    found = candidate_pairs(rows(table), np.array(old), policy, "numpy")
    assert told(found) == plainly(table, old, policy)


@given(TRIPLES, OLD, POLICIES)
def test_the_size_of_a_chunk_does_not_matter(table, old, policy):
    whole = told(candidate_pairs(rows(table), np.array(old), policy))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays_module, "_CHUNK", 3)
        assert told(candidate_pairs(rows(table), np.array(old), policy)) == whole


def test_old_ones_are_never_compared_with_each_other():
    table = {(document, 0, value): 1000 for document in range(3) for value in range(5)}
    found = candidate_pairs(rows(table), np.array([True, True, False]), Policy(9, 1, 9))
    assert [pair[1:3] for pair in told(found)] == [(0, 2), (1, 2)]


def test_what_too_many_have_pairs_nobody():
    table = {(document, 0, 7): 1000 for document in range(5)}
    assert told(candidate_pairs(rows(table), np.zeros(5, bool), Policy(4, 1, 9))) == []


def test_an_unknown_engine_is_refused():
    with pytest.raises(CodesimError, match="abacus"):
        candidate_pairs(rows({}), np.zeros(0, bool), Policy(2, 1, 1), "abacus")
