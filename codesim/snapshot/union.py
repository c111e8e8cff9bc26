"""Several snapshots as one: a submission of several files, or archives inside a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.errors import SnapshotError
from codesim.model import Entry, Skipped, Snapshot
from codesim.text.display import display


@dataclass(frozen=True, slots=True)
class _Places:
    """Which part holds a path, and its path there."""

    name: str
    places: dict[str, tuple[Snapshot, str]]

    def read(self, path: str) -> bytes:
        part, inner = self._found(path)
        return part.read(inner)

    def read_range(self, path: str, start: int, size: int) -> bytes:
        part, inner = self._found(path)
        return part.read_range(inner, start, size)

    def _found(self, path: str) -> tuple[Snapshot, str]:
        if path not in self.places:
            raise SnapshotError(f"{display(self.name)}: {display(path)}: no such file")
        return self.places[path]


def union(
    name: str, origin: str, revision: str | None, parts: Sequence[tuple[str, Snapshot]]
) -> Snapshot:
    """One snapshot of all files, those of each part below its prefix (which may be empty).

    A path that is taken gets a number, as a part must not hide what another holds.
    """
    places: dict[str, tuple[Snapshot, str]] = {}
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for prefix, part in parts:
        renamed = {}
        for entry in part.entries:
            path = _free(prefix + entry.path, places)
            renamed[entry.path] = path
            places[path] = (part, entry.path)
            entries.append(replace(entry, path=path))
        for item in part.skipped:
            skipped.append(replace(item, what=renamed.get(item.what, prefix + item.what)))
    found = _Places(name, places)
    return Snapshot(
        name=name,
        origin=origin,
        revision=revision,
        entries=tuple(sorted(entries, key=lambda entry: entry.path)),
        reader=found.read,
        skipped=tuple(sorted(skipped, key=lambda item: (item.what, item.reason))),
        ranges=found.read_range,
    )


def _free(path: str, taken: dict[str, tuple[Snapshot, str]]) -> str:
    number, free = 2, path
    while free in taken:
        free, number = f"{path} ({number})", number + 1
    return free
