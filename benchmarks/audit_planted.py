"""An audit of a cohort of which we know who took from whom: what it finds, and what else."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cohorts import DEVELOPMENT, HELD_OUT, Cohort, Link, Sizes, planted
from benchmarks.options import BenchmarkError, Options
from benchmarks.processes import codesim
from benchmarks.table import Cell, Table
from benchmarks.tree import Most, Ran, ran

_WORDS = ("none", "weak", "moderate", "strong", "very strong")
_STRONG = ("strong", "very strong")
_LIMIT = Most(seconds=4 * 60 * 60)
_ENDED = (0, 3)
# From nothing to most: what the document has to say of a broken submission, at least.
_TOLD = ("missing", "listed", "named", "unreadable")


@dataclass(frozen=True)
class Audited:
    """What one audit wrote, as far as it is looked at here."""

    strength: Mapping[frozenset[str], str]
    kind: Mapping[frozenset[str], str]
    document: Mapping[str, Any]


def run(options: Options) -> list[Table]:
    """An assignment that leaves everything open but a few methods."""
    return tables(options, 0.0)


def tables(options: Options, usual: float) -> list[Table]:
    """Write the cohort, audit it twice and read what came out."""
    seed = HELD_OUT if options.held_out else options.seed or DEVELOPMENT
    with tempfile.TemporaryDirectory(prefix="codesim-planted-") as folder:
        root = Path(folder)
        cohort = planted(root / "cohort", seed, _sizes(options), usual)
        cold = audited(cohort.submissions, cohort.starter, root, "report", _LIMIT)
        warm = audited(cohort.submissions, cohort.starter, root, "again", _LIMIT)
        found = read(root / "report")
        same = (root / "report/pairs.csv").read_bytes() == (root / "again/pairs.csv").read_bytes()
        return [
            _planted(cohort, found), _others(cohort, found), _broken(cohort, found),
            _cost(cohort, (("cold", cold), ("warm", warm)), same),
        ]  # fmt: skip


def _sizes(options: Options) -> Sizes:
    """``--limit`` takes a smaller cohort with fewer of everything."""
    full = Sizes()
    count = options.size(full.submissions)
    if count == full.submissions:
        return full
    share = count / full.submissions
    return Sizes(
        count, max(4, round(full.copies * share)), max(1, round(full.chains * share)),
        max(1, round(full.merges * share)), max(2, round(full.broken * share)),
    )  # fmt: skip


def audited(submissions: Path, base: Path | None, root: Path, name: str, limit: Most) -> Ran:
    """Run the command; profiles are kept below ``root``. Raises BenchmarkError when it fails."""
    command = codesim("audit", submissions, *(["--base", base] if base else []), "-o", root / name)
    store = {"CODESIM_CACHE": "on", "CODESIM_CACHE_DIR": str(root / "store")}
    done = ran(command, root, limit, store)
    if done.code is not None and done.code not in _ENDED:
        raise BenchmarkError(f"codesim audit ended with {done.code}:\n{done.output[-800:]}")
    return done


def read(folder: Path) -> Audited:
    """Pairs and document of a report."""
    strength, kind = {}, {}
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            pair = frozenset((row["left"], row["right"]))
            strength[pair] = row["strength"]
            kind[pair] = ", ".join(
                column.removesuffix("_strength")
                for column, value in row.items()
                if column.endswith("_strength") and value == row["strength"]
            )
    document = json.loads((folder / "audit.json").read_text("utf-8"))
    return Audited(strength, kind, document)


def _pair(link: Link) -> frozenset[str]:
    return frozenset((link.left, link.right))


def _planted(cohort: Cohort, found: Audited) -> Table:
    rows: list[tuple[Cell, ...]] = []
    groups: dict[tuple[str, int], list[str]] = {}
    for link in cohort.links:
        word = found.strength.get(_pair(link), "none")
        groups.setdefault((link.kind, link.level), []).append(word)
    for (kind, level), words in sorted(groups.items()):
        rows.append((kind, f"L{level}", *_counts(words)))
    every = [word for words in groups.values() for word in words]
    rows.append(("all", "", *_counts(every)))
    return Table(
        "Planted pairs",
        ("kind", "level", "pairs", "strong or more", *_WORDS),
        tuple(rows),
        (
            "level: the higher one where a chain has two; implied: the ends of a chain",
            *(
                f"below strong: {link.left} and {link.right} ({link.kind}, L{link.level})"
                for link in cohort.links
                if found.strength.get(_pair(link), "none") not in _STRONG
            ),
        ),
    )


def _counts(words: Sequence[str]) -> tuple[int, ...]:
    strong = sum(word in _STRONG for word in words)
    return len(words), strong, *(words.count(word) for word in _WORDS)


def _others(cohort: Cohort, found: Audited) -> Table:
    """Pairs that nobody planted. At strong or more there must be none."""
    linked = {_pair(link) for link in cohort.links}
    others = {pair: word for pair, word in found.strength.items() if pair not in linked}
    count = len(list(cohort.submissions.iterdir()))
    every = count * (count - 1) // 2 - len(linked)
    counts = Counter(others.values())
    rows: list[tuple[Cell, ...]] = [
        (word, counts[word], counts[word] / every, _examples(others, word, found))
        for word in reversed(_WORDS[1:])
    ]
    return Table(
        "Pairs that nobody planted",
        ("strength", "pairs", "share of all pairs", "for example"),
        tuple(rows),
        (f"of {every:,} pairs; strong and very strong must be 0",),
    )


def _examples(others: Mapping[frozenset[str], str], word: str, found: Audited) -> str:
    pairs = sorted(tuple(sorted(pair)) for pair, each in others.items() if each == word)
    return "; ".join(f"{a} {b} ({found.kind[frozenset((a, b))]})" for a, b in pairs[:5])


def _broken(cohort: Cohort, found: Audited) -> Table:
    rows: list[tuple[Cell, ...]] = []
    known = {each["name"]: each for each in found.document.get("submissions", ())}
    for name, broken in sorted(cohort.broken.items(), key=lambda item: item[1].kind):
        state, reason = told(known.get(name))
        right = _TOLD.index(state) >= _TOLD.index(broken.expected)
        rows.append((broken.kind, broken.expected, state, "yes" if right else "NO", reason[:60]))
    return Table(
        "Broken and hostile submissions",
        ("kind", "has to be", "is", "as it has to be", "reason given"),
        tuple(rows),
        ("named: listed, and what was skipped is told; listed: at least named as a submission",),
    )


def told(record: Mapping[str, Any] | None) -> tuple[str, str]:
    """How the document speaks of a submission, in the words of ``Broken.expected``, and why."""
    if record is None:
        return "missing", ""
    if record.get("state") == "unreadable":
        return "unreadable", record.get("reason", "")
    unread = record.get("unread", ())
    if record.get("state") == "in part" or unread:
        return "named", "; ".join(each["reason"] for each in unread)
    return "listed", ""


def _cost(cohort: Cohort, runs: Sequence[tuple[str, Ran]], same: bool) -> Table:
    count = len(list(cohort.submissions.iterdir()))
    return Table(
        "Time and memory",
        ("audit", "submissions", "seconds", "peak MB of all processes", "exit code"),
        tuple((name, count, each.seconds, round(each.megabytes), each.code) for name, each in runs),
        (f"pairs.csv of both: {'the same bytes' if same else 'DIFFERENT'}",),
    )
