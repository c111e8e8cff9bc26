"""Files that are the same by their digests, also where their bytes are missing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from codesim.detectors.checkpoint.profile import KnownFile
from codesim.errors import SnapshotError
from codesim.formats import (
    LONGEST_POINTER,
    FormatError,
    LfsPointer,
    is_weights_name,
    read_lfs_pointer,
)
from codesim.formats.blob import blob_id_of
from codesim.model import Entry, Snapshot

# What a training run leaves beside the model; no inventory of a model.
_STATE = re.compile(
    r"(^|/)(optimizer|scheduler|scaler|rng_state|training_args|trainer_state)[^/]*$"
)
# A pointer has three short lines.
_POINTER = range(100, LONGEST_POINTER + 1)
_LONGEST_SHORT = 200
# Nobody keeps these in Git LFS, and a repository may have many that are as short as a pointer.
_TEXT = (
    ".py", ".md", ".rst", ".txt", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".sh", ".js", ".ts",
    ".html", ".css", ".c", ".cc", ".cpp", ".h", ".cu", ".rs", ".go", ".java", ".xml", ".svg",
)  # fmt: skip
# Other files as short as a pointer that are looked into; a repository has a few.
_MOST_SHORT = 5_000
# Bytes of a repository that are read to know a digest; larger files have one from Git or LFS only.
_MOST_HASHED = 256_000_000


def is_state(path: str) -> bool:
    """Whether a file holds the state of a training run and not a model."""
    return _STATE.search(path) is not None


def is_weights(path: str) -> bool:
    """Whether a name is that of a file of weights, and of a model's."""
    return is_weights_name(path) and not is_state(path)


def known_files(snapshot: Snapshot) -> tuple[KnownFile, ...]:
    """Files of weights, files behind LFS pointers and files whose bytes are missing, with what
    tells their content.
    """
    return tuple(_known(snapshot))


def _known(snapshot: Snapshot) -> Iterator[KnownFile]:
    left = _MOST_HASHED
    short = 0
    for entry in snapshot.entries:
        weights = is_weights(entry.path)
        if entry.readable and not weights and not _may_point(entry):
            continue
        short += not weights
        if short > _MOST_SHORT and not weights and entry.readable:
            continue
        pointer = _pointer(snapshot, entry)
        if pointer is not None:
            yield KnownFile(entry.path, pointer.size, entry.blob_id or "", pointer.oid, weights)
        elif weights and entry.readable and (entry.size or 0) <= left:
            left -= entry.size or 0
            yield from _hashed(snapshot, entry)
        elif entry.blob_id and (weights or not entry.readable):
            yield KnownFile(entry.path, entry.size, entry.blob_id, "", weights)


def _may_point(entry: Entry) -> bool:
    size = entry.size or 0
    return size in _POINTER and size <= _LONGEST_SHORT and not entry.path.lower().endswith(_TEXT)


def _pointer(snapshot: Snapshot, entry: Entry) -> LfsPointer | None:
    if not entry.readable or entry.size not in _POINTER:
        return None
    try:
        return read_lfs_pointer(snapshot.read(entry.path))
    except (FormatError, SnapshotError):
        return None


def _hashed(snapshot: Snapshot, entry: Entry) -> Iterator[KnownFile]:
    try:
        data = snapshot.read(entry.path)
    except SnapshotError:
        return
    sha256 = hashlib.sha256(data).hexdigest()
    yield KnownFile(entry.path, len(data), entry.blob_id or blob_id_of(data), sha256, True)
