"""python -m benchmarks NAME: run one measurement and print its tables."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.options import BenchmarkError, Options
from benchmarks.table import Table

# Name, module and one sentence. Each module has run(options) -> tables.
BENCHMARKS = {
    "copied-from": ("benchmarks.copied_from", "labelled copies inside transformers"),
    "modular": ("benchmarks.modular", "definitions that people derived from others and edited"),
    "ladder": ("benchmarks.climb", "a disguise that grows step by step"),
    "case": ("benchmarks.case", "a disguised copy searched among public functions"),
    "neighbours": ("benchmarks.neighbours", "honest models of one house style"),
    "insertion": ("benchmarks.insertion", "a dead statement after every statement"),
    "unrelated": ("benchmarks.unrelated", "independent packages against each other"),
    "calibration": ("benchmarks.calibration", "scores of unrelated pairs against the thresholds"),
    "lineage": ("benchmarks.lineage.table", "every relation of the recorded models"),
    "weights-null": ("benchmarks.lineage.null", "p-values of independent layers"),
    "index": ("benchmarks.among.table", "one repository among many, and all with all"),
    "cohort": ("benchmarks.cohort_pairs", "how alike made-up submissions look, pair by pair"),
    "audit-planted": ("benchmarks.audit_planted", "a cohort of which it is known who copied"),
    "audit-prescribed": ("benchmarks.audit_prescribed", "the same, most lines prescribed"),
    "audit-scale": ("benchmarks.audit_scale", "seconds and memory by number of submissions"),
    "speed": ("benchmarks.speed", "lines per second, seconds and memory"),
    "report": ("benchmarks.report", "the HTML report: to render, to mail, to paint"),
    "weights-speed": ("benchmarks.weights_speed", "bytes per second over two checkpoints"),
    "weights-far": ("benchmarks.weights_far", "two checkpoints on a server"),
}
_ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for. Returns 2 when something that it needs is missing."""
    chosen = _parser().parse_args(arguments)
    # What is measured is computed now, not remembered from another version.
    os.environ["CODESIM_CACHE"] = "off"
    names = list(BENCHMARKS) if chosen.name == "all" else [chosen.name]
    options = Options(
        data=chosen.data, limit=chosen.limit, seed=chosen.seed, peers=not chosen.no_peers,
        held_out=chosen.held_out, raw=chosen.raw, left=chosen.left, right=chosen.right,
        names=chosen.names,
    )  # fmt: skip
    tables: dict[str, list[Table]] = {}
    for name in names:
        try:
            tables[name] = importlib.import_module(BENCHMARKS[name][0]).run(options)
        except BenchmarkError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
        print("\n\n".join(table.text() for table in tables[name]), end="\n\n", flush=True)
    if chosen.json:
        chosen.json.write_text(_document(tables), "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<14} {says}" for name, (_, says) in BENCHMARKS.items()),
    )
    parser.add_argument("name", choices=[*BENCHMARKS, "all"], metavar="NAME")
    parser.add_argument("--limit", type=int, default=0, help="take at most this many items")
    parser.add_argument("--seed", type=int, default=0, help="picks every sample")
    parser.add_argument("--no-peers", action="store_true", help="measure codesim alone")
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="packages or models that set no threshold (unrelated, lineage)",
    )
    parser.add_argument("--left", default="", metavar="COPY", help="a repository (case)")
    parser.add_argument("--right", default="", metavar="ORIGINAL", help="its original (case)")
    parser.add_argument(
        "--names", type=Path, metavar="FILE", help="`left name = right name` on every line (case)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the tables here")
    parser.add_argument("--raw", type=Path, metavar="FILE", help="single results as JSON lines")
    parser.add_argument(
        "--data", type=Path, default=_ROOT / ".benchmarks-data", help="where packages are kept"
    )
    return parser


def _document(tables: dict[str, list[Table]]) -> str:
    from codesim import __version__

    document = {
        "codesim": __version__,
        "python": platform.python_version(),
        "benchmarks": {name: [t.as_json() for t in made] for name, made in tables.items()},
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
