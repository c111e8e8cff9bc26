"""Two snapshots in, one comparison out. Knows no detector by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from codesim.errors import CodesimError, DetectorUnavailable
from codesim.model import Comparison, Detector, Evidence, Ranker, Reviewer, Skipped, Snapshot

if TYPE_CHECKING:
    Source = Snapshot | str


_NO_RANKER = "a cohort is given, and no detector that runs here ranks its finding among one"


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is compared, opened: two sides, what they may come from, and what neither does."""

    left: Snapshot
    right: Snapshot
    bases: tuple[Snapshot, ...]
    cohort: tuple[Snapshot, ...]


def compare(
    left: Source,
    right: Source,
    base: Source | Sequence[Source] = (),
    only: Iterable[str] | None = None,
    detectors: Sequence[Detector[Any]] | None = None,
    cohort: Source | Sequence[Source] = (),
) -> Comparison:
    """Compare two repositories with every detector, or with those of the kinds in ``only``.

    ``left``, ``right`` and each ``base`` are snapshots or anything ``open_snapshot`` reads; one
    base needs no list.
    ``detectors`` replaces the table ``DETECTORS``, to run with other parameters. What ``base``
    explains is set aside on both sides. ``cohort`` is of models that are known to be unrelated, for
    detectors that say where their finding stands among such. Raises CodesimError for a source that
    cannot be read, for an unknown kind or none and for a cohort that no detector uses, TypeError
    for an argument of another type; a detector that cannot run here becomes an entry of
    ``skipped``.
    """
    from codesim import __version__

    chosen = _chosen(detectors, only)
    sides = _opened(left, right, base, cohort)
    if sides.cohort and not any(isinstance(detector, Ranker) for detector in chosen):
        raise CodesimError(_NO_RANKER)
    evidence, skipped = _found(chosen, sides)
    for side, snapshot in (("left", sides.left), ("right", sides.right)):
        skipped.extend(Skipped(f"{side}: {s.what}", s.reason) for s in snapshot.skipped)
    return Comparison(
        left=sides.left,
        right=sides.right,
        evidence=tuple(evidence),
        parameters={d.kind: {**parameters_of(d), **_cohort_of(d, sides)} for d in chosen},
        version=__version__,
        base=sides.bases,
        skipped=tuple(skipped),
        cohort=sides.cohort,
    )


def parameters_of(detector: Detector[Any]) -> dict[str, Any]:
    """The fields of a detector, which are its parameters."""
    return asdict(detector)  # type: ignore[call-overload,no-any-return]


def _cohort_of(detector: Detector[Any], sides: _Sides) -> dict[str, Any]:
    """The models that a finding was ranked among, to repeat the run with."""
    if not sides.cohort or not isinstance(detector, Ranker):
        return {}
    named = [(each.name, each.revision) for each in sides.cohort]
    return {"cohort": [name + (f" @ {revision}" if revision else "") for name, revision in named]}


def _found(chosen: Sequence[Detector[Any]], sides: _Sides) -> tuple[list[Evidence], list[Skipped]]:
    """What each detector finds, and which of them cannot run here."""
    evidence: list[Evidence] = []
    skipped: list[Skipped] = []
    for detector in chosen:
        try:
            evidence.append(_run(detector, sides, evidence))
        except DetectorUnavailable as error:
            skipped.append(Skipped(f"detector {detector.kind}", str(error)))
    return evidence, skipped


def _run(detector: Detector[Any], sides: _Sides, found: Sequence[Evidence]) -> Evidence:
    known = (sides.left, sides.right, *sides.bases)
    profiles = [detector.profile(snapshot) for snapshot in known]
    if sides.cohort and isinstance(detector, Ranker):
        left, right, *bases = profiles
        cohort = [detector.profile(snapshot) for snapshot in sides.cohort]
        return detector.compare_in_cohort(left, right, bases, cohort)
    return evidence_of(detector, profiles, found)


def evidence_of(
    detector: Detector[Any], profiles: Sequence[Any], found: Sequence[Evidence]
) -> Evidence:
    """What a detector says of profiles, left, right and base, given what others have found."""
    left, right, *bases = profiles
    if isinstance(detector, Reviewer):
        return detector.review(left, right, bases, tuple(found))
    return detector.compare(left, right, bases)


def _chosen(
    detectors: Sequence[Detector[Any]] | None, only: Iterable[str] | None
) -> Sequence[Detector[Any]]:
    if detectors is None:
        from codesim.detectors import DETECTORS

        detectors = DETECTORS
    if only is None:
        return detectors
    kinds = [only] if isinstance(only, str) else list(only)
    if not kinds:
        raise CodesimError("only is empty, so that nothing would be compared; leave it out for all")
    known = [detector.kind for detector in detectors]
    for kind in kinds:
        if kind not in known:
            raise CodesimError(
                f"unknown kind of evidence {kind!r}; this version knows: {', '.join(known)}"
            )
    return [detector for detector in detectors if detector.kind in kinds]


def _opened(
    left: Source,
    right: Source,
    base: Source | Sequence[Source],
    cohort: Source | Sequence[Source],
) -> _Sides:
    bases, members = _listed("base", base), _listed("cohort", cohort)
    named = [("left", left), ("right", right), *(("base", each) for each in bases)]
    named += [("cohort", each) for each in members]
    for name, source in named:
        if not isinstance(source, str | Snapshot):
            raise TypeError(
                f"{name} must be a snapshot or a str that open_snapshot reads, "
                f"not {type(source).__name__}"
            )
    from codesim.snapshot import open_snapshot, told_apart

    one, two, *others = told_apart(
        [source if isinstance(source, str) else None for _, source in named],
        [open_snapshot(source) if isinstance(source, str) else source for _, source in named],
    )
    return _Sides(one, two, tuple(others[: len(bases)]), tuple(others[len(bases) :]))


def _listed(name: str, given: Source | Sequence[Source]) -> list[Source]:
    if isinstance(given, str | Snapshot):
        return [given]
    if isinstance(given, Iterable) and not isinstance(given, bytes | Mapping):
        return list(given)
    kind = type(given).__name__
    raise TypeError(f"{name} must be a snapshot, a str or a list of them, not {kind}")
