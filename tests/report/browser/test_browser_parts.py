"""The page of all parts in a real browser: quiet, offline, narrow enough, and nothing serious."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_rules import problems
from pictures import unreadable
from report_samples import comparison, evidence, pair, snapshot

from codesim.report import document_of, render_html

PARTS = Path(__file__).parents[3] / "docs" / "report-parts.html"


@pytest.mark.parametrize("width", [375, 1440])
def test_the_parts_fit_and_obey_the_rules(open_page, width):
    page = open_page(PARTS, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems(page) == {}
    assert unreadable(page) == []


@pytest.mark.parametrize(
    "name",
    ["短い名前/加载器_読み込み.py", "عربي/ملف.py", "a" * 200, "deep/" * 30 + "x.py", "W" * 34],
)
def test_labels_of_files_are_inside_their_picture(open_page, tmp_path, name):
    sides = [snapshot(side, {name: b"x = 1\n", "b.py": b"y = 2\n"}) for side in ("one", "two")]
    found = (evidence(pairs=(pair(name, name, ()), pair("b.py", name, ()))),)
    report = tmp_path / "r.html"
    made = comparison(left=sides[0], right=sides[1], evidence=found)
    report.write_text(render_html(document_of(made)), "utf-8")
    page = open_page(report)
    assert page.locator(".heat-label").count() == 3
    assert unreadable(page) == []


def test_heads_that_paper_repeats_hold_no_buttons(page):
    """A browser leaves a button out where it repeats the head of a table on the next page."""
    page.emulate_media(media="print")
    buttons = page.locator("thead th > button")
    assert buttons.count() > 5
    shown = buttons.evaluate_all("all => all.map((each) => getComputedStyle(each).display)")
    assert set(shown) == {"contents"}
