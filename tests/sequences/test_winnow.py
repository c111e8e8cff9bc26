"""k-grams and winnowing keep their guarantee; tiles cover what two sequences share."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from codesim.sequences import kgrams, tiles, winnow

K, WINDOW = 4, 5
ITEMS = st.integers(0, 9)


def hashed(items: list[int]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(items, dtype=np.uint64)


def chosen(items: list[int]) -> set[int]:
    grams = kgrams(hashed(items), K)
    return set(grams[winnow(grams, WINDOW)].tolist())


def test_nothing_shorter_than_k_has_a_gram() -> None:
    assert len(kgrams(hashed([]), K)) == len(kgrams(hashed([1, 2, 3]), K)) == 0
    assert len(winnow(hashed([]), WINDOW)) == 0


def test_a_short_sequence_keeps_its_least_gram() -> None:
    assert winnow(hashed([5, 2, 8]), WINDOW).tolist() == [1]


@given(st.lists(ITEMS, max_size=40))
def test_grams_are_equal_where_items_are(items: list[int]) -> None:
    grams = kgrams(hashed(items), K).tolist()
    runs = [tuple(items[n : n + K]) for n in range(len(items) - K + 1)]
    assert len(grams) == len(runs)
    assert len(set(zip(grams, runs, strict=True))) == len(set(grams)) == len(set(runs))


@given(
    st.lists(ITEMS, min_size=K + WINDOW - 1, max_size=30),
    st.lists(ITEMS, max_size=20), st.lists(ITEMS, max_size=20),
    st.lists(ITEMS, max_size=20), st.lists(ITEMS, max_size=20),
)  # fmt: skip
def test_a_long_enough_common_run_is_never_missed(
    common: list[int], a: list[int], b: list[int], c: list[int], d: list[int]
) -> None:
    assert chosen(a + common + b) & chosen(c + common + d)


@given(st.lists(st.integers(0, 2**63), min_size=WINDOW, max_size=60))
def test_every_window_has_a_chosen_place(values: list[int]) -> None:
    places = winnow(hashed(values), WINDOW).tolist()
    assert places == sorted(set(places))
    for first in range(len(values) - WINDOW + 1):
        window = values[first : first + WINDOW]
        inside = [place for place in places if first <= place < first + WINDOW]
        assert min(window) in [values[place] for place in inside]


@given(st.lists(ITEMS, max_size=30), st.lists(ITEMS, max_size=30), st.integers(1, 4))
def test_tiles_are_equal_disjoint_runs(left: list[int], right: list[int], least: int) -> None:
    found = tiles(left, right, least)
    l_places = [tile.left + n for tile in found for n in range(tile.length)]
    r_places = [tile.right + n for tile in found for n in range(tile.length)]
    assert len(set(l_places)) == len(l_places)
    assert len(set(r_places)) == len(r_places)
    assert [left[n] for n in l_places] == [right[n] for n in r_places]
    assert all(tile.length >= least for tile in found)


@given(st.lists(ITEMS, max_size=30, unique=True), st.integers(0, 30))
def test_two_exchanged_blocks_are_two_tiles(items: list[int], cut: int) -> None:
    cut = min(cut, len(items))
    found = tiles(items, items[cut:] + items[:cut], 1)
    assert sum(tile.length for tile in found) == len(items)
    assert len(found) <= 2
