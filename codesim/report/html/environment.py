"""The templates, and the one gate that every string of a page passes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from codesim.report import words
from codesim.report.columns import shorten
from codesim.report.html import charts, firstscreen, overview, page, plots, relations
from codesim.report.html.highlight import Code
from codesim.report.html.wording import pieces, prose
from codesim.text import display

_HERE = Path(__file__).parent
# A page has one script and one style; a report of a pair and one of an audit have their own.
_ASSETS = ("script.js", "style.css", "audit.js", "audit.css")


@cache
def environment() -> Environment:
    """Jinja with autoescape; an undefined name is an error, not an empty string."""
    made = Environment(
        loader=FileSystemLoader([_HERE / "templates", _HERE / "assets"]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(_filters())
    made.globals.update(_names())
    made.globals["hashes"] = {name: _hash(made.get_template(name).render()) for name in _ASSETS}
    return made


def _filters() -> dict[str, Callable[..., Any]]:
    return {
        "percent": lambda share: prose(words.percent(share)),
        "comma": lambda number: f"{number:,}",
        "prose": prose,
        "pieces": pieces,
        "shorten": shorten,
        "figures": plots.figures,
        "legend_mark": plots.legend_mark,
        "portions": overview.states,
        "state_look": overview.state_look,
        "minimap": overview.minimap_of,
        "citation": page.citation,
        "swhid": page.swhid,
    }


def _names() -> dict[str, Any]:
    return {
        "STRENGTHS": words.STRENGTHS,
        "CLONE_WORDS": words.CLONE_WORDS,
        "CLONE_MEANINGS": words.CLONE_MEANINGS,
        "NOT_PROOF": words.NOT_PROOF,
        "MOST_TELLING": words.MOST_TELLING,
        "KIND_MEANS": firstscreen.KIND_MEANS,
        "HISTOGRAM": charts.HISTOGRAM,
        "PLOT": plots.FRAME,
        "count": words.count,
        "steps": firstscreen.steps,
        "promise": firstscreen.promise,
        "directions": firstscreen.directions,
        "reason": firstscreen.reason,
        "plain_words": relations.plain_words,
    }


def shown(value: Any) -> Any:
    """The gate: no string leaves with an invisible character, and the autoescape comes after it.

    Output of our own macros has been here before, and code keeps its tabs.
    """
    if isinstance(value, str) and not isinstance(value, Code | Markup):
        return display(value)
    return value


def _hash(text: str) -> str:
    """The source expression by which the content security policy admits ``text``."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
