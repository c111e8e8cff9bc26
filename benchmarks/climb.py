"""The disguise ladder: how much of the true source is still found, level by level."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from benchmarks.definitions import tokens_of
from benchmarks.inside import Matched, left_coverage, matched
from benchmarks.ladder import LEVELS, Disguised, disguise
from benchmarks.options import Options
from benchmarks.ours import code_detector
from benchmarks.packages import DIFFUSERS, TIMM, TRANSFORMERS, Pin, python_files
from benchmarks.peers import Peer, file_peers
from benchmarks.table import Cell, Table
from codesim import snapshot_of
from codesim.model import Evidence, FilePair

# Folder, and how many of its files are copied; the others are the pool in which they hide.
SOURCES: tuple[tuple[Pin, str, int], ...] = (
    (DIFFUSERS, "diffusers/schedulers", 8),
    (TIMM, "timm/layers", 12),
    (DIFFUSERS, "diffusers/models", 8),
    (TIMM, "timm/models", 6),
    (TIMM, "timm/optim", 8),
    (TRANSFORMERS, "transformers/generation", 6),
    (DIFFUSERS, "diffusers/pipelines/stable_diffusion", 6),
    (TIMM, "timm/data", 8),
)
_MOST_POOL = 60
# A file that only forwards to another one has nothing to copy.
_FEWEST_TOKENS = 400


@dataclass(frozen=True)
class Case:
    """One copied set of files among the files of its folder."""

    name: str
    pool: Mapping[str, str]
    copied: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """Of one true source: its share that all files made from it cover, and the best of them alone,
    its best place among the files of the pool, and the best file that was not made from it.
    """

    path: str
    coverage: float
    by_one: float
    rank: int
    unrelated: float


def run(options: Options) -> list[Table]:
    """One row per level and tool."""
    cases = [case_of(*source, options) for source in SOURCES[: options.size(len(SOURCES))]]
    peers, missing = file_peers() if options.peers else ([], "no peer was asked for")
    rows: list[tuple[Cell, ...]] = []
    details: list[tuple[Cell, ...]] = []
    raw: list[dict[str, Any]] = []
    for level in LEVELS:
        made = [(case, disguise(case.copied, level, options.seed)) for case in cases]
        ours = [(case, _ours(case, disguised)) for case, disguised in made]
        raw.extend({"level": level, **asdict(each)} for _, found in ours for each in found)
        rows.append(_row(f"L{level}", "codesim", [each for _, found in ours for each in found]))
        details.extend(_row(f"L{level}", case.name, found) for case, found in ours)
        for peer in peers:
            theirs = [each for case, disguised in made for each in _theirs(peer, case, disguised)]
            rows.append(_row(f"L{level}", peer.title(), theirs))
    if options.raw:
        options.raw.write_text("".join(json.dumps(each) + "\n" for each in raw), "utf-8")
    return [
        _table("Disguise ladder", "tool", rows, missing),
        _table("codesim by folder", "folder", details),
    ]


def case_of(pin: Pin, folder: str, count: int, options: Options) -> Case:
    """A folder of a package as a pool, with ``count`` of its files to be copied."""
    found = {
        path: content.decode("utf-8")
        for path, content in python_files(pin, options.data, folder).items()
        if posixpath.dirname(path) == folder
        and posixpath.basename(path) != "__init__.py"
        and len(tokens_of(content.decode("utf-8"))) >= _FEWEST_TOKENS
    }
    paths = sorted(found)[:_MOST_POOL]
    step = max(1, len(paths) // count)
    copied = paths[options.seed % step :: step][:count]
    return Case(folder, {p: found[p] for p in paths}, {p: found[p] for p in copied})


def _ours(case: Case, disguised: Disguised) -> list[Found]:
    left = snapshot_of({p: t.encode() for p, t in case.pool.items()}, "pool")
    right = snapshot_of({p: t.encode() for p, t in disguised.files.items()}, "disguised")
    detector = code_detector()
    one, two = detector.profile(left), detector.profile(right)
    evidence, inner = detector.compare(one, two), matched(one, two)
    return [_found(path, disguised, evidence, inner) for path in sorted(case.copied)]


def _found(path: str, disguised: Disguised, evidence: Evidence, inner: Matched) -> Found:
    true = [p for p in evidence.pairs if p.left.path == path and _is_source(p, disguised)]
    wrong = [p for p in evidence.pairs if p.left.path == path and not _is_source(p, disguised)]
    return Found(
        path=path,
        coverage=left_coverage(inner, path, lambda right: path in disguised.sources[right]),
        by_one=max((pair.left_coverage for pair in true), default=0.0),
        rank=_rank(path, disguised, evidence.pairs),
        unrelated=max((pair.similarity for pair in wrong), default=0.0),
    )


def _is_source(pair: FilePair, disguised: Disguised) -> bool:
    return pair.left.path in disguised.sources[pair.right.path]


def _rank(path: str, disguised: Disguised, pairs: Sequence[FilePair]) -> int:
    """The place of a source among the left files that a file made from it was paired with.

    Other sources of the same file do not count as rivals. Without any pair it is the last.
    """
    ranks = []
    for right, sources in disguised.sources.items():
        if path not in sources:
            continue
        order = [pair.left.path for pair in pairs if pair.right.path == right]
        rivals = [left for left in order if left == path or left not in sources]
        ranks.append(rivals.index(path) + 1 if path in rivals else _MOST_POOL)
    return min(ranks, default=_MOST_POOL)


def _theirs(peer: Peer, case: Case, disguised: Disguised) -> list[Found]:
    scores = peer.scores(case.pool, disguised.files)
    found = []
    for path in sorted(case.copied):
        own = {r: s for (left, r), s in scores.items() if left == path}
        true = [sides for right, sides in own.items() if path in disguised.sources[right]]
        wrong = [sides for right, sides in own.items() if path not in disguised.sources[right]]
        best = max(true, default=(0.0, 0.0))
        found.append(
            Found(
                path,
                best[0],
                best[0],
                _peer_rank(path, disguised, scores),
                max(map(_mean, wrong), default=0),
            )
        )
    return found


def _mean(sides: tuple[float, float] | None) -> float:
    return sum(sides) / 2 if sides else 0.0


def _peer_rank(
    path: str, disguised: Disguised, scores: Mapping[tuple[str, str], tuple[float, float]]
) -> int:
    ranks = []
    for right, sources in disguised.sources.items():
        if path in sources:
            own = _mean(scores.get((path, right)))
            better = [
                left for (left, r), sides in scores.items()
                if r == right and left not in sources and _mean(sides) >= own
            ]  # fmt: skip
            ranks.append(1 + len(better))
    return min(ranks, default=_MOST_POOL)


def _row(level: str, who: str, found: Sequence[Found]) -> tuple[Cell, ...]:
    return (
        level, who, len(found),
        median(each.coverage for each in found), min(each.coverage for each in found),
        median(each.by_one for each in found), min(each.by_one for each in found),
        sum(each.rank == 1 for each in found) / len(found),
        median(each.unrelated for each in found), max(each.unrelated for each in found),
    )  # fmt: skip


def _table(title: str, who: str, rows: Sequence[tuple[Cell, ...]], *notes: str) -> Table:
    return Table(
        title,
        (
            "level", who, "files", "coverage median", "min", "one file median", "min",
            "source first", "best other median", "max",
        ),
        tuple(rows),
        (
            "coverage: share of the true source, weighted by information, that the files made from"
            " it cover together; for a peer, the best of them",
            "one file: the same by the best single file; splitting a file must lower it",
            "source first: its best place among all files of the folder is the first",
            "best other: similarity with the best file that was not made from it",
            *notes,
        ),
    )  # fmt: skip
