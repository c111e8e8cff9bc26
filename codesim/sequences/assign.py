"""One-to-one assignment of the largest total weight, where few pairs are possible at all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Pair = tuple[int, int]
Floats = npt.NDArray[np.float64]

# Exact up to this many rows or columns that hang together, which takes less than 0.1 s. Beyond it
# the heaviest pairs are taken first, which reaches at least half of the largest total.
_MOST_EXACT = 100


def assign(weights: Mapping[Pair, float]) -> list[Pair]:
    """Pairs (row, column), no row or column twice, of the largest total weight; sorted.

    Only pairs of a positive weight are possible. Solved exactly for each group of rows and columns
    that hang together, by shortest augmenting paths (Jonker and Volgenant, 1987). Of equal totals
    the same one is found for the same weights, in whatever order they are given.
    """
    possible = {pair: weight for pair, weight in sorted(weights.items()) if weight > 0}
    found: list[Pair] = []
    for group in _groups(possible):
        rows, columns = (sorted({pair[side] for pair in group}) for side in (0, 1))
        if len(group) == 1:
            found += group
        elif max(len(rows), len(columns)) > _MOST_EXACT:
            found += _heaviest_first(group, possible)
        else:
            matrix = np.zeros((len(rows), len(columns)))
            places = [{value: at for at, value in enumerate(each)} for each in (rows, columns)]
            for row, column in group:
                matrix[places[0][row], places[1][column]] = possible[row, column]
            found += [
                (rows[row], columns[column])
                for row, column in _solve(matrix)
                if matrix[row, column]
            ]
    return sorted(found)


def _groups(pairs: Mapping[Pair, float]) -> list[list[Pair]]:
    """Pairs by connected component."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row, column in pairs:
        parent[root((1, column))] = root((0, row))
    groups: dict[tuple[int, int], list[Pair]] = {}
    for row, column in pairs:
        groups.setdefault(root((0, row)), []).append((row, column))
    return list(groups.values())


def _heaviest_first(group: list[Pair], weights: Mapping[Pair, float]) -> list[Pair]:
    rows: set[int] = set()
    columns: set[int] = set()
    found = []
    for row, column in sorted(group, key=lambda pair: (-weights[pair], pair)):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            found.append((row, column))
    return found


def _solve(weight: Floats) -> list[Pair]:
    """All rows, or all columns where they are fewer, assigned with the largest total."""
    if weight.shape[0] > weight.shape[1]:
        return [(row, column) for column, row in _solve(weight.T)]
    rows, columns = weight.shape
    cost = weight.max() - weight
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)
    for row in range(rows):
        _augment(cost, row, row_price, column_price, owner)
    return [(int(owner[column]), int(column)) for column in np.flatnonzero(owner >= 0)]


def _augment(
    cost: Floats, row: int, row_price: Floats, column_price: Floats, owner: npt.NDArray[np.int64]
) -> None:
    """Assign one more row along the shortest path to a free column, and update the prices."""
    columns = cost.shape[1]
    distance = np.full(columns, np.inf)
    before = np.full(columns, row)
    done = np.zeros(columns, dtype=bool)
    here, length = row, 0.0
    while True:
        reach = length + cost[here] - row_price[here] - column_price
        nearer = ~done & (reach < distance)
        distance[nearer] = reach[nearer]
        before[nearer] = here
        column = int(np.argmin(np.where(done, np.inf, distance)))
        length = float(distance[column])
        if owner[column] < 0:
            break
        done[column] = True
        here = int(owner[column])
    row_price[row] += length
    row_price[owner[done]] += length - distance[done]
    column_price[done] -= length - distance[done]
    while True:
        earlier = int(before[column])
        taken = np.flatnonzero(owner == earlier)
        owner[column] = earlier
        if earlier == row:
            return
        column = int(taken[0])
