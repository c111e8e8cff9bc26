"""Models that are known to be unrelated, and where a finding stands among pairs with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.detectors.weights import verdict as ladder
from codesim.detectors.weights import words
from codesim.detectors.weights.residual import RESTORED
from codesim.detectors.weights.symmetry import p_text
from codesim.detectors.weights.verdict import Verdict, reached
from codesim.model import Excluded, Skipped, Table

NEURONS, CORRELATION = "neurons that agree", "median correlation"
# Rates of false matches that the steps of strength promise.
STRONG, MODERATE, WEAK = 1 / 1_000, 1 / 100, 1 / 20
# A table of more pairs than this is no help to anyone.
_MOST_PAIRS = 400


@dataclass(frozen=True, slots=True)
class Beside:
    """Two models of which at least one belongs to the cohort, compared like left and right.

    ``counts`` is False where their layers have other sizes than those of left and right, so that
    chance gives other numbers.
    """

    left: str
    right: str
    verdict: Verdict
    counts: bool

    def likeness(self, statistic: str) -> float | None:
        """How alike the two are; None where the statistic does not apply to them."""
        return likeness(self.verdict, statistic)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The members that are used, all pairs with them, and what became of the other members."""

    members: tuple[str, ...] = ()
    pairs: tuple[Beside, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Rank:
    """Where left and right stand among ``pairs`` pairs with ``models`` of the cohort by one
    statistic.

    ``reaching`` of all pairs that were measured are as alike or more; ``largest`` is the most that
    any has. If left and right are unrelated and the models of the cohort are of their kind, each
    of the pairs is as likely as left and right to be the most alike, so that ``p`` is exact: a
    permutation test over models (Phipson and Smyth, 2010).
    """

    statistic: str
    observed: float
    pairs: int
    reaching: int
    largest: float
    models: int

    @property
    def p(self) -> float:
        """(1 + reaching) / (1 + pairs)."""
        return min(1.0, (1 + self.reaching) / (1 + self.pairs))

    @property
    def least(self) -> float:
        """The smallest p that so many pairs can give."""
        return 1 / (1 + self.pairs)


def likeness(verdict: Verdict, statistic: str) -> float | None:
    """How alike two models are by one statistic."""
    if statistic == NEURONS:
        return reached(verdict.matched) if verdict.matched else None
    found = verdict.figures.get("correlation")
    return abs(found) if isinstance(found, float) else None


def rests_on_matching(verdict: Verdict) -> bool:
    """True where neurons were matched before anything was compared."""
    return bool(verdict.rows) and verdict.rows[0].how == RESTORED


def rank(verdict: Verdict, pairs: Sequence[Beside]) -> Rank | None:
    """The rank by what the verdict rests on; None where no pair can be compared by that."""
    by_neurons = bool(verdict.matched) and (not needs_cohort(verdict) or rests_on_matching(verdict))
    statistic = NEURONS if by_neurons else CORRELATION
    observed = likeness(verdict, statistic)
    found = [(pair, value) for pair in pairs
             if (value := pair.likeness(statistic)) is not None]  # fmt: skip
    if observed is None or not found:
        return None
    values = [value for _, value in found]
    # A member is the right one of its first pair, which is with a side.
    counted = [pair.right for pair, _ in found if pair.counts]
    reaching = sum(value >= observed for value in values)
    return Rank(statistic, observed, len(counted), reaching, max(values), len(set(counted)))


def placed(verdict: Verdict, cohort: Cohort) -> Verdict:
    """A verdict with its rank among the cohort. What rests on matching and does not stand out from
    the cohort is no evidence.
    """
    found = rank(verdict, cohort.pairs)
    if found is None:
        return replace(verdict, figures={**verdict.figures, "cohort": len(cohort.members)})
    figures = {
        **verdict.figures, "cohort": len(cohort.members), "cohort_statistic": found.statistic,
        "cohort_models": found.models, "cohort_pairs": found.pairs,
        "cohort_reaching": found.reaching, "cohort_observed": found.observed,
        "cohort_largest": found.largest, "cohort_rank_p": found.p, "cohort_least_p": found.least,
    }  # fmt: skip
    notes = tuple(note for note in verdict.notes if note != words.NO_COHORT)
    verdict = replace(verdict, figures=figures, notes=notes)
    if not needs_cohort(verdict) or not found.reaching or found.p <= WEAK:
        return verdict
    return replace(
        verdict, relation=ladder.NONE, grade="", direction="",
        sentence=(
            f"{_said(found.observed, found.statistic)}, and unrelated models of the cohort reach"
            f" {_share(found.largest, found.statistic)}: nothing tells the two from those"
        ),
    )  # fmt: skip


def needs_cohort(verdict: Verdict) -> bool:
    """True for evidence whose null is known from other models only: what rests on matched neurons,
    or on a correlation that no exact test supports.
    """
    given_by_base = verdict.figures.get("base_conditioned") or verdict.relation == ladder.MERGED
    return verdict.grade == "B" and not given_by_base and verdict.relation != ladder.SHARED_BASE


def summary(figures: ladder.Figures) -> str:
    """The rank in one clause, with what it can promise at most."""
    p, least = figures.get("cohort_rank_p"), figures.get("cohort_least_p")
    models, statistic = figures.get("cohort_models"), str(figures.get("cohort_statistic"))
    if not figures.get("cohort"):
        return "no model of the cohort could be used"
    if not isinstance(p, float) or not isinstance(least, float):
        return "no pair with the cohort could be compared"
    pairs, reaching = figures["cohort_pairs"], figures["cohort_reaching"]
    most = _share(float(figures["cohort_largest"] or 0.0), statistic)
    own = _said(float(figures["cohort_observed"] or 0.0), statistic)
    whom = f"{models} unrelated model{'' if models == 1 else 's'}"
    if not models:
        return f"{own}, in pairs with unrelated models of other sizes at most {most}"
    said = f"{own}, in pairs with {whom} at most {most}; rank p = {p:.2g}"
    if not reaching:
        return f"{said}, the least that {pairs} such pair{'' if pairs == 1 else 's'} can give"
    return f"{said}, since {reaching} such pair{'' if reaching == 1 else 's'} of {pairs} reach it"


def _said(value: float, statistic: str) -> str:
    share = _share(value, statistic)
    return f"{share} of neurons agree" if statistic == NEURONS else f"median correlation {share}"


def _share(value: float, statistic: str) -> str:
    """As a person says it: a share in per cent, 0 and 100 only where they are exact."""
    if statistic != NEURONS:
        return f"{value:.3f}"
    return f"{value * 100:.0f} %" if value in (0, 1) else f"{value * 100:.1f} %"


def table(verdict: Verdict, cohort: Cohort, names: tuple[str, str]) -> tuple[Table, ...]:
    """Left and right, and below them every pair with the cohort."""
    if not cohort.pairs:
        return ()
    first = Beside(*names, verdict, True)
    rows = [_row(pair) for pair in (first, *cohort.pairs)]
    cut = len(rows) - _MOST_PAIRS
    more = f"{cut:,} more rows are left out. " if cut > 0 else ""
    return (Table("beside the cohort", _COLUMNS, tuple(rows[:_MOST_PAIRS]), more + _NOTE),)


_COLUMNS = (
    "one", "other", NEURONS, "their correlation", "median correlation, as stored",
    "p, independent initialisation", "counted",
)  # fmt: skip
_NOTE = (
    "The first row is left and right. A neuron agrees where its up and its down projection confirm"
    " the match that its gate made; the share is what half of the layers reach, without the first."
    " Pairs whose layers have other sizes count against left and right, and not for them. The rank"
    " p is (1 + pairs that are as alike or more) / (1 + pairs), so that few pairs promise little."
)


def _row(pair: Beside) -> tuple[str, ...]:
    share, r = pair.likeness(NEURONS), pair.likeness(CORRELATION)
    matched = pair.verdict.figures.get("correlation_of_matched")
    return (
        pair.left,
        pair.right,
        "not aligned" if share is None else _share(share, NEURONS),
        f"{matched:.3f}" if isinstance(matched, float) else "-",
        "-" if r is None else f"{r:.3f}",
        p_text(pair.verdict.log10_p) if pair.verdict.tests else "-",
        "yes" if pair.counts else "other sizes",
    )
