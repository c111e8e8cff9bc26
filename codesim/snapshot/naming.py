"""Names of sources that can be told apart, and which sources are quickly opened."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from codesim.errors import SnapshotError
from codesim.model import Snapshot
from codesim.snapshot.spec import local_parts, parse_source

_MOST_FOLDERS = 3


def told_apart(specs: Sequence[str | None], snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The snapshots, equal names extended by the folders above them until they differ.

    ``specs`` are what was opened, None for a snapshot that came from elsewhere. The same content
    in other folders keeps its name unless it is compared with a namesake.
    """
    places = [_place(spec) for spec in specs]
    named = []
    for place, snapshot in zip(places, snapshots, strict=True):
        rivals = [
            other
            for other, namesake in zip(places, snapshots, strict=True)
            if namesake.name == snapshot.name and other and other != place
        ]
        named.append(_renamed(snapshot, _distinct(place, rivals)) if place and rivals else snapshot)
    return named


def effort(spec: str) -> int:
    """How long opening may take, for opening the quick ones first: an error there comes at once.

    0 for what needs no search, 1 for a revision or folder of something here, 2 for a whole
    directory, 3 for what is fetched.
    """
    try:
        source = parse_source(spec)
    except SnapshotError:
        return 0
    if source.url:
        return 3
    if not os.path.isdir(source.path or ""):
        return 0
    return 1 if source.revision or source.folder else 2


def _place(spec: str | None) -> tuple[str, ...]:
    """Where a source lies: host and path, or folders; and the part of it that is compared."""
    if spec is None:
        return ()
    source = parse_source(spec)
    parts = tuple(source.url.split("/")[2:]) if source.url else local_parts(source.path or "")
    return (*parts[:-1], parts[-1].removesuffix(".git"), source.folder or "")


def _distinct(place: tuple[str, ...], rivals: Sequence[tuple[str, ...]]) -> str:
    """The end of a place that no rival has, and never more of it than tells them apart."""
    *folders, folder = place
    others = [tuple(other[:-1]) for other in rivals]
    if tuple(folders) in others:  # the same place: only what is compared of it can differ
        return folders[-1] + (f"#{folder}" if folder else "")
    depth = 2
    while any(other[-depth:] == tuple(folders[-depth:]) for other in others):
        depth += 1
    shown = folders[-depth:]
    if len(shown) > _MOST_FOLDERS:  # not nearly the whole path, which is nobody's business
        shown = [shown[0], "…", shown[-1]]
    return "/".join(shown)


def _renamed(snapshot: Snapshot, name: str) -> Snapshot:
    origin = snapshot.origin
    if origin.startswith("file:"):
        _, mark, folder = origin.partition("#")
        origin = f"file:{name.partition('#')[0]}{mark}{folder}"
    return replace(snapshot, name=name, origin=origin)
