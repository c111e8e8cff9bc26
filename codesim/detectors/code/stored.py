"""What the cache keeps of the code detector: the graph of a file, and the profile of a snapshot.

A value is kept under everything that it was made from: the ids of the contents, the limits, and the
*canonicaliser*, which stands for the code that made it. What another run need not give again, such
as a file that ran into a time limit, is never kept.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import importlib.util
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from codesim.cache import Cache, key_of, user_cache
from codesim.detectors.code.graph import FileGraph, Ints
from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.code.rarity import Rarity
from codesim.model import Evidence
from codesim.packed import Buffer, pack, unpack

T = TypeVar("T")
Skips = Sequence[tuple[str, str]]

# All code between bytes and fingerprints, and between fingerprints and evidence.
_PACKAGES = (
    "codesim.detectors.code", "codesim.text", "codesim.sequences", "codesim.commons",
)  # fmt: skip
_PARSER = ("tree_sitter", "tree_sitter_python")
# How a reason begins when a clock, and not the content, decided (see syntax.py).
_CLOCK = "parsing took more than"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What was read from one file: a graph with the cells of its notebook, or why there is none."""

    graph: FileGraph | None
    cells: tuple[tuple[int, int, int], ...] = ()
    reason: str = ""


class Stored:
    """What is kept for one snapshot under some limits.

    ``lasting`` turns False when something was met that the same ids need not give again; the
    profile is then not kept.
    """

    def __init__(self, limits: object, cache: Cache | None = None) -> None:
        self.cache = user_cache() if cache is None else cache
        self.lasting = True
        self._limits = repr(limits)

    def record(self, path: str, blob_id: str) -> FileRecord | None:
        """The record of a file with this content, if it is kept."""
        if not self.cache.enabled:
            return None
        return _found(self.cache, self._file_key(path, blob_id), FileRecord)

    def keep_record(self, path: str, listed: str, blob_id: str, record: FileRecord) -> None:
        """Keep the record of a file whose content has ``blob_id``, unless another was listed."""
        if blob_id != listed or record.reason.startswith(_CLOCK):
            self.lasting = False
        elif self.cache.enabled:
            _keep(self.cache, self._file_key(path, blob_id), pack, record)

    def profile(self, listing: Skips, skipped: Skips) -> CodeProfile | None:
        """The profile of the files of ``listing`` (path and blob id), if it is kept."""
        if not self.cache.enabled:
            return None
        return _found(self.cache, self._profile_key(listing, skipped), CodeProfile)

    def keep_profile(self, listing: Skips, skipped: Skips, profile: CodeProfile) -> None:
        """Keep what ``profile`` shall give for the same arguments, without the snapshot's name."""
        if self.cache.enabled and self.lasting:
            key = self._profile_key(listing, skipped)
            _keep(self.cache, key, pack, replace(profile, name=""))

    def _file_key(self, path: str, blob_id: str) -> bytes:
        notebook = "notebook" if path.endswith(".ipynb") else "python"
        return key_of("code file", canonicaliser(), self._limits, notebook, blob_id)

    def _profile_key(self, listing: Skips, skipped: Skips) -> bytes:
        named = (part for pair in (*listing, ("", ""), *skipped) for part in pair)
        return key_of("code profile", canonicaliser(), self._limits, *named)


def recalled(
    parameters: object,
    profiles: Sequence[CodeProfile],
    compute: Callable[[], Evidence],
    cache: Cache | None = None,
) -> Evidence:
    """The evidence that ``compute`` gives, from the cache when it was computed before.

    Evidence depends on nothing but the parameters of the detector, the table of common code, and
    the profiles, left, right and base, which are taken by content.
    """
    cache = user_cache() if cache is None else cache
    if not cache.enabled:
        return compute()
    try:
        digests = [_digest(profile) for profile in profiles]
    except ValueError:
        return compute()
    commons = Rarity().commons
    made_with = (canonicaliser(), repr(parameters), commons.version, commons.problem)
    key = key_of("code evidence", *made_with, *digests)
    found = _found(cache, key, Evidence)
    if found is None:
        found = compute()
        _keep(cache, key, _exactly, found)
    return found


@dataclass(frozen=True, slots=True)
class _Nodes:
    numbers: Ints


def recalled_nodes(
    made_with: object,
    profile: CodeProfile,
    base: CodeProfile,
    compute: Callable[[], Ints],
    cache: Cache | None = None,
) -> Ints:
    """The nodes of a profile that a base explains, from the cache when they were found before."""
    cache = user_cache() if cache is None else cache
    if not cache.enabled:
        return compute()
    try:
        digests = [_digest(each) for each in (profile, base)]
    except ValueError:
        return compute()
    commons = Rarity().commons
    context = (canonicaliser(), repr(made_with), commons.version, commons.problem)
    key = key_of("code nodes of base", *context, *digests)
    found = _found(cache, key, _Nodes)
    if found is None:
        found = _Nodes(compute())
        _keep(cache, key, pack, found)
    return found.numbers


def _exactly(evidence: Evidence) -> list[Buffer]:
    """Packed evidence that comes back the same to the last byte: an integer among the floats
    would not.
    """
    pieces = pack(evidence)
    if pack(unpack(Evidence, b"".join(pieces))) != pieces:
        raise ValueError("it would come back as something else")
    return pieces


@functools.cache
def canonicaliser() -> str:
    """A digest of all code between the bytes of a file and the evidence, the parser included."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(repr((sys.version_info[:2], np.__version__, sys.byteorder)).encode())
    for name, data in (*_sources(), *_binaries()):
        digest.update(b"%s %d:" % (name.encode(), len(data)))
        digest.update(data)
    return digest.hexdigest()


def _sources() -> Iterable[tuple[str, bytes]]:
    for package in _PACKAGES:
        if importlib.util.find_spec(package) is None:
            continue
        files = {file.name: file for file in importlib.resources.files(package).iterdir()}
        for name in sorted(name for name in files if name.endswith(".py")):
            yield f"{package}/{name}", files[name].read_bytes()


def _binaries() -> Iterable[tuple[str, bytes]]:
    """The compiled parser and grammar themselves: reading them is cheaper than asking a package
    index for their versions, and no version can be wrong.
    """
    for package in _PARSER:
        spec = importlib.util.find_spec(package)
        for place in (spec and spec.submodule_search_locations) or ():
            for path in sorted(Path(place).glob("_binding*")):
                yield f"{package}/{path.name}", path.read_bytes()


def _digest(profile: CodeProfile) -> str:
    """The identity of a profile: the ids of its contents, its names, and a sum over its arrays.

    The ids, which were checked, decide already; the sum tells apart what was made by hand. It is
    five times as fast as a cryptographic digest.
    """
    _, head, *arrays = pack(profile)
    digest = hashlib.blake2b(head, digest_size=32)
    for array in arrays:
        digest.update(b"%d %d " % (len(array), zlib.crc32(array)))
    return digest.hexdigest()


def _found(cache: Cache, key: bytes, kind: type[T]) -> T | None:
    data = cache.get(key)
    if data is None:
        return None
    try:
        return unpack(kind, data)
    except ValueError:
        return None


def _keep(cache: Cache, key: bytes, packed: Callable[[T], list[Buffer]], value: T) -> None:
    try:
        pieces = packed(value)
    except ValueError:
        return  # it holds text that no encoding can write
    cache.put(key, pieces)
