"""Files that are the same on both sides but for a few edits, each taken as one whole.

A local alignment may begin and end anywhere, which makes a chance match the likelier the longer
both sequences are (Karlin and Altschul, 1990). Two files that agree from their first token to their
last leave no such choice, so that parts which are common one by one still make a whole that is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from codesim.detectors.code.bags import Bag, may_agree
from codesim.detectors.code.filepairs import FileMatch, files_of
from codesim.detectors.code.matching import UnitMatch, View, pair_matches, text_matches
from codesim.detectors.code.scope import BUILTINS
from codesim.detectors.code.tokenview import (
    Agreement,
    agreement,
    file_tokens,
    likeness,
    same_names,
    unit_similarity,
)

# From the first share of equal tokens a pair of files begins to count as one file that was edited,
# from the second it does so in full: with names as they stand, or with names blank. Of 4,881 pairs
# of unrelated definitions of one role and length in transformers, timm and diffusers, 6 passed 0.7
# with names (the most was 0.81) and 8 passed 0.85 without, all of them with less than 20 bits.
_LITERAL = (0.7, 0.85)
_CANONICAL = (0.85, 0.97)
# A file shorter than this is a name and a call; its length says nothing.
_FEWEST = 20
# There are not many ways to write what is this short, so that two people find the same one: up to
# so many tokens it takes names that agree beyond what everybody calls things, about this many.
# Tokens here are without brackets and commas: written out, 20 are about 40 and 28 about 55.
_SHORT = 28
# A single function is an idiom or an exercise up to twice that length: two people who write one
# for the same purpose write it alike, and no second definition has to agree.
_IDIOM = 56
_NAMED = 2.0
# The module and one definition.
_SINGLE = 2
# A longer one has parts enough that say as much as the whole.
_MOST = 8_000
# Tokens of a run are not independent (as in matching).
_FILE_SHARE = 0.9
# A file below this share of both repositories cannot carry their strength.
_CONSIDERABLE = 0.1
# Definitions of two such files that agree by this much of their tokens belong together.
_SAME_UNIT = 0.6
_LEAST = 1.5


@dataclass(frozen=True, slots=True)
class Whole:
    """Two files that agree throughout: ``bits`` is what that says."""

    left: int
    right: int
    bits: float


def whole_files(left: View, right: View, same: Sequence[FileMatch]) -> list[Whole]:
    """Pairs of files that are one file, edited or not, the most informative first."""
    known = {
        (pair.left, pair.right): bits
        for pair in same
        if (bits := max((match.bits for match in pair.matches), default=0.0)) > 0
        and _length(left, pair.left) <= _MOST
    }
    rest = dict.fromkeys(_comparable(left, right), 0.0)
    found = [_whole(left, right, *files, bits) for files, bits in {**rest, **known}.items()]
    best: list[Whole] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for each in sorted(found, key=lambda w: (-w.bits, w.left, w.right)):
        if each.bits > 0 and each.left not in taken[0] and each.right not in taken[1]:
            taken[0].add(each.left)
            taken[1].add(each.right)
            best.append(each)
    return best


def with_wholes(
    left: View,
    right: View,
    found: Sequence[UnitMatch],
    wholes: Sequence[Whole],
    same: Sequence[FileMatch],
) -> list[UnitMatch]:
    """The best match of such a file pair makes up what the others lack of the whole.

    Where nothing rare was matched, the match is made of what agrees best.
    """
    lifted = list(found)
    known = {(pair.left, pair.right) for pair in same}
    for whole in wholes:
        files = (whole.left, whole.right)
        if files in known:
            continue
        where = [n for n, match in enumerate(lifted) if files_of(left, right, match) == files]
        if not where:
            fresh = _best_match(left, right, *files)
            if fresh is None:
                continue
            where = [len(lifted)]
            lifted.append(fresh)
        best = max(where, key=lambda n: (lifted[n].bits, -n))
        lacking = whole.bits - sum(lifted[n].bits for n in where)
        lifted[best] = replace(lifted[best], bits=lifted[best].bits + max(0.0, lacking))
    return lifted


def beyond_idiom(left: View, right: View, pairs: Sequence[FileMatch]) -> float:
    """Share of what matches say that counts where one side is a single short function."""
    one, two = left.profile, right.profile
    if min(len(one.units), len(two.units)) > _SINGLE:
        return 1.0
    names: set[str] = set()
    for pair in pairs:
        for match in pair.matches:
            names |= same_names(one, two, match.tokens.words)
    length = min(len(one.tokens.canonical), len(two.tokens.canonical))
    return _distinct(left, sorted(names - BUILTINS), length, _IDIOM)


def whole_share(left: View, right: View, wholes: Sequence[Whole]) -> float:
    """Share of the tokens of the better covered side that stand in such files."""
    return max(
        _share(left, [whole.left for whole in wholes]),
        _share(right, [whole.right for whole in wholes]),
    )


def _share(view: View, files: Sequence[int]) -> float:
    total = len(view.profile.tokens.canonical)
    return sum(_length(view, file) for file in files) / total if total else 0.0


def _length(view: View, file: int) -> int:
    return len(view.profile.tokens.canonical[file_tokens(view.profile, file)])


def _whole(left: View, right: View, file: int, twin: int, known: float) -> Whole:
    rare = min(left.average(file, left.whole_weight), right.average(twin, right.whole_weight))
    if rare == 0.0 and not known:
        return Whole(file, twin, 0.0)
    least = (_LITERAL[0], _CANONICAL[0])
    literal, canonical = likeness(left.profile, right.profile, file, twin, least)
    complete = max(_ramp(literal, *_LITERAL), _ramp(canonical, *_CANONICAL))
    if complete == 0.0:
        return Whole(file, twin, 0.0)
    found = agreement(left.profile, right.profile, file, twin)
    bits = known or rare * _FILE_SHARE * found.bits
    single = min(_units(left, file), _units(right, twin)) <= _SINGLE
    short = _IDIOM if single else _SHORT
    sure = complete * _distinct(left, found.names, min(found.lengths), short)
    return Whole(file, twin, sure * (bits + rare * _ends(found)))


def _distinct(view: View, names: Sequence[str], length: int, short: int) -> float:
    """How far a pair of files is long enough, or alike enough in its names, to be no chance."""
    named = float(view.rarity.of_words(names).sum())
    return max(_ramp(length, _FEWEST, short), _ramp(named, 0.0, _NAMED))


def _ramp(share: float, none: float, full: float) -> float:
    return min(1.0, max(0.0, (share - none) / (full - none)))


def _ends(found: Agreement) -> float:
    """What it says that a match has no choice of where it begins, never more than the match."""
    if min(found.lengths) < _FEWEST:
        return 0.0
    return min(math.log2(found.lengths[0] * found.lengths[1]), found.bits)


def _comparable(left: View, right: View) -> Iterator[tuple[int, int]]:
    """File pairs of similar length and tokens of which one is a good part of its repository."""
    bags = [_bags(view) for view in (left, right)]
    for file, (one, weighty) in bags[0].items():
        for twin, (two, also) in bags[1].items():
            if (weighty or also) and may_agree(one, two, _LITERAL[0]):
                yield file, twin


def _bags(view: View) -> dict[int, tuple[Bag, bool]]:
    """Sorted tokens of every file that can take part, and whether it is a good part."""
    profile = view.profile
    least = _CONSIDERABLE * len(profile.tokens.canonical)
    found = {}
    for number, file in enumerate(profile.files):
        span = file_tokens(profile, number)
        length = span.stop - span.start
        if not _FEWEST <= length <= _MOST or not all(
            view.is_untouched(u) for u in range(*file.units)
        ):
            continue
        found[number] = (np.sort(profile.tokens.canonical[span]), length >= least)
    return found


def _units(view: View, file: int) -> int:
    return len(range(*view.profile.files[file].units))


def _best_match(left: View, right: View, file: int, twin: int) -> UnitMatch | None:
    """The match that says most between definitions that have the same tokens for the most part."""
    # Files of so many definitions that none of them matched have nothing to show.
    if _units(left, file) * _units(right, twin) > _MOST:
        return None
    found: list[UnitMatch] = []
    for u in range(*left.profile.files[file].units):
        for v in range(*right.profile.files[twin].units):
            if unit_similarity(left.profile, right.profile, u, v) >= _SAME_UNIT:
                matches = pair_matches(left, right, u, v, _LEAST)
                found.extend(matches or text_matches(left, right, u, v, _LEAST))
    return max(found, key=lambda m: (m.bits, -m.left, -m.right), default=None)
