"""The join of all with all, on every engine, each in a process of its own."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.among.synthetic import real_contents, rows_of, shape_of
from benchmarks.options import Options
from benchmarks.processes import measured, python
from benchmarks.table import Cell, Table
from codesim.candidates import Rows

_DOCUMENTS = (1_000, 5_000, 50_000)
_ENGINES = ("numpy", "duckdb", "local[2]")
# On one machine Spark did not join 50,000 within 20 minutes.
_MOST_SPARK = 5_000
_JOIN = """
import sys, time, json
import numpy as np
from codesim.candidates import Policy, Rows, candidate_pairs
columns = {name: np.load(f"{sys.argv[1]}/{name}.npy") for name in Rows.__dataclass_fields__}
rows = Rows(**columns)
old = np.zeros(int(rows.document.max()) + 1, dtype=bool)
policy = Policy(most_documents=100, least_shared=3, keep=20)
start, used = time.perf_counter(), time.process_time()
pairs = candidate_pairs(rows, old, policy, sys.argv[2])
total = int((pairs.weight * (pairs.left + 7 * pairs.right) % 1_000_003).sum())
print(json.dumps([time.perf_counter() - start, time.process_time() - used, len(pairs), total]))
"""


def joining(options: Options, root: Path) -> Table:
    """Seconds and memory by engine and number of documents; all must give the same pairs."""
    shape = shape_of(options, real_contents(options))
    rows: list[tuple[Cell, ...]] = []
    for documents in _DOCUMENTS[: 1 if options.limit else len(_DOCUMENTS)]:
        made = rows_of(shape, documents, options.seed)
        place = _kept(made, root / f"rows-{documents}")
        answers = set()
        for engine in _ENGINES:
            if engine not in ("numpy", "duckdb") and documents > _MOST_SPARK:
                continue
            missing = _missing(engine)
            if missing:
                rows.append((documents, len(made), f"{engine}: needs {missing}", None, None, None))
                continue
            run = measured(python(_JOIN, place, engine), root)
            seconds, used, pairs, total = json.loads(run.output.splitlines()[-1])
            answers.add((pairs, total))
            rows.append((documents, len(made), engine, seconds, used, round(run.megabytes), pairs))
        assert len(answers) == 1, "engines differ"
        shutil.rmtree(place)
    return Table(
        "Candidate pairs of all documents",
        (
            "documents", "rows", "engine", "seconds", "processor seconds", "peak MB", "pairs",
        ),
        tuple(rows),
        (
            "a value in 100 documents at most, 3 shared values, 20 partners each; the pairs are the"
            " same on every engine",
            f"Spark is asked for up to {_MOST_SPARK:,} documents",
            "memory is that of Python with the rows in it; for Spark, Java comes on top",
        ),
    )  # fmt: skip


def _kept(rows: Rows, folder: Path) -> Path:
    folder.mkdir()
    for name in Rows.__dataclass_fields__:
        np.save(folder / f"{name}.npy", getattr(rows, name))
    return folder


def _missing(engine: str) -> str:
    if engine == "numpy":
        return ""
    needed = ("ibis", "pyarrow") + (("duckdb",) if engine == "duckdb" else ("pyspark",))
    absent = [name for name in needed if find_spec(name) is None]
    if engine != "duckdb" and not shutil.which("java"):
        absent.append("java")
    return ", ".join(absent)
