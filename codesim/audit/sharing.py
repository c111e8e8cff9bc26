"""Who shares what with how many: parts that several submissions have as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from codesim.audit.messages import PartNote
from codesim.report.audit.document import HolderRecord, SharedRecord

# Parts that are told, and holders of each that are named.
_PARTS, _HOLDERS = 200, 50
# Two are a pair, which is told elsewhere.
_LEAST = 3


def shared_parts(parts: Iterable[tuple[str, PartNote]]) -> tuple[SharedRecord, ...]:
    """Parts that three or more submissions have, given as (name, part); most widely shared first.

    A definition inside a file that is shared as a whole is told with the file alone.
    """
    holders: dict[tuple[str, int], dict[str, PartNote]] = {}
    for name, part in parts:
        holders.setdefault((part.kind, part.value), {}).setdefault(name, part)
    wide = {key: each for key, each in holders.items() if len(each) >= _LEAST}
    files = {
        (name, part.path): len(each)
        for (_, _), each in wide.items()
        for name, part in each.items()
        if not part.start
    }
    kept = [
        (key, each)
        for key, each in wide.items()
        if not all(
            part.start and files.get((name, part.path), 0) >= len(each)
            for name, part in each.items()
        )
    ]
    kept.sort(key=lambda item: (-len(item[1]), item[0]))
    return tuple(_record(kind, each) for (kind, _), each in kept[:_PARTS])


def _record(kind: str, holders: dict[str, PartNote]) -> SharedRecord:
    names = sorted(holders)
    return SharedRecord(
        kind=kind,
        label=holders[names[0]].label,
        members=len(names),
        holders=tuple(
            HolderRecord(name, part.path, part.start or None, part.end or None)
            for name, part in ((name, holders[name]) for name in names[:_HOLDERS])
        ),
    )
