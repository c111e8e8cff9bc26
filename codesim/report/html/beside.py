"""One file pair side by side: numbered matches in rows, the rest in runs that can be folded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from codesim.report.document import MatchRecord, PairRecord, Side
from codesim.report.html.canonical import Canonical, NameMap, canonical
from codesim.report.html.highlight import Line
from codesim.report.html.layout import Row as Place
from codesim.report.html.layout import Segment, Unshown, rows, segments
from codesim.report.html.marking import Names, marked_line, plain_line
from codesim.report.html.nesting import inner_first, is_inside, size
from codesim.report.html.rows import Item, Section, aligned, sections
from codesim.report.html.rows import beside as unaligned
from codesim.report.html.shown import Beside, MatchView, NameView, RowView
from codesim.report.html.wording import hang
from codesim.report.spans import Span, span_of

# More matches than anyone compares one by one; the result document holds them all.
MOST_MATCHES = 300
# Further matches named at one row; the table of the pair names all.
_MOST_OTHERS = 8
# Overlapping matches are compared word by word until so many times the lines of both files.
_COMPARED = 4
# Notebooks are shown as the code in them.
_PYTHON = (".py", ".pyi", ".ipynb")


@dataclass(slots=True)
class _Column:
    """One side of the pair while it is laid out; the owner of a segment is a match, from 1."""

    side: Side
    lines: Sequence[Line]
    spans: Sequence[Span | None]
    is_python: bool
    unshown: Unshown
    segments: list[Segment] = field(init=False)

    def __post_init__(self) -> None:
        self.segments = segments(self.spans, len(self.lines))

    def item(self, number: int, found: Canonical | None, names: Names) -> Item:
        line = self.lines[number - 1]
        marks = (found.left if self.side == "left" else found.right).get(number) if found else None
        shown = marked_line(line, marks, names) if marks else plain_line(line)
        return Item(shown, hang(line))


def beside(
    pair: PairRecord,
    number: int,
    texts: tuple[Sequence[Line] | None, Sequence[Line] | None],
    names: NameMap,
) -> Beside:
    """Lay out one pair. A line covered by several matches belongs to the largest of them, but what
    stands inside another match keeps its lines.
    """
    by_size = sorted(pair.matches, key=lambda match: -size(match))
    unshown = by_size[MOST_MATCHES:]
    left, right = texts
    matches = _numbered(by_size[:MOST_MATCHES])
    more = len(unshown)
    if left is None or right is None:
        sides = [side for side, text in zip(("left", "right"), texts, strict=True) if text is None]
        return Beside(matches, more, missing=f"The {' and '.join(sides)} text is not available.")
    in_order = inner_first(matches)
    columns = (
        _column("left", left, in_order, pair.left.path, unshown),
        _column("right", right, in_order, pair.right.path, unshown),
    )
    laid_out = _Layout(number, in_order, columns, names)
    found = laid_out.rows()
    placed = sorted(laid_out.matches, key=lambda match: match.number)
    marked = [NameView(n, *pair) for pair, n in laid_out.marked.numbers.items()]
    return Beside(placed, more, found, marked, (len(left), len(right)))


def _column(
    side: Side,
    lines: Sequence[Line],
    found: list[MatchView],
    path: str,
    unshown: Sequence[MatchRecord],
) -> _Column:
    spans = [span_of(getattr(match.record, side), len(lines)) for match in found]
    others = Unshown(span_of(getattr(match, side), len(lines)) for match in unshown)
    return _Column(side, lines, spans, path.endswith(_PYTHON), others)


def _numbered(shown: Sequence[MatchRecord]) -> list[MatchView]:
    """Matches numbered from the top of the left file to its end."""
    ordered = sorted(shown, key=lambda match: (match.left.start or 0, match.right.start or 0))
    return [MatchView(number, match) for number, match in enumerate(ordered, 1)]


class _Layout:
    """The rows of one pair; ``matches`` know at the end which rows show them."""

    def __init__(
        self,
        number: int,
        matches: list[MatchView],
        columns: tuple[_Column, _Column],
        names: NameMap,
    ) -> None:
        self.matches = matches
        self.marked = Names()
        self._pair = number
        self._columns = columns
        self._names = names
        self._compared: dict[int, Canonical] = {}
        self._left_over = _COMPARED * sum(len(column.lines) for column in columns)
        self._seen: set[tuple[int, Side]] = set()
        self._owners = [{part.owner for part in column.segments} for column in columns]

    def rows(self) -> list[RowView]:
        left, right = self._columns
        found: list[RowView] = []
        for place in rows(left.segments, right.segments, self._links):
            for one, two in _in_place(place):
                found.append(self._row(one, two, len(found)))
        self.matches = [self._placed(n, match, found) for n, match in enumerate(self.matches, 1)]
        by_number = {match.number: match for match in self.matches}
        return [
            replace(
                row,
                match=by_number[row.match.number] if row.match else None,
                others=[by_number[other.number] for other in row.others],
            )
            for row in found
        ]

    def _row(self, one: Segment | None, two: Segment | None, index: int) -> RowView:
        owner = one.owner if one else two.owner if two else 0
        # Blank lines between what stands inside a match are not worth naming it again.
        if not owner or (self._is_blank(one, two) and self._went_on(owner, one, two)):
            return self._rest(one, two)
        match = self.matches[owner - 1]
        found = self._canonical(owner)
        links = found.lines if found else ()
        places = aligned(one, two, links) if one and two else unaligned(one, two)
        first = not self._went_on(owner, one, two)
        self._seen.update(_sides(owner, one, two))
        anchor = f"p{self._pair}-m{match.number}" + ("-right" if not one else "")
        return RowView(
            one,
            two,
            self._sections(places, found),
            match,
            anchor if first else f"p{self._pair}-r{index}",
            first,
            self._others(owner, one, two),
            leads=first and (one is not None or owner not in self._owners[0]),
            marked=found is None or found.marked,
        )

    def _links(self, owner: int) -> Sequence[tuple[int, int]]:
        found = self._canonical(owner)
        return found.lines if found else ()

    def _went_on(self, owner: int, one: Segment | None, two: Segment | None) -> bool:
        """Whether a row before this one has shown the match on the same side."""
        return any(side in self._seen for side in _sides(owner, one, two))

    def _is_blank(self, one: Segment | None, two: Segment | None) -> bool:
        return all(
            not piece.strip()
            for part, column in zip((one, two), self._columns, strict=True)
            if part
            for line in column.lines[part.start - 1 : part.end]
            for _, piece in line
        )

    def _rest(self, one: Segment | None, two: Segment | None) -> RowView:
        blank = self._is_blank(one, two)
        found = [] if blank else self._sections(unaligned(one, two), None)
        parts = zip((one, two), self._columns, strict=True)
        unshown = max((column.unshown.within(part) for part, column in parts if part), default=0)
        return RowView(one, two, found, blank=blank, unshown=unshown)

    def _sections(
        self, places: Sequence[tuple[int | None, int | None]], found: Canonical | None
    ) -> list[Section]:
        left, right = self._columns
        ones = {n: left.item(n, found, self.marked) for n, _ in places if n is not None}
        twos = {n: right.item(n, found, self.marked) for _, n in places if n is not None}
        return list(sections(places, ones, twos))

    def _canonical(self, owner: int) -> Canonical | None:
        """Both sides of a match compared, once; None where it is too much or has no lines."""
        if owner in self._compared:
            return self._compared[owner]
        left, right = self._columns
        one, two = left.spans[owner - 1], right.spans[owner - 1]
        if one is None or two is None:
            return None
        cost = one[1] - one[0] + two[1] - two[0] + 2
        if cost > self._left_over:
            return None
        self._left_over -= cost
        known = self.matches[owner - 1].record.names
        python = (left.is_python, right.is_python)
        found = canonical((left.lines, right.lines), (one, two), self._names, known, python)
        self._compared[owner] = found
        return found

    def _others(self, owner: int, *parts: Segment | None) -> list[MatchView]:
        """Further matches on these lines, without those around that have lines of their own."""
        record = self.matches[owner - 1].record
        overlapping = (
            match
            for other, match in enumerate(self.matches, 1)
            if other != owner
            and not (self._has_row(other) and is_inside(record, match.record))
            and any(
                part and span and span[0] <= part.end and span[1] >= part.start
                for part, column in zip(parts, self._columns, strict=True)
                for span in (column.spans[other - 1],)
            )
        )
        return sorted(islice(overlapping, _MOST_OTHERS), key=lambda match: match.number)

    def _placed(self, owner: int, match: MatchView, found: Sequence[RowView]) -> MatchView:
        left, right = (self._at(column, column.spans[owner - 1], found) for column in self._columns)
        return replace(match, at=(left, right), has_row=self._has_row(owner))

    def _has_row(self, owner: int) -> bool:
        return any(owner in side for side in self._owners)

    def _at(self, column: _Column, span: Span | None, found: Sequence[RowView]) -> str:
        """The row that shows the first line of ``span`` on one side."""
        for row in found if span else ():
            part = row.left if column.side == "left" else row.right
            if part and span and part.start <= span[0] <= part.end:
                return row.anchor
        return ""


def _sides(owner: int, one: Segment | None, two: Segment | None) -> list[tuple[int, Side]]:
    sides: list[tuple[int, Side]] = [(owner, "left")] * bool(one)
    return sides + [(owner, "right")] * bool(two)


def _in_place(place: Place) -> Iterator[tuple[Segment | None, Segment | None]]:
    """The rows of what stands between two matches that keep their order: what no match covers side
    by side, and on its own each match whose other side stands elsewhere.
    """
    if place.owner:
        yield place.left[0], place.right[0]
        return
    left, right = deque(place.left), deque(place.right)
    while left or right:
        if left and left[0].owner:
            yield left.popleft(), None
        elif right and right[0].owner:
            yield None, right.popleft()
        else:
            yield left.popleft() if left else None, right.popleft() if right else None
