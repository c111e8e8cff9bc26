"""How alike made-up submissions look to a plain comparison: strangers, and those who took."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.audit_prescribed import USUAL
from benchmarks.cohorts import DEVELOPMENT, HELD_OUT
from benchmarks.cohorts.author import Author
from benchmarks.cohorts.copies import copied
from benchmarks.cohorts.forms import files_of
from benchmarks.cohorts.work import Work, starter, written
from benchmarks.ladder import LEVELS
from benchmarks.ladder.chance import Chance
from benchmarks.options import Options
from benchmarks.peers import Peer, file_peers
from benchmarks.table import Cell, Table
from codesim import DETECTORS, Strength, snapshot_of

# Strangers: this many authors, and this many of their pairs.
_AUTHORS, _PAIRS, _SOURCES = 80, 400, 8
_KINDS = ("code", "config", "leftovers", "files")


@dataclass(frozen=True)
class Pair:
    """Two submissions, what they are to each other, and what a comparison says of them."""

    relation: str
    left: str
    right: str
    strengths: Mapping[str, int]
    score: float
    coverage: float


def run(options: Options) -> list[Table]:
    """Strangers and copies beside each other, for codesim and for peers that take files."""
    seed = HELD_OUT if options.held_out else options.seed or DEVELOPMENT
    pairs = [*_pairs(options, seed, "open", 0.0), *_pairs(options, seed, "prescribed", USUAL)]
    found = list(_compared(pairs))
    if options.raw:
        options.raw.write_text("".join(json.dumps(asdict(each)) + "\n" for each in found), "utf-8")
    tables = [_strengths(found), _scores(found)]
    return [*tables, _beside(pairs)] if options.peers else tables


Named = tuple[str, Work]
Both = tuple[str, Named, Named]


def _pairs(options: Options, seed: int, kind: str, usual: float) -> Iterator[Both]:
    """Strangers and copies on an assignment that is open, or prescribes most lines."""
    works = {
        f"{kind[0]}{n:03d}": written(Author(f"student:{n}", seed, usual)) for n in range(_AUTHORS)
    }
    pairs = list(itertools.combinations(sorted(works), 2))
    for a, b in Chance("strangers", seed).sample(pairs, options.size(_PAIRS)):
        yield f"{kind}: strangers", (a, works[a]), (b, works[b])
    for level in LEVELS[1:]:
        for name in sorted(works)[:_SOURCES]:
            author = Author(f"copier:{name}:{level}", seed, usual)
            copy = copied(works[name], level, author, seed)
            yield f"{kind}: copy, L{level}", (name, works[name]), (f"{name}-L{level}", copy)


def _compared(pairs: Sequence[Both]) -> Iterator[Pair]:
    """Each work is profiled once; what everybody was given is the base."""
    detectors = [each for each in DETECTORS if each.kind in _KINDS]
    base = snapshot_of({path: text.encode() for path, text in starter().items()}, "starter")
    bases = {each.kind: each.profile(base) for each in detectors}
    made: dict[str, dict[str, Any]] = {}
    for relation, *both in pairs:
        for name, work in both:
            if name not in made:
                snapshot = snapshot_of(files_of(work), name)
                made[name] = {each.kind: each.profile(snapshot) for each in detectors}
        (left, _), (right, _) = both
        found = {
            each.kind: each.compare(
                made[left][each.kind], made[right][each.kind], [bases[each.kind]]
            )
            for each in detectors
        }
        code = found["code"]
        shares = [max(p.left_coverage, p.right_coverage) for p in code.pairs]
        yield Pair(
            relation, left, right, {kind: int(each.strength) for kind, each in found.items()},
            code.score, max(shares, default=0.0),
        )  # fmt: skip


def _relations(found: Sequence[Pair]) -> list[str]:
    return list(dict.fromkeys(each.relation for each in found))


def _strengths(found: Sequence[Pair]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for relation in _relations(found):
        here = [each for each in found if each.relation == relation]
        for kind in _KINDS:
            steps = [each.strengths[kind] for each in here]
            if kind == "code" or any(steps):
                counts = [steps.count(int(step)) / len(steps) for step in Strength]
                rows.append((relation, kind, len(here), *counts))
    return Table(
        "Made-up submissions in a plain comparison",
        ("relation", "kind", "pairs", *(step.word for step in Strength)),
        tuple(rows),
        (
            "shares of pairs, with the starter code as the base; no audit, so no cohort: what every"
            " third author writes counts in full",
        ),
    )


def _scores(found: Sequence[Pair]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for relation in _relations(found):
        scores = sorted(each.score for each in found if each.relation == relation)
        places = [scores[int(share * (len(scores) - 1))] for share in (0, 0.5, 0.9, 0.99, 1)]
        rows.append((relation, len(scores), *places))
    return Table(
        "Scores of code",
        ("relation", "pairs", "min", "median", "90 %", "99 %", "max"),
        tuple(rows),
        ("a score ranks within its kind; between strangers and copies there should be a gap",),
    )


def _beside(pairs: Sequence[Both]) -> Table:
    peers, missing = file_peers()
    relations = list(dict.fromkeys(relation for relation, *_ in pairs))
    rows: list[tuple[Cell, ...]] = []
    for peer in peers:
        for relation in relations:
            here = [both for kind, *both in pairs if kind == relation][:100]
            scores = sorted(_likeness(peer, left, right) for left, right in here)
            middle, high = scores[len(scores) // 2], scores[int(0.99 * (len(scores) - 1))]
            rows.append((peer.title(), relation, len(here), scores[0], middle, high, scores[-1]))
    return Table(
        "The same pairs, peers",
        ("tool", "relation", "pairs", "min", "median", "99 %", "max"),
        tuple(rows),
        (
            "likeness of two submissions: the mean, over the own and filled files of both, of the"
            " share that the most alike file of the other covers, by length",
            missing,
        ),
    )


def _likeness(peer: Peer, left: Named, right: Named) -> float:
    one, two = _own(left[1]), _own(right[1])
    scores = peer.scores(one, two)
    shares = []
    for place, files in enumerate((one, two)):
        best = {
            path: max((s[place] for pair, s in scores.items() if pair[place] == path), default=0.0)
            for path in files
        }
        total = sum(map(len, files.values()))
        shares.append(sum(best[path] * len(text) for path, text in files.items()) / total)
    return sum(shares) / 2


def _own(work: Work) -> dict[str, str]:
    return {**work.modules, **work.starter}
