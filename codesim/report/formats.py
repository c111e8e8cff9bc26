"""The one table of formats: each renders the result document, and each is an option of a command.

A format is added by adding a row; options, checks, writing and the tests of hostile input follow.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesim.report.document import ResultDocument


@dataclass(frozen=True, slots=True)
class Format:
    """``name`` is that of the option, ``suffix`` the usual ending of a file.

    ``renderer`` is ``module:function`` in this package, loaded when used: it takes the document
    and gives text, or bytes where the format fixes them. ``help`` is shown for the option.
    """

    name: str
    suffix: str
    renderer: str
    help: str


FORMATS = (
    Format(
        "html",
        ".html",
        "html:render_html",
        "Write a self-contained report with the files side by side.",
    ),
    Format(
        "json",
        ".json",
        "result:encode",
        "Write the result, from which every report can be rendered again.",
    ),
    Format(
        "markdown",
        ".md",
        "markdown:render_markdown",
        "Write a Markdown summary for an issue or a pull request.",
    ),
    Format(
        "sarif",
        ".sarif",
        "sarif:render_sarif",
        "Write SARIF 2.1.0, one result per match, for code review tools.",
    ),
    Format(
        "csv",
        ".csv",
        "csv:render_csv",
        "Write a table for a spreadsheet, one row per file pair.",
    ),
)
_BY_NAME = {each.name: each for each in FORMATS}


def rendered(name: str, document: ResultDocument) -> bytes:
    """The document in the format of that name. What UTF-8 cannot hold becomes a visible escape."""
    module, _, function = _BY_NAME[name].renderer.partition(":")
    render = getattr(importlib.import_module(f"codesim.report.{module}"), function)
    data: str | bytes = render(document)
    return data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")


def suffix_of(name: str) -> str:
    """The usual ending of a file in the format of that name."""
    return _BY_NAME[name].suffix
