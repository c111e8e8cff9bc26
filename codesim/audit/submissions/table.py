"""Lists of submissions: a table with a header, or one source per line."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from codesim.audit.submissions.nouns import Draft
from codesim.audit.submissions.places import MOST
from codesim.audit.submissions.times import iso_time, later
from codesim.errors import CodesimError, SnapshotError
from codesim.model import Skipped
from codesim.snapshot.archive import is_archive
from codesim.snapshot.spec import HOSTS, parse_source
from codesim.text.display import display
from codesim.text.listed import listed

_LONGEST_SOURCE = 4_096
_COLUMNS = {
    "name": ("name", "submission", "student", "participant", "author"),
    "team": ("team", "group"),
    "time": ("time", "timestamp", "submitted", "submitted at", "submitted_at", "date"),
    "revision": ("revision", "commit", "branch", "tag", "ref"),
    "source": ("source", "url", "repository", "repo", "link", "address", "path"),
}
_FIELD_OF = {title: name for name, titles in _COLUMNS.items() for title in titles}
# What participants type into a form names no file outside the folder of the list. A column "path",
# like a list of lines, is what the organiser wrote.
_TRUSTED = "path"
_SSH = re.compile(rf"git@({'|'.join(map(re.escape, HOSTS))}):(?!/)(.+)")


@dataclass(slots=True)
class _Rows:
    """Submissions under construction."""

    folder: str
    drafts: list[Draft] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def skip(self, what: str, reason: str) -> None:
        self.skipped.append(Skipped(what, reason))

    def add(self, line: int, cells: dict[str, str], trusted: bool) -> None:
        """One row; ``line`` is where it stands."""
        where, text = f"line {line}", cells.get("source", "")
        if not text or len(text) > _LONGEST_SOURCE:
            self.skip(where, "names no source" if not text else "its source is too long")
            return
        source, is_local = located(text, self.folder)
        if is_local and not trusted and not _lies_within(source, self.folder):
            self.skip(
                f"{where}: {display(text[:200])}",
                "leads out of the folder of the list; such paths are read from a column 'path'",
            )
            return
        time = iso_time(cells.get("time", ""))
        if cells.get("time") and not time:
            reason = f"'{display(cells['time'][:60])}' is not ISO 8601 (2024-05-31T17:00); not used"
            self.skip(f"{where}: time", reason)
        team, own = cells.get("team", ""), name_of(text)
        name, revision = cells.get("name") or team or own, cells.get("revision", "")
        first = self.lines.setdefault((name, team, source, revision), line)
        if first != line:
            self.skip(where, f"the same as line {first}")
        elif len(self.drafts) >= MOST:
            raise CodesimError(f"the list holds more than {MOST:,} submissions")
        else:
            marks = (team, own, text)
            self.drafts.append(Draft(name, (source,), team, time, revision, marks))


def names_sources(header: str, delimiter: str) -> bool:
    """Whether a first line names a column of sources."""
    titles = next(csv.reader([header[:_LONGEST_SOURCE]], delimiter=delimiter), [])
    return len(titles) > 1 and any(_field_of(title) == "source" for title in titles)


def read_table(path: str, text: str, delimiter: str) -> tuple[list[Draft], list[Skipped]]:
    """The rows of a table. Rows of one name and team that are single files are one submission.

    Raises CodesimError where no column names sources.
    """
    rows = _Rows(_folder_of(path))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines = _lines(reader, rows)
    titles = [" ".join(title.split()).lower() for title in next(lines, (1, []))[1]]
    fields = [_field_of(title) for title in titles]
    if "source" not in fields:
        raise CodesimError(
            f"{display(path)}: its first line names no column of sources; one of "
            f"{', '.join(_COLUMNS['source'])} is needed, and it has: "
            f"{display(', '.join(titles)[:200]) or 'nothing'}"
        )
    for title, name in zip(titles, fields, strict=True):
        if title and not name:
            rows.skip(f"column '{display(title[:60])}'", "not used")
    for line, cells in lines:
        named: dict[str, str] = {}
        trusted = False
        for title, name, cell in zip(titles, fields, cells, strict=False):
            if name and cell.strip() and name not in named:
                named[name] = cell.strip()
                trusted = trusted or title == _TRUSTED
        rows.add(line, named, trusted)
    return _joined(rows.drafts), rows.skipped


def _field_of(title: str) -> str:
    return _FIELD_OF.get(" ".join(title.split()).lower(), "")


def read_lines(path: str, text: str) -> tuple[list[Draft], list[Skipped]]:
    """One source per line; what follows ``#`` at the start or after a blank is a comment."""
    rows = _Rows(_folder_of(path))
    for number, source in listed(text):
        rows.add(number, {"source": source}, trusted=True)
    return rows.drafts, rows.skipped


def _folder_of(path: str) -> str:
    """However the list was named: what is missing there is no address because of that."""
    return os.path.abspath(os.path.dirname(path))


def located(text: str, folder: str) -> tuple[str, bool]:
    """A source of a list as one that can be opened from here, and whether it is a path.

    A path is taken from the folder of the list. ``git@github.com:OWNER/NAME`` and ``http://`` of a
    well-known host become https.
    """
    path = os.path.join(folder, text)
    if os.path.lexists(path):
        return path, True
    text = _SSH.sub(r"https://\1/\2", text)
    scheme, mark, rest = text.partition("://")
    if mark and scheme.lower() == "http" and rest.split("/")[0].lower() in HOSTS:
        text = f"https://{rest}"
    try:
        source = parse_source(text)
    except SnapshotError:  # said when it is opened
        return (text, False) if mark or "::" in text else (path, True)
    if source.url:
        return text, False
    return (text, True) if mark else (path, True)


def _lies_within(source: str, folder: str) -> bool:
    try:
        path = parse_source(source).path or ""
    except SnapshotError:
        path = source
    root = os.path.realpath(folder or os.curdir)
    return os.path.realpath(path).startswith(root.rstrip(os.sep) + os.sep)


def name_of(text: str) -> str:
    """A name for a source that has none: OWNER/NAME of an address, the last part of a path."""
    plain = _SSH.sub(r"https://\1/\2", text)
    location = re.split(r"[@#]", plain.rstrip("/"), maxsplit=1)[0] or plain
    parts = [part for part in location.split("/") if part]
    is_url = "://" in plain or (parts and parts[0].lower() in HOSTS) or plain.startswith("hf:")
    kept = parts[-2:] if is_url else parts[-1:]
    return "/".join(kept).removeprefix("hf:").removesuffix(".git")


def _lines(reader: Iterator[list[str]], rows: _Rows) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with their first line; one that is no row costs only itself."""
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            rows.skip(f"line {line}", f"is no row of a table: {display(str(error))}")
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _joined(drafts: list[Draft]) -> list[Draft]:
    """Several single files of one name and team are one submission."""
    kept: list[Draft] = []
    place: dict[tuple[str, str], int] = {}
    for draft in drafts:
        key = (draft.name, draft.team)
        path = draft.sources[0]
        if is_archive(path) or not os.path.isfile(path):
            kept.append(draft)
        elif key in place:
            first = kept[place[key]]
            kept[place[key]] = replace(
                first, sources=first.sources + draft.sources, time=later(first.time, draft.time)
            )
        else:
            place[key] = len(kept)
            kept.append(draft)
    return kept
