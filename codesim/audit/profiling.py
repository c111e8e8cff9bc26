"""In a child: a submission becomes profiles in the store, and a short answer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, get_type_hints

import numpy as np
import numpy.typing as npt

from codesim.audit.messages import (
    Known,
    Listed,
    ListTask,
    PartNote,
    Profiled,
    ProfileTask,
    decoded,
)
from codesim.audit.seams import Findable, Measured, Parted, Weighing
from codesim.audit.store import Store
from codesim.audit.submissions import open_submission, why_nothing
from codesim.detectors import DETECTORS
from codesim.errors import SnapshotError
from codesim.model import Detector, Entry, Skipped, Snapshot
from codesim.packed import pack, unpack

# What an answer names; the rest is counted.
_NAMED = 200
_PARTS = 3000
# Ends of a file that is too large to be read as a whole.
_END = 1 << 16
_LARGE = 32_000_000
# The kind of evidence that compares bytes, whatever they mean.
_BYTES = "files"


@dataclass(frozen=True, slots=True)
class Rows:
    """Fingerprints of one profile as they are kept: what it is found by, and all its values."""

    values: npt.NDArray[np.uint64]
    bits: npt.NDArray[np.float64]
    all_values: npt.NDArray[np.uint64]


def list_files(data: bytes) -> bytes:
    """The paths of a submission that can be read."""
    task = decoded(ListTask, data)
    snapshot = open_submission(task.submission)
    return Listed(tuple(e.path for e in snapshot.entries if e.readable)).encoded()


def profile(data: bytes) -> bytes:
    """Profiles of every kind of one submission, kept in the store."""
    task = decoded(ProfileTask, data)
    store = opened_store(task.where.store)
    snapshot = without(open_submission(task.submission), task.hidden, task.only)
    if task.probe:
        for detector in DETECTORS:
            detector.profile(snapshot)
        return b"{}"
    known = Known(snapshot.name, content_of(snapshot))
    profiles = {each.kind: _profile(store, each, known, snapshot) for each in DETECTORS}
    parts: list[PartNote] = []
    lines, explained = 0, 0
    for detector in DETECTORS:
        base = [profile_of(store, detector, each) for each in task.base]
        if isinstance(detector, Measured):
            lines, explained = detector.lines(profiles[detector.kind], base)
        _keep_rows(store, detector, known, profiles[detector.kind], base, task.base)
        parts += _parts(detector, profiles[detector.kind], base)
    unread = dict(_unread(snapshot, task.hidden, profiles))
    if says_nothing(snapshot, unread, profiles):
        raise SnapshotError(why_nothing(sorted(unread.items())))
    return Profiled(
        known=known,
        origin=snapshot.origin,
        revision=snapshot.revision,
        files=len(snapshot.entries) + len(task.hidden),
        size=sum(entry.size or 0 for entry in snapshot.entries),
        code_lines=lines,
        base_lines=explained,
        unread=tuple(sorted(unread.items())[:_NAMED]),
        unread_files=len(unread),
        parts=tuple(parts[:_PARTS]),
    ).encoded()


def says_nothing(
    snapshot: Snapshot, unread: Mapping[str, str], profiles: Mapping[str, Any]
) -> bool:
    """Whether nothing of a submission can be compared, so that it is no member of the cohort.

    Bytes that nobody could make sense of are the same as others or not, which says nothing of how
    people solve the task. What is known by its digest alone was never there to be read.
    """
    for entry in snapshot.entries:
        if entry.path not in unread or (entry.blob_id and not entry.readable):
            return False
    return all(_is_silent(each, profiles[each.kind], snapshot) for each in DETECTORS)


def _is_silent(detector: Detector[Any], found: Any, snapshot: Snapshot) -> bool:
    """Whether a profile holds nothing that others may share, but for bytes without a meaning."""
    if detector.kind == _BYTES:
        return True
    if isinstance(detector, Measured) and detector.lines(found)[0]:
        return False
    if isinstance(detector, Findable):
        return not len(detector.found_by(found).values)
    return _bare(found) == _bare(detector.profile(replace(snapshot, entries=(), skipped=())))


def _bare(profile: Any) -> bytes:
    """A profile without what it says of files that were not read."""
    noted = any(each.name == "skipped" for each in fields(profile))
    return b"".join(pack(replace(profile, skipped=()) if noted else profile))


def opened_store(folder: str) -> Store:
    """The store; what the detectors keep themselves goes to the same place."""
    os.environ["CODESIM_CACHE_DIR"] = folder
    os.environ.pop("CODESIM_CACHE", None)
    return Store(folder)


def without(
    snapshot: Snapshot, hidden: Sequence[tuple[str, str]], only: Sequence[str] | None
) -> Snapshot:
    """A snapshot without some files, which are told as skipped; or with some only."""
    gone = dict(hidden)
    kept = None if only is None else set(only)
    entries = tuple(
        entry
        for entry in snapshot.entries
        if entry.path not in gone and (kept is None or entry.path in kept)
    )
    skipped = tuple(Skipped(path, reason) for path, reason in hidden)
    return replace(snapshot, entries=entries, skipped=(*snapshot.skipped, *skipped))


def content_of(snapshot: Snapshot) -> str:
    """A digest of all paths and contents; of the ends alone of what is too large to be read."""
    digest = hashlib.blake2b(digest_size=20)
    for entry in snapshot.entries:
        told = f"{entry.path}\0{entry.size}\0{entry.readable}\0{_identity(snapshot, entry)}\n"
        digest.update(told.encode("utf-8", "surrogatepass"))
    for each in snapshot.skipped:
        digest.update(f"{each.what}\0{each.reason}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _identity(snapshot: Snapshot, entry: Entry) -> str:
    if entry.blob_id or not entry.readable:
        return entry.blob_id or ""
    digest = hashlib.blake2b(digest_size=20)
    try:
        if (entry.size or 0) <= _LARGE:
            digest.update(snapshot.read(entry.path))
        else:
            digest.update(snapshot.read_range(entry.path, 0, _END))
            digest.update(snapshot.read_range(entry.path, (entry.size or 0) - _END, _END))
    except SnapshotError as error:
        return f"unreadable: {error}"
    return digest.hexdigest()


def profile_of(store: Store, detector: Detector[Any], known: Known) -> Any:
    """A profile from the store. Raises SnapshotError where it was lost meanwhile."""
    found = store.read("profile", detector.kind, repr(detector), known.name, known.content)
    if found is None:
        raise SnapshotError("its profile was removed from the cache during the audit; run it again")
    return unpack(profile_type(detector), found)


def profile_type(detector: Detector[Any]) -> Any:
    """The type of the profiles of a detector, as it declares it."""
    return get_type_hints(type(detector).profile)["return"]


def _profile(store: Store, detector: Detector[Any], known: Known, snapshot: Snapshot) -> Any:
    kind = profile_type(detector)
    parts = ("profile", detector.kind, repr(detector), known.name, known.content)
    found = store.get(kind, *parts)
    if found is None:
        found = detector.profile(snapshot)
        store.keep(found, *parts)
    return found


def rows_key(detector: Detector[Any], known: Known, base: Sequence[Known]) -> tuple[str, ...]:
    """Where the fingerprints of a profile are kept: they depend on the base."""
    bases = (part for each in base for part in (each.name, each.content))
    return ("rows", detector.kind, repr(detector), known.name, known.content, *bases)


def _keep_rows(
    store: Store,
    detector: Detector[Any],
    known: Known,
    found: Any,
    base: Sequence[Any],
    names: Sequence[Known],
) -> None:
    key = rows_key(detector, known, names)
    if not isinstance(detector, Findable) or store.get(Rows, *key) is not None:
        return
    told = detector.found_by(found, base)
    values = detector.values(found) if isinstance(detector, Weighing) else told.values
    store.keep(Rows(told.values, told.bits, values), *key)


def _parts(detector: Detector[Any], found: Any, base: Sequence[Any]) -> Iterator[PartNote]:
    if not isinstance(detector, Parted):
        return
    for value, fragment in detector.parts(found, base):
        start, end = fragment.lines or (0, 0)
        # JSON numbers of other readers end at 2 ** 53.
        yield PartNote(detector.kind, value >> 11, fragment.path, start, end, fragment.label)


def _unread(
    snapshot: Snapshot, hidden: Iterable[tuple[str, str]], profiles: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Files that were not compared, or only in a degraded way; the first reason is told."""
    seen: set[str] = set()
    told = [(each.what, each.reason) for each in snapshot.skipped]
    for found in profiles.values():
        for each in getattr(found, "skipped", ()):
            told.append((each.what, each.reason) if isinstance(each, Skipped) else each)
    for path, reason in (*hidden, *told):
        if path not in seen:
            seen.add(path)
            yield path, reason
