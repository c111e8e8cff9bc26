"""Which key of one configuration stands where which key of the other stands: one to one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from codesim.detectors.config.profile import Setting, plain
from codesim.detectors.config.rarity import Rarity
from codesim.sequences.assign import Pair, assign

SAME, CHANGED, RENAMED = "same", "changed", "renamed"
# Keys compared each with each; beyond that only those of an equal value and an equal last part.
_MOST_COMPARED = 40_000
# Likeness of two key paths, 0..1, from which they may be one key under two names: with an equal
# value, and with another one.
_ALIKE, _NEARLY_ONE = 0.62, 0.88
# The last part of a path names the setting; what stands before, its place.
_LAST = 0.75
# Bits that a value must have beyond the number of places where it could stand by chance.
_BEYOND = 3.0
# Values that agree in so many keys, and in this share of the rest, agree together.
_TOGETHER, _SHARE = 5, 0.5


@dataclass(frozen=True, slots=True)
class Aligned:
    """One setting of each side; ``bits`` is what their agreement says, 0 where there is none.

    ``stock`` marks what goes with a public architecture that both sides say they are built on.
    """

    left: Setting
    right: Setting
    state: str
    bits: float
    stock: bool = False

    @property
    def equal(self) -> bool:
        """Whether the values are the same."""
        return self.left.value == self.right.value


@dataclass(frozen=True, slots=True)
class Alignment:
    """All settings of two configurations: aligned ones, and those of one side only."""

    aligned: tuple[Aligned, ...]
    only_left: tuple[Setting, ...]
    only_right: tuple[Setting, ...]


def align(left: Sequence[Setting], right: Sequence[Setting], rarity: Rarity) -> Alignment:
    """Align by the same path, then by likeness of the paths and agreement of the values."""
    found: list[tuple[int, int]] = []
    places = {_path(setting): at for at, setting in enumerate(right)}
    for at, setting in enumerate(left):
        there = places.pop(_path(setting), None)
        if there is not None:
            found.append((at, there))
    l_rest, r_rest = _rest(left, {p[0] for p in found}), _rest(right, {p[1] for p in found})
    found += _renamed(left, right, l_rest, r_rest, rarity)
    l_rest, r_rest = _rest(left, {p[0] for p in found}), _rest(right, {p[1] for p in found})
    chances = math.log2(max(1, len(l_rest), len(r_rest), len(found)))
    return Alignment(
        tuple(_aligned(left[one], right[two], rarity, chances) for one, two in sorted(found)),
        tuple(left[at] for at in l_rest),
        tuple(right[at] for at in r_rest),
    )


def _path(setting: Setting) -> tuple[str, ...]:
    return tuple(map(plain, setting.path))


def _rest(settings: Sequence[Setting], taken: set[int]) -> list[int]:
    return [at for at in range(len(settings)) if at not in taken]


def _aligned(left: Setting, right: Setting, rarity: Rarity, chances: float) -> Aligned:
    same_key = left.key == right.key
    if left.value != right.value:
        return Aligned(left, right, CHANGED, 0.0)
    if same_key:
        state = SAME if _path(left) == _path(right) else RENAMED
        return Aligned(left, right, state, min(rarity.bits(left), rarity.bits(right)))
    # A value may have been public under either of the two names.
    bits = min(rarity.bits(left), rarity.bits(right), rarity.value_bits(left) - chances)
    return Aligned(left, right, RENAMED, max(0.0, bits))


def _renamed(
    left: Sequence[Setting],
    right: Sequence[Setting],
    l_rest: list[int],
    r_rest: list[int],
    rarity: Rarity,
) -> list[Pair]:
    """The best one-to-one alignment of the keys that have no namesake."""
    if not l_rest or not r_rest:
        return []
    alone = _telling(left, right, l_rest, r_rest, rarity)
    weights: dict[Pair, float] = {}
    for (one, two), likeness in _alike(left, right, l_rest, r_rest).items():
        equal = left[one].value == right[two].value
        if likeness >= (_ALIKE if equal else _NEARLY_ONE) or (one, two) in alone:
            weights[one, two] = likeness + _agreement(left[one], rarity) * equal
    for one, two in alone:
        weights.setdefault((one, two), _agreement(left[one], rarity))
    return assign(weights)


def _agreement(setting: Setting, rarity: Rarity) -> float:
    return 0.5 + 0.05 * rarity.value_bits(setting)


def _alike(
    left: Sequence[Setting], right: Sequence[Setting], l_rest: list[int], r_rest: list[int]
) -> dict[Pair, float]:
    """Pairs of alike key paths, with their likeness: mostly that of the last part, then that of
    the place.
    """
    if len(l_rest) * len(r_rest) > _MOST_COMPARED:
        return dict.fromkeys(_namesakes(left, right, l_rest, r_rest), 1.0)
    one, two = ([side[at] for at in rest] for side, rest in ((left, l_rest), (right, r_rest)))
    keys = _compared([s.key for s in one], [s.key for s in two])
    words = _compared([_words(s) for s in one], [_words(s) for s in two])
    above = _compared([_above(s) for s in one], [_above(s) for s in two])
    likeness = _LAST * np.maximum(keys, words) + (1 - _LAST) * above
    return {
        (l_rest[row], r_rest[column]): float(likeness[row, column])
        for row, column in np.argwhere(likeness >= _ALIKE).tolist()
    }


def _compared(left: list[str], right: list[str]) -> npt.NDArray[np.float64]:
    """Likeness 0..1 of each with each; equal texts are compared once."""
    (ones, rows), (twos, columns) = _distinct(left), _distinct(right)
    found = process.cdist(ones, twos, scorer=fuzz.ratio, dtype=np.float32) / np.float64(100)
    return found[np.ix_(rows, columns)]


def _distinct(texts: list[str]) -> tuple[list[str], list[int]]:
    """The different texts, cut at the front, and which of them stands at each place."""
    places: dict[str, int] = {}
    at = [places.setdefault(text[-_LONGEST:], len(places)) for text in texts]
    return list(places), at


# Signs of a name or place that are compared: the end of it, which says most. The time of a
# comparison grows with the product of two lengths, and real paths are shorter.
_LONGEST = 96


def _words(setting: Setting) -> str:
    """The words of a key in alphabetical order: ``query_num`` is nearly ``num_queries``."""
    return " ".join(sorted(setting.key.split("_")))


def _above(setting: Setting) -> str:
    return ".".join(setting.path[:-1])


def _namesakes(
    left: Sequence[Setting], right: Sequence[Setting], l_rest: list[int], r_rest: list[int]
) -> list[Pair]:
    """Pairs of equal last part and value, where all pairs would be too many to compare."""
    places: dict[tuple[str, str], list[int]] = {}
    for two in r_rest:
        places.setdefault((right[two].key, right[two].value), []).append(two)
    return [
        (one, two)
        for one in l_rest
        for two in places.get((left[one].key, left[one].value), [])[:_MOST_NAMESAKES]
    ]


# Where a key and value stand in more places than this, they are a poor guide.
_MOST_NAMESAKES = 20


def _telling(
    left: Sequence[Setting],
    right: Sequence[Setting],
    l_rest: list[int],
    r_rest: list[int],
    rarity: Rarity,
) -> set[Pair]:
    """Pairs whose value alone tells that they are one setting: unusual alone, or many together."""
    one, two = _unique(left, l_rest), _unique(right, r_rest)
    shared = [(one[value], two[value]) for value in one if value in two]
    least = _BEYOND + math.log2(max(len(l_rest), len(r_rest)))
    bits = {pair: rarity.value_bits(left[pair[0]]) for pair in shared}
    informative = [pair for pair in shared if bits[pair] >= _BEYOND - 1]
    smaller = min(len(l_rest), len(r_rest))
    if len(informative) >= max(_TOGETHER, _SHARE * smaller):
        return set(informative)
    return {pair for pair in shared if bits[pair] >= least}


def _unique(settings: Sequence[Setting], rest: list[int]) -> dict[str, int]:
    count: dict[str, int] = {}
    for at in rest:
        count[settings[at].value] = count.get(settings[at].value, 0) + 1
    return {settings[at].value: at for at in rest if count[settings[at].value] == 1}
