"""What was named on the command line, read as a roster of submissions."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace

from codesim.audit.submissions.grouping import drafts_of
from codesim.audit.submissions.names import UNNAMED, free, named, renamed_apart, shown
from codesim.audit.submissions.nouns import Draft, Roster
from codesim.audit.submissions.places import in_archive, in_folder
from codesim.audit.submissions.platforms import checked
from codesim.audit.submissions.table import name_of, names_sources, read_lines, read_table
from codesim.errors import CodesimError
from codesim.model import Skipped
from codesim.snapshot.archive import is_archive
from codesim.text.decode import decode
from codesim.text.display import display

# 100,000 rows of 160 characters.
_LARGEST_LIST = 16_000_000
_CODE = (".py", ".ipynb")
_BINARY = re.compile("[\x00-\x08\x0e-\x1a]")
_DELIMITERS = (",", ";", "\t")


def read_roster(source: str, pattern: str = "", old: bool = False) -> Roster:
    """The submissions of a folder, of an archive of archives, or of a list.

    Nothing is opened or fetched. ``pattern`` says how file names are read: a preset (``moodle``,
    ``canvas``, ``gradescope``), a regular expression with the groups ``name``, ``team`` and
    ``time``, ``none`` for one submission each, or empty for the platform that all names follow,
    if there is one. Names are unique within the roster. Raises CodesimError where there is nothing
    to read or no submission in it.
    """
    chosen = checked(pattern)
    if os.path.isdir(source):
        place = in_folder(source)
        drafts, skipped = drafts_of(place, chosen)
        skipped += place.skipped
    elif not os.path.isfile(source):
        raise CodesimError(_missing(source))
    elif is_archive(source):
        place = in_archive(source)
        drafts, skipped = drafts_of(place, chosen)
        skipped += place.skipped
    else:
        drafts, skipped = _listed(source)
    if not drafts:
        raise CodesimError(f"{display(source)}: holds no submission{_instead(skipped)}")
    order = sorted(set(skipped), key=lambda item: (item.what, item.reason))
    return Roster(named(drafts, old), tuple(order))


def read_past(sources: Sequence[str], pattern: str = "") -> list[Roster]:
    """Past cohorts, each called after its folder, archive or list. Raises CodesimError."""
    found = []
    for source, cohort in zip(sources, names_of(sources), strict=True):
        roster = read_roster(source, pattern, old=True)
        called = tuple(replace(each, cohort=cohort) for each in roster.submissions)
        found.append(replace(roster, submissions=called))
    return found


def joined(rosters: Sequence[Roster]) -> Roster:
    """Several rosters as one, such as this year's and those of past years; of two submissions of
    one name, that of the later roster gets another one.
    """
    skipped = {item for roster in rosters for item in roster.skipped}
    return Roster(
        renamed_apart([roster.submissions for roster in rosters]),
        tuple(sorted(skipped, key=lambda item: (item.what, item.reason))),
    )


def names_of(sources: Sequence[str]) -> list[str]:
    """Names for sources that have none, told apart where two have one name."""
    taken: set[str] = set()
    return [free(shown(name_of(source).strip("./")) or UNNAMED, taken) for source in sources]


def _listed(path: str) -> tuple[list[Draft], list[Skipped]]:
    if path.lower().endswith(_CODE):
        raise CodesimError(
            f"{display(path)}: is one file; give a folder or an archive with one folder, archive, "
            "file or notebook per submission, or a list of sources"
        )
    text, notes = _text(path)
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    if path.lower().endswith((".csv", ".tsv")) or names_sources(header, delimiter):
        drafts, skipped = read_table(path, text, delimiter)
    else:
        drafts, skipped = read_lines(path, text)
    return drafts, notes + skipped


def _text(path: str) -> tuple[str, list[Skipped]]:
    """The text of a list: UTF-8 or UTF-16 with a mark, else the encoding of older spreadsheets."""
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST_LIST + 1)
    except OSError as error:
        raise CodesimError(f"{display(path)}: cannot be read: {error.strerror}") from None
    if len(data) > _LARGEST_LIST:
        raise CodesimError(f"{display(path)}: is larger than {_LARGEST_LIST:,} bytes; split it")
    text, notes = decode(data), []
    if "\ufffd" in text:
        text = data.decode("cp1252", "replace").replace("\r\n", "\n").replace("\r", "\n")
        notes.append(Skipped("encoding of the list", "not UTF-8; read as Windows-1252"))
    if _BINARY.search(text):
        raise CodesimError(
            f"{display(path)}: is no list; give a folder, a .zip, a .csv with a header, or a text "
            "with one source per line"
        )
    return text, notes


def _missing(source: str) -> str:
    if "://" in source or source.startswith("hf:"):
        return f"{display(source)}: addresses are read from a list; give a .csv or a text file"
    return f"{display(source)}: there is no such file or folder; check the path"


def _instead(skipped: list[Skipped]) -> str:
    if not skipped:
        return ""
    first = min(skipped, key=lambda item: (item.what, item.reason))
    more = f" and {len(skipped) - 1:,} more" if len(skipped) > 1 else ""
    return f"; left out: {first.what} ({first.reason}){more}"
