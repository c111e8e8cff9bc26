"""Lines per second, seconds and memory; copydetect in the same run, so that ratios count."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.options import Options
from benchmarks.packages import DIFFUSERS, TIMM, TRANSFORMERS, python_files
from benchmarks.peers.peer import installed
from benchmarks.processes import Measured, codesim, measured, python, written
from benchmarks.slices import lines_of
from benchmarks.table import Cell, Table

# Where a few runs of the same thing are needed, the fastest is the one least disturbed.
_RUNS = 3
_PROFILE = """
import sys, time
from pathlib import Path
from codesim import DETECTORS, snapshot_of
root = Path(sys.argv[1])
files = {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*.py"))}
detector = next(d for d in DETECTORS if d.kind == "code")
detector.profile(snapshot_of({"warm.py": b"def f(x):\\n    return x + 1\\n"}))
start = time.process_time()
detector.profile(snapshot_of(files))
print(time.process_time() - start)
"""
_COPYDETECT = """
import sys, logging
from copydetect import CopyDetector
logging.disable(logging.CRITICAL)
CopyDetector(test_dirs=[sys.argv[1]], ref_dirs=[sys.argv[2]], extensions=["py"], silent=True,
             autoopen=False).run()
"""

Files = Mapping[str, bytes]


def run(options: Options) -> list[Table]:
    """Every measurement in fresh processes."""
    with tempfile.TemporaryDirectory(prefix="codesim-speed-") as folder:
        root = Path(folder)
        tables = [_reading(options, root), _commands(options, root)]
        return [*tables, _beside(options, root)] if options.peers else tables


def _reading(options: Options, root: Path) -> Table:
    """From bytes to a profile, in one process on one core, without any store."""
    rows: list[tuple[Cell, ...]] = []
    for name, files in (
        ("timm", python_files(TIMM, options.data)),
        ("diffusers", python_files(DIFFUSERS, options.data)),
    ):
        chosen = _first_lines(files, 100_000)
        place = written(root / f"read-{name}", chosen)
        runs = [measured(python(_PROFILE, place), root) for _ in range(_RUNS)]
        seconds = min(float(each.output.split()[-1]) for each in runs)
        lines = sum(map(lines_of, chosen.values()))
        rows.append((name, lines, seconds, round(lines / seconds), _most(runs)))
    return Table(
        "Bytes to fingerprints, cold",
        ("package", "lines", "processor seconds", "lines per second and core", "peak MB"),
        tuple(rows),
        (f"the fastest of {_RUNS} runs; goal: 40,000 lines per second and core",),
    )


def _commands(options: Options, root: Path) -> Table:
    """The command line from start to end: cold, then with profiles in store."""
    rows: list[tuple[Cell, ...]] = []
    helps = [measured(codesim("--help"), root) for _ in range(2 * _RUNS)]
    fastest = min(each.seconds for each in helps)
    rows.append(("codesim --help", 0, fastest, None, None, _most(helps)))
    left, right = python_files(TIMM, options.data), python_files(DIFFUSERS, options.data)
    for lines in (5_000, 25_000, 100_000):
        one = written(root / f"left-{lines}", _first_lines(left, lines))
        two = written(root / f"right-{lines}", _first_lines(right, lines))
        command = codesim("compare", one, two)
        cold, warm = [], []
        for number in range(1 if lines > 50_000 else _RUNS):
            store = root / f"store-{lines}-{number}"
            cold.append(measured(command, root, store))
            warm += [measured(command, root, store) for _ in range(2)]
        rows.append(_row(f"compare two of {lines:,} lines", lines, cold, warm))
    return Table(
        "Command line, fresh process",
        ("command", "lines a side", "cold seconds", "warm seconds", "cold / warm", "peak MB"),
        tuple(rows),
        (
            "timm against diffusers; wall time with start-up, warm with what the cold run stored",
            "goals: help 0.25 s; 5,000 lines 1.5 s; 100,000 lines 10 s and 600 MB; warm ten times",
        ),
    )


def _row(name: str, lines: int, cold: list[Measured], warm: list[Measured]) -> tuple[Cell, ...]:
    first, second = min(e.seconds for e in cold), min(e.seconds for e in warm)
    return name, lines, first, second, first / second, _most(cold)


def _most(runs: list[Measured]) -> int:
    return round(max(each.megabytes for each in runs))


def _beside(options: Options, root: Path) -> Table:
    """codesim and copydetect on the same folders, one after the other."""
    rows: list[tuple[Cell, ...]] = []
    for name, left, right in _pairs(options):
        one, two = written(root / f"{name}-l", left), written(root / f"{name}-r", right)
        lines = sum(map(lines_of, [*left.values(), *right.values()]))
        ours = _fastest(lambda one=one, two=two: measured(codesim("compare", one, two), root))  # type: ignore[misc]
        rows.append((name, lines, "codesim", ours.seconds, 1.0, round(ours.megabytes)))
        rows.append((name, lines, *_copydetect(one, two, root, ours)))
    return Table(
        "Beside copydetect",
        ("repositories", "lines", "tool", "seconds", "times codesim", "peak MB"),
        tuple(rows),
        ("wall time of a fresh process, nothing in store, all file pairs of left and right",),
    )


def _copydetect(one: Path, two: Path, root: Path, ours: Measured) -> tuple[Cell, ...]:
    version = installed("copydetect")
    if not version:
        return ("copydetect: not installed", None, None, None)
    found = _fastest(lambda: measured(python(_COPYDETECT, one, two), root))
    return (
        f"copydetect {version}", found.seconds, found.seconds / ours.seconds, round(found.megabytes)
    )  # fmt: skip


def _fastest(run_once: Callable[[], Measured]) -> Measured:
    return min((run_once() for _ in range(2)), key=lambda each: each.seconds)


def _pairs(options: Options) -> list[tuple[str, Files, Files]]:
    def files(folder: str) -> Files:
        pin = next(p for p in (TRANSFORMERS, DIFFUSERS, TIMM) if folder.startswith(p.folder))
        return python_files(pin, options.data, folder)

    llama, mistral = files("transformers/models/llama"), files("transformers/models/mistral")
    return [
        ("llama-mistral", llama, mistral),
        ("diffusers-timm", files("diffusers/models"), files("timm/models")),
    ]


def _first_lines(files: Files, wanted: int) -> Files:
    """Files in the order of their paths until there are so many lines."""
    chosen: dict[str, bytes] = {}
    total = 0
    for path in sorted(files):
        lines = lines_of(files[path])
        if total + lines <= wanted * 1.02:
            chosen[path] = files[path]
            total += lines
        if total >= wanted * 0.98:
            break
    return chosen
