"""What an audit keeps between two runs: profiles, fingerprints and evidence, by content."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from codesim.cache import Cache, key_of
from codesim.packed import pack, unpack

T = TypeVar("T")
# 3,000 submissions of 2,000 lines take 6 GB.
LIMIT = 16 << 30


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
        """Keep a dataclass. Raises ValueError where it cannot be brought back."""
        self.cache.put(_key(parts), pack(value))

    def read(self, *parts: str) -> bytes | None:
        """Bytes that were kept."""
        data = self.cache.get(_key(parts))
        return None if data is None else bytes(data)

    def write(self, data: bytes, *parts: str) -> None:
        """Keep bytes."""
        self.cache.put(_key(parts), (data,))


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
