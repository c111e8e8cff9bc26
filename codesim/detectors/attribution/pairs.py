"""For each pair of matched files: was the source named, was its licence kept?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from codesim.detectors.attribution.mentions import Mention, Named
from codesim.detectors.attribution.names import plain, runs_of
from codesim.detectors.attribution.profile import AttributionProfile, FileRights
from codesim.model import Evidence

ATTRIBUTED, KEPT, REMOVED, SILENT = (
    "attributed", "licence kept", "licence removed", "not mentioned",
)  # fmt: skip


class Reading(NamedTuple):
    """How a matched pair of files is to be read, and why."""

    left: str
    right: str
    kinds: tuple[str, ...]
    state: str
    why: str


class Both(NamedTuple):
    """What is known of both sides together."""

    left: AttributionProfile
    right: AttributionProfile
    left_names: Named
    right_names: Named


def readings(both: Both, found: Sequence[Evidence]) -> tuple[Reading, ...]:
    """One reading per matched pair of files, in order of paths; what is no evidence needs none."""
    kinds: dict[tuple[str, str], set[str]] = {}
    for evidence in filter(lambda each: each.strength, found):
        for pair in evidence.pairs:
            kinds.setdefault((pair.left.path, pair.right.path), set()).add(evidence.kind)
    files = [{file.path: file for file in side.files} for side in (both.left, both.right)]
    return tuple(
        Reading(left, right, tuple(sorted(kinds[left, right])), *_state(both, files, left, right))
        for left, right in sorted(kinds)
    )


Files = Sequence[dict[str, FileRights]]


def _state(both: Both, files: Files, left: str, right: str) -> tuple[str, str]:
    one = files[0].get(left, FileRights(left))
    two = files[1].get(right, FileRights(right))
    return next(
        (
            (state, why)
            for state, why in (
                (ATTRIBUTED, _credited(both, one, two)),
                (ATTRIBUTED, _named(both)),
                (KEPT, _kept(one, two)),
                (REMOVED, _removed(one, two)),
                (KEPT, _notice_kept(both)),
                (REMOVED, _notice_removed(both)),
            )
            if why
        ),
        (SILENT, "neither side names the other, and no notice is shared"),
    )


def _credited(both: Both, one: FileRights, two: FileRights) -> str:
    """A comment in one file that names the other side or the other file."""
    for side, own, other, searched in (
        ("left", one, two, both.left_names.searched),
        ("right", two, one, both.right_names.searched),
    ):
        for credit in own.credits:
            name = _names(credit.text, other.path, searched)
            if name:
                return f"{side} names {name} in {own.path}:{credit.line}"
    return ""


def _names(text: str, path: str, searched: Sequence[str]) -> str:
    wanted = _wanted(tuple(searched))
    fitting = [wanted[run] for run in runs_of(text) if run in wanted]
    if fitting:
        return min(fitting)[1]
    # `Copied from package.module.Class` names a file by its path.
    module = path.rpartition(".")[0].replace("/", ".")
    dotted = {match.lower() for match in re.findall(r"[\w.]{3,200}", text)}
    for end in (f"{module}.".lower(), module.lower()):
        if "." in module and any(f"{each}.".startswith(end) or each == end for each in dotted):
            return path
    return path if path.lower() in text.lower() and "/" in path else ""


@lru_cache(maxsize=4)
def _wanted(searched: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """Names without their separators, with their rank."""
    return {plain(name): (rank, name) for rank, name in enumerate(searched)}


def _named(both: Both) -> str:
    for side, other, names in (
        ("left", "right", both.left_names),
        ("right", "left", both.right_names),
    ):
        if names.work:
            return f"{side} names {other}: {told(names.work)}"
    return ""


def told(mention: Mention) -> str:
    """A mention in words: what was found, and where."""
    place = mention.place
    return f"{mention.name} in {place.path}:{place.line} ({place.where})"


def _kept(one: FileRights, two: FileRights) -> str:
    holders = sorted({holder for holder, _ in one.holders} & {holder for holder, _ in two.holders})
    if holders:
        return f"both files carry the copyright line of {holders[0]}"
    same = sorted(set(one.licences) & set(two.licences))
    return f"both files state {same[0]}" if same and not (one.holders or two.holders) else ""


def _removed(one: FileRights, two: FileRights) -> str:
    """A notice in one file that the other file has not."""
    for side, own, other in (("left", one, two), ("right", two, one)):
        if own.holders and not other.holders:
            away = "right" if side == "left" else "left"
            return f"the copyright line of {own.holders[0][0]} stands only on {side}, not on {away}"
    if one.holders and two.holders:
        return f"left names {one.holders[0][0]} as holder, right {two.holders[0][0]}"
    for side, own, other in (("left", one, two), ("right", two, one)):
        if own.licences and not other.licences:
            return f"{own.licences[0]} is stated only on {side}"
    return ""


def notices(side: AttributionProfile) -> dict[str, tuple[str, int]]:
    """Holders that the licence files of a side name, with their places."""
    found: dict[str, tuple[str, int]] = {}
    for file in side.files:
        if any(licence.path == file.path and licence.how != "header" for licence in side.licences):
            for holder, line in file.holders:
                found.setdefault(holder, (file.path, line))
    return found


def _holders(side: AttributionProfile) -> set[str]:
    return {holder for file in side.files for holder, _ in file.holders}


def _notice_kept(both: Both) -> str:
    for _, own, other in _ways(both):
        kept = sorted(notices(own).keys() & _holders(other))
        if kept:
            return f"both repositories carry the notice of {kept[0]}"
    return ""


def _notice_removed(both: Both) -> str:
    """A licence file on one side, and no notice of anybody on the other."""
    for side, own, other in _ways(both):
        texts = _texts(own)
        if texts and not _texts(other) and not _holders(other):
            holder = next(iter(sorted(notices(own))), "")
            of = f" of {holder}" if holder else ""
            away = "right" if side == "left" else "left"
            return f"the {texts[0]} notice{of} stands only on {side}, not on {away}"
    return ""


def _texts(side: AttributionProfile) -> list[str]:
    return [each.identifier for each in side.licences if each.how in ("text", "edited text")]


def _ways(both: Both) -> Iterator[tuple[str, AttributionProfile, AttributionProfile]]:
    yield "left", both.left, both.right
    yield "right", both.right, both.left
