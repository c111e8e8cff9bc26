"""An index of 50,000 repositories: making it, its size, and asking it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.among.synthetic import (
    Shape,
    query_cuts,
    real_contents,
    repositories,
    shape_of,
)  # fmt: skip
from benchmarks.options import Options
from benchmarks.processes import codesim, measured, written
from benchmarks.table import Cell, Table
from codesim import snapshot_of
from codesim.index.content import Content
from codesim.index.keeping import add
from codesim.index.search import search
from codesim.index.store import Database, writing

_COUNT = 50_000
_BATCH = 1_000
_RUNS = 5


def scale(options: Options, root: Path) -> Table:
    """One table of costs. What is searched for are cuts of packages that are not in the index."""
    contents = real_contents(options)
    shape = shape_of(options, contents)
    path = root / "many.index"
    count = options.size(_COUNT)
    for content in contents:
        add(path, content)
    rows = 0

    def fill() -> None:
        nonlocal rows
        rows = _fill(path, shape, count, options.seed)

    making = _timed([fill])
    size = path.stat().st_size
    table: list[tuple[Cell, ...]] = [
        (f"write {count:,} repositories in batches", *making, None),
        ("add one more", *_timed(_added(path, contents)), None),
        *_asking(path, options),
        *_commands(path, root, options),
    ]
    return Table(
        f"An index of {count:,} repositories",
        ("what", "seconds", "processor seconds", "peak MB"),
        tuple(table),
        (
            f"{len(contents)} real repositories with profiles and {count:,} synthetic ones without;"
            f" {rows:,} fingerprints, {size / 1e6:.0f} MB, {size / rows:.1f} bytes each",
            "synthetic: as many fingerprints as cuts of public packages have; 30 % drawn from 2"
            " million by Zipf's law with exponent 1, real ones first; the others unique."
            f" Among 20 unrelated packages {100 * shape.measured:.1f} % are common",
            f"medians of {_RUNS}; the best answers with profiles are compared",
        ),
    )


def _timed(actions: Iterable[Callable[[], object]]) -> tuple[float, float]:
    """Median wall and processor time of some actions."""
    wall, processor = [], []
    for action in actions:
        start, used = time.perf_counter(), time.process_time()
        action()
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return median(wall), median(processor)


def _fill(path: Path, shape: Shape, count: int, seed: int) -> int:
    """Synthetic repositories in large transactions; how many fingerprints they have together."""
    total = 0
    batch: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
    for number, values in enumerate(repositories(shape, count, seed), start=1):
        batch.append(values)
        if len(batch) == _BATCH or number == count:
            with writing(path) as database, database.transaction():
                total += _insert(database, batch, number - len(batch), shape)
            batch = []
    return total


def _insert(database: Database, batch: Sequence[np.ndarray], done: int, shape: Shape) -> int:  # type: ignore[type-arg]
    sizes = [len(each) for each in batch]
    first = 1_000_000 + done
    random = np.random.default_rng(done)
    columns = {
        "repository": np.repeat(np.arange(first, first + len(batch), dtype=np.int32), sizes),
        "value": np.concatenate(batch).view(np.int64),
        "weight": random.choice(shape.weights, sum(sizes)).astype(np.int32),
    }
    with database.given("fresh", columns):
        database.run(
            "INSERT INTO kept.main.fingerprints SELECT repository, 0, value, weight FROM fresh"
        )
        database.run(
            "INSERT INTO kept.main.totals SELECT repository, 0, count(*), sum(weight) FROM fresh"
            " GROUP BY repository"
        )
        database.run(
            "INSERT INTO kept.main.repositories SELECT DISTINCT repository, 'synthetic '"
            " || repository, 'file:synthetic', '', 'digest ' || repository, 1, 1000 FROM fresh"
        )
    return sum(sizes)


def _added(path: Path, contents: Sequence[Content]) -> Iterator[Callable[[], object]]:
    for number, content in enumerate(contents[:_RUNS]):
        about = replace(content.repository, name=f"again {number}", digest=f"again {number}")
        yield partial(add, path, replace(content, repository=about))


def _asking(path: Path, options: Options) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for cut in query_cuts(options):
        snapshot = snapshot_of(cut.files, "query")
        taken = _timed([partial(search, path, snapshot)] * _RUNS)
        rows.append((f"search for {cut.size:,} lines, in this process", *taken, None))
    return rows


def _commands(path: Path, root: Path, options: Options) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for cut in query_cuts(options):
        place = written(root / f"query-{cut.size}", cut.files)
        runs = [measured(codesim("search", place, "--index", path), root) for _ in range(_RUNS)]
        rows.append(
            (
                f"codesim search, {cut.size:,} lines",
                median(each.seconds for each in runs),
                median(each.processor_seconds for each in runs),
                round(max(each.megabytes for each in runs)),
            )
        )
    return rows
