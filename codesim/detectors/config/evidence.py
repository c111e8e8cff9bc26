"""Pairs of configurations in the nouns of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codesim.detectors.config.align import CHANGED, RENAMED, SAME, Aligned
from codesim.detectors.config.matching import UnitPair
from codesim.detectors.config.profile import ConfigUnit, Setting
from codesim.detectors.config.public import held, held_by_some
from codesim.detectors.config.rarity import COMMON_BELOW, RARE_FROM, Rarity
from codesim.model import CloneType, FilePair, Fragment, Match, Rename, Strength, Table

COLUMNS = ("key left", "key right", "value left", "value right", "state", "rarity")
# A value in a table is cut to this; the file has all of it.
_WIDEST = 80
_STOCK = "of a public architecture that both name"
_ORDER = (SAME, RENAMED, CHANGED, "common", "base", "only left", "only right")


def is_rare(each: Aligned) -> bool:
    """Whether an agreement is one that public configuration does not have."""
    return each.bits >= RARE_FROM


def is_set_aside(each: Aligned, rarity: Rarity) -> bool:
    """Whether an agreement is left out of a pair of files: it stands in the value table alone."""
    says_little = each.stock or (each.state == SAME and each.bits < COMMON_BELOW)
    return says_little or _is_explained(each.left, rarity)


def _is_explained(setting: Setting, rarity: Rarity) -> bool:
    return (
        held(setting) in rarity.base
        or held(setting) in held_by_some()
        or rarity.bits(setting) < COMMON_BELOW
    )


def file_pairs(pairs: Sequence[UnitPair], rarity: Rarity) -> tuple[FilePair, ...]:
    """One pair for each two files, most telling first; a Python file may hold several units.

    What a base or public models explain is set aside: it is no match, and of neither share.
    """
    grouped: dict[tuple[str, str], list[UnitPair]] = {}
    for pair in pairs:
        grouped.setdefault((pair.left.path, pair.right.path), []).append(pair)
    found = (_file_pair(group, rarity) for group in grouped.values())
    return tuple(pair for pair in found if pair.matches)


def _file_pair(group: Sequence[UnitPair], rarity: Rarity) -> FilePair:
    shared = [(pair, each) for pair in group for each in _telling(pair, rarity)]
    one, two = (
        sum(_weight(s, rarity) for pair in group for s in side(pair).settings)
        for side in (_left, _right)
    )
    l_covered = sum(_weight(each.left, rarity) for _, each in shared)
    r_covered = sum(_weight(each.right, rarity) for _, each in shared)
    return FilePair(
        left=Fragment(group[0].left.path),
        right=Fragment(group[0].right.path),
        left_coverage=_share(l_covered, one),
        right_coverage=_share(r_covered, two),
        similarity=_share(l_covered + r_covered, one + two),
        matches=tuple(_match(pair, each, rarity) for pair, each in shared),
    )


def _telling(pair: UnitPair, rarity: Rarity) -> list[Aligned]:
    aligned = pair.alignment.aligned
    return [each for each in aligned if each.equal and not is_set_aside(each, rarity)]


def _left(pair: UnitPair) -> ConfigUnit:
    return pair.left


def _right(pair: UnitPair) -> ConfigUnit:
    return pair.right


def _share(part: float, whole: float) -> float:
    return round(min(1.0, part / whole), 4) if whole > 0 else 0.0


def _weight(setting: Setting, rarity: Rarity) -> float:
    return 0.0 if _is_explained(setting, rarity) else rarity.bits(setting)


def _match(pair: UnitPair, each: Aligned, rarity: Rarity) -> Match:
    renamed = each.left.key != each.right.key
    what = "the same value under another key" if renamed else "the same key and value"
    return Match(
        left=_fragment(pair.left, each.left),
        right=_fragment(pair.right, each.right),
        clone_type=CloneType.RENAMED if renamed else CloneType.EXACT,
        similarity=1.0,
        why=f"{what}, {cut(each.left.value)}: {rarity.words(each.left)}",
    )


def _fragment(unit: ConfigUnit, setting: Setting) -> Fragment:
    label = f"{unit.label}: {setting.label}" if unit.label else setting.label
    return Fragment(unit.path, (setting.line, setting.line), label)


def cut(text: str) -> str:
    """A value as a table shows it."""
    return text if len(text) <= _WIDEST else text[: _WIDEST - 4] + " ..."


def table(pair: UnitPair, rarity: Rarity) -> Table:
    """Every setting of a pair: what agrees first, rare agreements before others."""
    rows = [_row(each, rarity) for each in pair.alignment.aligned]
    rows += [
        (0.0, (s.label, "", cut(s.value), "", "only left", rarity.words(s)))
        for s in pair.alignment.only_left
    ]
    rows += [
        (0.0, ("", s.label, "", cut(s.value), "only right", rarity.words(s)))
        for s in pair.alignment.only_right
    ]
    # The order within a state is that of the rarity, then that of the file.
    rows.sort(key=lambda row: (_ORDER.index(row[1][4]), row[0]))
    return Table(
        title=f"{_title(pair.left)} and {_title(pair.right)}",
        columns=COLUMNS,
        rows=tuple(row for _, row in rows),
        note="Numbers are compared by value, so that 1e-5 is 0.00001 and 4096.0 is 4096.",
    )


def _title(unit: ConfigUnit) -> str:
    return f"{unit.path} ({unit.label})" if unit.label else unit.path


def _row(each: Aligned, rarity: Rarity) -> tuple[float, tuple[str, ...]]:
    values = (each.left.label, each.right.label, cut(each.left.value), cut(each.right.value))
    words = f"{_STOCK}; {rarity.words(each.left)}" if each.stock else rarity.words(each.left)
    return -each.bits, (*values, state(each, rarity), words)


def state(each: Aligned, rarity: Rarity) -> str:
    """How a row is to be read."""
    if each.state != SAME:
        return each.state
    if held(each.left) in rarity.base:
        return "base"
    if is_set_aside(each, rarity):
        return "common"
    return SAME


def renames(pairs: Sequence[UnitPair]) -> tuple[Rename, ...]:
    """Keys that have another name on the other side, with how often they were met."""
    votes: Counter[tuple[str, str]] = Counter()
    seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for pair in pairs:
        for each in pair.alignment.aligned:
            one, two = each.left.key, each.right.key
            seen[0][one] += 1
            seen[1][two] += 1
            if one != two and each.equal:
                votes[one, two] += 1
    return tuple(
        Rename(one, two, count, round(2 * count / (seen[0][one] + seen[1][two]), 4), "key")
        for (one, two), count in sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    )


def summary(pairs: Sequence[UnitPair], strength: Strength) -> str:
    """The line that a terminal shows."""
    best = pairs[0]
    rare = sum(map(is_rare, best.alignment.aligned))
    text = f"{best.equal} of {best.smaller} values equal"
    text += f", {rare} of them rare" if rare else ", none of them rare"
    if sum(each.stock for each in best.alignment.aligned) > rare:
        text += "; both name a public architecture"
    renamed = sum(e.equal and e.left.key != e.right.key for e in best.alignment.aligned)
    if renamed:
        text += f"; {renamed} key{'s' if renamed != 1 else ''} renamed"
    more = sum(any(map(is_rare, pair.alignment.aligned)) for pair in pairs[1:])
    if more:
        text += f"; rare values in {more} more pair{'s' if more != 1 else ''} of files"
    return text + ("; no more than chance gives" if strength is Strength.NONE and rare else "")


def emptiness(left: Sequence[ConfigUnit], right: Sequence[ConfigUnit]) -> str:
    """Why there is nothing to compare; empty when there is."""
    sides = [name for name, units in (("left", left), ("right", right)) if not units]
    return f"no configuration on the {' and the '.join(sides)}" if sides else ""
