"""Every table about the index: what it finds, what it costs, and the join on every engine."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.among.finding import finding
from benchmarks.among.joining import joining
from benchmarks.among.scale import scale
from benchmarks.options import BenchmarkError, Options
from benchmarks.table import Table


def run(options: Options) -> list[Table]:
    """All of them, in files that are gone afterwards."""
    if not find_spec("duckdb"):
        raise BenchmarkError("needs DuckDB: pip install -e '.[scale]'")
    with tempfile.TemporaryDirectory(prefix="codesim-index-") as folder:
        root = Path(folder)
        return [*finding(options, root), scale(options, root), joining(options, root)]
