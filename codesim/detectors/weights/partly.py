"""A relation is that of the whole only where the whole agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codesim.detectors.weights import residual, verdict
from codesim.detectors.weights.classify import Kind, related_of
from codesim.detectors.weights.residual import Residual

# Below this share of what was compared a change of the rest is none of the model.
_MOST = 0.5
_PLAIN = (verdict.IDENTICAL, verdict.RE_ENCODED)


def of_what_agrees(kind: Kind, found: Sequence[Residual], is_scaled: bool = False) -> Kind:
    """A kind of change that says in how much of what was compared it was seen, and that names no
    relation of the models where this is less than half of their matrices. Where one side
    ``is_scaled``, norms and biases differ by themselves.
    """
    matrices = [r for r in found if not r.excluded]
    related = related_of(found)
    if kind.relation in (verdict.SHARED_START, verdict.DERIVED):
        return kind
    if len(related) == len(matrices):
        return kind if is_scaled else _besides(kind, found, len(matrices))
    where = f"in {len(related)} of {len(matrices)} pairs of matrices"
    if _elements(related) < _MOST * _elements(matrices):
        same = "hold the same numbers" if kind.relation in _PLAIN else "agree"
        return _derived(kind, f"{same} {where}, and nothing else that was compared is alike")
    if kind.relation not in _PLAIN:
        return replace(kind, words=f"{kind.words}, {where}")
    return _derived(kind, f"hold the same numbers {where}, and the others are not alike")


def _besides(kind: Kind, found: Sequence[Residual], matrices: int) -> Kind:
    """Equal matrices, kept alike, beside norms or biases that differ: no other way to keep them."""
    other = sum(r.excluded and r.change != residual.IDENTICAL for r in found)
    records = [(r.pair.left.values.record, r.pair.right.values.record) for r in found]
    kept_alike = all(one.dtype == two.dtype and one.shape == two.shape for one, two in records)
    if kind.relation != verdict.RE_ENCODED or not other or not kept_alike:
        return kind
    if any(r.change != residual.IDENTICAL for r in found if not r.excluded):
        return kind
    return _derived(
        kind,
        f"hold the same numbers in all {matrices} pairs of matrices, and others in {other} norm"
        " vectors, position tables and other vectors",
    )


def _derived(kind: Kind, words: str) -> Kind:
    figures = {**kind.figures, "change": kind.relation}
    return Kind(verdict.DERIVED, verdict.UNDECIDED, words, figures)


def _elements(found: Sequence[Residual]) -> int:
    return sum(r.moments.count for r in found)
