"""Snapshots to profiles: licences, rights, credits and everything that is mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from codesim.detectors.attribution import profile as p
from codesim.detectors.attribution.identity import identity
from codesim.detectors.attribution.licences import (
    CARD,
    CLASSIFIER,
    STATED,
    header_licences,
    licence_of,
    said,
    spelled,
)
from codesim.detectors.attribution.rights import credit_of, gives_credit, holder_of
from codesim.errors import SnapshotError
from codesim.model import Entry, Snapshot
from codesim.text import decode, read_text
from codesim.text.budget import nearest

_SUFFIXES = ".py .pyi .pyw .ipynb .sh .c .cc .cpp .cu .cuh .h .hpp .js .ts .java .go .rs"
_CODE = tuple(_SUFFIXES.split())
_TEXT = (".md", ".rst", ".txt", ".cff", ".bib", ".tex")
_CONFIG = (".json", ".yaml", ".yml", ".toml", ".cfg", ".ini")
_LEGAL = re.compile(
    r"(?:^|/)(?:licen[cs]e|copying|notice|third[-_]?party[\w-]*|credits|authors|citation)"
    r"(?:[-_.][\w.-]*)?$|(?:^|/)licen[cs]es/",
    re.IGNORECASE,
)
_DATA = re.compile(r"(?:^|/)(?:tokenizer|vocab|merges|added_tokens)\.(?:json|txt)$|index\.json$")
_SETUP = ("setup.py", "setup.cfg", "pyproject.toml", "package.json")
_FRONTS = (*_SETUP, "citation.cff")
_TOKEN = re.compile(r"[A-Za-z][\w.-]{3,80}")
_MENTION = re.compile(
    r"(?:github\.com|huggingface\.co|hf\.co|gitlab\.com)/(?:spaces/|datasets/)?"
    r"([A-Za-z0-9][\w.-]{0,60}/[\w.-]{2,96})|(?<![\w/.])([A-Za-z0-9][\w.-]{1,60}/[A-Za-z][\w.-]{2,96})"
    r"(?![\w/])|arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})|arXiv:(\d{4}\.\d{4,5})"
)
_LONGEST = 1_000
# A package states its licence once, and lists it once more.
_MOST_STATED = 8
# The rights of a file stand at its top.
_TOP = 80


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets; all deterministic. ``max_total`` bounds all files of a snapshot together."""

    max_bytes: int
    max_total: int
    max_files: int


def read_profile(snapshot: Snapshot, limits: Limits) -> p.AttributionProfile:
    """The profile of a snapshot. A file that cannot be read is named, and the others are read."""
    skipped: list[tuple[str, str]] = []
    reading = _Reading()
    for path, text in _texts(snapshot, limits, skipped):
        reading.read(path, text)
    own = identity(snapshot, reading.fronts)
    return p.AttributionProfile(
        name=snapshot.name,
        files=tuple(reading.files),
        licences=tuple(sorted(set(reading.licences))),
        works=own.works,
        owners=own.owners,
        repositories=own.repositories,
        papers=own.papers,
        words=tuple(sorted(reading.words.items())),
        mentioned=tuple(sorted(reading.mentioned.items())),
        skipped=tuple(sorted(skipped)),
    )


def _texts(
    snapshot: Snapshot, limits: Limits, skipped: list[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    for entry in nearest(
        list(_wanted(snapshot, limits, skipped)), limits.max_files, limits.max_total, skipped
    ):
        try:
            data = snapshot.read(entry.path)
        except SnapshotError as error:
            skipped.append((entry.path, str(error)))
            continue
        if b"\0" not in data[:8192]:
            notebook = entry.path.endswith(".ipynb")
            yield entry.path, read_text(entry.path, data) if notebook else decode(data)


def _wanted(snapshot: Snapshot, limits: Limits, skipped: list[tuple[str, str]]) -> Iterator[Entry]:
    """Files of a kind that is read, in path order."""
    for entry in snapshot.entries:
        if not entry.readable or not kind_of(entry.path):
            continue
        if entry.size is not None and entry.size > limits.max_bytes:
            skipped.append((entry.path, f"{entry.size:,} bytes; the limit is {limits.max_bytes:,}"))
        else:
            yield entry


def kind_of(path: str) -> str:
    """What kind of text a file is; empty for what is not read."""
    name = path.rpartition("/")[2].lower()
    if _LEGAL.search(path) and not name.endswith(_CODE):
        return p.LEGAL
    if _DATA.search(path):
        return ""
    if name.endswith(_TEXT) or name == "readme":
        return p.DOCUMENTATION
    if name.endswith(_CODE):
        return p.CODE
    return p.CONFIGURATION if name.endswith(_CONFIG) else ""


class _Reading:
    """Collects over the files of one snapshot."""

    def __init__(self) -> None:
        self.files: list[p.FileRights] = []
        self.licences: list[p.Licence] = []
        self.words: dict[str, p.Place] = {}
        self.mentioned: dict[str, p.Place] = {}
        self.fronts: dict[str, str] = {}

    def read(self, path: str, text: str) -> None:
        kind = kind_of(path)
        name = path.rpartition("/")[2].lower()
        if kind == p.CONFIGURATION or name in _FRONTS or name.startswith("readme"):
            self.fronts[path] = text
        holders: dict[str, int] = {}
        credited: list[p.Credit] = []
        for number, line, where in _lines(text, kind):
            line = line[:_LONGEST]
            holder = holder_of(line) if where != p.CONFIGURATION else ""
            if holder and (number <= _TOP or kind == p.LEGAL):
                holders.setdefault(holder, number)
            credit = credit_of(line, number) if where == p.COMMENT else None
            if credit:
                credited.append(credit)
            # Copied files carry names along; only who says so gives credit. An address may stand
            # on the next line.
            if where == p.COMMENT and not gives_credit(line, number, credited[-1:]):
                where = p.REMARK
            # A copyright line names a holder; that is a notice, and no mention.
            if not holder:
                self._note(line, p.Place(where, path, number))
        stated = self._licences(path, text, kind)
        if holders or stated or credited:
            found = tuple(sorted(holders.items()))
            self.files.append(p.FileRights(path, found, stated, tuple(credited)))

    def _note(self, line: str, place: p.Place) -> None:
        for word in _TOKEN.findall(line):
            _first(self.words, word.strip("._-").lower(), place)
        if "/" in line or "rXiv" in line:
            for groups in _MENTION.findall(line):
                name = next(filter(None, groups)).removesuffix(".git").rstrip(".").lower()
                _first(self.mentioned, name, place)

    def _licences(self, path: str, text: str, kind: str) -> tuple[str, ...]:
        found: list[p.Licence] = []
        name = path.rpartition("/")[2].lower()
        if kind == p.LEGAL:
            identifier, how = licence_of(text)
            if identifier:
                found.append(p.Licence(identifier, how, path, 1))
        top = "\n".join(text.split("\n", _TOP)[:_TOP])
        if kind in (p.CODE, p.CONFIGURATION):
            found += [p.Licence(each, "header", path, 1) for each in header_licences(top)]
        if name in _SETUP:
            for match in islice(
                chain(STATED.finditer(text), CLASSIFIER.finditer(text)), _MOST_STATED
            ):
                line = text.count("\n", 0, match.start()) + 1
                found.append(p.Licence(spelled(match.group(1)), "package", path, line))
        if name.startswith("readme"):
            found += _front_page(path, text)
        self.licences += found
        return tuple(sorted({each.identifier for each in found if each.how == "header"}))


def _front_page(path: str, text: str) -> Iterator[p.Licence]:
    lines = text.split("\n")
    inside = lines[:1] == ["---"]
    for number, line in enumerate(lines, 1):
        line = line[:_LONGEST]
        if inside and number > 1:
            inside = line.strip() != "---"
            match = CARD.match(line)
            if match and match.group(1) != "base_model":
                yield p.Licence(spelled(match.group(2)), "model card", path, number)
        elif "icen" in line.lower() and said(line):
            yield p.Licence(said(line), "front page", path, number)


# Credit in documentation counts more than a trace in a configuration, so it is the place kept.
_RANK = {
    p.DOCUMENTATION: 0,
    p.LEGAL: 1,
    p.COMMENT: 2,
    p.REMARK: 3,
    p.CODE: 4,
    p.CONFIGURATION: 5,
}


def _first(places: dict[str, p.Place], name: str, place: p.Place) -> None:
    known = places.get(name)
    if known is None or _RANK[place.where] < _RANK[known.where]:
        places[name] = place


def _lines(text: str, kind: str) -> Iterator[tuple[int, str, str]]:
    """Lines worth reading: of code only comments, docstrings, imports and addresses."""
    if kind != p.CODE:
        for number, line in enumerate(text.split("\n"), 1):
            if line:
                yield number, line, kind
        return
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        quotes = [mark for mark in ('"""', "'''", "/*", "*/") if mark in line]
        was = inside
        for mark in quotes:
            if inside:
                closing = "*/" if inside == "/*" else inside
                inside = "" if mark == closing and line.count(mark) % 2 else inside
            elif mark != "*/" and line.count(mark) % 2:
                inside = mark
        bare = line.lstrip()
        if was or quotes or bare.startswith(("#", "//", "*")):
            yield number, line, p.COMMENT
        elif "#" in line or " //" in line:
            at = line.find("#") if "#" in line else line.find(" //")
            yield number, line[at:], p.COMMENT
            if "/" in line[:at]:
                yield number, line[:at], p.CODE
        elif "/" in line or bare.startswith(("import ", "from ")):
            yield number, line, p.CODE
