"""Seconds and memory of an audit by the number of submissions, peers beside it where they hold."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.audit_planted import audited, read
from benchmarks.cohorts.scale import scaled
from benchmarks.options import Options
from benchmarks.peers.jscpd import Jscpd
from benchmarks.peers.peer import installed
from benchmarks.processes import python
from benchmarks.table import Cell, Table
from benchmarks.tree import Most, Ran, ran

_COUNTS = (100, 300, 1_000, 3_000)
_LIMIT = Most(seconds=3 * 60 * 60)
# A peer may take this much before it counts as too slow or too large.
_PEER = Most(seconds=30 * 60, megabytes=12_000)
_COPYDETECT = """
import sys, logging
from copydetect import CopyDetector
logging.disable(logging.CRITICAL)
CopyDetector(test_dirs=[sys.argv[1]], ref_dirs=[sys.argv[1]], boilerplate_dirs=[sys.argv[2]],
             extensions=["py"], same_name_only=False, ignore_leaf=True, silent=True,
             autoopen=False, out_file=sys.argv[3]).run()
"""


def run(options: Options) -> list[Table]:
    """All sizes up to ``--limit``; a peer that did not hold one is not asked for a larger one."""
    rows: list[tuple[Cell, ...]] = []
    open_ = {"copydetect", "jscpd"} if options.peers else set()
    for count in _COUNTS:
        if options.limit and count > options.limit:
            continue
        with tempfile.TemporaryDirectory(prefix="codesim-scale-") as folder:
            root = Path(folder)
            copies = scaled(root / "cohort", count, options.seed)
            ours, cold = _ours(root, count, copies)
            rows += ours
            rows += _peers(root, count, open_, cold)
    return [_table(rows)]


def _ours(
    root: Path, count: int, copies: list[tuple[str, str]]
) -> tuple[list[tuple[Cell, ...]], float]:
    """Cold, then again with what the first run kept."""
    cohort = root / "cohort"
    runs = [
        (name, audited(cohort / "submissions", cohort / "starter", root, name, _LIMIT))
        for name in ("cold", "warm")
    ]
    found = read(root / "cold").strength if runs[0][1].code is not None else {}
    strong = {pair for pair, word in found.items() if word in ("strong", "very strong")}
    planted = {frozenset(pair) for pair in copies}
    told = f"{len(strong & planted)} of {len(planted)} copies, {len(strong - planted)} others"
    cold = runs[0][1].seconds
    return [
        (count, f"codesim audit, {name}", *_cost(each, cold), told) for name, each in runs
    ], cold


def _cost(done: Ran, cold: float) -> tuple[Cell, ...]:
    ended = "ended by the limit" if done.code is None else "done"
    return done.seconds, done.seconds / cold, round(done.megabytes), ended


def _peers(root: Path, count: int, open_: set[str], cold: float) -> list[tuple[Cell, ...]]:
    """Each in a process of its own; one that does not hold is taken out of ``open_``."""
    rows: list[tuple[Cell, ...]] = []
    for name in sorted(open_):
        command = _command(name, root)
        if not command:
            open_.discard(name)
            continue
        done = ran(command, root, _PEER, {})
        if done.code != 0:
            open_.discard(name)
        rows.append((count, f"{name} {_version(name)}", *_cost(done, cold), ""))
    return rows


def _version(name: str) -> str:
    return installed(name) if name == "copydetect" else Jscpd().version()


def _command(name: str, root: Path) -> list[str]:
    """How a peer is told to look at all pairs of the cohort; empty where it is not installed."""
    cohort = root / "cohort"
    if name == "copydetect":
        place = (cohort / "submissions", cohort / "starter", root / "copydetect.html")
        return python(_COPYDETECT, *place) if installed(name) else []
    found = shutil.which(name)
    options = ["--ignore-identifiers", "--ignore-literals", "--max-gap-lines", "3"]
    limits = ["--max-lines", "100000", "--max-size", "5mb", "--reporters", "json"]
    place = [str(cohort / "submissions"), "--output", str(root / "jscpd")]
    return [found, *place, *options, *limits] if found else []


def _table(rows: list[tuple[Cell, ...]]) -> Table:
    return Table(
        "An audit by the number of submissions",
        (
            "submissions", "tool", "seconds", "times codesim cold", "peak MB of all processes",
            "ended", "strong or more",
        ),
        tuple(rows),
        (
            "submissions of about 2,000 lines in 8 files beside a starter file, one in a hundred a"
            " copy under other names",
            f"peers: at most {_PEER.seconds:,.0f} s and {_PEER.megabytes:,.0f} MB; copydetect"
            " compares all files of all submissions, jscpd reports clones and no pairs",
        ),
    )  # fmt: skip
