"""One offline HTML file: no network, no inline styles, nothing of an input but inert text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codesim.report.document import ResultDocument

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent


def render_html(document: ResultDocument, top: int = 20) -> str:
    """The report as one page, with the ``top`` most telling pairs of each kind side by side."""
    from codesim.report.html.page import page_of

    environment = _environment()
    return environment.get_template("page.html.j2").render(
        page=page_of(document, top),
        script_hash=_hash(environment.get_template("script.js").render()),
        style_hash=_hash(environment.get_template("style.css").render()),
    )


def _hash(text: str) -> str:
    """The source expression by which the content security policy admits ``text``."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from codesim.report import words
    from codesim.report.html import plots
    from codesim.report.html.wording import hang, pieces, prose

    environment = Environment(
        loader=FileSystemLoader([_HERE / "templates", _HERE / "assets"]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_gate(),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        percent=lambda share: prose(words.percent(share)),
        comma=lambda number: f"{number:,}",
        prose=prose,
        pieces=pieces,
        hang=hang,
        figures=plots.figures,
        legend_mark=plots.legend_mark,
    )
    environment.globals.update(
        STRENGTHS=words.STRENGTHS,
        CLONE_WORDS=words.CLONE_WORDS,
        CLONE_MEANINGS=words.CLONE_MEANINGS,
        NOT_PROOF=words.NOT_PROOF,
        COVERED_MEANS=words.COVERED_MEANS,
        MOST_TELLING=words.MOST_TELLING,
        count=words.count,
        PLOT=plots.FRAME,
    )
    return environment


def _gate() -> Callable[[Any], Any]:
    """The one gate of this format: every string of the page passes here, then the autoescape.

    Output of our own macros has been here before, and code keeps its tabs.
    """
    from markupsafe import Markup

    from codesim.report.html.highlight import Code
    from codesim.text import display

    def shown(value: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, Code | Markup):
            return display(value)
        return value

    return shown
