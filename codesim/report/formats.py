"""The one table of formats: each renders the result document, and each is an option of a command.

A format is added by adding a row; options, checks, writing and the tests of hostile input follow.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codesim.report.document import ResultDocument


@dataclass(frozen=True, slots=True)
class Format:
    """``name`` is that of the option, ``suffix`` the usual ending of a file.

    ``renderer`` is ``module:function`` in this package, loaded when used: it takes the document
    and gives text, or bytes where the format fixes them. ``help`` is shown for the option.
    ``pages`` is a renderer too, where a report may be too large for one file: it takes the document
    and the name of the file, and gives texts by relative path, the file itself first.
    """

    name: str
    suffix: str
    renderer: str
    help: str
    pages: str = ""


FORMATS = (
    Format(
        "html",
        ".html",
        "html:render_html",
        "Write a self-contained report with the files side by side.",
        "html:html_files",
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
    return _bytes(_loaded(_BY_NAME[name].renderer)(document))


def rendered_files(name: str, document: ResultDocument, file: str) -> dict[str, bytes]:
    """The same for a file of that name, which comes first; others are relative to its folder."""
    pages = _BY_NAME[name].pages
    if not pages:
        return {file: rendered(name, document)}
    return {path: _bytes(text) for path, text in _loaded(pages)(document, file).items()}


def has_pages(name: str) -> bool:
    """Whether a report in the format of that name may have a folder of pages beside it."""
    return bool(_BY_NAME[name].pages)


def _loaded(renderer: str) -> Callable[..., Any]:
    module, _, function = renderer.partition(":")
    found: Callable[..., Any] = getattr(
        importlib.import_module(f"codesim.report.{module}"), function
    )
    return found


def _bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")


def suffix_of(name: str) -> str:
    """The usual ending of a file in the format of that name."""
    return _BY_NAME[name].suffix
