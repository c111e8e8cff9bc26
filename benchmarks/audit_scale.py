"""Seconds and memory of an audit by the number of submissions, peers beside it where they hold."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from benchmarks.audit_planted import audited, read
from benchmarks.cohorts.scale import scaled
from benchmarks.options import Options
from benchmarks.peers.cohort import NAMES, command, ranked, version
from benchmarks.table import Cell, Table
from benchmarks.tree import Most, Ran, ran

_Pairs = list[frozenset[str]]
_COUNTS = (100, 300, 1_000, 3_000)
_LIMIT = Most(seconds=3 * 60 * 60)
# A peer may take this much before it counts as too slow or too large.
_PEER = Most(seconds=20 * 60, megabytes=12_000)


def run(options: Options) -> list[Table]:
    """All sizes up to ``--limit``; a peer that did not hold one is not asked for a larger one."""
    rows: list[tuple[Cell, ...]] = []
    held = [name for name in NAMES if options.peers and version(name)]
    for count in _COUNTS:
        if options.limit and count > options.limit:
            continue
        with tempfile.TemporaryDirectory(prefix="codesim-scale-") as folder:
            root = Path(folder)
            copies = [frozenset(pair) for pair in scaled(root / "cohort", count, options.seed)]
            ours, cold = _ours(root, count, copies)
            for row in chain(ours, _peers(root, count, copies, held, cold)):
                rows.append(row)
                # The largest takes most of an hour: what is known is said at once.
                print(*row, sep="  ", file=sys.stderr, flush=True)
    return [_table(rows)]


def _ours(root: Path, count: int, copies: _Pairs) -> tuple[list[tuple[Cell, ...]], float]:
    """Cold, then again with what the first run kept."""
    cohort = root / "cohort"
    runs = [
        (name, audited(cohort / "submissions", cohort / "starter", root, name, _LIMIT))
        for name in ("cold", "warm")
    ]
    found = read(root / "cold").strength if runs[0][1].code is not None else {}
    strong = {pair for pair, word in found.items() if word in ("strong", "very strong")}
    told = f"{len(strong.intersection(copies))} copies, {len(strong.difference(copies))} others"
    cold = runs[0][1].seconds
    first = _first(list(found), copies)
    return [
        (count, f"codesim audit, {name}", *_cost(each, cold), first, told) for name, each in runs
    ], cold


def _first(ranked: _Pairs, copies: _Pairs) -> str:
    """How many of the copies come before everything else would have room."""
    return f"{len(set(ranked[: len(copies)]).intersection(copies))} of {len(copies)}"


def _cost(done: Ran, cold: float) -> tuple[Cell, ...]:
    ended = {None: "ended by the limit", 0: "done"}.get(done.code, f"failed with {done.code}")
    return done.seconds, done.seconds / cold, round(done.megabytes), ended


def _peers(
    root: Path, count: int, copies: _Pairs, held: list[str], cold: float
) -> Iterator[tuple[Cell, ...]]:
    """Each in a process of its own; one that does not hold is taken out of ``held``."""
    for name in tuple(held):
        out = root / name
        cohort = root / "cohort"
        done = ran(command(name, cohort / "submissions", cohort / "starter", out), root, _PEER, {})
        if done.code != 0:
            held.remove(name)
        first = "-" if done.code != 0 else _first(ranked(name, out), copies)
        yield count, f"{name} {version(name)}", *_cost(done, cold), first, "-"


def _table(rows: list[tuple[Cell, ...]]) -> Table:
    return Table(
        "An audit by the number of submissions",
        (
            "submissions", "tool", "seconds", "times codesim cold", "peak MB of all processes",
            "ended", "copies first", "strong or more",
        ),
        tuple(rows),
        (
            "submissions of about 2,000 lines in 8 files beside a starter file, one in a hundred a"
            " copy under other names",
            "copies first: of n copies, how many are among the first n pairs; peers rank by equal"
            " tokens or lines, and have no strengths",
            f"peers: at most {_PEER.seconds:,.0f} s and {_PEER.megabytes:,.0f} MB; copydetect"
            " compares all files with all; jscpd reports a clone beside one other place",
        ),
    )  # fmt: skip
