"""One-to-one assignment against trying everything."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.sequences import assign
from codesim.sequences.assign import Pair

WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.sampled_from([0.0, 0.5, 1.0, 1.5, 3.0])
)


def _best(weights: dict[Pair, float]) -> float:
    matrix = np.zeros((5, 5))
    for pair, weight in weights.items():
        matrix[pair] = weight
    return max(
        sum(matrix[row, columns[row]] for row in range(5)) for columns in permutations(range(5))
    )


@given(WEIGHTS)
def test_no_assignment_is_better(weights):
    found = assign(weights)
    assert sum(weights[pair] for pair in found) == pytest.approx(_best(weights))
    assert all(weights[pair] > 0 for pair in found)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)


@given(WEIGHTS)
def test_the_order_in_which_weights_are_given_changes_nothing(weights):
    assert assign(dict(reversed(weights.items()))) == assign(weights)


def test_a_group_too_large_to_solve_takes_the_heaviest_first():
    weights = {(row, column): 1.0 + (row == column) for row in range(120) for column in range(120)}
    assert assign(weights) == [(n, n) for n in range(120)]


def test_nothing_to_assign():
    assert assign({}) == []
    assert assign({(3, 4): 0.0, (1, 1): -2.0}) == []
