"""Read without a script, on paper, on a phone, in the dark, by ear, and by find-in-page."""

from __future__ import annotations

import re

import pytest
from browser_case import FUNCTIONS, source
from report_samples import HOSTILE, everywhere

from codesim.report import document_of, render_html


def test_without_a_script_all_but_the_packed_text_is_there(open_page, report):
    page = open_page(report, script=False)
    text = page.locator("body").inner_text()
    assert "Similarity is evidence for a person to judge, not proof of copying." in text
    for side, name, argument in (("left", "step", "value"), ("right", "stage", "x")):
        shown = page.locator(f"#pair-1 .code.{side} li:not(.gap)").all_text_contents()
        wanted = source(name, argument, range(FUNCTIONS)).split("\n")
        assert [line for line in shown if line] == [line for line in wanted if line]
    assert page.locator("#pair-1 .code.left", has_text="step_0(value").first.is_visible()
    # Folds are the browser's own.
    run = page.locator("#pair-1 details.rest").first
    run.locator("summary").click()
    # What comes into sight is laid out a moment later.
    page.wait_for_function("(run) => run.innerText.includes('step_3')", arg=run.element_handle())
    assert "step_3" in run.inner_text()
    page.locator("#pair-2 > summary").click()
    assert "A script unpacks it" in page.locator("#pair-2").inner_text()
    page.locator("#pair-2 .matches summary").click()
    assert "2 names changed in step 11" not in page.locator("#pair-2").inner_text()
    assert "2 names changed in step 10" in page.locator("#pair-2").inner_text()
    for control in (".tools", ".filter", ".help-button", "#notes", ".match-tools"):
        assert not any(each.is_visible() for each in page.locator(control).all()), control


def test_find_in_page_reaches_the_whole_first_pair(page):
    """Also what is out of sight, which the browser has not laid out."""
    for number in range(12):
        found = page.evaluate(
            "(text) => { getSelection().removeAllRanges(); return window.find(text); }",
            f"stage_{number}(x, scale",
        )
        folded = number % 4 == 3
        assert found or folded, number
    page.locator("#pair-1 .folded").uncheck()
    page.evaluate("getSelection().removeAllRanges()")
    assert page.evaluate("window.find('stage_3(x, scale')")


def overflow(page):
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_any_width(open_page, report, width, scheme):
    page = open_page(report, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert overflow(page) <= 0
    page.keyboard.press("]")
    page.keyboard.press("]")
    page.wait_for_selector("#pair-2 .beside")
    assert overflow(page) <= 0
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(map(int, re.findall(r"\d+", ground))) > 384
    assert light is (scheme == "light")


def test_at_400_per_cent_everything_is_one_column(open_page, report):
    """A window of 1280 pixels at 400 % has 320."""
    page = open_page(report, viewport={"width": 320, "height": 256})
    page.locator("#p1-m1").scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    left = page.locator("#p1-m1 .code.left").bounding_box()
    right = page.locator("#p1-m1 .code.right").bounding_box()
    assert right["y"] >= left["y"] + left["height"]
    assert left["x"] == right["x"]
    assert page.locator("#p1-m1 .side").all_inner_texts() == ["LEFT", "RIGHT"]


def test_printed_it_has_two_columns_and_no_controls(page):
    page.emulate_media(media="print")
    left = page.locator("#p1-m1 .code.left").bounding_box()
    right = page.locator("#p1-m1 .code.right").bounding_box()
    assert left["y"] == right["y"]
    assert page.locator(".running").is_visible()
    for control in (".tools", ".controls", ".top", ".minimap", ".match-tools"):
        assert not any(each.is_visible() for each in page.locator(control).all()), control
    # Runs that nothing matches stay folded.
    assert "no match" in page.locator("#pair-1 details.rest").first.inner_text()


def test_prints_to_a_file_of_some_pages(page):
    data = page.pdf(format="A4")
    assert data.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert 3 <= pages <= 12


def test_all_can_be_reached_with_the_tab_key(page):
    seen = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "() => { const at = document.activeElement;"
                " return at.getAttribute('class') || at.id || at.tagName; }"
            )
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        shape = page.evaluate("document.activeElement.closest('svg') !== null")
        assert (
            outline != "none" or shape or page.evaluate("document.activeElement.tagName") == "BODY"
        )
    assert {"skip", "filter", "previous-match", "together", "canonical", "folded", "cite"} <= seen


@pytest.mark.parametrize("text", HOSTILE[::3], ids=range(0, len(HOSTILE), 3))
def test_hostile_text_does_nothing(open_page, tmp_path, text):
    path = tmp_path / "hostile.html"
    path.write_text(render_html(document_of(everywhere(text, columns=(text, "state")))), "utf-8")
    page = open_page(path)
    alerts = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for key in "nn]]":
        page.keyboard.press(key)
    page.wait_for_selector("#pair-2 .beside")
    page.locator("#pair-2 .canonical").check()
    page.locator("#pair-2 .together").uncheck()
    page.wait_for_timeout(100)
    assert alerts == []
    assert page.evaluate("document.querySelectorAll('script:not([type])').length") == 1
