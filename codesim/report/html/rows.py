"""What stands side by side, line by line: sections of at most a hundred lines, with their gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codesim.report.html.layout import Segment
from codesim.report.html.marking import ShownLine

# A browser skips whole sections that are out of sight; the stylesheet knows rows up to this many.
SECTION = 100
# Beyond this many rows the stylesheet knows the heights of sections in such steps.
_STEP = 10


@dataclass(frozen=True, slots=True)
class Item:
    """A shown line, or a gap of so many rows where only the other side has lines."""

    line: ShownLine = ()
    hang: int = 0
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Cells:
    """One side of a section: its first line number, and its lines and gaps from the top."""

    start: int
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Section:
    """At most a hundred rows. A side without lines here is None."""

    left: Cells | None
    right: Cells | None
    rows: int

    @property
    def height(self) -> int:
        """Rows, rounded up to what the stylesheet has a class for."""
        return self.rows if self.rows < _STEP else -(-self.rows // _STEP) * _STEP


Beside = tuple[int | None, int | None]


def aligned(left: Segment, right: Segment, links: Sequence[tuple[int, int]]) -> list[Beside]:
    """Line numbers that share a row. ``links`` are lines that stand for each other, in order;
    what lies between two of them is set side by side from the top.
    """
    found: list[Beside] = []
    a, b = left.start, right.start
    inside = [
        (x, y) for x, y in links if left.start <= x <= left.end and right.start <= y <= right.end
    ]
    for next_a, next_b in [*inside, (left.end + 1, right.end + 1)]:
        for n in range(max(next_a - a, next_b - b)):
            found.append((a + n if a + n < next_a else None, b + n if b + n < next_b else None))
        if next_a <= left.end:
            found.append((next_a, next_b))
        a, b = next_a + 1, next_b + 1
    return found


def beside(left: Segment | None, right: Segment | None) -> list[Beside]:
    """Line numbers side by side from the top, nothing aligned."""
    ones = range(left.start, left.end + 1) if left else range(0)
    twos = range(right.start, right.end + 1) if right else range(0)
    return [
        (ones[n] if n < len(ones) else None, twos[n] if n < len(twos) else None)
        for n in range(max(len(ones), len(twos)))
    ]


def sections(
    rows: Sequence[Beside], left: Mapping[int, Item], right: Mapping[int, Item]
) -> Iterator[Section]:
    """Cut into sections. The items are those of the lines in ``rows``, by line number."""
    for start in range(0, len(rows), SECTION):
        part = rows[start : start + SECTION]
        yield Section(
            _cells([one for one, _ in part], left),
            _cells([two for _, two in part], right),
            len(part),
        )


def _cells(numbers: Sequence[int | None], lines: Mapping[int, Item]) -> Cells | None:
    items: list[Item] = []
    gap = 0
    for number in numbers:
        if number is None:
            gap += 1
            continue
        items += _gaps(gap)
        items.append(lines[number])
        gap = 0
    first = next((number for number in numbers if number is not None), None)
    return None if first is None else Cells(first, items)


def _gaps(rows: int) -> Iterator[Item]:
    """A gap as powers of two, so that the stylesheet needs few classes."""
    while rows:
        part = 1 << (rows.bit_length() - 1)
        yield Item(gap=part)
        rows -= part
