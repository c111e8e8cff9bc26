"""In a child: two submissions compared by every detector, or shown side by side."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from codesim import __version__
from codesim.audit.messages import Compared, CompareTask, Found, Known, ShowTask, decoded
from codesim.audit.people import people_of
from codesim.audit.pooling import common_to_most, in_cohort
from codesim.audit.profiling import opened_store, profile_of
from codesim.audit.store import Store
from codesim.audit.submissions import open_submission
from codesim.compare import evidence_of, parameters_of
from codesim.detectors import DETECTORS
from codesim.model import Comparison, Detector, Evidence, Skipped, Strength
from codesim.report import document_of, render_html
from codesim.report.anonymise import Anonymiser, anonymised_pair, surveyed
from codesim.report.document import ResultDocument

_DETECTOR = {detector.kind: detector for detector in DETECTORS}
# File pairs that an overview names.
_FILES = 3


@dataclass(frozen=True, slots=True)
class _Kept:
    evidence: tuple[Evidence, ...]


def compare(data: bytes) -> bytes:
    """What all kinds of evidence say of a pair; the evidence is kept in the store."""
    task = decoded(CompareTask, data)
    store = opened_store(task.where.store)
    return Compared(tuple(map(_found, _evidence(store, task)))).encoded()


def show(data: bytes) -> bytes:
    """The report of a pair side by side, with the strengths that hold in the cohort."""
    task = decoded(ShowTask, data)
    store = opened_store(task.where.store)
    document = _document(store, task)
    if task.people:
        change = Anonymiser(people_of(store, task.people))
        document = anonymised_pair(document, change, task.called)
    page = render_html(document, back="../index.html")
    return page.encode("utf-8", "backslashreplace")


def survey(data: bytes) -> bytes:
    """Whom the report of a pair would name."""
    task = decoded(ShowTask, data)
    return msgspec.json.encode(surveyed(_document(opened_store(task.where.store), task)))


def _document(store: Store, task: ShowTask) -> ResultDocument:
    evidence = [_lowered(each, task.strengths) for each in _evidence(store, task.compare)]
    left, right, *base = map(open_submission, (task.left, task.right, *task.bases))
    skipped = [
        Skipped(f"{side}: {each.what}", each.reason)
        for side, snapshot in (("left", left), ("right", right))
        for each in snapshot.skipped
    ]
    comparison = Comparison(
        left=left,
        right=right,
        evidence=tuple(evidence),
        parameters={each.kind: parameters_of(each) for each in DETECTORS},
        version=__version__,
        base=tuple(base),
        skipped=tuple(skipped),
    )
    return document_of(comparison)


def evidence_key(task: CompareTask) -> tuple[str, ...]:
    """Where the evidence of a pair is kept."""
    known = (task.left, task.right, *task.base)
    return (
        "evidence",
        task.cohort,
        *(part for each in known for part in (each.name, each.content)),
    )


def _evidence(store: Store, task: CompareTask) -> tuple[Evidence, ...]:
    kept = store.get(_Kept, *evidence_key(task))
    if kept is None:
        found: list[Evidence] = []
        for detector in DETECTORS:
            found.append(_compared(store, detector, task, found))
        kept = _Kept(tuple(found))
        store.put(kept, *evidence_key(task))
    return kept.evidence


def _compared(
    store: Store, detector: Detector[Any], task: CompareTask, found: Sequence[Evidence]
) -> Evidence:
    left, right, *base = (
        _profile(store.folder, detector.kind, each) for each in (task.left, task.right, *task.base)
    )
    common = common_to_most(store, detector, task.cohort)
    if common is not None:
        base.append(common)
    weighing = _in_cohort(store.folder, detector.kind, task.cohort)
    return evidence_of(weighing, (left, right, *base), found)


@functools.lru_cache(maxsize=16)
def _in_cohort(folder: str, kind: str, cohort: str) -> Detector[Any]:
    return in_cohort(_DETECTOR[kind], Store(folder), cohort)


@functools.lru_cache(maxsize=256)
def _profile(folder: str, kind: str, known: Known) -> Any:
    return profile_of(Store(folder), _DETECTOR[kind], known)


def _found(evidence: Evidence) -> Found:
    facts = evidence.facts
    left, right = (facts.get(f"{side}_coverage") for side in ("left", "right"))
    return Found(
        kind=evidence.kind,
        strength=evidence.strength.word,
        score=evidence.score,
        summary=evidence.summary,
        left_coverage=left if isinstance(left, float) else None,
        right_coverage=right if isinstance(right, float) else None,
        files=tuple((p.left.path, p.right.path, p.similarity) for p in evidence.pairs[:_FILES]),
    )


def _lowered(evidence: Evidence, strengths: dict[str, tuple[str, str]]) -> Evidence:
    """Evidence with the strength that it has in the cohort, and why."""
    word, why = strengths.get(evidence.kind, (evidence.strength.word, ""))
    if word == evidence.strength.word:
        return evidence
    strength = Strength[word.upper().replace(" ", "_")]
    return replace(evidence, strength=strength, summary=f"{evidence.summary}; {why}")
