"""The same audit where the assignment prescribes most lines and names, as courses often do."""

from __future__ import annotations

from benchmarks import audit_planted
from benchmarks.options import Options
from benchmarks.table import Table

# In a real cohort, 56 public solutions of one assignment with short blanks, 22 of 30 pairs are
# strong or more in a plain comparison with the handout as the base; with longer blanks, 30 of 30.
# At 0.5 it is 54 of 66 pairs of made-up authors, at 0.7 all of them.
USUAL = 0.6


def run(options: Options) -> list[Table]:
    """Where strangers look like copies, pair by pair: only the cohort tells them apart."""
    return audit_planted.tables(options, USUAL)
