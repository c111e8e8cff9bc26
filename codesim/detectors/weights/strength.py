"""From a relation and its grade to a strength."""

from __future__ import annotations

from dataclasses import replace

from codesim.detectors.weights import cohort
from codesim.detectors.weights import verdict as words
from codesim.detectors.weights.verdict import Verdict
from codesim.model import Strength

# An exact p-value below this is beyond the rate that "very strong" promises, with room for the
# choices that a person makes before a run.
LARGEST_LOG10_P = -6.0


def strength_of(verdict: Verdict) -> Strength:
    """What a verdict is worth.

    A strength promises how seldom *unrelated* models reach it, and that is what an exact test
    bounds: a relation of derivation of grade A with p < 1e-6 is very strong. Grade B rests on
    matching, whose null is known from few models only (independent models matched up to 8 % of
    the neurons of a first layer), or on what a base leaves. The latter is strong: the changes that
    one side made to the base have to be on the other in direction and size, with nothing beside
    them but noise or rounding; a merge has to be the other's weights and those of a base in one
    proportion throughout, with nothing beside them. The former is moderate where no cohort says
    what chance gives here, and worth its rank among a cohort otherwise: see ``_by_rank``. Grade C
    describes, and is weak.

    A shared initialisation is as certain as a derivation of grade A, and says less: the same
    public seed gives it honestly, so that it is moderate. A base that explains what is shared,
    or that one side itself is, leaves nothing; one that explains a part leaves modules that may
    have a public source of their own, which is moderate.

    A screen is worth one step less than reading the whole would be, were the rest like what was
    read: the p-value holds for the parts, and nothing is known of the rest.
    """
    if verdict.relation == words.SCREENED:
        return _of_screen(verdict)
    certain = verdict.grade == "A" and verdict.log10_p < LARGEST_LOG10_P
    conditioned = verdict.figures.get("base_conditioned") or verdict.relation == words.MERGED
    if verdict.relation in (words.NONE, words.SHARED_BASE) or not verdict.grade:
        return Strength.NONE
    if "base_is" in verdict.figures:
        return Strength.NONE
    if verdict.relation == words.SHARED_START:
        return Strength.MODERATE if certain else Strength.WEAK
    if "base_slope" in verdict.figures and not conditioned:
        return Strength.MODERATE
    if certain:
        return Strength.VERY_STRONG
    if verdict.grade == "B":
        return Strength.STRONG if conditioned else _by_rank(verdict.figures)
    return Strength.WEAK


def _of_screen(verdict: Verdict) -> Strength:
    like = words.SHARED_START if verdict.figures.get("distant") else words.DERIVED
    return Strength(max(0, strength_of(replace(verdict, relation=like)) - 1))


def _by_rank(figures: words.Figures) -> Strength:
    """What a match of neurons is worth beside a cohort.

    Each step promises a rate of false matches, and m pairs can promise none below 1 / (m + 1):
    strong takes 999 pairs, all of them less alike, which are those of 44 models with both sides
    and each other. A cohort that is smaller, and less alike in every pair, leaves the strength as
    it is without one. A cohort that reaches as much says what chance gives, and its rank decides.
    """
    p = figures.get("cohort_rank_p")
    if not isinstance(p, float):
        return Strength.MODERATE
    if p <= cohort.STRONG:
        return Strength.STRONG
    if p <= cohort.MODERATE or not figures.get("cohort_reaching"):
        return Strength.MODERATE
    return Strength.WEAK if p <= cohort.WEAK else Strength.NONE
