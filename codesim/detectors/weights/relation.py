"""The relation of two models, from aligned tensors and their sums."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from codesim.detectors.weights import residual, verdict, words
from codesim.detectors.weights.adversarial import Restored, restored
from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.bases import not_compared, with_bases
from codesim.detectors.weights.choices import log10_choices
from codesim.detectors.weights.classify import Kind, kind_of, related_of, residuals, unchanged
from codesim.detectors.weights.depth import Depth, depth
from codesim.detectors.weights.factors import factors
from codesim.detectors.weights.factors import undone as divided
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.narrowing import narrowing, shapes_differ
from codesim.detectors.weights.partly import of_what_agrees
from codesim.detectors.weights.residual import Residual
from codesim.detectors.weights.roles import (
    is_excluded,
    layers,
    norms_subtract_mean,
    role_of,
    stack_of,
)
from codesim.detectors.weights.sureness import GRADE_A, all_equal, equal_rows, is_sure, min_size
from codesim.detectors.weights.symmetry import SymmetryTest, combined, p_text
from codesim.detectors.weights.units import all_tests
from codesim.detectors.weights.values import Values
from codesim.detectors.weights.verdict import Row, Verdict

Measure = Callable[[Sequence[Aligned]], Sequence[Moments]]
# MLP matrices that are unrelated while the rest is not: neurons were relabelled.
_SILENT, _AGREES = 0.25, 0.2
# Undoing has to make the correlations this much larger to be worth telling.
_GAIN = 0.1


def judged(
    pairs: Sequence[Aligned],
    moments: Sequence[Moments],
    left: Sequence[Values] = (),
    right: Sequence[Values] = (),
    bases: Sequence[Sequence[Values]] = (),
    measure: Measure | None = None,
    is_whole: bool = True,
) -> Verdict:
    """The verdict on two models whose tensors are aligned and measured.

    ``bases`` are models that both may come from, or further parents of a merge. ``measure`` gives
    the sums of pairs that are made here, when a disguise is undone. ``is_whole`` is false where a
    file of either side is missing or cut short.
    """
    measure = measure or _measured
    stored = residuals(pairs, moments)
    found, factor = _without_factors(stored, measure)
    direct = _direct(stored, found, left, right, is_whole, factor)
    if _is_silent(found) or (direct.relation == verdict.NONE and shapes_differ(pairs, left, right)):
        undone = restored(left, right)
        if undone is not None:
            after = _undone(direct, found, undone, measure)
            if after.grade == "B" and after.rows and after.rows[0].how == residual.RESTORED:
                return not_compared(after) if bases else after
            direct = after
    if not bases or direct.relation == verdict.NONE:
        return direct
    return with_bases(direct, found, left, bases)


def _measured(pairs: Sequence[Aligned]) -> Sequence[Moments]:
    from codesim.detectors.weights.stream import measured

    return measured(pairs)


def _without_factors(found: Sequence[Residual], measure: Measure) -> tuple[Sequence[Residual], str]:
    """Both sides on one scale, and the words for the factor between them."""
    factor = factors(found)
    if factor is None:
        return found, ""
    pairs = [divided(r.pair, by) for r, by in zip(found, factor.by_pair, strict=True)]
    return residuals(pairs, measure(pairs)), factor.words


def _direct(
    stored: Sequence[Residual],
    found: Sequence[Residual],
    left: Sequence[Values],
    right: Sequence[Values],
    is_whole: bool,
    factor: str,
) -> Verdict:
    """What the tensors say: the tests as they are stored, the change without a factor."""
    tested = [r for r in stored if not r.excluded]
    pairs = [r.pair for r in tested]
    rms = not norms_subtract_mean([*left, *right])
    tests = all_tests(layers(pairs), [(r.pair, r.moments) for r in tested], rms)
    choices = log10_choices(pairs, left, right)
    log10_p = min(0.0, combined(tests) + choices) if tests else 0.0
    kind = kind_of(found)
    if kind is None or not is_sure(found, log10_p, left, right):
        return _none(found, tests, log10_p, min_size(left, right) if is_whole else None)
    related = related_of(found)
    shape = depth([r.pair for r in related], left, right, is_whole)
    narrower = narrowing(pairs, left, right)
    if not (narrower or shape.repeated or shape.removed):
        kind = of_what_agrees(kind, found, bool(factor))
    kind = narrower.of(kind) if narrower else _in_part(kind, pairs, (left, right))
    kind = _by_depth(_times(kind, factor), shape)
    grade = "A" if log10_p < GRADE_A else "B"
    return Verdict(
        kind.relation, grade, kind.direction, log10_p, p_text(log10_p), words.sentence(kind),
        rows_of(found), tuple(tests), {**kind.figures, **amounts(found, related)},
        (*words.notes(found, tests), *words.nearer(kind)), layers=shape.names,
    )  # fmt: skip


def _times(kind: Kind, factor: str) -> Kind:
    """A kind of change with the factor that was found beside it."""
    if not factor:
        return kind
    plain = kind.relation in (verdict.IDENTICAL, verdict.RE_ENCODED)
    said = f", {factor}{kind.words}" if plain else f"{factor}, {kind.words}"
    if kind.relation in (verdict.SHARED_START, verdict.DERIVED):
        said = f"{kind.words}, with right {factor}"
    relation = verdict.RE_ENCODED if plain else kind.relation
    return replace(kind, relation=relation, words=said, figures={**kind.figures, "factor": factor})


def _none(
    found: Sequence[Residual], tests: Sequence[SymmetryTest], log10_p: float, size: int | None
) -> Verdict:
    """No relation of the whole; equal numbers are stated all the same. ``size`` is that of the
    smaller model, None where a part of one could not be read.
    """
    same = equal_rows(found)
    silent = Verdict(
        verdict.NONE, "", "", log10_p, p_text(log10_p), words.nothing(found, same), rows_of(found),
        tuple(tests), amounts(found, ()), words.notes(found, tests),
    )  # fmt: skip
    if not same:
        return silent
    silent = replace(silent, grade="C", figures={**silent.figures, "tensors_equal": len(same)})
    if size is None or not all_equal(found, size):
        return silent
    kind = unchanged(found)
    return replace(
        silent, relation=kind.relation, direction=kind.direction, sentence=words.sentence(kind)
    )


def _by_depth(kind: Kind, shape: Depth) -> Kind:
    """Layers that are repeated or missing name the relation; what changed in them is added."""
    if not shape.repeated and not shape.removed:
        return kind
    relation = verdict.UP_SCALED if shape.repeated else verdict.LAYERS_REMOVED
    said = "with layers repeated" if shape.repeated else "with layers removed"
    plain = kind.relation in (verdict.IDENTICAL, verdict.RE_ENCODED)
    said = said if plain else f"{said}, {kind.words}"
    return Kind(relation, shape.direction, said, {**kind.figures, "change": kind.relation})


def _in_part(kind: Kind, pairs: Sequence[Aligned], sides: Sequence[Sequence[Values]]) -> Kind:
    """Equal numbers, told apart from equal models: a side may have more matrices."""
    if kind.relation not in (verdict.IDENTICAL, verdict.RE_ENCODED):
        return kind
    paired = [{pair.names[side] for pair in pairs} for side in (0, 1)]
    alone = any(
        values.name not in held and not is_excluded(values.name, values.record.shape or ())
        for held, values_of in zip(paired, sides, strict=True) for values in values_of
    )  # fmt: skip
    said = "where they stand for each other"
    if not alone or said in kind.words:
        return kind
    return replace(kind, words=f"{kind.words}, {said}" if kind.words else f" {said}")


def _is_silent(found: Sequence[Residual]) -> bool:
    """True when MLPs are unrelated where the rest of their layer is not, or everything is: so
    independent models have it, and relabelled ones. A layer that is unrelated as a whole beside
    others that are not was paired by name alone.
    """
    by_layer: dict[object, list[Residual]] = {}
    for r in found:
        if not r.excluded and (place := stack_of(r.pair.names[0])):
            by_layer.setdefault(place, []).append(r)
    alive = [each for each in by_layer.values() if any(map(_agrees, each))]
    mlp = [r for each in alive or by_layer.values() for r in each if _is_mlp(r)]
    unrelated = sum(r.moments.count for r in mlp if not _agrees(r))
    return bool(mlp) and unrelated >= _SILENT * sum(r.moments.count for r in mlp)


def _is_mlp(r: Residual) -> bool:
    return bool({role_of(name) for name in r.pair.names} & {"gate", "up", "down"})


def _agrees(r: Residual) -> bool:
    return abs(r.moments.correlation) >= _AGREES


def _middle(found: Sequence[Residual]) -> float:
    """The median size of the correlations of MLP matrices."""
    sizes = sorted(abs(r.moments.correlation) for r in found if _is_mlp(r))
    return sizes[len(sizes) // 2] if sizes else 0.0


def _undone(
    direct: Verdict, before: Sequence[Residual], undone: Restored, measure: Measure
) -> Verdict:
    """The verdict after relabelling, or the direct one with what was tried."""
    direct = with_matched(direct, undone)
    figures = direct.figures
    tests = (*direct.tests, *([undone.test] if undone.test else []))
    if not undone.holds or not undone.steps:
        note = words.tried(undone.matched)
        return replace(direct, figures=figures, tests=tests, notes=(*direct.notes, note))
    found = residuals(undone.pairs, measure(undone.pairs))
    kind = kind_of(found)
    if kind is None or _middle(found) < _middle(before) + _GAIN:
        return replace(direct, figures=figures, tests=tests)
    if undone.widths[0] != undone.widths[1]:
        kind = words.other_widths(kind, undone.widths)
    if kind.relation == verdict.IDENTICAL:
        kind = replace(kind, relation=verdict.RE_ENCODED)
    log10_p = _either(direct.log10_p, undone)
    return Verdict(
        kind.relation, "B", kind.direction, log10_p, p_text(log10_p),
        words.sentence(kind, undone.steps), rows_of(found), tests, {**figures, **kind.figures},
        (*direct.notes, words.NO_COHORT, *words.nearer(kind)), layers=direct.layers,
        matched=undone.matched,
    )  # fmt: skip


def with_matched(verdict: Verdict, undone: Restored) -> Verdict:
    """A verdict that holds how many neurons agree after alignment, and says nothing else of it."""
    figures = {
        **verdict.figures, "neurons_matched": min(undone.matched[1:] or undone.matched or (0.0,)),
        "neurons_matched_by_layer": " ".join(f"{m:.3f}" for m in undone.matched),
        "correlation_of_matched": undone.correlation, "cohort": None,
    }  # fmt: skip
    return replace(verdict, figures=figures, matched=undone.matched)


def _either(log10_p: float, undone: Restored) -> float:
    """The smaller of the p-values before and after, paid for twice (Bonferroni), and the latter
    for the alignments that it could have had.
    """
    if undone.test is None:
        return log10_p
    after = undone.test.log10_p + log10_choices(undone.pairs)
    return min(0.0, min(log10_p, after) + math.log10(2))


def amounts(
    found: Sequence[Residual], related: Sequence[Residual]
) -> dict[str, str | int | float | bool | None]:
    """How much was compared, how much of it is related, and the median correlation."""
    matrices = [r for r in found if not r.excluded]
    rs = sorted(r.moments.correlation for r in matrices)
    return {
        "tensors": len(found), "tensors_excluded": len(found) - len(matrices),
        "tensors_related": len(related), "elements": sum(r.moments.count for r in matrices),
        "elements_related": sum(r.moments.count for r in related),
        "not_finite": sum(r.moments.unusable for r in found),
        "correlation": rs[len(rs) // 2] if rs else None,
    }  # fmt: skip


def rows_of(found: Sequence[Residual]) -> tuple[Row, ...]:
    """One row of a report for each pair."""
    return tuple(_row(r) for r in found)


def _row(r: Residual) -> Row:
    shape = r.spectrum
    return Row(
        *r.pair.names, r.pair.how, "excluded" if r.excluded and r.change != residual.IDENTICAL
        else r.change, r.moments.count, r.moments.correlation, r.moments.sigma, r.moments.spread,
        r.moments.slopes, shape.edge if shape else None,
        shape.rank if shape and r.change == residual.LOW_RANK else None,
        shape.values[:64] if shape else (),
    )  # fmt: skip
