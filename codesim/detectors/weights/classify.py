"""From the changes of single tensors to the relation of two models."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.detectors.weights import direction, residual, verdict
from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.foresight import corners_announced, is_far
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.probe import SIDE, Probe, probe
from codesim.detectors.weights.residual import LIMITS, Limits, Residual, change_of, spectrum
from codesim.detectors.weights.roles import is_excluded
from codesim.detectors.weights.workers import in_order

# Spectra that are computed, spread over the depth of a model.
_MOST_SPECTRA = 32
# A mean of so many standard deviations on both sides: scales that start at one, or weights that
# were drawn with one sign, which no test by signs may read. Trained matrices are below a tenth.
_CONSTANT = 1.0
# Share of what changed that has to have changed in the one way that names the relation.
_NEARLY_ALL = 0.9
# A correlation below this share of the median of the others is of tensors paired by name alone.
_ACCIDENT = 0.3
# Below it on both sides a slope says that no side holds the trained weights of the other.
DISTANT = 0.8
# From this share of equal numbers on, what changed does not speak for the whole.
_IN_PART = 0.1


@dataclass(frozen=True, slots=True)
class Kind:
    """The relation of what is aligned, its direction and the words that describe the change."""

    relation: str
    direction: str
    words: str
    figures: dict[str, str | int | float | bool | None]


def residuals(
    pairs: Sequence[Aligned], moments: Sequence[Moments], limits: Limits = LIMITS
) -> list[Residual]:
    """Every pair with the kind of its change, in order."""
    found = [
        Residual(pair, sums, seen, None, _excluded(pair) or _is_constant(sums))
        for pair, sums, seen in zip(pairs, moments, _probes(pairs), strict=True)
    ]
    changed = [
        place for place, each in enumerate(found)
        if not each.excluded and each.moments.d2 > 0 and min(each.pair.left.shape) >= 8
    ]  # fmt: skip
    step = max(1, math.ceil(len(changed) / _MOST_SPECTRA))
    spectra = in_order(lambda place: spectrum(found[place].probe.residual), changed[::step])
    for place, shape in zip(changed[::step], spectra, strict=True):
        found[place] = replace(found[place], spectrum=shape)
    return [replace(each, change=change_of(each, limits)) for each in found]


def _probes(pairs: Sequence[Aligned]) -> list[Probe]:
    """A look at every pair; what is far away is asked for ahead, one after the other."""
    if is_far([window.values for pair in pairs for window in (pair.left, pair.right)]):
        return [probe(pair) for pair in corners_announced(pairs, SIDE)]
    return in_order(probe, pairs)


def _excluded(pair: Aligned) -> bool:
    return any(
        is_excluded(name, window.values.record.shape or ())
        for name, window in zip(pair.names, (pair.left, pair.right), strict=True)
    )


def _is_constant(sums: Moments) -> bool:
    """True where both sides stand around the same constant, as they were initialised."""
    n = max(sums.count, 1)
    left, right = sums.a / n, sums.b / n
    return min(abs(left), abs(right)) > _CONSTANT * max(sums.spread, math.sqrt(
        max(sums.bb / n - right * right, 0.0)
    ))  # fmt: skip


def kind_of(found: Sequence[Residual], limits: Limits = LIMITS) -> Kind | None:
    """The relation that the related tensors say; None where no tensor is related."""
    related = related_of(found)
    if not related:
        return None
    changed = [r for r in related if r.change != residual.IDENTICAL]
    if not changed:
        return unchanged(found)
    for name, judge in _KINDS:
        if _share(changed, name) >= _NEARLY_ALL:
            return judge([r for r in changed if r.change == name], changed, limits)
    zeroed = [r for r in changed if r.probe.zeros >= limits.zeros]
    if len(zeroed) >= _NEARLY_ALL * len(changed):
        return _pruned(zeroed, changed, limits)
    return _trained(changed, related)


def related_of(found: Sequence[Residual]) -> list[Residual]:
    """Tensors that say something: not excluded, and no accident beside those that agree."""
    some = [r for r in found if not r.excluded and r.change != residual.UNRELATED]
    middle = sorted(abs(r.moments.correlation) for r in some)[len(some) // 2] if some else 0.0
    return [r for r in some if abs(r.moments.correlation) >= _ACCIDENT * middle]


def _share(changed: Sequence[Residual], name: str) -> float:
    """The share of elements that changed in one way. Rounding goes with every other change, and is
    a relation of its own only where nothing else changed.
    """
    beyond = [r for r in changed if r.change != residual.ROUNDED]
    if name == residual.ROUNDED:
        return 0.0 if beyond else 1.0
    seen = [r for r in beyond if r.spectrum is not None or r.change != residual.CHANGED]
    own = sum(r.moments.count for r in seen if r.change == name)
    return own / max(1, sum(r.moments.count for r in seen))


def unchanged(found: Sequence[Residual]) -> Kind:
    """Equal numbers; how they are kept says whether the tensors are the same too."""
    odd = _differences([r.pair for r in found])
    if not odd and all(r.change == residual.IDENTICAL for r in found):
        return Kind(verdict.IDENTICAL, verdict.UNDECIDED, "", {})
    words = f", {' and '.join(odd)}" if odd else " where they stand for each other"
    return Kind(verdict.RE_ENCODED, verdict.UNDECIDED, words, {})


def _differences(pairs: Sequence[Aligned]) -> list[str]:
    """How equal numbers are kept differently."""
    records = [(pair.left.values.record, pair.right.values.record) for pair in pairs]
    seen = (
        (any(one.name != two.name for one, two in records), "under other names"),
        (any(one.shape != two.shape for one, two in records), "in tensors of other shapes"),
        (any(one.dtype != two.dtype for one, two in records), "in another number format"),
    )
    return [words for differs, words in seen if differs]


def _rounded(_: Sequence[Residual], changed: Sequence[Residual], __: Limits) -> Kind:
    types = [
        Counter(window.values.record.dtype for window in side)
        for side in zip(*((r.pair.left, r.pair.right) for r in changed), strict=True)
    ]
    one, two = (each.most_common(1)[0][0] for each in types)
    where = verdict.UNDECIDED
    if one == "F32" != two:
        where = verdict.LEFT_TO_RIGHT
    elif two == "F32" != one:
        where = verdict.RIGHT_TO_LEFT
    formats = f" ({one} on the left, {two} on the right)" if one != two else ""
    words = f", but for rounding{formats}"
    return Kind(verdict.RE_ENCODED, where, words, {})


def _noised(own: Sequence[Residual], _: Sequence[Residual], limits: Limits) -> Kind:
    # Which side was rounded last is not known here: the one that leaves one sigma.
    side = min((0, 1), key=lambda each: _variation(own, each, False))
    sigmas = sorted(r.probe.noise[side].sigma for r in own)
    one, by_spread = _variation(own, side, False), _variation(own, side, True)
    middle = sigmas[len(sigmas) // 2]
    share = sorted(r.probe.noise[side].sigma / _spread(r) for r in own)[len(own) // 2]
    figures: dict[str, str | int | float | bool | None] = {
        "sigma": middle, "sigma_relative": share, "sigma_variation": one,
        "tensors_noised": len(own),
        "one_sigma": one < limits.one_sigma,
        "proportional_sigma": one >= limits.one_sigma > by_spread,
    }  # fmt: skip
    if one < limits.one_sigma:
        words = f"plus noise of one sigma ({middle:.2g}) in every tensor"
    elif by_spread < limits.one_sigma:
        words = f"plus noise of {share:.2g} times the spread of each tensor"
    else:
        words = f"plus normal noise whose sigma differs by tensor (about {middle:.2g})"
    return Kind(verdict.NOISED, direction.of_noise(own), words, figures)


def _variation(own: Sequence[Residual], side: int, by_spread: bool) -> float:
    """Coefficient of variation of sigma over tensors (or of sigma over the spread of the tensor)
    beyond what estimating it from that many elements gives: 1 / sqrt(2 n).
    """
    if len(own) < 2:
        return 0.0
    logs = [
        math.log(max(r.probe.noise[side].sigma, 1e-30) / (_spread(r) if by_spread else 1.0))
        for r in own
    ]
    mean = sum(logs) / len(logs)
    seen = sum((each - mean) ** 2 for each in logs) / (len(logs) - 1)
    expected = sum(1 / (2 * max(r.probe.elements, 1)) for r in own) / len(own)
    return math.sqrt(max(0.0, seen - expected))


def _spread(r: Residual) -> float:
    """The spread of the side without the noise."""
    n = max(r.moments.count, 1)
    return max(math.sqrt(min(r.moments.aa, r.moments.bb) / n), 1e-30)


def _low_rank(own: Sequence[Residual], changed: Sequence[Residual], _: Limits) -> Kind:
    ranks = Counter(r.spectrum.rank for r in own if r.spectrum is not None)
    rank = max(ranks, key=lambda each: (ranks[each], -each))
    words = f"plus a change of rank {rank} in {len(changed)} tensors"
    figures: dict[str, str | int | float | bool | None] = {
        "rank": rank, "tensors_changed": len(changed)
    }  # fmt: skip
    return Kind(verdict.LOW_RANK, direction.slopes(own).direction, words, figures)


def _pruned(own: Sequence[Residual], _: Sequence[Residual], __: Limits) -> Kind:
    share = sum(r.probe.zeros for r in own) / len(own)
    words = f"with {share:.0%} of the numbers of its matrices set to zero"
    if any(r.change != residual.PRUNED for r in own):
        words += ", and changed besides"
    return Kind(verdict.PRUNED, direction.of_pruned(own), words, {"pruned_share": share})


def _quantised(own: Sequence[Residual], _: Sequence[Residual], __: Limits) -> Kind:
    bits = sorted(r.probe.bits for r in own)[len(own) // 2]
    words = f"rounded to about {bits:.0f} bits"
    return Kind(verdict.QUANTISED, direction.of_quantised(own), words, {"bits": round(bits)})


def _trained(changed: Sequence[Residual], related: Sequence[Residual]) -> Kind:
    found = direction.slopes(changed)
    figures: dict[str, str | int | float | bool | None] = {
        "slope_right_on_left": found.right, "slope_left_on_right": found.left
    }  # fmt: skip
    same = len(related) - len(changed)
    held = 1 - _elements(changed) / max(1, _elements(related))
    if found.right < DISTANT and found.left < DISTANT and held >= _IN_PART:
        words = (
            f"hold the same numbers in {same} of {len(related)} pairs of matrices, and not the"
            " trained weights of each other in the rest"
        )
        return Kind(verdict.DERIVED, verdict.UNDECIDED, words, figures)
    if found.right < DISTANT and found.left < DISTANT:
        words = "share their initialisation or a distant ancestor, and not their trained weights"
        return Kind(verdict.SHARED_START, verdict.UNDECIDED, words, figures)
    if min(found.right, found.left) < DISTANT and found.direction == verdict.UNDECIDED:
        words = "share trained weights in part; how one was made is not told by them alone"
        return Kind(verdict.DERIVED, verdict.UNDECIDED, words, figures)
    words = "trained further, or merged with a model that is not given"
    return Kind(verdict.TUNED, found.direction, words, figures)


def _elements(found: Sequence[Residual]) -> int:
    return sum(r.moments.count for r in found)


_KINDS = (
    (residual.ROUNDED, _rounded),
    (residual.WHITE, _noised),
    (residual.PRUNED, _pruned),
    (residual.QUANTISED, _quantised),
    (residual.LOW_RANK, _low_rank),
)
