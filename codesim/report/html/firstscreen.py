"""The first screen: what was found, how seldom that is by coincidence, the best of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codesim.report.document import EvidenceRecord, PairRecord, ResultDocument
from codesim.report.words import STRENGTHS, count, disguise

# What each strength promises, in the order of STRENGTHS, as in the README.
PROMISES = (
    "too little to be evidence",
    "at most 1 unrelated pair in 20",
    "at most 1 unrelated pair in 100",
    "at most 1 unrelated pair in 1,000",
    "at most 1 unrelated pair in 100,000",
)
# For people who have never met the words of the house.
KIND_MEANS: Mapping[str, str] = {
    "code": "what the programs do, whatever things are called",
    "config": "settings and their values",
    "tokenizer": "how text is cut into pieces",
    "checkpoint": "names and sizes of what was trained",
    "weights": "the trained numbers themselves",
    "files": "files that are the same byte for byte",
    "leftovers": "rare traces that both sides carry",
    "attribution": "who names whom, and licences",
    "history": "which side had it when",
    "behaviour": "what the models answer",
}
_MOST_ITEMS = 2
_SHARED_STATES = ("same", "renamed")
# Columns that hold the two sides, and those that explain a row by something public.
_SIDES = (("key left", "key right"), ("left", "right"))
_EXPLAINED = ("name known from", "public architecture")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the scale; ``here`` is the one reached, ``reached`` are those up to it."""

    word: str
    promise: str
    here: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the overall strength is what it is: a kind, what that is, and what it found."""

    kind: str
    means: str
    text: str


@dataclass(frozen=True, slots=True)
class Direction:
    """How much of one side is found in the other, 0..1, by one kind of evidence."""

    kind: str
    of: str
    of_side: str
    inside: str
    inside_side: str
    share: float


@dataclass(frozen=True, slots=True)
class Item:
    """One strong piece of evidence: two names that stand for each other, and how."""

    left: str
    right: str
    how: str


def steps(document: ResultDocument) -> list[Step]:
    """The scale of strengths with the place of this comparison."""
    reached = STRENGTHS.index(document.overall.strength)
    return [
        Step(word, promise, n == reached, 0 < n <= reached)
        for n, (word, promise) in enumerate(zip(STRENGTHS, PROMISES, strict=True))
    ]


def promise(document: ResultDocument) -> str:
    """What the overall strength means, in one sentence."""
    reached = STRENGTHS.index(document.overall.strength)
    if not reached:
        return "What matches, if anything, is too little to count as evidence."
    how_many = PROMISES[reached].rpartition(" ")[2]
    return (
        f"Of {how_many} pairs of unrelated repositories, at most one reaches this by coincidence."
    )


def reason(document: ResultDocument) -> Reason:
    """The reason of the overall strength, with words for whoever has never met its kind."""
    kind, colon, text = document.overall.reason.partition(": ")
    if colon and kind in KIND_MEANS:
        return Reason(kind, KIND_MEANS[kind], text)
    return Reason("", "", document.overall.reason)


def directions(document: ResultDocument) -> list[Direction]:
    """Both directions of the first kind that says how much of each side it covers, if any."""
    for evidence in document.evidence:
        left, right = (evidence.facts.get(f"{side}_coverage") for side in ("left", "right"))
        if isinstance(left, float) and isinstance(right, float) and min(left, right) >= 0:
            if not max(left, right):
                return []
            one, two = document.left.name, document.right.name
            return [
                Direction(evidence.kind, two, "right", one, "left", min(right, 1.0)),
                Direction(evidence.kind, one, "left", two, "right", min(left, 1.0)),
            ]
    return []


def items(evidence: EvidenceRecord, lines: Sequence[tuple[int, int]]) -> list[Item]:
    """The strongest of one kind: pairs of files, names, rows of tables. ``lines`` are the matched
    lines of its pairs.
    """
    pairs = [_pair(*each) for each in zip(evidence.pairs[:1], lines, strict=False)]
    names = [
        Item(each.left, each.right, f"{each.role}, {count(each.votes, 'place')}")
        for each in evidence.renames[:1]
    ]
    return (pairs + names + _rows(evidence))[:_MOST_ITEMS]


def _pair(pair: PairRecord, lines: tuple[int, int]) -> Item:
    how = disguise(pair)
    if any(lines):
        how = f"{lines[0]:,} and {lines[1]:,} lines{', ' * bool(how)}{how}"
    return Item(pair.left.path, pair.right.path, how)


def _rows(evidence: EvidenceRecord) -> list[Item]:
    """Rows that both sides share, of the first table that says so; the unexplained ones first."""
    for table in evidence.tables:
        if "state" in table.columns and len(table.columns) > 1:
            rows = [dict(zip(table.columns, row, strict=False)) for row in table.rows]
            shared = [row for row in rows if row["state"] in _SHARED_STATES]
            shared.sort(key=lambda row: any(row.get(column) for column in _EXPLAINED))
            return [_row(row) for row in shared[:_MOST_ITEMS]]
    return []


def _row(row: Mapping[str, str]) -> Item:
    for left, right in _SIDES:
        if row.get(left) and row.get(right):
            return Item(row[left], row[right] if row[left] != row[right] else "", row["state"])
    first = next(text for column, text in row.items() if column != "state")
    return Item(first, "", row["state"])
