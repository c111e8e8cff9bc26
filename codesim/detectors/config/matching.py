"""Which configurations of two repositories belong together, and what each pair shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.detectors.config.align import Alignment, align
from codesim.detectors.config.profile import ConfigUnit, Setting, plain
from codesim.detectors.config.rarity import RARE_FROM, Rarity
from codesim.sequences.assign import assign

# What stands in more units of either side says nothing about which of them belong together.
_MOST_PLACES = 40
# A shared key path, or value, is a hint of a pair even where it says nothing about copying.
_HINT = 0.02
# Pairs that are aligned in full; the hints of the rest are weaker.
_MOST_PAIRS = 150
# Hints of less than so many bits are not followed, unless this share of the keys is the same.
_LEAST_BITS, _SAME_KEYS = 2.0, 0.5


@dataclass(frozen=True, slots=True)
class UnitPair:
    """Two configurations and their alignment."""

    left: ConfigUnit
    right: ConfigUnit
    alignment: Alignment

    @property
    def bits(self) -> float:
        """What all agreements of the pair say together."""
        return sum(each.bits for each in self.alignment.aligned)

    @property
    def equal(self) -> int:
        """How many values are equal."""
        return sum(each.equal for each in self.alignment.aligned)

    @property
    def smaller(self) -> int:
        """How many settings the smaller side has."""
        return _smaller(self.left, self.right)


def _smaller(left: ConfigUnit, right: ConfigUnit) -> int:
    return min(len(left.settings), len(right.settings))


def unit_pairs(
    left: Sequence[ConfigUnit], right: Sequence[ConfigUnit], rarity: Rarity
) -> list[UnitPair]:
    """Pairs of configurations, each in one pair at most, the most telling first.

    They are sought in one order of the sides, whichever is left: of two alignments that are
    equally good the same one is found.
    """
    if _content(left) > _content(right):
        return sorted(map(_turned, _unit_pairs(right, left, rarity)), key=rank)
    return sorted(_unit_pairs(left, right, rarity), key=rank)


def _content(units: Sequence[ConfigUnit]) -> list[tuple[str, str, list[tuple[object, str, int]]]]:
    return [(u.path, u.label, [(s.path, s.value, s.line) for s in u.settings]) for u in units]


def _turned(pair: UnitPair) -> UnitPair:
    found = pair.alignment
    places = {id(setting): at for at, setting in enumerate(pair.right.settings)}
    aligned = [replace(each, left=each.right, right=each.left) for each in found.aligned]
    aligned.sort(key=lambda each: places[id(each.left)])
    turned = Alignment(tuple(aligned), found.only_right, found.only_left)
    return UnitPair(pair.right, pair.left, turned)


def _unit_pairs(
    left: Sequence[ConfigUnit], right: Sequence[ConfigUnit], rarity: Rarity
) -> list[UnitPair]:
    weights = {
        (one, two): weight
        for (one, two), weight in _hints(left, right, rarity).items()
        if weight >= min(_LEAST_BITS, _SAME_KEYS * _HINT * _smaller(left[one], right[two]))
    }
    best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    chosen = assign(dict(best[: 4 * _MOST_PAIRS]))
    chosen = sorted(chosen, key=lambda pair: (-weights[pair], pair))[:_MOST_PAIRS]
    pairs = [
        UnitPair(left[one], right[two], align(left[one].settings, right[two].settings, rarity))
        for one, two in chosen
    ]
    return [pair for pair in pairs if pair.equal]


def rank(pair: UnitPair) -> tuple[float, int, int, list[tuple[str, str]]]:
    """The order of pairs: the most telling first."""
    names = sorted(((pair.left.path, pair.left.label), (pair.right.path, pair.right.label)))
    telling = sum(each.bits for each in pair.alignment.aligned if each.bits >= RARE_FROM)
    stock = sum(each.stock for each in pair.alignment.aligned)
    return -round(telling, 6), -stock, -pair.equal, names


def _hints(
    left: Sequence[ConfigUnit], right: Sequence[ConfigUnit], rarity: Rarity
) -> dict[tuple[int, int], float]:
    """How much two units seem to share, from a join on settings, values and key paths."""
    one, two = _places(left, rarity), _places(right, rarity)
    weights: dict[tuple[int, int], float] = {}
    for each, (weight, l_units) in sorted(one.items()):
        if each not in two:
            continue
        r_units = two[each][1]
        if len(l_units) > _MOST_PLACES or len(r_units) > _MOST_PLACES:
            continue
        for l_unit in l_units:
            for r_unit in r_units:
                pair = l_unit, r_unit
                weights[pair] = weights.get(pair, 0.0) + weight
    return weights


Place = tuple[str, str, str]


def _places(units: Sequence[ConfigUnit], rarity: Rarity) -> dict[Place, tuple[float, list[int]]]:
    found: dict[Place, tuple[float, list[int]]] = {}
    for number, unit in enumerate(units):
        for setting in unit.settings:
            for place, weight in _marks(setting, rarity):
                units_ = found.setdefault(place, (weight, []))[1]
                if not units_ or units_[-1] != number:
                    units_.append(number)
    return found


def _marks(setting: Setting, rarity: Rarity) -> list[tuple[Place, float]]:
    """What a setting is joined on; a value alone is a hint for keys that were renamed."""
    whole = rarity.bits(setting)
    value = rarity.value_bits(setting)
    marks = [
        (("key", ".".join(map(plain, setting.path)), ""), _HINT),
        (("setting", setting.key, setting.value), whole + _HINT),
    ]
    if value >= 4.0:
        marks.append((("value", "", setting.value), _HINT * value))
    return marks
