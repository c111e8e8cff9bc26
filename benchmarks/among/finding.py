"""Disguised copies searched among repositories cut from public packages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.ladder import disguise
from benchmarks.lists import DEVELOPMENT, HELD_OUT
from benchmarks.options import Options
from benchmarks.slices import Slice, lines_of, slices
from benchmarks.table import Cell, Table
from codesim import Strength, snapshot_of
from codesim.index.content import Content, content_of
from codesim.index.keeping import add
from codesim.index.search import Search, search

# Lines of a repository, how many are cut from a package, and which of them are searched for.
_LINES, _EACH, _EVERY = 3_000, 5, 3
# A part that was taken: some files of so many lines together, each longer than a few definitions.
_PART, _SHORTEST = 300, 80
# L1 is left out: the lenses of the code detector see through layout by construction.
_LEVELS = (0, 2, 3, 4)

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Query:
    """Something to search for; ``source`` is the repository it was made from, if any."""

    what: str
    source: str
    files: Files


def finding(options: Options, root: Path) -> list[Table]:
    """Two tables: what building the index took, and what is found in it."""
    cuts = slices(DEVELOPMENT, _LINES, _EACH, options.data)
    made = root / "packages.index"
    built = _built(cuts, made, root / "bare.index")
    found: dict[str, list[tuple[Query, Search]]] = {}
    for query in _queries(cuts, options):
        found.setdefault(query.what, []).append((query, search(made, snapshot_of(query.files))))
    rows = tuple(_row(what, each) for what, each in sorted(found.items()))
    return [built, _found_table(rows, len(cuts))]


def _built(cuts: list[Slice], full: Path, bare: Path) -> Table:
    contents: list[Content] = []
    start = time.process_time()
    for cut in cuts:
        made = content_of(snapshot_of(cut.files, cut.name))
        about = replace(made.repository, name=cut.name, origin=f"file:{cut.name}")
        contents.append(replace(made, repository=about))
    reading = time.process_time() - start
    lines = sum(cut.lines for cut in cuts)
    rows: list[tuple[Cell, ...]] = []
    for title, path, keep in (("with profiles", full, True), ("fingerprints only", bare, False)):
        start = time.perf_counter()
        for content in contents:
            add(path, content if keep else replace(content, kept=b""))
        seconds = time.perf_counter() - start
        size = path.stat().st_size
        rows.append((title, len(cuts), lines, seconds / len(cuts), size / 1e6, size / lines))
    count = sum(len(content.fingerprints.value) for content in contents)
    return Table(
        f"An index of {len(cuts)} repositories cut from public packages",
        ("index", "repositories", "lines", "seconds to add one", "MB", "bytes a line"),
        tuple(rows),
        (
            f"reading took {1000 * reading / lines:.3f} s of processor time for 1,000 lines, which"
            f" have {1000 * count / lines:.0f} fingerprints",
            "every addition is a transaction of its own, on disk before the next one begins",
        ),
    )  # fmt: skip


def _queries(cuts: list[Slice], options: Options) -> Iterator[Query]:
    hosts = slices(HELD_OUT, _LINES, 2, options.data)
    chosen = cuts[::_EVERY][: options.size(len(cuts))]
    for host in hosts[: options.size(len(hosts))]:
        yield Query("unrelated", "", host.files)
    for number, cut in enumerate(chosen):
        host = hosts[number % len(hosts)]
        texts = {path: data.decode("utf-8") for path, data in cut.files.items()}
        for level in _LEVELS:
            yield Query(f"whole, L{level}", cut.name, _disguised(texts, level, options.seed))
            part = _disguised(_part(texts), level, options.seed)
            taken = {f"taken/{path}": data for path, data in part.items()}
            yield Query(f"part, L{level}", cut.name, {**host.files, **taken})


def _disguised(texts: Mapping[str, str], level: int, seed: int) -> Files:
    made = disguise(texts, level, seed).files
    return {path: text.encode("utf-8") for path, text in made.items()}


def _part(texts: Mapping[str, str]) -> dict[str, str]:
    """The shorter files, up to about ``_PART`` lines together."""
    part: dict[str, str] = {}
    total = 0
    for path in sorted(texts, key=lambda path: (len(texts[path]), path)):
        lines = lines_of(texts[path].encode())
        if lines >= _SHORTEST and total < _PART:
            part[path] = texts[path]
            total += lines
    return part


def _row(what: str, found: list[tuple[Query, Search]]) -> tuple[Cell, ...]:
    count = len(found)
    if not found[0][0].source:
        best = [max((a.strength or Strength.NONE for a in s.answers), default=0) for _, s in found]
        shares = [sum(each >= step for each in best) / count for step in _STEPS]
        return (what, count, None, None, None, *shares)
    places = [_places(query, answer) for query, answer in found]
    true = [place.strength for place in places]
    return (
        what, count,
        sum(place.by_fingerprints == 1 for place in places) / count,
        sum(place.by_fingerprints <= 10 for place in places) / count,
        sum(place.compared == 1 for place in places) / count,
        *(sum(each >= step for each in true) / count for step in _STEPS),
    )  # fmt: skip


_STEPS = (Strength.WEAK, Strength.MODERATE, Strength.STRONG, Strength.VERY_STRONG)


@dataclass(frozen=True)
class _Places:
    """The place of the true source, by shared fingerprints and after comparing."""

    by_fingerprints: int
    compared: int
    strength: Strength


def _places(query: Query, found: Search) -> _Places:
    ranked = sorted(found.answers, key=lambda answer: -answer.bits)
    names = [answer.repository.name for answer in ranked]
    after = [answer.repository.name for answer in found.answers]
    if query.source not in names:
        return _Places(found.among, found.among, Strength.NONE)
    answer = found.answers[after.index(query.source)]
    return _Places(
        names.index(query.source) + 1,
        after.index(query.source) + 1,
        answer.strength or Strength.NONE,
    )


def _found_table(rows: tuple[tuple[Cell, ...], ...], among: int) -> Table:
    return Table(
        f"Copies searched among {among} repositories",
        (
            "query", "queries", "first", "in first ten", "first after comparing",
            ">= weak", ">= moderate", ">= strong", ">= very strong",
        ),
        rows,
        (
            f"whole: all of a repository of {_LINES:,} lines, disguised (see ladder); part: about"
            f" {_PART} lines of it among {_LINES:,} lines of an unrelated package",
            "first: of the true source, by shared fingerprints alone; strengths are those of the"
            " true source, for `unrelated` the best of all answers, which should have none",
        ),
    )  # fmt: skip
