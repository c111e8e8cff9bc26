"""One file pair side by side: numbered matches in rows, the rest in runs that can be folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from codesim.report.document import MatchRecord, PairRecord, Side
from codesim.report.html.highlight import Line
from codesim.report.html.layout import Segment, rows, segments
from codesim.report.spans import Span, span_of
from codesim.report.words import CLONE_WORDS

# More matches than anyone compares one by one; the result document holds them all.
_MAX_MATCHES = 300
_HUES = 6
# Further matches named at one block; the table of the pair names all.
_MAX_OTHERS = 8
# A run without a match of up to so many lines is not worth a fold.
_SHORT_RUN = 4


@dataclass(slots=True)
class Budget:
    """Lines of code that a page may still show, both sides together: about 15 MB of page."""

    lines: int = 60_000


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match with its number in the pair. The anchors are empty where a side shows no block."""

    number: int
    record: MatchRecord
    left_at: str = ""
    right_at: str = ""

    @property
    def word(self) -> str:
        return CLONE_WORDS[self.record.clone_type]

    @property
    def look(self) -> str:
        """Classes of the stylesheet: the colour tells matches apart, the pattern says how alike."""
        return f"hue{self.number % _HUES} type{self.record.clone_type}"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines of one side. ``anchor`` is set on the first block of a match; ``others``
    are further matches that cover some of its lines.
    """

    side: Side
    segment: Segment
    lines: Sequence[Line]
    match: MatchView | None = None
    anchor: str = ""
    others: Sequence[MatchView] = ()

    @property
    def short(self) -> bool:
        return self.segment.length <= _SHORT_RUN

    @property
    def blank(self) -> bool:
        """Nothing but empty lines outside every match: not worth showing."""
        return self.match is None and not any(
            piece.strip() for line in self.lines for _, piece in line
        )


@dataclass(frozen=True, slots=True)
class RowView:
    match: MatchView | None
    left: Sequence[Block]
    right: Sequence[Block]

    @property
    def blank(self) -> bool:
        return all(block.blank for block in (*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Beside:
    """``rows`` is empty when a text is missing or the page is full; ``missing`` then says so."""

    matches: Sequence[MatchView]
    more_matches: int
    rows: Sequence[RowView] = ()
    missing: str = ""


@dataclass(slots=True)
class _Column:
    """One side of the pair while it is laid out."""

    side: Side
    lines: Sequence[Line]
    spans: Sequence[Span | None]
    segments: list[Segment] = field(init=False)

    def __post_init__(self) -> None:
        self.segments = segments(self.spans, len(self.lines))


def beside(
    pair: PairRecord,
    number: int,
    texts: tuple[Sequence[Line] | None, Sequence[Line] | None],
    budget: Budget,
) -> Beside:
    """Lay out one pair. A line covered by several matches belongs to the first of them."""
    shown = pair.matches[:_MAX_MATCHES]
    matches = _numbered(shown)
    left, right = texts
    more = len(pair.matches) - len(shown)
    if left is None or right is None:
        sides = [side for side, text in zip(("left", "right"), texts, strict=True) if text is None]
        return Beside(matches, more, missing=f"The {' and '.join(sides)} text is not available.")
    columns = (
        _Column("left", left, [span_of(m.left, len(left)) for m in shown]),
        _Column("right", right, [span_of(m.right, len(right)) for m in shown]),
    )
    cost = sum(len(column.lines) for column in columns)
    if cost > budget.lines:
        return Beside(matches, more, missing="The page is full; the text is in the result file.")
    budget.lines -= cost
    return _laid_out(number, matches, columns, more)


def _numbered(shown: Sequence[MatchRecord]) -> list[MatchView]:
    """Matches in their given order, numbered from the top of the left file to its end."""
    by_place = sorted(range(len(shown)), key=lambda index: (_place(shown[index]), index))
    numbers = {index: number for number, index in enumerate(by_place, 1)}
    return [MatchView(numbers[index], match) for index, match in enumerate(shown)]


def _place(match: MatchRecord) -> tuple[int, int]:
    return match.left.start or 0, match.right.start or 0


def _laid_out(
    number: int,
    matches: list[MatchView],
    columns: tuple[_Column, _Column],
    more: int,
) -> Beside:
    left, right = columns
    present = [{segment.owner for segment in column.segments} for column in columns]
    anchored = [
        replace(
            match,
            left_at=f"p{number}-m{match.number}-left" if owner in present[0] else "",
            right_at=f"p{number}-m{match.number}-right" if owner in present[1] else "",
        )
        for owner, match in enumerate(matches, 1)
    ]
    blocks = [_blocks(column, anchored) for column in columns]
    views = [
        RowView(
            anchored[row.owner - 1] if row.owner else None,
            [blocks[0][segment.start] for segment in row.left],
            [blocks[1][segment.start] for segment in row.right],
        )
        for row in rows(left.segments, right.segments)
    ]
    by_number = sorted(anchored, key=lambda match: match.number)
    return Beside(by_number, more, views)


def _blocks(column: _Column, matches: Sequence[MatchView]) -> dict[int, Block]:
    """The blocks of one side by their first line."""
    found: dict[int, Block] = {}
    seen = {0}
    for segment in column.segments:
        match = matches[segment.owner - 1] if segment.owner else None
        anchor = ""
        if match is not None and segment.owner not in seen:
            seen.add(segment.owner)
            anchor = match.left_at if column.side == "left" else match.right_at
        found[segment.start] = Block(
            side=column.side,
            segment=segment,
            lines=column.lines[segment.start - 1 : segment.end],
            match=match,
            anchor=anchor,
            others=_others(column, segment, matches) if match else (),
        )
    return found


def _others(column: _Column, segment: Segment, matches: Sequence[MatchView]) -> list[MatchView]:
    overlapping = (
        matches[owner - 1]
        for owner, span in enumerate(column.spans, 1)
        if owner != segment.owner
        and span is not None
        and span[0] <= segment.end
        and span[1] >= segment.start
    )
    return list(islice(overlapping, _MAX_OTHERS))
