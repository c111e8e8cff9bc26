"""Every relation of the recorded models: what has to be found and what is found."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from benchmarks.options import BenchmarkError, Options
from benchmarks.table import Cell, Table

_CASES = Path(__file__).parents[2] / "tests" / "detectors" / "weights"


def run(options: Options) -> list[Table]:
    """One row for each case, in both orders of the models; of others with ``--held-out``."""
    cases = cases_module()
    if options.held_out:
        from benchmarks.lineage.honest import tables

        return tables(options)
    rows, right = [], 0
    chosen = cases.CASES[: options.size(len(cases.CASES))]
    for case in chosen:
        found = [cases.verdict_of(case, swapped) for swapped in (False, True)]
        agree = all(each.relation == case.relation for each in found)
        right += agree
        z = [f"{test.z:.1f}" for test in found[0].tests]
        rows.append(_row(case, found[0], agree, z))
    return [
        Table(
            "Lineage of the recorded models",
            (
                "right of left",
                "has to be",
                "found",
                "both orders",
                "direction",
                "grade",
                "r",
                "z",
                "p",
            ),
            tuple(rows),
            (
                f"{right} of {len(chosen)} right in both orders",
                "r: median correlation of the aligned matrices; z: signs of neurons and channels,"
                " signs of residual coordinates, order of neurons (and again after undoing a"
                " disguise)",
                "p concerns independent initialisation and nothing else",
            ),
        )
    ]


def cases_module() -> ModuleType:
    """The cases that the tests hold, with torch, which they need."""
    try:
        importlib.import_module("torch")
    except ImportError:
        raise BenchmarkError("needs torch: pip install -e '.[weights]'") from None
    if str(_CASES) not in sys.path:
        sys.path.insert(0, str(_CASES))
    # Matrices of the tiny models are too small to share: threads would only wait for each other.
    importlib.import_module("torch").set_num_threads(1)
    return importlib.import_module("lineage_cases")


def _row(case: object, found: object, agree: bool, z: list[str]) -> tuple[Cell, ...]:
    r = found.figures.get("correlation")  # type: ignore[attr-defined]
    return (
        case.name, case.relation, found.relation, "yes" if agree else "NO",  # type: ignore[attr-defined]
        found.direction or "-", found.grade or "-",  # type: ignore[attr-defined]
        f"{r:.3f}" if r is not None else "-", " ".join(z) or "-", found.p,  # type: ignore[attr-defined]
    )  # fmt: skip
