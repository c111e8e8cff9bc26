"""The sentences of a verdict. None of them says more than the statistics do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codesim.detectors.weights import residual, verdict
from codesim.detectors.weights.choosing import Pairing
from codesim.detectors.weights.classify import Kind
from codesim.detectors.weights.conditioning import Conditioned
from codesim.detectors.weights.merging import Merge
from codesim.detectors.weights.residual import Residual
from codesim.detectors.weights.roles import stack_of
from codesim.detectors.weights.symmetry import SymmetryTest

NO_COHORT = (
    "the match of neurons is not compared with a cohort of independent models, since none is given"
)
NO_BASE = "no tensor could be compared with the base here: a shared base is not ruled out"
_NEARER = (
    "the direction is that between these two: a third model that one of them is close to, and that"
    " both come from, would look the same; and so would the reverse, where the side that came first"
    " here is an even mean of the other and a model that is not given"
)
_THIRD = (
    ", or the other way round, or both come from a third model or from one initialisation: the"
    " weights do not say which"
)
_EITHER = (
    ": one may come from the other, or both come from a third model or from one initialisation"
)
# Kinds whose direction rests on slopes.
_BY_SLOPES = (verdict.NOISED, verdict.LOW_RANK, verdict.TUNED)
# From here on a reader would ask why the slopes do not convict.
_ALIKE = 0.5
_MOST_NAMED = 3
SCREEN = (
    "a screen pairs whole tensors of one shape; fused, transposed or cut ones, neurons in another"
    " order, and what was done to make one model from the other are told by reading the whole"
)
_NULL = (
    "the p-value concerns independent initialisation only: the same seed or a shared base reject"
    " it too"
)


def sentence(kind: Kind, steps: Sequence[str] = ()) -> str:
    """One sentence that begins with the side that was made, where that is known."""
    child, parent = _sides(kind.direction)
    undone = f"after {_listed(steps)}, " if steps else ""
    if kind.relation in (verdict.IDENTICAL, verdict.RE_ENCODED):
        said = f"{child} holds the same numbers as {parent}{kind.words}"
    elif kind.relation in (verdict.SHARED_START, verdict.DERIVED):
        said = f"left and right {kind.words}"
    else:
        said = f"{child} is {parent} {kind.words}"
    return undone + said + _open(kind)


def other_widths(kind: Kind, widths: tuple[int, int]) -> Kind:
    """What is left to say where one residual stream was mapped into a narrower one: the map itself
    changes slopes, sizes and shapes of the difference.
    """
    one, two = widths
    said = f"share neurons of their MLPs, beside residual streams {one} and {two} wide"
    return replace(kind, relation=verdict.DERIVED, direction=verdict.UNDECIDED, words=said)


def nearer(kind: Kind) -> tuple[str, ...]:
    """What a direction by slopes does not rule out."""
    told = kind.relation in _BY_SLOPES and kind.direction != verdict.UNDECIDED
    return (_NEARER,) if told else ()


def _open(kind: Kind) -> str:
    """The ways that the weights leave open; what is said of both alike names none."""
    if kind.direction != verdict.UNDECIDED:
        return ""
    if kind.relation in (verdict.IDENTICAL, verdict.RE_ENCODED):
        return ""
    if kind.relation == verdict.SHARED_START:
        return ""
    if kind.relation == verdict.DERIVED:
        return _EITHER
    return _THIRD


def _sides(direction: str) -> tuple[str, str]:
    return ("left", "right") if direction == verdict.RIGHT_TO_LEFT else ("right", "left")


def _listed(steps: Sequence[str]) -> str:
    return " and ".join([", ".join(steps[:-1]), steps[-1]] if len(steps) > 1 else steps)


def nothing(found: Sequence[Residual], same: Sequence[Residual] = ()) -> str:
    """Silence, said with its reason; tensors that hold the same numbers are named."""
    if same:
        return f"no relation of the whole is shown, and {_equal(same, len(found))}"
    if said := _unusable(found):
        return said
    if not [r for r in found if not r.excluded]:
        return "no tensors stand for each other that could be compared"
    return "nothing tells the two from models that were initialised and trained independently"


def _unusable(found: Sequence[Residual]) -> str:
    """Why numbers that were there could not be compared, where there are none that can be."""
    matrices = [r.moments for r in found if min(r.pair.left.shape) > 1]
    if not matrices:
        return ""
    if not any(each.count for each in matrices):
        return "nothing could be compared, since no number is finite on both sides and within 1e8"
    zeros = [
        side for side, total in (("left", "aa"), ("right", "bb"))
        if not any(getattr(each, total) for each in matrices)
    ]  # fmt: skip
    if not zeros:
        return ""
    return f"every matrix of {' and of '.join(zeros)} holds zeros only, which says nothing"


def _equal(same: Sequence[Residual], count: int) -> str:
    names = _some([r.pair.names[0] for r in same])
    hold = "holds" if len(same) == 1 else "hold"
    pairs = f"{len(same)} of {count} pairs of tensors {hold}"
    return f"{pairs} the same numbers on both sides ({names})"


def _some(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def notes(found: Sequence[Residual], tests: Sequence[SymmetryTest]) -> tuple[str, ...]:
    """What the p-value means, and what was left out of the tests."""
    said = [_NULL] if tests else ["no exact test applies to these tensors"]
    excluded = sum(r.excluded for r in found)
    if excluded:
        said.append(
            f"{excluded} norm vectors, position tables and other vectors take no part in the"
            " tests: they are alike between any two models"
        )
    lost = sum(r.moments.unusable for r in found)
    return (*said, *([f"{lost:,} numbers are not finite and are left out"] if lost else ()))


def tried(matched: Sequence[float]) -> str:
    """An attempt that found nothing."""
    most = max(matched[1:] or matched or (0.0,))
    return (
        "permuted neurons, flipped signs and a turned residual stream were looked for: at most "
        f"{most:.1%} of the neurons of a layer match"
    )


def merged(merge: Merge) -> str:
    """A merge with its coefficients."""
    other = "left" if merge.target == "right" else "right"
    names = [other, *(f"base {n}" for n in range(1, len(merge.coefficients)))]
    used = [
        f"{c:.2f} of {name}" for c, name in zip(merge.coefficients, names, strict=True)
        if abs(c) >= 0.005
    ]  # fmt: skip
    how = "a weighted mean" if merge.is_linear else "a spherical interpolation"
    return f"{merge.target} is {how}: {' plus '.join(used)}"


def beyond_base(seen: Conditioned, modules: int) -> str:
    """Why a shared base does not explain the likeness."""
    near = min((seen.slope, seen.back), key=lambda slope: abs(slope - 1))
    more = f", and {modules} tensors that the base lacks agree too" if modules else ""
    return (
        "the base does not explain it, since what one side changed in the base the other holds in "
        f"full (slope {near:.3f}){more}"
    )


def base_only(seen: Conditioned) -> str:
    """An honest relative, as far as the weights say."""
    figures = f"(slopes {seen.slope:.3f} and {seen.back:.3f})"
    if seen.is_open:
        return (
            "both come from the base, and what one changed in it is too little beside the rest for"
            f" the weights to say whether the other holds it {figures}"
        )
    if max(seen.slope, seen.back) > _ALIKE:
        return (
            f"both come from the base and differ from it alike {figures}, as training on like data "
            "also makes them; that one was made from the other is not shown"
        )
    return f"both come from the base, and what one changed in it the other does not hold {figures}"


def in_part(related: int, beyond: Sequence[Residual]) -> str:
    """What the base explains, and the modules that agree and that it lacks."""
    stacks = sorted({_module(r.pair.names[0]) for r in beyond})
    return (
        f"the base explains {related - len(beyond)} of the {related} tensors that agree;"
        f" {len(beyond)} that it lacks agree too ({_some(stacks)}), which one of the two may have"
        " from the other, or both from a third model"
    )


def _module(name: str) -> str:
    place = stack_of(name)
    return f"{place[0]}*" if place else name


def lacking_base(number: int) -> str:
    """A base that nothing could be compared with."""
    return f"base {number} holds no tensor that stands where the left has one"


def unrelated_base(number: int) -> str:
    """A base that does not come into question."""
    return f"base {number} resembles one of the two too little to explain what they share"


def looks(found: Sequence[Residual], left: int, right: int) -> str:
    """How much a screen rests on; ``left`` and ``right`` are the bytes that each side has."""
    read, most = [0, 0], 0
    for r in found:
        for side, window in enumerate((r.pair.left, r.pair.right)):
            size = window.values.span(window.first, window.last)[1]
            read[side] += size
            most = max(most, size)
    tensors = f"{len(found)} tensor{'' if len(found) == 1 else 's'}"
    shares = (
        f"{_size(read[0])} of {_size(left)} of left, {_size(read[1])} of {_size(right)} of right"
    )
    return (
        f"screened, not read whole: at most {-(-most // 1024)} KiB of each of {tensors}; {shares}"
    )


def _size(count: int) -> str:
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if count >= 0.99995 * unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count:,} bytes"


def screened(
    found: Sequence[Residual],
    related: Sequence[Residual],
    is_distant: bool,
    amount: str,
    pairing: Pairing,
) -> str:
    """What a screen found, and how little that is."""
    count = sum(not r.excluded for r in found)
    some = f"{len(related)} of the {count} tensors that were looked into"
    if pairing.by_content:  # these were picked for being alike
        some = f"a sample pairs {len(pairing.pairs)} of {pairing.tried} matrices, and {some}"
    changes = {r.change for r in related}
    if changes == {residual.IDENTICAL}:
        said = f"{some} hold the same numbers where they were read"
    elif changes <= {residual.IDENTICAL, residual.ROUNDED}:
        said = f"{some} hold the same numbers, but for rounding, where they were read"
    else:
        rs = sorted(abs(r.moments.correlation) for r in related)
        middle = min(0.9999, rs[len(rs) // 2])  # what differs does not read as if it did not
        said = f"{some} are alike where they were read (median correlation {middle:.4f})"
    if is_distant:
        said += ", as a shared initialisation also makes them"
    return f"{said}; {amount}"


def nothing_screened(amount: str) -> str:
    """Silence of a screen, which says less than that of a comparison."""
    return (
        "nothing where they were read tells the two from models that were initialised and trained"
        f" independently; {amount}"
    )
