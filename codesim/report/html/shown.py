"""What the templates show of one file pair side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codesim.report.document import MatchRecord, Side
from codesim.report.html.layout import Segment
from codesim.report.html.rows import Section
from codesim.report.words import CLONE_WORDS

HUES = 6
# A run without a match of up to so many lines is not worth a fold.
_SHORT_RUN = 4


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match with its number in the pair. ``at`` are the rows that show either side;
    ``has_row`` is False where all of them are rows of other matches.
    """

    number: int
    record: MatchRecord
    at: tuple[str, str] = ("", "")
    has_row: bool = False

    @property
    def word(self) -> str:
        return CLONE_WORDS[self.record.clone_type]

    @property
    def look(self) -> str:
        """Classes of the stylesheet: the colour tells matches apart, the pattern says how alike."""
        return f"hue{self.number % HUES} type{self.record.clone_type}"


@dataclass(frozen=True, slots=True)
class RowView:
    """What stands in one row: a match (or one side of it), or lines that no match covers.

    ``first`` is False where a match goes on after lines of another, ``leads`` is True in the one
    row that stands for the match. ``others`` are further matches that cover some of its lines.
    ``marked`` is False where a match is written so differently that single words are not marked.
    ``unshown`` counts matches on the lines that have no row.
    """

    left: Segment | None
    right: Segment | None
    sections: Sequence[Section]
    match: MatchView | None = None
    anchor: str = ""
    first: bool = True
    others: Sequence[MatchView] = ()
    blank: bool = False
    marked: bool = True
    unshown: int = 0
    leads: bool = False

    @property
    def side(self) -> Side | None:
        """The only side of a match whose other side stands elsewhere."""
        return None if self.left and self.right else "left" if self.left else "right"

    @property
    def short(self) -> bool:
        lengths = [part.length for part in (self.left, self.right) if part]
        return not self.unshown and max(lengths, default=0) <= _SHORT_RUN


@dataclass(frozen=True, slots=True)
class NameView:
    """A pair of names that is marked, by its number."""

    number: int
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Beside:
    """``rows`` is empty when a text is missing; ``missing`` then says so. ``lengths`` are the lines
    of either file.
    """

    matches: Sequence[MatchView]
    more_matches: int
    rows: Sequence[RowView] = ()
    names: Sequence[NameView] = ()
    lengths: tuple[int, int] = (0, 0)
    missing: str = ""
