"""What an audit keeps between two runs: profiles, fingerprints and evidence, by content."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from codesim.cache import Buffer, Cache, key_of
from codesim.errors import CodesimError, SnapshotError
from codesim.packed import pack, unpack

T = TypeVar("T")
# 3,000 submissions of 2,000 lines take 6 GB.
LIMIT = 16 << 30
# A child may write files of 1 GiB.
_LARGEST = 1_000_000_000
_UNKEPT = "what was read cannot be kept"


class Store:
    """Values by what they were made from, in one folder. What is damaged or lost is made anew."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.cache = _cache(folder)

    def get(self, kind: type[T], *parts: str) -> T | None:
        """A dataclass that was kept; None where there is none, or it is damaged."""
        data = self.cache.get(_key(parts))
        if data is None:
            return None
        try:
            return unpack(kind, data)
        except ValueError:
            return None

    def put(self, value: Any, *parts: str) -> None:
        """Keep a dataclass if that can be. Raises ValueError where it cannot be brought back."""
        self.cache.put(_key(parts), pack(value))

    def keep(self, value: Any, *parts: str) -> None:
        """Keep a dataclass that a later step reads, as ``put`` does. Raises StoreError where
        nothing can be kept, and SnapshotError for what is too large.
        """
        self._keep(pack(value), parts)

    def read(self, *parts: str) -> bytes | None:
        """Bytes that were kept."""
        data = self.cache.get(_key(parts))
        return None if data is None else bytes(data)

    def write(self, data: bytes, *parts: str) -> None:
        """Keep bytes if that can be."""
        self.cache.put(_key(parts), (data,))

    def keep_bytes(self, data: bytes, *parts: str) -> None:
        """Keep bytes that a later step reads; raises as ``keep`` does."""
        self._keep((data,), parts)

    def check(self) -> None:
        """Raises StoreError where nothing can be kept: before the work, not after it."""
        self.keep_bytes(b"", "check")

    def _keep(self, pieces: Sequence[Buffer], parts: tuple[str, ...]) -> None:
        if sum(map(len, pieces)) > _LARGEST:
            raise SnapshotError("what is known of it is too large to be kept")
        if not self.cache.put(_key(parts), pieces):
            raise StoreError(
                f"{_UNKEPT}: {self.cache.problem or self.folder}. Free some space there, or name "
                "another folder: CODESIM_CACHE_DIR for the cache, TMPDIR for what --no-cache "
                "keeps until the end."
            )


class StoreError(CodesimError):
    """Nothing can be kept, so that no submission can be compared."""

    @classmethod
    def check(cls, reason: str) -> None:
        """Raise what a child has raised: it is no fault of the submission that it was at."""
        if reason.startswith(_UNKEPT):
            raise cls(reason)


@functools.lru_cache(maxsize=4)
def _cache(folder: str) -> Cache:
    return Cache(Path(folder) / "audit", LIMIT)


def _key(parts: tuple[str, ...]) -> bytes:
    return key_of("audit", made_by(), *parts)


@functools.cache
def made_by() -> str:
    """A digest of all of codesim that decides about evidence: another version shares nothing with
    this one. How a report looks or a command is spelled is no part of it.
    """
    return _digest(importlib.resources.files("codesim"), ("report", "cli"))


@functools.cache
def drawn_by() -> str:
    """A digest of all that decides how a report looks."""
    return _digest(importlib.resources.files("codesim.report"), ())


def _digest(folder: Traversable, without: tuple[str, ...]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name, file in _files(folder, "", without):
        data = file.read_bytes()
        digest.update(f"{name} {len(data)} ".encode() + data)
    return digest.hexdigest()


def _files(
    folder: Traversable, path: str, without: tuple[str, ...]
) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.startswith((".", "__py")) or entry.name in without:
            continue
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, name, ())
        else:
            yield name, entry
