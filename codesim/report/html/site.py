"""Where the text of each pair goes: into the page, packed into the page, or beside the page."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from codesim.report.document import ResultDocument
from codesim.report.html.page import Page, PairView, SideBySide, page_of
from codesim.report.html.shown import Beside
from codesim.report.pages import address, back_link, page_name

if TYPE_CHECKING:
    from jinja2 import Environment

# What a mail server takes at most, in bytes of the page.
LIMIT = 25_000_000
# Kept free at first for what is no text of a pair; where it is more, it is measured.
_REST = 5_000_000
# The first pair is readable without a script; beyond this it would be all that is ever painted.
_INLINE_LINES = 20_000
# Lines of both sides together: about 20 s of work.
_MOST_LINES = 250_000
# Rows of one table, tried in this order until a page without texts leaves room for some.
_ROWS = (5_000, 1_000, 200, 20)
_ROOM = 0.8
_FULL = "The page is full; the text is in the result file (--json)."

Place = Literal["inline", "packed", "page", "absent"]


@dataclass(frozen=True, slots=True)
class Placed:
    """One pair and where its text is: ``packed`` is base64 of gzip of markup, ``href`` a page."""

    beside: Beside
    place: Place
    packed: str = ""
    href: str = ""


@dataclass(slots=True)
class Site:
    """One page, and pages of single pairs by relative path where one page would be too large."""

    index: str
    pages: dict[str, str] = field(default_factory=dict)


def site_of(
    environment: Environment,
    document: ResultDocument,
    top: int,
    name: str | None = None,
    limit: int = LIMIT,
    back: str = "",
) -> Site:
    """The report, with a link to what it belongs to at ``back``. Where the name of its file is
    known, pairs for which it has no room become pages in a folder beside that file.
    """
    page = page_of(document, top)
    placing = _Placing(environment, document, page, name)
    placed = placing.place(max(limit - _REST, 0))
    index = _index(environment, page, placed, _ROWS[0], back)
    if _bytes(index) <= limit:
        return Site(index, placing.pages)
    bare = {number: replace(each, place="absent", packed="") for number, each in placed.items()}
    rows, base = _ROWS[0], 0
    for rows in _ROWS:
        base = _bytes(_index(environment, page, bare, rows, back))
        if base <= _ROOM * limit:
            break
    placing = _Placing(environment, document, page, name)
    placed = placing.place(limit - base)
    return Site(_index(environment, page, placed, rows, back), placing.pages)


def _index(
    environment: Environment,
    page: Page,
    placed: Mapping[int, Placed],
    most_rows: int,
    back: str,
) -> str:
    template = environment.get_template("page.html.j2")
    return template.render(page=page, placed=placed, most_rows=most_rows, back=back)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))


class _Placing:
    """Goes through the pairs, the most telling of each kind first, while there is room."""

    def __init__(
        self, environment: Environment, document: ResultDocument, page: Page, name: str | None
    ) -> None:
        self.pages: dict[str, str] = {}
        self._environment = environment
        self._page = page
        self._side_by_side = SideBySide(document)
        self._name = name
        self._room = 0
        self._lines = _MOST_LINES
        self._has_inline = False

    def place(self, room: int) -> Mapping[int, Placed]:
        """Where each pair goes, with ``room`` bytes of texts in the page."""
        self._room = room
        return {pair.number: self._placed(pair) for pair in self._page.pairs}

    def _placed(self, pair: PairView) -> Placed:
        if not pair.text_lines or pair.text_lines > self._lines:
            beside = self._side_by_side.of(pair, with_text=False)
            missing = _FULL if pair.text_lines else beside.missing
            return Placed(replace(beside, missing=missing), "absent")
        self._lines -= pair.text_lines
        beside = self._side_by_side.of(pair)
        text = self._markup(pair, beside)
        if not self._has_inline and pair.text_lines <= _INLINE_LINES and self._fits(text):
            self._has_inline = True
            return Placed(beside, "inline")
        packed = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
        light = replace(beside, rows=(), names=())
        if self._fits(packed):
            return Placed(light, "packed", packed)
        if self._name is None:
            return Placed(replace(light, missing=_FULL), "absent")
        name = page_name(self._name, pair.number)
        self.pages[name] = self._environment.get_template("pair_page.html.j2").render(
            page=self._page,
            pair=pair,
            placed=Placed(beside, "inline"),
            back=f"{back_link(self._name)}#pair-{pair.number}",
        )
        return Placed(light, "page", href=address(name))

    def _fits(self, text: str) -> bool:
        """Whether there is room; what fits takes it."""
        size = _bytes(text)
        if size > self._room:
            return False
        self._room -= size
        return True

    def _markup(self, pair: PairView, beside: Beside) -> str:
        module = self._environment.get_template("beside.html.j2").module
        return str(module.body(pair, beside))  # type: ignore[attr-defined]
