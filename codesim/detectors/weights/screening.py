"""Two models by a few rows of some of their tensors: an answer from megabytes.

What it says is about what was read. The p-value is exact all the same: a part of a neuron changes
its sign with the whole, so that signs of inner products of parts are as free as those of wholes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codesim.detectors.weights import direction, residual, verdict, words
from codesim.detectors.weights.alignment import CONTENT, Aligned
from codesim.detectors.weights.bases import Seen, against_bases, not_compared
from codesim.detectors.weights.choices import log10_choices
from codesim.detectors.weights.choosing import FreeRows, Pairing, alike, chosen, named
from codesim.detectors.weights.classify import DISTANT, kind_of, related_of, residuals
from codesim.detectors.weights.comparing import NO_COUNTERPART, found_in, missing, whole
from codesim.detectors.weights.conditioning import conditioned
from codesim.detectors.weights.evidence import Finding
from codesim.detectors.weights.foresight import announce
from codesim.detectors.weights.gram import Joint, joint_of
from codesim.detectors.weights.lost import Readable
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.relation import amounts, rows_of
from codesim.detectors.weights.residual import Residual
from codesim.detectors.weights.stream import measured
from codesim.detectors.weights.sureness import GRADE_A, is_sure
from codesim.detectors.weights.symmetry import SymmetryTest, combined, p_text, sign_test
from codesim.detectors.weights.unread import unread
from codesim.detectors.weights.verdict import Row, Verdict

# Names are trusted where a fourth of what they pair is alike: models may share a part only. And
# content is, where it pairs a fourth as much as names do: it pairs the one or other tensor of any
# two models that share their data.
_FEW = 4
# What a few rows show of a change: the same numbers, rounding, or none. Ranks, and the shape of
# noise, need more of a matrix.
_TOLD = frozenset({residual.IDENTICAL, residual.ROUNDED, residual.UNRELATED})
# Changes by which a copy differs; what training leaves is not one of them.
_COPY = frozenset({
    verdict.IDENTICAL, verdict.RE_ENCODED, verdict.NOISED, verdict.QUANTISED, verdict.PRUNED,
})  # fmt: skip


def screened(
    left: Model, right: Model, bases: Sequence[Model] = (), device: str | None = None
) -> Finding:
    """What is said of two models after a look into them; a state where nothing can be."""
    state = missing(left, right)
    if state:
        return Finding(left, right, bases, state=state)
    every, pairing = _looked_into(left, right, bases, device)
    told = unread(every.pairs, every.moments)
    held = whole(every)
    if not held.pairs:
        state = missing(held.left, held.right) or NO_COUNTERPART
        return Finding(held.left, held.right, held.bases, state=state, unread=told)
    return found_in(held, lambda some: _judged(some, pairing), told)


def _judged(held: Readable, pairing: Pairing) -> Verdict:
    """The verdict on the parts, in the light of the bases."""
    found = residuals(held.pairs, held.moments)
    said = _said(found, held, pairing)
    if said.relation != verdict.NONE and any(base.has_values for base in held.bases):
        return _beyond_bases(said, found, held)
    return said


def _looked_into(
    left: Model, right: Model, bases: Sequence[Model], device: str | None
) -> tuple[Readable, Pairing]:
    """Parts of pairs by name, which costs nothing and favours none; by content where these are not
    alike.
    """
    sides = left.tensors, right.tensors
    free = FreeRows(*sides)
    first = named(*sides)
    held = Readable(left, right, tuple(bases), (), ())
    parts = _measured(chosen(first.pairs, free), held, device)
    if parts.pairs and _likeness(parts) * _FEW >= len(parts.pairs):
        return parts, first
    second = alike(*sides)
    if not second.by_content and parts.pairs:
        return parts, first
    more = _measured(chosen(second.pairs, free), held, device)
    is_better = _likeness(more) * _FEW >= len(parts.pairs)
    return (more, second) if is_better or not parts.pairs else (parts, first)


def _likeness(held: Readable) -> int:
    """How many of the parts are alike."""
    return sum(abs(sums.correlation) >= CONTENT for sums in held.moments)


def _measured(pairs: Sequence[Aligned], held: Readable, device: str | None) -> Readable:
    announce(
        (window, (0, window.shape[0]), (0, window.shape[1]))
        for pair in pairs
        for window in (pair.left, pair.right)
    )
    moments = tuple(measured(pairs, device))
    return replace(held, pairs=tuple(pairs), moments=moments)


def _said(found: Sequence[Residual], held: Readable, pairing: Pairing) -> Verdict:
    """The verdict without bases."""
    sides = held.left.tensors, held.right.tensors
    free = FreeRows(*sides)
    tested = [r for r in found if not r.excluded and free.of(r.pair)]
    tests = _tests(tested)
    choices = log10_choices([r.pair for r in tested], *sides)
    log10_p = min(0.0, combined(tests) + choices) if tests else 0.0
    related = related_of(found)
    figures: dict[str, str | int | float | bool | None] = {
        **amounts(found, related), **_bytes(found), "screened": True,
        "tensors_paired": len(pairing.pairs), "tensors_tried": pairing.tried,
    }  # fmt: skip
    notes = (*words.notes(found, tests), words.SCREEN)
    looks = words.looks(found, held.left.bytes, held.right.bytes)
    # Without a test, likeness has to be that of most of a model, and not of what was picked for it.
    if not related or not (log10_p < GRADE_A or (pairing.is_most and is_sure(found, 0.0))):
        return Verdict(
            verdict.NONE, "", "", log10_p, p_text(log10_p), words.nothing_screened(looks),
            _rows(found), tests, figures, notes,
        )  # fmt: skip
    slopes = direction.slopes([r for r in related if r.change != residual.IDENTICAL])
    changed = any(r.change != residual.IDENTICAL for r in related)
    is_distant = changed and max(slopes.right, slopes.left) < DISTANT
    figures |= {
        "equal_share": sum(r.moments.equal for r in related)
        / max(1, sum(r.moments.count for r in related)),
        "distant": is_distant,
    }
    if changed:
        figures |= {"slope_right_on_left": slopes.right, "slope_left_on_right": slopes.left}
    return Verdict(
        verdict.SCREENED, "A" if log10_p < GRADE_A else "B", verdict.UNDECIDED, log10_p,
        p_text(log10_p), words.screened(found, related, is_distant, looks, pairing), _rows(found),
        tests, figures, notes,
    )  # fmt: skip


def _tests(tested: Sequence[Residual]) -> tuple[SymmetryTest, ...]:
    """The sign test of rows that stand for neurons and value channels, each of them once."""
    dots = [r.moments.row_dots for r in tested if r.moments.row_dots is not None]
    test = sign_test(dots, "signs of some neurons and value channels")
    return (test,) if test else ()


def _bytes(found: Sequence[Residual]) -> dict[str, int]:
    """Bytes of the numbers that were compared, on either side."""
    sides = zip(*((r.pair.left, r.pair.right) for r in found), strict=True)
    return {
        f"{side}_bytes_compared": sum(w.values.span(w.first, w.last)[1] for w in windows)
        for side, windows in zip(("left", "right"), sides, strict=True)
    }


def _rows(found: Sequence[Residual]) -> tuple[Row, ...]:
    """The rows of a report, which name a change only where a part of a tensor shows it."""
    return tuple(
        replace(row, change=residual.ALIKE, singular=(), edge=None, rank=None)
        if row.change not in (*_TOLD, "excluded")
        else row
        for row in rows_of(found)
    )


def _beyond_bases(direct: Verdict, found: Sequence[Residual], held: Readable) -> Verdict:
    """The verdict in the light of models that both may come from, by the same parts of them."""
    kind = kind_of(found)
    seen, notes = [], []
    readable_bases = [base for base in held.bases if base.has_values]
    for number, base in enumerate(readable_bases, 1):
        joints = _joints(found, base)
        against = conditioned(joints)
        if against is None:
            notes.append(words.lacking_base(number))
        elif not against.is_related:
            notes.append(words.unrelated_base(number))
        else:
            seen.append(Seen(number, against, frozenset(id(each.pair) for each in joints)))
    direct = replace(direct, notes=(*direct.notes, *notes))
    if not seen:
        return not_compared(direct) if len(notes) == len(readable_bases) else direct
    # What a part shows of the change decides only whether a base may leave something of it.
    is_copy = kind is not None and kind.relation in _COPY
    said = against_bases(direct, seen, found, is_copy)
    if said.relation == verdict.SHARED_BASE:
        looks = words.looks(found, held.left.bytes, held.right.bytes)
        return replace(said, sentence=f"{said.sentence}; {looks}")
    return replace(said, relation=verdict.SCREENED)


def _joints(found: Sequence[Residual], base: Model) -> list[Joint]:
    """The looked-into parts of both sides with the same part of a base."""
    parts = {id(r.pair.left.values): r.pair for r in found if not r.excluded}
    ours = [pair.left.values for pair in parts.values()]
    best: list[Joint] = []
    for pairing in (named, alike):
        at = []
        for each in pairing(ours, base.tensors).pairs:
            pair = parts[id(each.left.values)]
            at.append((pair, replace(each.right, first=pair.left.first, last=pair.left.last)))
        announce((window, (0, window.shape[0]), (0, window.shape[1])) for _, window in at)
        joints = [joint_of(pair, [window]) for pair, window in at]
        against = conditioned(joints)
        if against is not None and against.is_related:
            return joints
        best = best or joints
    return best
