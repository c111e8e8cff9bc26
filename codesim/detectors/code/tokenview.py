"""What the token view says of a region that the value graph found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel, LCSseq, Opcode

from codesim.detectors.code.bags import may_agree
from codesim.detectors.code.lexer import MAX_TOKENS
from codesim.detectors.code.profile import CodeProfile, Hashes
from codesim.detectors.code.regions import Region
from codesim.detectors.code.scope import BUILTINS
from codesim.sequences import tiles

# A run of equal tokens shorter than this agrees by grammar alone.
_BLOCK = 4
GAP = 0.8
_AGAIN = 0.25
_KEPT_NAME = 1.5
_EVERYBODYS = frozenset(("self", "cls", "args", "kwargs", "forward", "__init__"))


@dataclass(frozen=True, slots=True)
class TokenRun:
    """Token agreement of a region: ``exact`` and ``renamed`` say the sequences are equal with and
    without names; ``similarity`` is twice the common subsequence over both lengths; ``bits`` the
    information of common runs less that of the gaps. ``words`` are pairs of words that stand in
    the same place (indexes into the word tables).
    """

    exact: bool
    renamed: bool
    similarity: float
    bits: float
    words: tuple[tuple[int, int], ...]


def token_run(left: CodeProfile, right: CodeProfile, u: int, v: int, region: Region) -> TokenRun:
    """Compare the tokens on the lines of a region."""
    a = _span(left, u, region.left_lines)
    b = _span(right, v, region.right_lines)
    canon_a, canon_b = left.tokens.canonical[a], right.tokens.canonical[b]
    exact = _equal(left.tokens.exact[a], right.tokens.exact[b])
    if exact or _equal(canon_a, canon_b):
        words = _words(left, right, a.start, b.start, len(canon_a))
        bits = information(left, a) + _kept_names(left, right, words)
        return TokenRun(exact, True, 1.0, bits, tuple(words))
    return _aligned(left, right, a, b)


def _equal(one: Hashes, two: Hashes) -> bool:
    return len(one) == len(two) and len(one) > 0 and bool((one == two).all())


def same_tokens(left: CodeProfile, right: CodeProfile, u: int, v: int) -> bool:
    """True when two units are the same but for names of their own."""
    a, b = (p.tokens.start[n : n + 2].tolist() for p, n in ((left, u), (right, v)))
    return _equal(left.tokens.canonical[a[0] : a[1]], right.tokens.canonical[b[0] : b[1]])


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two files have in common from end to end: its ``bits``, and the ``names`` that both
    use in equal places.
    """

    bits: float
    lengths: tuple[int, int]
    names: tuple[str, ...]


def agreement(left: CodeProfile, right: CodeProfile, file: int, twin: int) -> Agreement:
    """Compare all tokens of two files; exchanging the sides changes nothing."""
    a, b = file_tokens(left, file), file_tokens(right, twin)
    one, two = left.tokens, right.tokens
    lengths = (a.stop - a.start, b.stop - b.start)
    if _order(two.canonical[b]) < _order(one.canonical[a]):
        left, right, a, b = right, left, b, a
    bits, words = _agreeing(left, right, a, b)
    return Agreement(
        bits=bits,
        lengths=lengths,
        names=tuple(sorted(same_names(left, right, words) - BUILTINS)),
    )


def _order(tokens: Hashes) -> tuple[int, bytes]:
    return len(tokens), tokens.tobytes()


def likeness(
    left: CodeProfile, right: CodeProfile, file: int, twin: int, least: tuple[float, float]
) -> tuple[float, float]:
    """Twice the common tokens of two files over both lengths, with names as they stand and with
    names blank; 0 for what is below ``least``.
    """
    a, b = file_tokens(left, file), file_tokens(right, twin)
    one, two = left.tokens, right.tokens
    return (
        _common(one.exact[a], two.exact[b], least[0]),
        _common(one.canonical[a], two.canonical[b], least[1]),
    )


def _common(one: Hashes, two: Hashes, least: float = 0.0) -> float:
    if least and not may_agree(np.sort(one), np.sort(two), least):
        return 0.0
    found = Indel.normalized_similarity(one.tolist(), two.tolist(), score_cutoff=least)
    return float(found)


Words = Sequence[tuple[int, int]]


def _agreeing(left: CodeProfile, right: CodeProfile, a: slice, b: slice) -> tuple[float, Words]:
    if _equal(left.tokens.canonical[a], right.tokens.canonical[b]):
        words = _words(left, right, a.start, b.start, a.stop - a.start)
        bits = information(left, a)
    else:
        run = _aligned(left, right, a, b)
        words, bits = list(run.words), run.bits
    return bits + _kept_names(left, right, words), words


def unit_similarity(left: CodeProfile, right: CodeProfile, u: int, v: int) -> float:
    """Share of equal canonical tokens of two units."""
    return _common(
        left.tokens.canonical[unit_tokens(left, u)], right.tokens.canonical[unit_tokens(right, v)]
    )


def file_tokens(profile: CodeProfile, file: int) -> slice:
    """Where the tokens of a file stand."""
    first, last = profile.files[file].units
    return slice(int(profile.tokens.start[first]), int(profile.tokens.start[last]))


def file_run(left: CodeProfile, right: CodeProfile, file: int, twin: int) -> float:
    """Information of all tokens of a file that another file repeats, in bits."""
    return _agreeing(left, right, file_tokens(left, file), file_tokens(right, twin))[0]


def _span(profile: CodeProfile, unit: int, lines: tuple[int, int]) -> slice:
    first, last = profile.tokens.start[unit : unit + 2].tolist()
    inside = profile.tokens.line[first:last]
    low, high = np.searchsorted(inside, (lines[0], lines[1] + 1)).tolist()
    return slice(first + low, first + high)


def _aligned(left: CodeProfile, right: CodeProfile, a: slice, b: slice) -> TokenRun:
    canon_a = left.tokens.canonical[a].tolist()
    canon_b = right.tokens.canonical[b].tolist()
    if not canon_a or not canon_b:
        return TokenRun(False, False, 0.0, 0.0, ())
    sums_a, sums_b = _sums(left.tokens.bits[a]), _sums(right.tokens.bits[b])
    words: list[tuple[int, int]] = []
    common = 0
    gain = 0.0
    for code in _opcodes(canon_a, canon_b):
        length = code.src_end - code.src_start
        if code.tag == "equal":
            common += length
            if length >= _BLOCK:
                gain += information(left, slice(a.start + code.src_start, a.start + code.src_end))
                words.extend(
                    _words(left, right, a.start + code.src_start, b.start + code.dest_start, length)
                )
        else:
            gain -= GAP * max(
                sums_a[code.src_end] - sums_a[code.src_start],
                sums_b[code.dest_end] - sums_b[code.dest_start],
            )
    similarity = 2 * common / (len(canon_a) + len(canon_b))
    return TokenRun(False, False, similarity, max(gain, 0.0), tuple(words))


# A run of equal tokens in files of which one could not be parsed; shorter ones are accidents.
TEXT_BLOCK = 6
# The aligner keeps one bit for each pair of tokens: this is 12 MB.
_MAX_MATRIX = 100_000_000


def unit_tokens(profile: CodeProfile, unit: int) -> slice:
    """Where the tokens of a unit stand, as far as they are aligned."""
    first, last = profile.tokens.start[unit : unit + 2].tolist()
    return slice(first, min(last, first + MAX_TOKENS))


def _sums(bits: npt.NDArray[np.float32]) -> list[float]:
    """What stands before each place, added up."""
    return [0.0, *np.cumsum(bits, dtype=np.float64).tolist()]


def _opcodes(one: list[int], two: list[int]) -> Iterable[Opcode]:
    """Edits between two sequences; long ones are cut at their common runs to bound memory."""
    if len(one) * len(two) <= _MAX_MATRIX:
        return LCSseq.opcodes(one, two)
    found: list[Opcode] = []
    at = other = 0
    for tile in sorted(tiles(one, two, TEXT_BLOCK), key=lambda t: (t.left, t.right)):
        if tile.right < other:
            continue
        found.append(Opcode("replace", at, tile.left, other, tile.right))
        at, other = tile.left + tile.length, tile.right + tile.length
        found.append(Opcode("equal", tile.left, at, tile.right, other))
    return [*found, Opcode("replace", at, len(one), other, len(two))]


def information(profile: CodeProfile, places: slice | list[int]) -> float:
    """Bits of a run of tokens; a token seen before in the run says a quarter of what it said."""
    _, first = np.unique(profile.tokens.canonical[places], return_index=True)
    bits = profile.tokens.bits[places]
    fresh = float(bits[first].sum())
    return fresh + _AGAIN * (float(bits.sum()) - fresh)


def _kept_names(left: CodeProfile, right: CodeProfile, words: Words) -> float:
    """Bits of own names that stand unchanged in the same places: authors rarely agree on all."""
    return _KEPT_NAME * len(same_names(left, right, words))


def same_names(left: CodeProfile, right: CodeProfile, words: Words) -> set[str]:
    """Own names that stand unchanged in the same places."""
    same = {left.words[a] for a, b in set(words) if left.words[a] == right.words[b]}
    return {word for word in same if len(word) > 2 and word not in _EVERYBODYS}


def _words(
    left: CodeProfile, right: CodeProfile, at: int, other: int, length: int
) -> list[tuple[int, int]]:
    a = left.tokens.word[at : at + length].tolist()
    b = right.tokens.word[other : other + length].tolist()
    return [(x, y) for x, y in zip(a, b, strict=True) if x >= 0 and y >= 0]
