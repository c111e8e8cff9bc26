"""The text of shown files, read from the snapshots within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codesim.errors import SnapshotError
from codesim.model import Skipped, Snapshot
from codesim.report.document import Side
from codesim.text import read_text

# A notebook may carry tens of megabytes of outputs around a small text, so bytes and text have
# their own limits. Sixteen megabytes keep the document and the page mailable.
_MAX_BYTES = 32 << 20
MAX_TEXT = 1 << 20
MAX_TOTAL = 16 << 20
# Above this share of control and replacement characters nobody can read it: a binary file.
_MAX_UNREADABLE = 0.1


@dataclass(frozen=True, slots=True)
class Shown:
    """The paths of one side that a report shows, most telling first; repeats are allowed."""

    side: Side
    snapshot: Snapshot
    paths: Sequence[str]


class _RefusedError(Exception):
    """The reason why a text is not taken."""


def gather(*sides: Shown) -> tuple[dict[Side, dict[str, str]], list[Skipped]]:
    """Text by side and path, and what had to be left out. Both sides of a pair go together, so
    that the budget ends between pairs.
    """
    texts: dict[Side, dict[str, str]] = {shown.side: {} for shown in sides}
    skipped: list[Skipped] = []
    sizes = {shown.side: _sizes(shown.snapshot) for shown in sides}
    seen: set[tuple[Side, str]] = set()
    left_over = MAX_TOTAL
    for row in zip(*(shown.paths for shown in sides), strict=True):
        for shown, path in zip(sides, row, strict=True):
            if (shown.side, path) in seen or path not in sizes[shown.side]:
                continue
            seen.add((shown.side, path))
            try:
                text = _text(shown.snapshot, path, sizes[shown.side][path], left_over)
            except _RefusedError as refused:
                skipped.append(Skipped(f"{shown.side}: {path}", f"not shown: {refused}"))
                continue
            texts[shown.side][path] = text
            left_over -= len(text)
    return texts, skipped


def _sizes(snapshot: Snapshot) -> dict[str, int]:
    """Bytes of each readable file, 0 where unknown. A path outside names no file: a tensor, say."""
    return {entry.path: entry.size or 0 for entry in snapshot.entries if entry.readable}


def _text(snapshot: Snapshot, path: str, size: int, left_over: int) -> str:
    if size > _MAX_BYTES:
        raise _RefusedError(f"{size:,} bytes, the limit is {_MAX_BYTES:,}")
    try:
        text = read_text(path, snapshot.read(path))
    except SnapshotError as error:
        raise _RefusedError(str(error)) from None
    if len(text) > MAX_TEXT:
        raise _RefusedError(f"{len(text):,} characters, the limit is {MAX_TEXT:,}")
    if len(text) > left_over:
        raise _RefusedError(f"the texts of a report may hold {MAX_TOTAL:,} characters together")
    if _unreadable(text) > _MAX_UNREADABLE * len(text):
        raise _RefusedError("not text")
    return text


def _unreadable(text: str) -> int:
    sample = text[:65536]
    if sample.isprintable():
        return 0
    bad = sum(ch == "\ufffd" or (ch < " " and ch not in "\t\n\f") for ch in sample)
    return bad * len(text) // max(len(sample), 1)
