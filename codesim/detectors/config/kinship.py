"""Which configurations say that they are built on a public architecture, and what follows.

All settings of one architecture come together: a class has them, a converter writes them, and every
fine-tuned copy keeps them. So two configurations that both name public architectures agree in many
values at once without knowing of each other. What counts between them are keys that no public
project has, with values that none has either, and of these more than one.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from codesim.detectors.config.align import Aligned, Alignment
from codesim.detectors.config.matching import UnitPair
from codesim.detectors.config.profile import ConfigUnit
from codesim.detectors.config.rarity import RARE_FROM, Rarity

_DATA = Path(__file__).resolve().parent / "families.json"
# Files that belong to the model whose config.json stands beside them. Its release comes with all of
# them, and hardly anybody adds keys: own ones are looked for in config.json alone.
_COMPANIONS = frozenset(
    ("generation_config.json", "preprocessor_config.json", "processor_config.json",
     "video_preprocessor_config.json", "feature_extractor_config.json")
)  # fmt: skip
# Numbers of tokens follow from the tokenizer, which has a detector of its own.
_TOKEN = re.compile(r"(?:token_ids?|tokens|to_id|decoder_ids)$")
# Most that one stock setting says, in bits.
_STOCK_BITS = 2.0
# So many equal texts in one mapping, or values of one key with numbers in it, are a table, which is
# copied as one thing; all of it together says this many bits.
_MOST_TEXTS, _MOST_NUMBERED, _TABLE_BITS = 40, 12, 4.0
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    """Model types that are public, but younger than the table of common settings."""
    found: dict[str, list[str]] = json.loads(_DATA.read_text("utf-8"))
    return frozenset(found["model_types"])


def stock(units: Sequence[ConfigUnit], rarity: Rarity) -> frozenset[int]:
    """Places of the units that are of a public architecture by what they or their folder say."""
    naming = [unit for unit in units if _names_public(unit, rarity)]
    files = {unit.path for unit in naming}
    folders = {posixpath.dirname(path) for path in files if path.endswith(".json")}
    return frozenset(
        at
        for at, unit in enumerate(units)
        if unit.path in files or (posixpath.dirname(unit.path) in folders and _belongs(unit))
    )


def _belongs(unit: ConfigUnit) -> bool:
    name = posixpath.basename(unit.path)
    return _is_companion(unit) or name == "config.json" or name.startswith("configuration_")


def _is_companion(unit: ConfigUnit) -> bool:
    return posixpath.basename(unit.path) in _COMPANIONS


def _names_public(unit: ConfigUnit, rarity: Rarity) -> bool:
    outer = {setting.key: setting for setting in unit.settings if len(setting.path) == 1}
    if "class_name" in outer and "diffusers_version" in outer:
        return True
    named = outer.get("model_type")
    if named is None or not named.value:
        return False
    return named.value in _families() or rarity.frequencies.of(named)[2] > 0


def weighed(
    pairs: Iterable[UnitPair], left: Sequence[ConfigUnit], right: Sequence[ConfigUnit],
    rarity: Rarity,
) -> list[UnitPair]:  # fmt: skip
    """The pairs with what their agreements say once kinship and tables are reckoned with."""
    ones, twos = ({id(units[at]) for at in stock(units, rarity)} for units in (left, right))
    return [
        _weighed(pair, id(pair.left) in ones and id(pair.right) in twos, rarity) for pair in pairs
    ]


def _weighed(pair: UnitPair, is_stock: bool, rarity: Rarity) -> UnitPair:
    aligned = _without_tables(pair.alignment.aligned)
    if is_stock:
        own = [] if _is_companion(pair.left) or _is_companion(pair.right) else aligned
        aligned = _as_stock(aligned, [each for each in own if _is_own(each, rarity)])
    found = pair.alignment
    return replace(pair, alignment=Alignment(tuple(aligned), found.only_left, found.only_right))


def _without_tables(aligned: Sequence[Aligned]) -> list[Aligned]:
    """Many equal texts in one mapping, or under numbered keys, are a table that says little."""
    sizes = Counter(table for each in aligned if each.bits for table in _tables(each))
    found = []
    for each in aligned:
        size = max((sizes[t] for t in _tables(each) if sizes[t] >= t.least), default=0)
        found.append(replace(each, bits=min(each.bits, _TABLE_BITS / size)) if size else each)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """A group that an agreement belongs to, and how many make it a table."""

    place: tuple[str, ...]
    stem: str
    least: int


def _tables(each: Aligned) -> Iterator[_Table]:
    *place, last = each.left.path
    if each.left.form == "text":
        yield _Table(tuple(place), "", _MOST_TEXTS)
    stem = _DIGITS.sub("#", last)
    if stem != last:
        yield _Table(tuple(_DIGITS.sub("#", part) for part in place), stem, _MOST_NUMBERED)


def _as_stock(aligned: Sequence[Aligned], own: Sequence[Aligned]) -> list[Aligned]:
    # One may be a setting of the architecture that our tables do not know; two are less likely.
    kept = {id(each) for each in own} if len({each.left.key for each in own}) > 1 else set()
    return [
        each
        if id(each) in kept or not each.bits
        else replace(each, bits=min(each.bits, _STOCK_BITS), stock=True)
        for each in aligned
    ]


def _is_own(each: Aligned, rarity: Rarity) -> bool:
    if each.bits < RARE_FROM or rarity.is_known_value(each.left):
        return False
    sides = (each.left, each.right)
    return all(rarity.is_new(s) and not any(map(_TOKEN.search, s.path)) for s in sides)
