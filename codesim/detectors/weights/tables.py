"""The tables of a report: every tensor, every test, and what was and was not compared."""

from __future__ import annotations

from collections.abc import Iterator

from codesim.detectors.weights.symmetry import p_text
from codesim.detectors.weights.verdict import Verdict
from codesim.model import Table

# A model of 8 billion parameters has about 300 tensors.
_MOST_ROWS = 400
_MOST_TESTS = 100


def tables_of(verdict: Verdict) -> tuple[Table, ...]:
    """The tables that a verdict has rows for."""
    found = (_tests(verdict), _tensors(verdict), _layers(verdict), _notes(verdict))
    return tuple(table for table in found if table.rows)


def _tests(verdict: Verdict) -> Table:
    rows = tuple(
        (test.name, f"{test.z:.1f}", f"{test.ceiling:.1f}", f"{test.units:,}", p_text(test.log10_p))
        for test in verdict.tests[:_MOST_TESTS]
    )
    return Table(
        "tests of independent initialisation",
        ("test", "z", "largest possible z", "units", "p"),
        rows,
        "Each asks whether the labels of units which training leaves arbitrary agree by chance. A "
        "small p rejects that the two were initialised independently; it does not say how one came "
        "from the other, and a common base or the same seed does it too.",
    )


def _tensors(verdict: Verdict) -> Table:
    columns = ("left", "right", "aligned by", "values", "correlation", "sigma", "slopes", "change")
    rows = tuple(_tensor_rows(verdict))
    cut = len(rows) - _MOST_ROWS
    more = f"{cut:,} more rows are left out. " if cut > 0 else ""
    return Table(
        "tensors",
        columns,
        rows[:_MOST_ROWS],
        f"{more}Sigma is the standard deviation of the difference. Slopes are those of right on "
        "left and of left on right: the side on which the other has a slope of 1 came first.",
    )


def _tensor_rows(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for row in verdict.rows:
        yield (
            row.left,
            row.right,
            row.how,
            f"{row.elements:,}",
            f"{row.correlation:.4f}",
            f"{row.sigma:.3g}",
            f"{row.slopes[0]:.3f}, {row.slopes[1]:.3f}",
            row.change,
        )


def _layers(verdict: Verdict) -> Table:
    rows = tuple((left, right) for left, right in verdict.layers)
    moved = any(left != right for left, right in rows)
    return Table("layers that stand for each other", ("left", "right"), rows if moved else ())


def _notes(verdict: Verdict) -> Table:
    return Table("what was compared", ("note",), tuple((note,) for note in verdict.notes))
