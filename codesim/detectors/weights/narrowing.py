"""MLPs that were made narrower: neurons left out, and the others kept as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.weights import verdict
from codesim.detectors.weights.adversarial import restored
from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.classify import Kind
from codesim.detectors.weights.roles import role_of
from codesim.detectors.weights.values import Values

# Kinds that say nothing of a change.
_PLAIN = frozenset({verdict.IDENTICAL, verdict.RE_ENCODED})


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The share of neurons that the narrower side lacks, the least share of those it has that are
    neurons of the other, by layer without the first, and which side is narrower.
    """

    share: float
    matched: float
    direction: str

    def of(self, kind: Kind) -> Kind:
        """A kind of change with what was left out."""
        words = f"with {self.share:.0%} of the neurons of its MLPs left out"
        if kind.relation not in _PLAIN:
            words += f", {kind.words}"
        figures = {**kind.figures, "neurons_left_out": self.share, "neurons_kept": self.matched,
                   "change": kind.relation}  # fmt: skip
        return Kind(verdict.PRUNED, self.direction, words, figures)


def narrowing(
    pairs: Sequence[Aligned], left: Sequence[Values], right: Sequence[Values]
) -> Narrowing | None:
    """What was left out of the MLPs; None where they are equally wide, or the neurons of the
    narrower are not those of the other.
    """
    widths = [_width(pairs, side, values) for side, values in enumerate((left, right))]
    if 0 in widths or widths[0] == widths[1]:
        return None
    undone = restored(left, right)
    if undone is None or not undone.holds:
        return None
    return Narrowing(
        1 - min(widths) / max(widths),
        min(undone.matched[1:] or undone.matched),
        verdict.LEFT_TO_RIGHT if widths[0] > widths[1] else verdict.RIGHT_TO_LEFT,
    )


def shapes_differ(
    pairs: Sequence[Aligned], left: Sequence[Values], right: Sequence[Values]
) -> bool:
    """True where both sides have gated MLPs that nothing stands for."""
    return all(_width(pairs, side, values) for side, values in enumerate((left, right)))


def _width(pairs: Sequence[Aligned], side: int, values: Sequence[Values]) -> int:
    """The neurons of the MLPs of a side that nothing stands for; 0 where there are none."""
    paired = {pair.names[side] for pair in pairs}
    gates = [v for v in values if role_of(v.name) == "gate" and v.name not in paired]
    return sum(gate.rows for gate in gates)
