"""The page of all parts in docs/ is that of the templates, and shows every one of them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pages import elements, parsed
from report_parts import parts_page

from codesim.report import html

PAGE = Path(__file__).parents[2] / "docs" / "report-parts.html"
TEMPLATES = Path(html.__file__).parent / "templates"
# Made of other macros, or shown on a page of their own.
INDIRECT = {"cell", "entry", "filter", "slider", "more"}


def test_the_page_in_docs_is_current():
    made = parts_page()
    if os.environ.get("CODESIM_UPDATE_GOLDEN"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made, "write it anew with CODESIM_UPDATE_GOLDEN=1"


def test_it_shows_every_picture_and_table():
    source = (Path(__file__).with_name("report_parts.html.j2")).read_text("utf-8")
    for name in ("charts", "tables"):
        text = (TEMPLATES / f"{name}.html.j2").read_text("utf-8")
        for macro in set(re.findall(r"{% macro (\w+)\(", text)) - INDIRECT:
            assert f"{name}.{macro}(" in source, macro


def test_every_picture_has_words_of_its_own():
    for svg in (e for e in elements(parsed(parts_page())) if e.tag == "svg"):
        title = next((child for child in svg if child.tag == "title"), None)
        assert svg.get("aria-hidden") == "true" or (title is not None and title.text)
