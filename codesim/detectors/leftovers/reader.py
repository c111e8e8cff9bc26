"""Snapshots to scans: which files are read, how, and what is set aside unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from codesim.detectors.leftovers import patterns as p
from codesim.detectors.leftovers.collect import Collector
from codesim.detectors.leftovers.places import (
    CODE,
    CONFIG,
    PROSE,
    has_slash_comments,
    role_of,
    third_party,
)
from codesim.detectors.leftovers.profile import FileScan, LeftoversProfile
from codesim.detectors.leftovers.scan import kind_of_comment, scan_code
from codesim.errors import SnapshotError
from codesim.formats.blob import blob_id_of
from codesim.model import Entry, Snapshot
from codesim.text import decode, read_text
from codesim.text.budget import nearest

_NEEDS = re.compile(r"^\s*[\"']?([A-Za-z][\w.-]*+)\s*(?:\[[\w,\s-]{0,80}\])?\s*(?:[<>=!~;,\"']|$)")
_NEEDED = re.compile(r"(?:^|/)(?:requirements[\w.-]*\.txt|setup\.(?:py|cfg)|pyproject\.toml)$")
_INSTALLED = re.compile(r"pip3?\s+install\s+(?:-[\w-]+\s+)*([A-Za-z][\w.-]*)")
_COMMENTED = re.compile(r"(?:^|\s)#\s?(.*)$")

# The shortest thing that counts, an import of a module of one letter, has more.
_LEAST_TEXT = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets; all deterministic. ``max_total`` bounds all files of a snapshot together."""

    max_bytes: int
    max_total: int
    max_files: int = 20_000


def read_profile(snapshot: Snapshot, limits: Limits) -> LeftoversProfile:
    """The profile of a snapshot. A file that cannot be read is named, and the others are read."""
    skipped: list[tuple[str, str]] = []
    set_aside: list[tuple[str, str]] = []
    needed: set[str] = set()
    files = []
    for entry, text, blob_id in _texts(snapshot, limits, skipped, set_aside):
        files.append(scan_file(entry.path, text, blob_id))
        needed.update(_requirements(entry.path, text))
    return LeftoversProfile(
        name=snapshot.name,
        files=tuple(files),
        paths=tuple(entry.path for entry in snapshot.entries),
        requirements=tuple(sorted(needed)),
        set_aside=tuple(set_aside),
        skipped=tuple(sorted(skipped)),
    )


def _texts(
    snapshot: Snapshot,
    limits: Limits,
    skipped: list[tuple[str, str]],
    set_aside: list[tuple[str, str]],
) -> Iterator[tuple[Entry, str, str]]:
    total = 0
    for entry in nearest(
        list(_wanted(snapshot, limits, skipped, set_aside)),
        limits.max_files,
        limits.max_total,
        skipped,
    ):
        try:
            data = snapshot.read(entry.path)
        except SnapshotError as error:
            skipped.append((entry.path, str(error)))
            continue
        total += len(data)
        if total > limits.max_total:
            skipped.append((entry.path, f"beyond {limits.max_total:,} bytes of text"))
            continue
        if b"\0" in data[:8192] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue  # binary, whatever its name says
        text = read_text(entry.path, data) if entry.path.endswith(".ipynb") else decode(data)
        yield entry, text, entry.blob_id or blob_id_of(data)


def _wanted(
    snapshot: Snapshot,
    limits: Limits,
    skipped: list[tuple[str, str]],
    set_aside: list[tuple[str, str]],
) -> Iterator[Entry]:
    """Files of a kind that is read, in path order."""
    for entry in snapshot.entries:
        if not entry.readable or not role_of(entry.path):
            continue
        reason = third_party(entry.path)
        if reason:
            set_aside.append((entry.path, reason))
        elif entry.size is not None and entry.size > limits.max_bytes:
            skipped.append((entry.path, f"{entry.size:,} bytes; the limit is {limits.max_bytes:,}"))
        else:
            yield entry


def scan_file(path: str, text: str, blob_id: str = "") -> FileScan:
    """Everything that could be left over in one file."""
    found = Collector()
    role = role_of(path)
    if len(text) < _LEAST_TEXT:
        return FileScan(path, role, blob_id)
    if role == CODE:
        scan_code(text, has_slash_comments(path), found)
    elif role == PROSE:
        _scan_prose(text, found)
    elif role == CONFIG:
        _scan_configuration(text, found)
    parts: dict[str, Any] = found.result()
    return FileScan(path=path, role=role, blob_id=blob_id, **parts)


def _scan_prose(text: str, found: Collector) -> None:
    """Passages belong to another kind of evidence; here only names, addresses and words count."""
    for number, line in enumerate(text.split("\n"), 1):
        line = line[: p.LONGEST]
        if not line.strip() or p.RIGHTS.search(line.casefold()):
            continue
        found.exact(line, number)
        found.note_words(line, number)
        for name in (*p.BACKTICKED.findall(line), *p.COMPOUND.findall(line)):
            found.mention("prose", name, number)
        for one, two in p.QUOTED.findall(line):
            found.literal(one or two, number)
        for match in p.FROM_IMPORT.finditer(line):
            if not match.group(1):
                found.mention("import", match.group(2), number)


def _scan_configuration(text: str, found: Collector) -> None:
    """Values that name something; what they set belongs to another kind of evidence."""
    for number, line in enumerate(text.split("\n"), 1):
        line = line[: p.LONGEST]
        found.exact(line, number)
        comment = _COMMENTED.search(line)
        if comment and not p.RIGHTS.search(line.casefold()):
            found.speech(comment.group(1), number, kind_of_comment(comment.group(1)))
        for name in p.DOTTED.findall(p.URL.sub(" ", line)):
            found.mention("dotted", name, number)
        for one, two in p.QUOTED.findall(line):
            value = one or two
            found.literal(value, number)
            if p.COMPOUND.fullmatch(value[:200]):
                found.mention("value", value, number)


def _requirements(path: str, text: str) -> Iterator[str]:
    """Packages that a file says are needed, as module names."""
    if _NEEDED.search(path):
        for line in text.split("\n"):
            match = _NEEDS.match(line[:300])
            if match:
                yield match.group(1).replace("-", "_").lower()
    if "pip" in text:
        for name in _INSTALLED.findall(text):
            yield name.replace("-", "_").lower()
