"""A verdict in the light of models that both sides may come from, or that one is merged with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.detectors.weights import verdict, words
from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.classify import related_of
from codesim.detectors.weights.conditioning import Conditioned, conditioned
from codesim.detectors.weights.gram import Joint, joints
from codesim.detectors.weights.merging import Merge, merges
from codesim.detectors.weights.residual import Residual
from codesim.detectors.weights.values import Values
from codesim.detectors.weights.verdict import Verdict

# Relations that a merge looks like when only one of its parents is compared.
_OPEN = frozenset({verdict.TUNED, verdict.DERIVED, verdict.SHARED_START, verdict.LOW_RANK})
# Changes by which a copy differs from what it was made from; training is not one of them.
_COPY = frozenset({
    verdict.IDENTICAL, verdict.RE_ENCODED, verdict.NOISED, verdict.QUANTISED, verdict.PRUNED,
    verdict.LOW_RANK, verdict.UP_SCALED, verdict.LAYERS_REMOVED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One base, by its number from 1, with what both sides share beyond it."""

    number: int
    against: Conditioned
    pairs: frozenset[int]


def with_bases(
    direct: Verdict,
    found: Sequence[Residual],
    left: Sequence[Values],
    bases: Sequence[Sequence[Values]],
) -> Verdict:
    """A merge of several parents first; else what is shared beyond the bases together. Each base
    is asked about the tensors that it holds: a tensor is explained where any base explains it.
    """
    pairs = [r.pair for r in found if not r.excluded]
    single = [joints(pairs, left, [base]) if base else [] for base in bases]
    if direct.relation in _OPEN:
        merge = _merge(pairs, left, bases, single)
        if merge is not None:
            return _merged(direct, merge)
    seen = []
    for number, joint in enumerate(single, 1):
        against = conditioned(joint)
        if against is None:
            direct = replace(direct, notes=(*direct.notes, words.lacking_base(number)))
        elif not against.is_related:
            direct = replace(direct, notes=(*direct.notes, words.unrelated_base(number)))
        else:
            seen.append(Seen(number, against, frozenset(id(each.pair) for each in joint)))
    if any(single) or not bases:
        is_copy = direct.relation in _COPY
        return against_bases(direct, seen, found, is_copy) if seen else direct
    return not_compared(direct)


def not_compared(direct: Verdict) -> Verdict:
    """A verdict on which no base could be brought to bear."""
    figures = {**direct.figures, "base_compared": False}
    return replace(direct, figures=figures, notes=(*direct.notes, words.NO_BASE))


def _merge(
    pairs: Sequence[Aligned],
    left: Sequence[Values],
    bases: Sequence[Sequence[Values]],
    single: Sequence[Sequence[Joint]],
) -> Merge | None:
    """A merge with all further models that hold common tensors, else with one of them."""
    known = [n for n, joint in enumerate(single) if joint]
    groups: list[tuple[list[int], Sequence[Joint]]] = []
    if len(known) > 1:
        groups.append((known, joints(pairs, left, [bases[n] for n in known])))
    groups += [([n], single[n]) for n in known]
    found = [
        _numbered(merge, chosen, len(bases))
        for chosen, joint in groups for merge in merges(joint)[:1]
    ]  # fmt: skip
    return found[0] if found else None


def _numbered(merge: Merge, chosen: Sequence[int], count: int) -> Merge:
    """Coefficients by the place of every base, 0 for those that were left out."""

    def spread(values: Sequence[float]) -> tuple[float, ...]:
        by_base = dict(zip(chosen, values[1:], strict=True))
        return (values[0], *(by_base.get(n, 0.0) for n in range(count)))

    by_tensor = tuple((name, spread(values)) for name, values in merge.by_tensor)
    return replace(merge, coefficients=spread(merge.coefficients), by_tensor=by_tensor)


def _merged(direct: Verdict, merge: Merge) -> Verdict:
    where = verdict.LEFT_TO_RIGHT if merge.target == "right" else verdict.RIGHT_TO_LEFT
    figures = {
        **direct.figures, "coefficients": " ".join(f"{c:.3f}" for c in merge.coefficients),
        "interpolation": "linear" if merge.is_linear else "spherical",
        "coefficient_variation": merge.variation, "unexplained": merge.left_over,
    }  # fmt: skip
    return replace(
        direct, relation=verdict.MERGED, grade="B", direction=where, figures=figures,
        sentence=words.merged(merge), coefficients=merge.by_tensor,
    )  # fmt: skip


def against_bases(
    direct: Verdict, seen: Sequence[Seen], found: Sequence[Residual], is_copy: bool
) -> Verdict:
    """A copy holds the other's changes of the base; an honest relative shares the base only.

    ``is_copy``: the one side differs from the other as copies do, and not as by training.
    """
    open_ = [s for s in seen if is_copy and s.against.holds and not s.against.same]
    explaining = [s for s in seen if s not in open_]
    explained = frozenset[int]().union(*(s.pairs for s in explaining))
    held = [s for s in open_ if s.pairs - explained]
    related = related_of(found)
    beyond = [r for r in related if not any(id(r.pair) in s.pairs for s in seen)]
    main = max(held or explaining or seen, key=lambda s: len(s.pairs))
    figures = {**direct.figures, **_figures(main.against), "tensors_beyond_base": len(beyond)}
    if held:
        figures["base_explains"] = " ".join(str(s.number) for s in seen)
        said = words.beyond_base(main.against, len(beyond))
        return replace(
            direct, grade="B", figures={**figures, "base_conditioned": True},
            sentence=f"{direct.sentence}; {said}",
        )  # fmt: skip
    figures["base_explains"] = " ".join(str(s.number) for s in explaining)
    if beyond:
        shared = direct.relation == verdict.SHARED_START
        return replace(
            direct, grade="B", relation=direct.relation if shared else verdict.DERIVED,
            direction=verdict.UNDECIDED, figures={**figures, "base_conditioned": False},
            sentence=words.in_part(len(related), beyond),
        )  # fmt: skip
    if main.against.same:
        return replace(direct, figures={**figures, "base_is": main.against.same})
    return replace(
        direct, relation=verdict.SHARED_BASE, grade="B", direction=verdict.UNDECIDED,
        figures={**figures, "base_conditioned": False}, sentence=words.base_only(main.against),
    )  # fmt: skip


def _figures(seen: Conditioned) -> dict[str, str | int | float | bool | None]:
    return {
        "base_slope": seen.slope, "base_slope_error": seen.error, "base_slope_back": seen.back,
        "base_correlation": seen.correlation, "base_tensors": seen.tensors,
    }  # fmt: skip
