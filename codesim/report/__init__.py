"""Renderers of one comparison. Every format is rendered from the result document alone."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codesim.report.assemble import document_of
    from codesim.report.document import ResultDocument, schema
    from codesim.report.html import html_files, render_html
    from codesim.report.markdown import render_markdown
    from codesim.report.result import decode, encode
    from codesim.report.text import render_text
    from codesim.report.write import write_atomically

# Resolved on first use: `codesim --help` loads no jinja2, no pygments and no msgspec.
_HOME = {
    "ResultDocument": "document",
    "decode": "result",
    "document_of": "assemble",
    "encode": "result",
    "html_files": "html",
    "render_html": "html",
    "render_markdown": "markdown",
    "render_text": "text",
    "schema": "document",
    "write_atomically": "write",
}

__all__ = [
    "ResultDocument",
    "decode",
    "document_of",
    "encode",
    "html_files",
    "render_html",
    "render_markdown",
    "render_text",
    "schema",
    "write_atomically",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'codesim.report' has no attribute {name!r}")
    return getattr(importlib.import_module(f"codesim.report.{_HOME[name]}"), name)
