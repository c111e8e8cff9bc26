"""File names of learning platforms, and patterns of one's own for others."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codesim.audit.submissions.times import iso_time
from codesim.errors import CodesimError
from codesim.supervise import Limits, supervised
from codesim.text.display import display

# Each needs time in proportion to the length of a name: no two parts can match the same text.
# Moodle: "Ada Lovelace_4711_assignsubmission_file_main.py", or a folder that ends with "file_" or
# "file". Canvas: "lovelaceada_LATE_4711_815_main-1.py". Gradescope: folders "submission_4711", with
# the names in submission_metadata.yml.
PRESETS = {
    "moodle": re.compile(
        r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?",
        re.DOTALL,
    ),
    "canvas": re.compile(
        r"(?P<name>[^_]+)_(?:late_)?(?P<id>\d+)_(?P<upload>\d+)_(?P<file>.+)",
        re.DOTALL | re.IGNORECASE,
    ),
    "gradescope": re.compile(r"(?P<name>submission)_(?P<id>\d+)"),
}
_GROUPS = ("name", "team", "time")
_LONGEST_PATTERN = 1_000
# Matching names takes microseconds each; whatever takes longer than this never ends.
_MATCHING = Limits(seconds=20.0, memory=1 << 30, answer=200_000_000)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file name says. ``key`` is the same for all files of one submission."""

    name: str
    key: str
    team: str = ""
    time: str = ""
    number: str = ""


def checked(pattern: str) -> str:
    """A pattern that can be used: empty, ``none``, a preset, or a regular expression with a group
    ``name``. Raises CodesimError with what is wrong with it.
    """
    if pattern in ("", "none") or pattern in PRESETS:
        return pattern
    try:
        groups = re.compile(pattern).groupindex
    except (re.error, OverflowError, RecursionError) as error:
        raise CodesimError(f"the pattern is no regular expression: {display(str(error))}") from None
    if "name" not in groups or len(pattern) > _LONGEST_PATTERN:
        raise CodesimError(
            f"the pattern must be one of {', '.join(PRESETS)}, none, or a regular expression of at "
            f"most {_LONGEST_PATTERN:,} characters with a group (?P<name>...), and perhaps "
            "(?P<team>...) and (?P<time>...)"
        )
    odd = sorted(set(groups) - set(_GROUPS))
    if odd:
        raise CodesimError(f"the pattern has a group {odd[0]!r}; known are {', '.join(_GROUPS)}")
    return pattern


def recognised(names: Sequence[str]) -> str:
    """The preset that all of these names follow, or ``none``."""
    found = _followed(names)
    return next((preset for preset, those in found.items() if len(those) == len(names)), "none")


def nearly_recognised(names: Sequence[str]) -> str:
    """What to say where most of these names follow a preset, but not all; or empty."""
    for preset, those in _followed(names).items():
        if len(names) / 2 < len(those) < len(names):
            other = min(set(names) - those)
            return (
                f"{len(those):,} of {len(names):,} look like those of {preset.capitalize()}, "
                f"{display(other)} does not, so each is a submission by itself; --pattern {preset} "
                "reads those that do, and leaves the others out"
            )
    return ""


def _followed(names: Sequence[str]) -> dict[str, set[str]]:
    """The names that follow each preset, where these could come from it."""
    followed = {}
    for preset, pattern in PRESETS.items():
        found = {name: match for name in names if (match := pattern.fullmatch(name))}
        if found and (preset != "canvas" or _is_canvas(list(found.values()))):
            followed[preset] = set(found)
    return followed


def _is_canvas(found: Sequence[re.Match[str]]) -> bool:
    """Names such as hw_2024_05_ada.zip look like it, but there every upload has its own number, and
    taking them for it would make one submission of all.
    """
    uploads = {each["upload"] for each in found}
    return len(uploads) == len(found) and (len(found) == 1 or len({m["name"] for m in found}) > 1)


def read_names(pattern: str, names: Sequence[str]) -> list[Read | None]:
    """What each name says by a preset or an expression; None where it does not match.

    An expression of the user's is matched in a child process, as it may need more time than there
    is for a name that somebody else chose. Raises CodesimError then.
    """
    if pattern in PRESETS:
        return [_by_preset(PRESETS[pattern], name) for name in names]
    asked = json.dumps({"pattern": pattern, "names": list(names)}).encode("ascii")
    (outcome,) = supervised(f"{__name__}:matched", [asked], 1, _MATCHING)
    if not outcome.is_done:
        raise CodesimError(
            f"the pattern could not be matched with the file names ({outcome.state}); write it "
            "without repeated groups inside repeated groups"
        )
    return [_by_groups(groups) for groups in json.loads(outcome.answer)]


def matched(data: bytes) -> bytes:
    """The task of the child: the groups found in each name, or null."""
    asked: dict[str, Any] = json.loads(data)
    pattern = re.compile(asked["pattern"])
    found = [pattern.search(name) for name in asked["names"]]
    return json.dumps([each.groupdict("") if each else None for each in found]).encode("ascii")


def file_name(name: str) -> str:
    """The name that a file had before a platform added to it."""
    for preset in ("moodle", "canvas"):
        found = PRESETS[preset].fullmatch(name)
        if found and found["file"]:
            return found["file"]
    return name


def _by_preset(pattern: re.Pattern[str], name: str) -> Read | None:
    found = pattern.fullmatch(name)
    if not found:
        return None
    return Read(found["name"], f"{found['name']}\0{found['id']}", number=found["id"])


def _by_groups(groups: dict[str, str] | None) -> Read | None:
    if not groups or not groups["name"].strip():
        return None
    name, team = groups["name"].strip(), groups.get("team", "").strip()
    return Read(name, f"{name}\0{team}", team, iso_time(groups.get("time", "")))
