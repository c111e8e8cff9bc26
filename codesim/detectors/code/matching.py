"""Matches between the units of two profiles."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from codesim.commons.cohort import Weights
from codesim.detectors.code.align import same_structure
from codesim.detectors.code.candidates import candidates
from codesim.detectors.code.commonness import whole_definitions
from codesim.detectors.code.features import Features, features
from codesim.detectors.code.fieldlists import field_weights
from codesim.detectors.code.graph import Ints
from codesim.detectors.code.profile import OWN, CodeProfile
from codesim.detectors.code.rarity import Rarity
from codesim.detectors.code.regions import (
    Region,
    between,
    in_context,
    narrowed,
    regions,
    whole,
    widened,
)
from codesim.detectors.code.side import Side
from codesim.detectors.code.textruns import text_runs
from codesim.detectors.code.tokenview import TokenRun, file_run, same_tokens, token_run

# Equal tokens say more than equal values, but not without bound: both views must agree.
_TOKEN_SHARE = 1.25
_TOKEN_EXTRA = 4.0
# Tokens of a run are not independent; a definition that public code has is still the same one.
_WHOLE_SHARE = 0.8
_WHOLE_FLOOR = 0.5
_FILE_SHARE = 0.9
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A matched region of one unit pair; ``bits`` is the better of what both views say."""

    left: int
    right: int
    region: Region
    tokens: TokenRun
    bits: float


class View:
    """One profile during a comparison: what was set aside, and units read once."""

    def __init__(
        self,
        profile: CodeProfile,
        aside: Ints | None = None,
        rarity: Rarity | None = None,
    ) -> None:
        self.profile = profile
        self.nodes = profile.nodes
        self.rarity = Rarity() if rarity is None else rarity
        wholes = whole_definitions(profile)
        # What the cohort has as a whole is as common in all its parts.
        self.cohort_weight = self.rarity.of_units(profile, wholes)
        self.weight = np.minimum(
            self.rarity.of_nodes(profile), self.cohort_weight[profile.nodes.unit]
        )
        self.aside = np.zeros(len(profile.nodes.op), dtype=np.bool_)
        if aside is not None:
            self.aside[aside] = True
        self.weight[self.aside] = 0.0
        self.mass = profile.nodes.mass.astype(np.float64) * self.weight
        self.field_weight = field_weights(profile, self.rarity)
        # What public code has as a whole still says a little.
        self.whole_weight = self.field_weight * np.minimum(
            self.rarity.weights(wholes, _WHOLE_FLOOR), self.cohort_weight
        )
        # Units that leave the search for candidates because their file is matched already.
        self.hidden = np.zeros(len(profile.units), dtype=np.bool_)
        self._sides: dict[int, Side] = {}

    def side(self, unit: int) -> Side:
        """The nodes of one unit."""
        found = self._sides.get(unit)
        if found is None:
            first, last = self.profile.unit_start[unit : unit + 2].tolist()
            found = self._sides[unit] = Side(self.nodes, first, last, self.weight)
        return found

    def extent(self, unit: int) -> tuple[int, int]:
        """First and last line that hold a token of the unit itself."""
        first, last = self.profile.tokens.start[unit : unit + 2].tolist()
        lines = self.profile.tokens.line
        return (int(lines[first]), int(lines[last - 1])) if last > first else (1, 1)

    def token_weights(self, unit: int) -> Weights:
        """Weight of every token of a unit: that of the nodes on its line, or on the last one before
        it that has nodes.
        """
        first, last = self.profile.unit_start[unit : unit + 2].tolist()
        own = np.flatnonzero(self.nodes.role[first:last] == OWN) + first
        tokens = slice(*self.profile.tokens.start[unit : unit + 2].tolist())
        if not own.size:
            return np.ones(tokens.stop - tokens.start)
        lines, place = np.unique(self.nodes.line[own], return_inverse=True)
        known = np.bincount(place, self.weight[own]) / np.bincount(place)
        before = np.searchsorted(lines, self.profile.tokens.line[tokens], side="right") - 1
        found: Weights = known[np.maximum(before, 0)]
        return found

    def average(self, file: int, weight: Weights) -> float:
        """The weight of the units of a file, on average of its tokens."""
        units = slice(*self.profile.files[file].units)
        sizes = np.diff(self.profile.tokens.start)[units]
        return float((weight[units] * sizes).sum() / max(1, sizes.sum()))

    def unit_mass(self, unit: int) -> float:
        """Information of one unit that is not set aside, in bits."""
        first, last = self.profile.unit_start[unit : unit + 2]
        return float(self.mass[first:last].sum())

    def is_untouched(self, unit: int) -> bool:
        """True when no base explains any part of a unit."""
        first, last = self.profile.unit_start[unit : unit + 2]
        return not self.aside[first:last].any()

    def unit_share(self, unit: int, nodes: tuple[int, ...]) -> float:
        """Share of a unit's own information that some of its nodes and copies cover."""
        first, last = self.profile.unit_start[unit : unit + 2].tolist()
        origin = self.nodes.origin[first:last][list(nodes)]
        inside = np.unique(origin[(origin >= first) & (origin < last)])
        total = self.unit_mass(unit)
        return float(self.mass[inside].sum()) / total if total > 0 else 0.0

    def features(self) -> Features:
        """Fingerprints of everything that is not set aside."""
        hidden_nodes = self.hidden[self.nodes.unit]
        found = features(self.profile, self.aside | hidden_nodes, self.hidden | self._emptied())
        weight = self.rarity.weights(found.value)
        return replace(found, bits=(found.bits * weight).astype(np.float32))

    def _emptied(self) -> npt.NDArray[np.bool_]:
        """Units of which nothing is left once the base is set aside."""
        counts = np.bincount(self.nodes.unit, minlength=len(self.profile.units))
        gone = np.bincount(self.nodes.unit[self.aside], minlength=len(self.profile.units))
        emptied: npt.NDArray[np.bool_] = (gone > 0) & (gone == counts)
        return emptied


def unit_matches(left: View, right: View, keep: int, least: float) -> list[UnitMatch]:
    """Matched regions of candidate unit pairs, best first."""
    pairs = candidates(left.features(), right.features(), keep)
    found: list[UnitMatch] = []
    for u, v in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        found.extend(pair_matches(left, right, u, v, least))
    return sorted(found, key=lambda m: (-m.bits, m.left, m.right, m.region.left_lines))


def pair_matches(left: View, right: View, u: int, v: int, least: float) -> list[UnitMatch]:
    """Matched regions of one unit pair."""
    untouched = left.is_untouched(u) and right.is_untouched(v)
    if (
        untouched
        and same_tokens(left.profile, right.profile, u, v)
        and is_same_unit(left, right, u, v)
    ):
        return [whole_match(left, right, u, v)]
    if "text" in (left.profile.units[u].role, right.profile.units[v].role):
        return text_matches(left, right, u, v, least)
    found = regions(left.side(u), right.side(v), least)
    return [_unit_match(left, right, u, v, region) for region in found]


def context_match(left: View, right: View, u: int, v: int) -> UnitMatch | None:
    """All that two units share, for units of which context says that they may be the same."""
    if "text" in (left.profile.units[u].role, right.profile.units[v].role):
        return None
    region = in_context(left.side(u), right.side(v))
    return None if region is None else _unit_match(left, right, u, v, region)


def narrowed_match(
    left: View, right: View, match: UnitMatch, l_kept: set[int], r_kept: set[int]
) -> UnitMatch | None:
    """A match reduced to some of its nodes; None where one side has none left."""
    region = narrowed(left.side(match.left), right.side(match.right), match.region, l_kept, r_kept)
    if region is None:
        return None
    run = token_run(left.profile, right.profile, match.left, match.right, region)
    return replace(match, region=region, tokens=replace(run, exact=False, renamed=False))


def is_same_unit(left: View, right: View, u: int, v: int) -> bool:
    """True when two units of equal tokens also compute the same."""
    one, two = left.side(u), right.side(v)
    return same_structure(one, two, one.own, two.own)


def file_bits(left: View, right: View, file: int, twin: int) -> float:
    """Information of two files whose canonical tokens are equal, taken as one run."""
    run = file_run(left.profile, right.profile, file, twin)
    return _FILE_SHARE * run


def text_matches(left: View, right: View, u: int, v: int, least: float) -> list[UnitMatch]:
    """Matches of a unit that could not be parsed: runs of equal tokens."""
    found = []
    weights = left.token_weights(u), right.token_weights(v)
    for run in text_runs(left.profile, right.profile, u, v, weights, least):
        region = Region(
            score=run.bits,
            left=between(left.side(u), run.left_lines),
            right=between(right.side(v), run.right_lines),
            left_lines=run.left_lines,
            right_lines=run.right_lines,
            pairs=(),
        )
        if region.left and region.right:
            tokens = token_run(left.profile, right.profile, u, v, region)
            found.append(UnitMatch(u, v, region, tokens, _fields(left, right, u, v) * run.bits))
    return found


def whole_match(left: View, right: View, u: int, v: int) -> UnitMatch:
    """The match of two units that are the same throughout but for names of their own."""
    region = whole(left.side(u), right.side(v), left.extent(u), right.extent(v))
    match = _unit_match(left, right, u, v, region)
    return replace(match, bits=max(match.bits, whole_bits(left, u, match.tokens)))


def whole_bits(view: View, unit: int, run: TokenRun) -> float:
    """Plain pieces make a definition that is rare as a whole: it is looked up as a whole."""
    return _WHOLE_SHARE * float(view.whole_weight[unit]) * run.bits


def _shown(left: View, right: View, u: int, v: int, region: Region) -> Region:
    """A definition that is matched nearly whole is matched with its header."""
    if not (left.is_untouched(u) and right.is_untouched(v)):
        return region
    if min(left.unit_share(u, region.left), right.unit_share(v, region.right)) < _NEARLY_ALL:
        return region
    return replace(
        region,
        left_lines=_outer(region.left_lines, left.extent(u)),
        right_lines=_outer(region.right_lines, right.extent(v)),
    )


def _outer(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], two[0]), max(one[1], two[1])


def _unit_match(left: View, right: View, u: int, v: int, region: Region) -> UnitMatch:
    region = _shown(left, right, u, v, region)
    run = token_run(left.profile, right.profile, u, v, region)
    if run.renamed:
        one, two = left.side(u), right.side(v)
        spans = (between(one, region.left_lines), between(two, region.right_lines))
        if same_structure(one, two, *spans):
            region = widened(one, two, region)
        else:
            run = replace(run, exact=False, renamed=False)
    return UnitMatch(u, v, region, run, both_bits(left, right, u, v, region.score, run))


def both_bits(left: View, right: View, u: int, v: int, score: float, run: TokenRun) -> float:
    """The better of what the value graph and the tokens say."""
    bits = max(score, min(run.bits, _TOKEN_SHARE * score + _TOKEN_EXTRA))
    return _fields(left, right, u, v) * bits


def _fields(left: View, right: View, u: int, v: int) -> float:
    """What is left of a match where one unit is a list of fields that everybody has."""
    return float(min(left.field_weight[u], right.field_weight[v]))
