"""Cohorts of submissions, made from a seed: nobody's work, and it is known who took from whom.

Independent pieces of work come from a grammar of small fragments (``grammar``): each author has
habits, words and settings, chooses among several ways for each few lines, leaves steps out, and
spreads the parts over files. Copies come from them by the disguise ladder. Nothing is executed. The
same seed gives the same bytes.
"""

from __future__ import annotations

from benchmarks.cohorts.planted import DEVELOPMENT, HELD_OUT, Cohort, Link, Sizes, planted

__all__ = ["DEVELOPMENT", "HELD_OUT", "Cohort", "Link", "Sizes", "planted"]
