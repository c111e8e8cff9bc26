"""A finding set among models that are known to be unrelated, each compared in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from codesim.detectors.weights import verdict as ladder
from codesim.detectors.weights.adversarial import restored
from codesim.detectors.weights.cohort import Beside, Cohort, placed, rests_on_matching
from codesim.detectors.weights.comparing import compared, state_of
from codesim.detectors.weights.evidence import Finding
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.relation import with_matched
from codesim.detectors.weights.roles import role_of
from codesim.detectors.weights.sureness import GRADE_A
from codesim.detectors.weights.unread import legible
from codesim.detectors.weights.verdict import Verdict
from codesim.model import Excluded, Skipped

# What two models may be by matched neurons alone and still be unrelated: models of one data set
# have some neurons in common, and never the numbers that one of them was trained to.
_LOOSE = frozenset({ladder.NONE, ladder.SHARED_START, ladder.DERIVED})
_MLP = frozenset({"gate", "up", "inner", "down"})

Sizes = frozenset[tuple[int, int]]


def ranked(found: Finding, members: Sequence[Model], device: str | None = None) -> Finding:
    """A finding with its rank among the pairs of both sides and all members of the cohort."""
    if found.verdict is None or found.state:
        said = Skipped("cohort", "left and right could not be compared, so that it was not either")
        return replace(found, cohort=Cohort(skipped=(said,)))
    verdict = found.verdict
    if not verdict.matched:
        sides = legible("left", found.left)[0], legible("right", found.right)[0]
        undone = restored(sides[0].tensors, sides[1].tensors)
        verdict = with_matched(verdict, undone) if undone is not None else verdict
    work = _Gathering((found.left, found.right), device)
    for member in members:
        work.add(member)
    cohort = work.done()
    return replace(found, verdict=placed(verdict, cohort), cohort=cohort)


@dataclass(slots=True)
class _Gathering:
    """Takes up one member of a cohort after the other."""

    sides: tuple[Model, Model]
    device: str | None
    members: list[Model] = field(default_factory=list)
    pairs: list[Beside] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def add(self, member: Model) -> None:
        """Compare a member with both sides and the members before it, and keep it where it is
        related to none of them.
        """
        self.skipped += [
            Skipped(f"cohort, {member.name}: {each.what}", each.reason) for each in member.skipped
        ]
        if not member.has_values:
            self._skip(member, state_of(member))
            return
        kept = []
        for role, other in (*zip(("left", "right"), self.sides, strict=True),
                            *(("cohort", each) for each in self.members)):  # fmt: skip
            pair = compared(other, member, device=self.device)
            verdict = pair.verdict
            if verdict is None or (pair.state and not verdict.matched):
                continue
            if _is_related(verdict):
                self._set_aside(member, other, role, verdict)
                return
            counts = {_sizes(other), _sizes(member)} == set(map(_sizes, self.sides))
            kept.append(Beside(_named(role, other), member.name, verdict, counts))
        if not kept:
            self._skip(member, "nothing in it has a counterpart of its shape on either side")
            return
        if not any(pair.verdict.matched for pair in kept):
            self._skip(
                member,
                "its neurons could not be aligned with those of either side, since names or shapes"
                " do not allow it; only correlations as stored are compared",
            )
        self.members.append(member)
        self.pairs += kept

    def _skip(self, member: Model, reason: str) -> None:
        self.skipped.append(Skipped(f"cohort, {member.name}", reason))

    def _set_aside(self, member: Model, other: Model, role: str, verdict: Verdict) -> None:
        whose = f"{_named(role, other)}, which is kept" if role == "cohort" else role
        tensors = f"{len(member.tensors):,} tensors"
        reason = f"it is related to {whose} ({_why(verdict)}), so that it says nothing of chance"
        self.excluded.append(Excluded(f"{member.name}, given as cohort", tensors, reason))

    def done(self) -> Cohort:
        """What was gathered."""
        names = tuple(member.name for member in self.members)
        return Cohort(names, tuple(self.pairs), tuple(self.excluded), tuple(self.skipped))


def _named(role: str, model: Model) -> str:
    return model.name if role == "cohort" else f"{role} ({model.name})"


def _is_related(verdict: Verdict) -> bool:
    """True where an exact test or equal numbers say so, or numbers that one was trained to are
    found in the other. Neurons that match loosely are what a cohort is asked about.
    """
    if verdict.grade == "C" or verdict.log10_p < GRADE_A:
        return True
    loose = rests_on_matching(verdict) or verdict.relation == ladder.NONE
    return verdict.relation != ladder.NONE and not (loose and verdict.relation in _LOOSE)


def _why(verdict: Verdict) -> str:
    if verdict.relation == ladder.NONE and verdict.log10_p >= GRADE_A:
        return verdict.sentence
    return f"{verdict.relation}; p {verdict.p} for independent initialisation"


def _sizes(model: Model) -> Sizes:
    """The shapes of the MLPs, by which chance gives more or less; of everything without such."""
    mlps = frozenset(values.shape for values in model.tensors if role_of(values.name) in _MLP)
    return mlps or frozenset(values.shape for values in model.tensors)
