"""Weights on a server: a screen and the whole, beside the same files here and a download."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from pathlib import Path

from benchmarks.eight_billion import write_pair
from benchmarks.options import BenchmarkError, Options
from benchmarks.parts_server import Address, serving
from benchmarks.processes import Measured, codesim, measured, python
from benchmarks.table import Cell, Table

# The embedding and a layer: 1.49 GB a side.
_LAYERS = 1
# Seconds before each answer: a server in the same building, and one across an ocean.
_NEAR, _FAR = 0.0, 0.1
_DOWNLOAD = """
import sys, urllib.request
for url, path in zip(sys.argv[1::2], sys.argv[2::2]):
    with urllib.request.urlopen(url) as answer, open(path, "wb") as file:
        while data := answer.read(1 << 20):
            file.write(data)
"""


def run(options: Options) -> list[Table]:
    """Every way in a process of its own; the server is another one."""
    for library, extra in (("torch", "weights"), ("httpx2", "hub")):
        if importlib.util.find_spec(library) is None:
            raise BenchmarkError(f"needs {library}: pip install -e '.[{extra}]'")
    os.environ["CODESIM_HTTP_LOOPBACK"] = "1"
    with tempfile.TemporaryDirectory(prefix="codesim-weights-") as name:
        folder = Path(name)
        pair = write_pair(folder, options.size(_LAYERS), options.seed)
        with serving(folder) as server:
            rows = _measured(folder, pair, server)
        return [_table(rows, sum(path.stat().st_size for path in pair))]


def _measured(
    folder: Path, pair: tuple[Path, Path], server: Address
) -> list[tuple[str, Measured, dict[str, float]]]:
    urls = [server.url(path.name) for path in pair]
    copies = [folder / f"copy-{path.name}" for path in pair]
    download = [each for both in zip(urls, copies, strict=True) for each in both]
    ways = (
        ("here, whole", _NEAR, codesim("weights", *pair, "-q")),
        ("server, whole", _NEAR, codesim("weights", *urls, "-q", "--whole")),
        ("server 100 ms away, whole", _FAR, codesim("weights", *urls, "-q", "--whole")),
        ("here, screen", _NEAR, codesim("weights", *pair, "-q", "--screen")),
        ("server, screen", _NEAR, codesim("weights", *urls, "-q", "--screen")),
        ("server 100 ms away, screen", _FAR, codesim("weights", *urls, "-q", "--screen")),
        ("download to disk only", _NEAR, python(_DOWNLOAD, *download)),
    )
    found = []
    for name, far, command in ways:
        server.ask(f"far/{far}")
        server.ask("counts")
        process = measured(command, folder)
        found.append((name, process, server.ask("counts")))
    return found


def _table(rows: list[tuple[str, Measured, dict[str, float]]], size: int) -> Table:
    whole = rows[0][1].seconds
    return Table(
        "Two files of weights in the shapes of an 8B model on a server of this machine",
        ("way", "seconds", "of here, whole", "processor seconds", "peak MB", "MB read", "requests"),
        tuple(_row(*row, whole) for row in rows),
        (
            f"{size / 1e9:.2f} GB in all, in the page cache; seconds with the start of Python and "
            "PyTorch",
            "the server waits before each answer; its way of sending costs next to nothing",
        ),
    )


def _row(name: str, process: Measured, counts: dict[str, float], whole: float) -> tuple[Cell, ...]:
    return (
        name, process.seconds, process.seconds / whole, process.processor_seconds,
        round(process.megabytes), round(counts["bytes"] / 1e6, 1), int(counts["requests"]),
    )  # fmt: skip
