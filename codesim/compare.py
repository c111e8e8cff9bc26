"""Two snapshots in, one comparison out. Knows no detector by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from codesim.errors import CodesimError, DetectorUnavailable
from codesim.model import Comparison, Detector, Evidence, Reviewer, Skipped, Snapshot

if TYPE_CHECKING:
    Source = Snapshot | str


def compare(
    left: Source,
    right: Source,
    base: Source | Sequence[Source] = (),
    only: Iterable[str] | None = None,
    detectors: Sequence[Detector[Any]] | None = None,
) -> Comparison:
    """Compare two repositories with every detector, or with those of the kinds in ``only``.

    ``left``, ``right`` and each ``base`` are snapshots or anything ``open_snapshot`` reads; one
    base needs no list.
    ``detectors`` replaces the table ``DETECTORS``, to run with other parameters. What ``base``
    explains is set aside on both sides. Raises CodesimError for a source that cannot be read and
    for an unknown kind or none, TypeError for an argument of another type; a detector that cannot
    run here becomes an entry of ``skipped``.
    """
    from codesim import __version__

    chosen = _chosen(detectors, only)
    left, right, *bases = _opened(left, right, base)
    evidence: list[Evidence] = []
    skipped: list[Skipped] = []
    for detector in chosen:
        try:
            evidence.append(_run(detector, (left, right, *bases), evidence))
        except DetectorUnavailable as error:
            skipped.append(Skipped(f"detector {detector.kind}", str(error)))
    for side, snapshot in (("left", left), ("right", right)):
        skipped.extend(Skipped(f"{side}: {s.what}", s.reason) for s in snapshot.skipped)
    return Comparison(
        left=left,
        right=right,
        evidence=tuple(evidence),
        parameters={detector.kind: parameters_of(detector) for detector in chosen},
        version=__version__,
        base=tuple(bases),
        skipped=tuple(skipped),
    )


def parameters_of(detector: Detector[Any]) -> dict[str, Any]:
    """The fields of a detector, which are its parameters."""
    return asdict(detector)  # type: ignore[call-overload,no-any-return]


def _run(
    detector: Detector[Any], snapshots: Sequence[Snapshot], found: Sequence[Evidence]
) -> Evidence:
    return evidence_of(detector, [detector.profile(each) for each in snapshots], found)


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


def _opened(left: Source, right: Source, base: Source | Sequence[Source]) -> list[Snapshot]:
    bases = [base] if isinstance(base, str | Snapshot) else _listed(base)
    named = [("left", left), ("right", right), *(("base", each) for each in bases)]
    for name, source in named:
        if not isinstance(source, str | Snapshot):
            raise TypeError(
                f"{name} must be a snapshot or a str that open_snapshot reads, "
                f"not {type(source).__name__}"
            )
    from codesim.snapshot import open_snapshot, told_apart

    return told_apart(
        [source if isinstance(source, str) else None for _, source in named],
        [open_snapshot(source) if isinstance(source, str) else source for _, source in named],
    )


def _listed(base: Sequence[Source]) -> list[Source]:
    if isinstance(base, Iterable) and not isinstance(base, bytes | Mapping):
        return list(base)
    raise TypeError(f"base must be a snapshot, a str or a list of them, not {type(base).__name__}")
