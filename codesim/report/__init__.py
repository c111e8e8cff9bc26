"""Renderers of one comparison. Every format is rendered from the result document alone."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codesim.report.assemble import document_of
    from codesim.report.csv import render_csv
    from codesim.report.document import ResultDocument, schema
    from codesim.report.formats import FORMATS, Format, rendered
    from codesim.report.html import html_files, render_html
    from codesim.report.markdown import render_markdown
    from codesim.report.result import decode, encode
    from codesim.report.sarif import render_sarif
    from codesim.report.text import render_text
    from codesim.report.write import write_atomically

# Resolved on first use: `codesim --help` loads no jinja2, no pygments and no msgspec.
_HOME = {
    "FORMATS": "formats",
    "Format": "formats",
    "ResultDocument": "document",
    "decode": "result",
    "document_of": "assemble",
    "encode": "result",
    "render_csv": "csv",
    "html_files": "html",
    "render_html": "html",
    "render_markdown": "markdown",
    "render_sarif": "sarif",
    "render_text": "text",
    "rendered": "formats",
    "schema": "document",
    "write_atomically": "write",
}

__all__ = [
    "FORMATS",
    "Format",
    "ResultDocument",
    "decode",
    "document_of",
    "encode",
    "html_files",
    "render_csv",
    "render_html",
    "render_markdown",
    "render_sarif",
    "render_text",
    "rendered",
    "schema",
    "write_atomically",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'codesim.report' has no attribute {name!r}")
    return getattr(importlib.import_module(f"codesim.report.{_HOME[name]}"), name)
