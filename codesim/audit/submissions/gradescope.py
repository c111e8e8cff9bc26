"""Who handed in what, from the ``submission_metadata.yml`` of a Gradescope export.

Only the few lines that matter are read, one at a time: a YAML parser would build whatever the rest
of the file says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from codesim.audit.submissions.times import iso_time

METADATA = ("submission_metadata.yml", "submission_metadata.yaml")
LARGEST = 50_000_000
_FOLDER = re.compile(r"(submission_\d+):\s*")
_NAME = re.compile(r"\s*(?:- )?:?name: *(\S.*)")
_CREATED = re.compile(r"  :?created_at: *(\S.*)")
_SECTION = re.compile(r"  :?(\w+): *")
_ESCAPE = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\/nrt]))')
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Handed:
    """The submitters of one folder, joined, and when it was handed in (ISO 8601 or empty)."""

    name: str
    time: str


def read_metadata(text: str) -> dict[str, Handed]:
    """By folder. What cannot be made out is left out."""
    names: dict[str, list[str]] = {}
    times: dict[str, str] = {}
    folder = section = ""
    for line in text.splitlines():
        if found := _FOLDER.fullmatch(line):
            folder, section = found[1], ""
            names[folder] = []
        elif folder and (found := _CREATED.fullmatch(line)):
            times[folder] = iso_time(_scalar(found[1]))
        elif folder and (found := _SECTION.fullmatch(line)):
            section = found[1]
        elif folder and section == "submitters" and (found := _NAME.fullmatch(line)):
            names[folder].append(_scalar(found[1]))
    return {
        folder: Handed(", ".join(sorted(filter(None, who))), times.get(folder, ""))
        for folder, who in names.items()
    }


def _scalar(text: str) -> str:
    """A YAML scalar on one line: plain, in single or in double quotes."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPE.sub(_unescaped, text[1:-1])
    return text


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return "\ufffd" if number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)
    return _PLAIN.get(found[4], found[4])
