"""Licences, mentions and readings in the nouns of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codesim.detectors.attribution.mentions import Named
from codesim.detectors.attribution.pairs import (
    ATTRIBUTED,
    KEPT,
    REMOVED,
    SILENT,
    Both,
    Reading,
    told,
)
from codesim.detectors.attribution.profile import AttributionProfile, Licence
from codesim.model import Fact, Table
from codesim.text import display

# A table is for reading; the facts count all.
_MOST_ROWS = 300


def status_of(both: Both, found: Sequence[Reading]) -> str:
    """How all matches together are to be read."""
    if both.left_names.work or both.right_names.work:
        return ATTRIBUTED
    states = {reading.state for reading in found}
    for state in (REMOVED, KEPT, ATTRIBUTED):
        if state in states:
            return state
    return SILENT


def summary(both: Both, found: Sequence[Reading]) -> str:
    """The line that a terminal shows."""
    spoken = [
        _spoken("left", "right", both.left_names),
        _spoken("right", "left", both.right_names),
    ]
    parts = [
        *dict.fromkeys(spoken),
        f"licences: left {_licences(both.left)}, right {_licences(both.right)}",
    ]
    if found:
        counts = Counter(reading.state for reading in found)
        order = (ATTRIBUTED, KEPT, REMOVED, SILENT)
        states = ", ".join(f"{counts[state]} {state}" for state in order if counts[state])
        parts.append(f"matched files: {states}")
    return "; ".join(parts)


def _spoken(side: str, other: str, names: Named) -> str:
    if names.work:
        return f"{side} names {other}: {display(told(names.work))}"
    if not names.searched and names.shared:
        return (
            f"both go by the same name, {display(names.shared[0])}, so that no mention could tell"
        )
    if not names.searched:
        return f"{other} goes by no name that can be looked for"
    # What was looked for, and where, is in the table of mentions.
    text = f"{side} never names {other}"
    if names.owner:
        text += ", only its owner"
    if names.trace:
        text += f", though its files hold {display(told(names.trace))}"
    return text


def _licences(side: AttributionProfile) -> str:
    return ", ".join(licence_ids(side)[:3]) or "none stated"


def licence_ids(side: AttributionProfile) -> list[str]:
    """Distinct licences of a side, texts first, as they are written."""
    order = {"text": 0, "edited text": 1, "model card": 2, "package": 3, "front page": 4}
    ranked = sorted(side.licences, key=lambda each: (order.get(each.how, 5), each))
    kept: dict[str, str] = {}
    for each in ranked:
        kept.setdefault(each.identifier.lower(), display(each.identifier))
    return list(kept.values())


def tables(both: Both, found: Sequence[Reading]) -> tuple[Table, ...]:
    """Readings of matched files, licences of both sides, and mentions with what was searched."""
    return tuple(filter(None, (_pair_table(found), _licence_table(both), _mention_table(both))))


def _pair_table(found: Sequence[Reading]) -> Table | None:
    if not found:
        return None
    rows = tuple(
        (display(r.left), display(r.right), r.state, display(r.why)) for r in found[:_MOST_ROWS]
    )
    note = "Which side was first is not known here; a reading changes no match."
    if len(found) > _MOST_ROWS:
        note += f" {len(found) - _MOST_ROWS:,} more are not listed."
    return Table("Matched files", ("left", "right", "reading", "why"), rows, note)


def _licence_table(both: Both) -> Table | None:
    rows = [
        (side, display(each.identifier), each.how, f"{display(each.path)}:{each.line}")
        for side, profile in (("left", both.left), ("right", both.right))
        for each in _shown(profile)
    ]
    columns = ("side", "licence", "stated by", "where")
    return Table("Licences", columns, tuple(rows[:_MOST_ROWS])) if rows else None


def _shown(profile: AttributionProfile) -> list[Licence]:
    """Licences in texts and front pages, and of headers each id once."""
    kept: dict[tuple[str, str], Licence] = {}
    for each in profile.licences:
        key = (each.identifier, each.how if each.how == "header" else each.path)
        kept.setdefault(key, each)
    return list(kept.values())


def _mention_table(both: Both) -> Table | None:
    rows = [
        (side, f"the {each.of} {display(each.name)}", display(each.found), each.place.where,
         f"{display(each.place.path)}:{each.place.line}")
        for side, names in (("left", both.left_names), ("right", both.right_names))
        for each in names.mentions
    ]  # fmt: skip
    note = " ".join(
        f"Looked for on the {side}: {', '.join(map(display, names.searched)) or 'nothing'}."
        + (f" Both go by: {', '.join(map(display, names.shared))}." if names.shared else "")
        for side, names in (("left", both.left_names), ("right", both.right_names))
    )
    columns = ("side", "names", "as", "in", "where")
    return Table("Mentions of the other side", columns, tuple(rows[:_MOST_ROWS]), note)


def facts(both: Both, found: Sequence[Reading]) -> dict[str, Fact]:
    """The figures for programs."""
    counts = Counter(reading.state for reading in found)
    return {
        "status": status_of(both, found),
        "left_names_right": both.left_names.work is not None,
        "right_names_left": both.right_names.work is not None,
        "left_names_owner_of_right": both.left_names.owner is not None,
        "right_names_owner_of_left": both.right_names.owner is not None,
        "left_searched": ", ".join(both.left_names.searched),
        "right_searched": ", ".join(both.right_names.searched),
        "left_licences": ", ".join(licence_ids(both.left)),
        "right_licences": ", ".join(licence_ids(both.right)),
        "pairs_attributed": counts[ATTRIBUTED],
        "pairs_licence_kept": counts[KEPT],
        "pairs_licence_removed": counts[REMOVED],
        "pairs_not_mentioned": counts[SILENT],
    }
