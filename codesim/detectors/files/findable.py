"""Equal files among many repositories: what a profile is found by, and what most have."""

from __future__ import annotations

import hashlib
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from codesim.commons import Fingerprints
from codesim.detectors.files.identity import FilesProfile, Identity
from codesim.model import Fragment

# An equal file says as much as a line or two that nobody else wrote, however long it is.
_BITS = 24.0


def found_by(profile: FilesProfile, base: Sequence[FilesProfile], min_bytes: int) -> Fingerprints:
    """One fingerprint for each content that no base has and that is long enough to tell."""
    values = sorted({value for value, _ in parts(profile, base, min_bytes)})
    return Fingerprints(np.array(values, dtype=np.uint64), np.full(len(values), _BITS))


def parts(
    profile: FilesProfile, base: Sequence[FilesProfile], min_bytes: int
) -> Iterator[tuple[int, Fragment]]:
    """Files that no base has, each with a number that equal ones share."""
    known = {name for each in base for file in each.files for name in file.ids}
    for file in profile.files:
        if known.isdisjoint(file.ids) and (file.size is None or file.size >= min_bytes):
            yield _value(file), Fragment(file.path, None, posixpath.basename(file.path))


def common(profiles: Iterable[FilesProfile], least: int) -> FilesProfile:
    """The files that at least so many of these have, as one profile, to be used as a base."""
    counts: Counter[str] = Counter()
    first: dict[str, Identity] = {}
    for profile in profiles:
        own = {name: file for file in profile.files for name in file.ids}
        counts.update(own.keys())
        first = own | first
    names = sorted(name for name, count in counts.items() if count >= least)
    files = tuple(Identity(first[name].path, (name,), first[name].size) for name in names)
    return FilesProfile(files, len(files))


def _value(file: Identity) -> int:
    """The number of a content, by the id that every file has."""
    return int.from_bytes(hashlib.blake2b(file.ids[0].encode(), digest_size=8).digest())
