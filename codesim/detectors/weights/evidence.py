"""A verdict on two models in the nouns of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesim.detectors.weights import cohort as beside
from codesim.detectors.weights import verdict as words
from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.cohort import Cohort
from codesim.detectors.weights.figures import plots_of
from codesim.detectors.weights.filepairs import alike, file_pairs, renames_of
from codesim.detectors.weights.layermap import layer_plot
from codesim.detectors.weights.strength import strength_of
from codesim.detectors.weights.tables import tables_of
from codesim.detectors.weights.verdict import Verdict
from codesim.errors import SnapshotError
from codesim.formats import FormatError
from codesim.model import Evidence, Excluded, Fact, Plot, Skipped, Table
from codesim.text import percent

if TYPE_CHECKING:
    from codesim.detectors.weights.models import Model
    from codesim.detectors.weights.values import Values

# A model of 8 billion parameters has about 300 tensors.
_MOST_ALONE = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """Two models, what is aligned in them, and what is said of it, or why nothing is."""

    left: Model
    right: Model
    bases: Sequence[Model] = ()
    pairs: Sequence[Aligned] = ()
    verdict: Verdict | None = None
    state: str = ""
    cohort: Cohort | None = None
    unread: Sequence[Skipped] = ()


def evidence_of(finding: Finding) -> Evidence:
    """Strength, summary, tensors that match, renames, tables and figures of a finding."""
    verdict = finding.verdict
    if verdict is None or finding.state:
        return Evidence(
            "weights",
            strength_of(NOTHING),
            0.0,
            finding.state,
            skipped=_skipped(finding),
            facts={**_NO_FACTS, "state": finding.state, **_amounts(finding)},
        )
    rows = alike(verdict)
    is_related = verdict.relation != words.NONE
    return Evidence(
        kind="weights",
        strength=strength_of(verdict),
        score=round(abs(verdict.log10_p), 2) if is_related else 0.0,
        summary=summary(finding, verdict),
        pairs=file_pairs(finding.left, finding.right, rows) if is_related else (),
        renames=renames_of(rows) if is_related else (),
        excluded=_excluded(finding, verdict),
        skipped=_skipped(finding),
        tables=(*tables_of(verdict), *_beside(finding, verdict), *_alone(finding)),
        facts=_facts(finding, verdict),
        plots=_plots(finding, verdict),
    )


NOTHING = Verdict(words.NONE, "", words.UNDECIDED, 0.0, "1", "")
# A program finds the same names where nothing was compared, and no number that was not computed.
_NO_FACTS: dict[str, Fact] = {
    "relation": words.NONE, "grade": "", "direction": "", "p": None, "log10_p": None,
    "sentence": "", "tensors_compared": 0, "left_compared": 0.0, "right_compared": 0.0,
}  # fmt: skip


def summary(finding: Finding, verdict: Verdict) -> str:
    """The verdict, what its grade stands on, and how much was compared."""
    parts = [f"{verdict.relation}: {verdict.sentence}" if verdict.sentence else verdict.relation]
    if verdict.grade:
        parts.append(f"grade {verdict.grade} ({_stands_on(verdict)})")
    if verdict.tests:
        parts.append(f"p {_equals(verdict.p)} for independent initialisation")
    if verdict.grade:
        parts += _about_bases(finding, verdict)
    parts += _about_cohort(finding, verdict)
    left, right = _compared(finding, verdict)
    amount = f"{_tensors(len(finding.pairs) or len(verdict.rows))} compared"
    parts.append(f"{amount}: {percent(left)} of left, {percent(right)} of right")
    parts += _without_counterpart(finding)
    parts += [
        f"{side} is not whole: {_part(model)}"
        for side, model in (("left", finding.left), ("right", finding.right))
        if model.state == "partial"
    ]
    lost = int(verdict.figures.get("not_finite") or 0)
    parts += [f"{lost:,} numbers are not finite and left out"] if lost else []
    unread = sum(each.what.startswith(("left: ", "right: ")) for each in finding.unread)
    parts += [f"{unread:,} tensors could not be read"] if unread else []
    return "; ".join(parts)


def _part(model: Model) -> str:
    """How much of a model is there. What a lost file held is known only where an index says it."""
    if len(model.tensors) < model.declared:
        return f"{len(model.tensors):,} of {model.declared:,} tensors can be read"
    return "a file of it cannot be read"


def _stands_on(verdict: Verdict) -> str:
    """What a grade stands on, in a few words."""
    if verdict.grade != "B":
        return "an exact test" if verdict.grade == "A" else "description only"
    if "base_slope" in verdict.figures:
        return "rests on what the base leaves"
    if verdict.relation == words.MERGED:
        return "rests on one proportion throughout"
    matched = beside.rests_on_matching(verdict)
    return f"rests on {'neurons that were matched first' if matched else 'a correlation'}"


def _about_bases(finding: Finding, verdict: Verdict) -> list[str]:
    """What was made of the bases, where the sentence of the verdict does not say it."""
    if not finding.bases:
        return ["no base named" if finding.cohort else "no base and no cohort named"]
    lost = [base.name for base in finding.bases if not base.has_values]
    said = [f"the base {name} holds no weights that can be read" for name in lost]
    if len(lost) == len(finding.bases):
        return said
    if "base_is" in verdict.figures:
        return [*said, f"the base is {verdict.figures['base_is']} itself"]
    if verdict.figures.get("base_compared") is False:
        return [*said, "it could not be compared with the base, so that a shared base is possible"]
    told = "base_slope" in verdict.figures or verdict.relation == words.MERGED
    return said if told else [*said, "the base explains nothing of it"]


def _about_cohort(finding: Finding, verdict: Verdict) -> list[str]:
    """Where the two stand among unrelated models, or that none was given."""
    if finding.cohort is not None:
        return [said] if (said := beside.summary(verdict.figures)) else []
    return ["no cohort named"] if verdict.grade and finding.bases else []


def _beside(finding: Finding, verdict: Verdict) -> tuple[Table, ...]:
    if finding.cohort is None:
        return ()
    names = f"left ({finding.left.name})", f"right ({finding.right.name})"
    return beside.table(verdict, finding.cohort, names)


def _equals(p: str) -> str:
    return p if p.startswith(("<", "=")) else f"= {p}"


def _tensors(number: int) -> str:
    return f"{number:,} pair{'' if number == 1 else 's'} of tensors"


def _compared(finding: Finding, verdict: Verdict) -> tuple[float, float]:
    """The share of the values of each side that is aligned and finite."""
    sides = []
    lost = int(verdict.figures.get("not_finite") or 0)
    for side, model in ((0, finding.left), (1, finding.right)):
        seen: dict[str, int] = {}
        for pair in finding.pairs:
            window = (pair.left, pair.right)[side]
            rows, columns = window.shape
            seen[window.values.name] = seen.get(window.values.name, 0) + rows * columns
        if not finding.pairs:
            seen = {(row.left, row.right)[side]: row.elements for row in verdict.rows}
        sizes = {values.name: values.rows * values.columns for values in model.tensors}
        total = sum(sizes.values())
        held = sum(min(count, sizes.get(name, count)) for name, count in seen.items())
        sides.append(max(0, held - lost) / total if total else 0.0)
    return sides[0], sides[1]


def _unpaired(finding: Finding) -> list[list[Values]]:
    """Tensors of the left and of the right that nothing on the other side stands for."""
    paired = [{pair.names[side] for pair in finding.pairs} for side in (0, 1)]
    return [
        [values for values in model.tensors if values.name not in held]
        for model, held in zip((finding.left, finding.right), paired, strict=True)
    ]


def _without_counterpart(finding: Finding) -> list[str]:
    """How many tensors nothing stands for; a screen does not look for that."""
    if finding.verdict and finding.verdict.figures.get("screened"):
        return []
    counts = zip(_unpaired(finding), ("left", "right"), strict=True)
    said = [f"{len(alone):,} of {side}" for alone, side in counts if alone]
    return [f"no counterpart for {' and '.join(said)}"] if said else []


def _alone(finding: Finding) -> tuple[Table, ...]:
    """The tensors that were not compared."""
    rows = [
        (values.name, " x ".join(map(str, values.record.shape or ())), state)
        for state, alone in zip(("only left", "only right"), _unpaired(finding), strict=True)
        for values in alone
    ]
    if not rows or (finding.verdict and finding.verdict.figures.get("screened")):
        return ()
    cut = len(rows) - _MOST_ALONE
    note = f"{cut:,} more rows are left out" if cut > 0 else ""
    title = "tensors without a counterpart"
    return (Table(title, ("tensor", "shape", "state"), tuple(rows[:_MOST_ALONE]), note),)


def _plots(finding: Finding, verdict: Verdict) -> tuple[Plot, ...]:
    if verdict.figures.get("screened"):
        # What needs more numbers of a tensor than were read is left out.
        return plots_of(verdict, (), finding.cohort)
    try:
        layers = layer_plot(finding.pairs)
        plots = plots_of(verdict, finding.pairs, finding.cohort)
    except (FormatError, SnapshotError):  # lost after it was compared: the figures were of that
        return plots_of(verdict, (), finding.cohort)
    return (*plots, *([layers] if layers else []))


def _excluded(finding: Finding, verdict: Verdict) -> tuple[Excluded, ...]:
    """The bases that explain something."""
    figures = verdict.figures
    readable = [base for base in finding.bases if base.has_values]
    if "base_is" in figures:
        reason = f"it is the {figures['base_is']} itself, so that it explains what both share"
    elif verdict.relation == words.SHARED_BASE:
        reason = "both sides come from it, and what one changed in it the other does not hold"
    elif figures.get("base_conditioned"):
        reason = "what counts is only what each side changed in it"
    else:
        reason = "what both sides have of it is explained by it"
    numbers = str(figures.get("base_explains") or "").split()
    chosen = [readable[int(number) - 1] for number in numbers if int(number) <= len(readable)]
    related = finding.cohort.excluded if finding.cohort else ()
    return (*related, *(
        Excluded(f"weights of the base ({base.name})", f"{len(base.tensors):,} tensors", reason)
        for base in chosen
    ))  # fmt: skip


def _skipped(finding: Finding) -> tuple[Skipped, ...]:
    sides = [("left", finding.left), ("right", finding.right)]
    sides += [("base", base) for base in finding.bases]
    found = (
        Skipped(f"{side}: {each.what}", each.reason)
        for side, model in sides
        for each in model.skipped
    )
    return (*found, *finding.unread, *(finding.cohort.skipped if finding.cohort else ()))


def _facts(finding: Finding, verdict: Verdict) -> dict[str, Fact]:
    left, right = _compared(finding, verdict)
    return {
        "relation": verdict.relation,
        "grade": verdict.grade,
        "direction": verdict.direction,
        "p": verdict.p,
        "log10_p": max(verdict.log10_p, -300.0),
        "sentence": verdict.sentence,
        "tensors_compared": len(finding.pairs),
        "left_compared": left,
        "right_compared": right,
        "bases": len(finding.bases),
        "cohort": None,
        **_amounts(finding),
        **verdict.figures,
    }


def _amounts(finding: Finding) -> dict[str, Fact]:
    """How much of each model could be read."""
    found: dict[str, Fact] = {}
    for side, model in (("left", finding.left), ("right", finding.right)):
        found[f"{side}_state"] = model.state
        found[f"{side}_tensors"] = len(model.tensors)
        found[f"{side}_declared_tensors"] = model.declared
        found[f"{side}_bytes"] = model.bytes
        found[f"{side}_declared_bytes"] = model.declared_bytes
    return found
