"""Independent packages against each other at matched sizes: what similarity means nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.inside import best_bits
from benchmarks.ladder.chance import Chance
from benchmarks.lists import DEVELOPMENT, HELD_OUT, SHARED
from benchmarks.options import Options
from benchmarks.ours import STEPS, Profiles
from benchmarks.slices import SIZES, Slice, slices
from benchmarks.table import Cell, Table
from codesim.model import Evidence, FilePair, Match

# Cuts per package and size: two show how much one package differs from itself.
_EACH = 2
_FULL = 1_000


@dataclass(frozen=True)
class Result:
    """One pair of unrelated repositories and the most that was found in it."""

    size: int
    left: str
    right: str
    left_lines: int
    right_lines: int
    left_units: int
    right_units: int
    strength: int
    score: float
    bits: float
    pairs: int
    coverage: float
    best_similarity: float
    best: str


def run(options: Options) -> list[Table]:
    """Strengths and coverage by size, and the pairs that say most."""
    found = list(results(options))
    if options.raw:
        options.raw.write_text("".join(json.dumps(asdict(each)) + "\n" for each in found), "utf-8")
    which = "held-out" if options.held_out else "development"
    return [_by_size(found, which), _most(found)]


def results(options: Options) -> Iterator[Result]:
    """Compare every pair of different packages, size by size."""
    pins = HELD_OUT if options.held_out else DEVELOPMENT
    for size in SIZES:
        cuts = slices(pins, size, _EACH, options.data)
        pairs = [
            (a, b)
            for a, b in combinations(cuts, 2)
            if a.package != b.package and frozenset((a.package, b.package)) not in SHARED
        ]
        chosen = _sample(pairs, options.size(_FULL), Chance(f"unrelated:{size}", options.seed))
        profiles = Profiles()
        for left, right in chosen:
            yield compared(profiles, left, right)


def _sample(
    pairs: list[tuple[Slice, Slice]], count: int, chance: Chance
) -> list[tuple[Slice, Slice]]:
    return pairs if len(pairs) <= count else chance.sample(pairs, count)


def compared(profiles: Profiles, left: Slice, right: Slice) -> Result:
    """One comparison, reduced to what calibration needs."""
    one, two = profiles.of(left.name, left.files), profiles.of(right.name, right.files)
    evidence = profiles.compare(one, two)
    best = _best(evidence)
    return Result(
        size=left.size,
        left=left.name,
        right=right.name,
        left_lines=left.lines,
        right_lines=right.lines,
        left_units=len(one.units),
        right_units=len(two.units),
        strength=int(evidence.strength),
        score=evidence.score,
        bits=best_bits(one, two),
        pairs=len(evidence.pairs),
        coverage=max((max(p.left_coverage, p.right_coverage) for p in evidence.pairs), default=0.0),
        best_similarity=max((pair.similarity for pair in evidence.pairs), default=0.0),
        best=_words(*best) if best else "",
    )


def _best(evidence: Evidence) -> tuple[FilePair, Match] | None:
    """The longest match of the first file pair."""
    for pair in evidence.pairs:
        if pair.matches:
            return pair, max(pair.matches, key=_length)
    return None


def _length(match: Match) -> int:
    first, last = match.left.lines or (0, 0)
    return last - first


def _words(pair: FilePair, match: Match) -> str:
    return (
        f"{pair.left.path}:{match.left.lines and match.left.lines[0]} {match.left.label}"
        f" ~ {pair.right.path}:{match.right.lines and match.right.lines[0]} {match.right.label}"
    )


def _by_size(found: Sequence[Result], which: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for size in [*sorted({each.size for each in found}), 0]:
        of_size = [each for each in found if size in (0, each.size)]
        shares = [sum(e.strength >= step for e in of_size) / len(of_size) for step in STEPS]
        bits = sorted(each.bits for each in of_size)
        rows.append(
            (
                size or "all", len(of_size), *shares, bits[len(bits) // 2],
                bits[int(0.99 * (len(bits) - 1))], bits[-1],
                max(each.best_similarity for each in of_size),
            )
        )  # fmt: skip
    return Table(
        f"Unrelated repositories ({which} packages)",
        (
            "lines", "pairs", ">= weak", ">= moderate", ">= strong", ">= very strong",
            "bits median", "bits p99", "bits max", "file similarity max",
        ),
        tuple(rows),
        (
            "shares of pairs; the promise is at most 1 in 20, 100, 1,000 and 100,000",
            "bits: information of the best match of a pair",
        ),
    )  # fmt: skip


def _most(found: Sequence[Result]) -> Table:
    """The pairs that say most, to be read by a person: some may be real shared code."""
    most = sorted(found, key=lambda each: (-each.strength, -each.bits, each.left, each.right))[:12]
    return Table(
        "Unrelated pairs with most in common",
        ("left", "right", "strength", "score", "bits", "longest match"),
        tuple((e.left, e.right, e.strength, e.score, e.bits, e.best) for e in most),
    )


def read_raw(path: Path) -> list[Result]:
    """Results that an earlier run wrote with ``--raw``."""
    return [Result(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]
