"""In a child: how common each value is in the cohort, and what most of it has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from codesim.audit.messages import Cohorted, CohortTask, Known, decoded
from codesim.audit.profiling import Rows, opened_store, profile_of, profile_type, rows_key
from codesim.audit.seams import Findable, Pooling, Weighing
from codesim.audit.store import Store
from codesim.commons import Cohort
from codesim.detectors import DETECTORS
from codesim.model import Detector


@dataclass(frozen=True, slots=True)
class _Counts:
    values: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int32]
    members: int


def pool(data: bytes) -> bytes:
    """The cohort of every kind of evidence, kept in the store under one name."""
    task = decoded(CohortTask, data)
    store = opened_store(task.where.store)
    name = _name(task)
    if store.read("cohort", name) is None:
        for detector in DETECTORS:
            if isinstance(detector, Findable):
                counted = Cohort.of(_values(store, detector, task.members, task.base))
                kept = _Counts(counted.values, counted.counts, counted.members)
                store.keep(kept, "cohort", name, detector.kind)
            if isinstance(detector, Pooling):
                profiles = (profile_of(store, detector, each) for each in task.sample)
                common = detector.common(profiles, task.least)
                store.keep(common, "common", name, detector.kind)
        store.keep_bytes(b"done", "cohort", name)
    return Cohorted(name).encoded()


def cohort_of(store: Store, name: str, kind: str) -> Cohort | None:
    """How common the values of a kind are; None where that kind has none, or without a cohort."""
    found = store.get(_Counts, "cohort", name, kind) if name else None
    return None if found is None else Cohort(found.values, found.counts, found.members)


def common_to_most(store: Store, detector: Detector[Any], name: str) -> Any:
    """What most of the cohort has, as a profile; None where nobody can tell."""
    if not name or not isinstance(detector, Pooling):
        return None
    return store.get(profile_type(detector), "common", name, detector.kind)


def in_cohort(detector: Detector[Any], store: Store, name: str) -> Detector[Any]:
    """The detector as it weighs in this cohort."""
    cohort = cohort_of(store, name, detector.kind) if isinstance(detector, Weighing) else None
    return detector if cohort is None else replace(detector, cohort=cohort)  # type: ignore[type-var]


def rows_of(
    store: Store, detector: Detector[Any], known: Known, base: Sequence[Known]
) -> Rows | None:
    """The fingerprints of one profile; None where they were lost."""
    return store.get(Rows, *rows_key(detector, known, base))


def _values(
    store: Store, detector: Detector[Any], members: Sequence[Known], base: Sequence[Known]
) -> Iterator[npt.NDArray[np.uint64]]:
    for each in members:
        rows = rows_of(store, detector, each, base)
        if rows is not None:
            yield rows.all_values


def _name(task: CohortTask) -> str:
    digest = hashlib.blake2b(f"{task.least}".encode(), digest_size=16)
    for part in (task.members, task.sample, task.base):
        for each in part:
            digest.update(f"{each.name}\0{each.content}\n".encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()
