"""A report that is a file and a folder: from the index to the page of a pair and back, offline."""

from __future__ import annotations

import pytest
from browser_case import document

from codesim.report import encode
from codesim.report.html import site


@pytest.fixture
def folded(codesim_run, tmp_path, monkeypatch):
    """A report with a page for every pair, in a folder whose names an address must escape."""
    place = tmp_path / "100% mine #2"
    place.mkdir()
    (place / "result.json").write_bytes(encode(document()))
    monkeypatch.setattr(site, "_REST", site.LIMIT)
    report = place / "the report.html"
    assert codesim_run("report", place / "result.json", "--html", report).code == 0
    return report


def opened(page, number):
    """The page of one pair, as a reader gets there."""
    page.locator(f"#pair-{number} > summary").click()
    page.locator(f"#pair-{number} a", has_text="a page of its own").click()
    page.wait_for_load_state()
    return page


def test_a_pair_opens_on_its_page_and_leads_back(open_page, folded):
    page = opened(open_page(folded), 2)
    assert page.title().startswith("core/other.py and lib/moved.py")
    assert page.locator(".code.right", has_text="stage_4(x").first.is_visible()
    page.keyboard.press("n")
    assert page.locator(".match.current").count() == 1
    page.locator("nav a", has_text="Report").click()
    page.wait_for_load_state()
    assert page.title() == "alice/steps and bob/stages: codesim report"
    assert page.evaluate("location.hash") == "#pair-2"
    assert page.locator("#pair-2").get_attribute("open") is not None


def test_a_note_on_a_page_stands_in_the_report(open_page, folded):
    page = opened(open_page(folded), 1)
    page.locator("#p1-m2 .note-button").click()
    page.locator("#p1-m2 input[value=confirmed]").check()
    page.locator("nav a", has_text="Report").click()
    page.wait_for_load_state()
    notes = page.locator("#notes tbody tr")
    assert notes.count() == 1
    assert "core/steps.py:10-13" in notes.inner_text()
    notes.locator("a", has_text="to the pair").click()
    assert page.locator("#pair-1").get_attribute("open") is not None


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_page_can_be_read_without_a_script(open_page, folded, number):
    page = open_page(folded, script=False)
    opened(page, number)
    assert page.locator(".match .code.left").first.is_visible()
    assert page.locator(".match .code.right").first.is_visible()


def test_a_page_fits_a_phone(open_page, folded):
    page = opened(open_page(folded, viewport={"width": 375, "height": 800}), 1)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
