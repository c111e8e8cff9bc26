"""A real Chromium reads the report of an audit: sorts, filters, follows links, and asks nobody."""

from __future__ import annotations

import shutil

import pytest
from audit_samples import audit, rich

from codesim.report.html.audit import render_audit_html

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Runs before anything of the page: what its policy refuses is counted.
_WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__refused.push(event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        found.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit")
    (folder / "pairs").mkdir()
    (folder / "pairs" / "0001.html").write_text("<!DOCTYPE html><title>The pair</title>")
    (folder / "index.html").write_text(render_audit_html(rich()), "utf-8")
    return folder / "index.html"


@pytest.fixture
def opened(browser, report):
    """Opens the report; afterwards it has asked for nothing else, and nothing was refused."""
    contexts, asked, said = [], [], []

    def open_page(width=1440, path=report, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.add_init_script(_WATCH)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        if context.pages[0].evaluate("typeof window.__refused") != "undefined":
            assert context.pages[0].evaluate("window.__refused") == []
        context.close()
    assert [url for url in asked if not url.startswith("file:")] == []
    assert said == []


def shown(page):
    """Numbers of the rows that can be seen, in their order."""
    rows = page.locator("table.pairs tbody tr:visible td:first-child")
    return [int(text) for text in rows.all_inner_texts()]


def test_rows_are_sorted_by_a_press_on_a_heading(opened):
    page = opened()
    heading = page.locator("table.pairs thead button", has_text="Of left")
    heading.click()
    assert shown(page) == [3, 2, 4, 1]
    heading.press("Enter")
    assert shown(page) == [1, 2, 4, 3]
    assert page.locator("table.pairs th[aria-sort='descending']").inner_text().startswith("Of left")


def test_rows_are_filtered_by_name_strength_and_kind_together(opened):
    page = opened()
    # Other words of a row, such as its reason, are no names.
    page.locator("#pairs .filter").fill("what")
    assert shown(page) == []
    page.locator("#pairs .filter").fill("ANN")
    assert shown(page) == [1, 3]
    page.locator(".by-kind").select_option("files")
    assert shown(page) == [1, 3]
    page.locator(".least-strength").select_option(label="moderate or more")
    assert shown(page) == [1]
    assert page.locator(".shown-pairs").inner_text() == "1 of 4 pairs"
    page.locator("#pairs .filter").fill("")
    page.locator(".by-kind").select_option("")
    assert shown(page) == [1, 2]


def test_the_slider_leaves_pairs_that_score_as_much_and_marks_the_place(opened):
    page = opened()
    slider = page.locator(".score-slider input")
    slider.press("End")
    assert shown(page) == []
    slider.press("Home")
    assert shown(page) == [1, 2, 3, 4]
    slider.press("ArrowRight")
    assert shown(page) == [1, 2, 4]
    slider.fill("60")
    least = float(page.locator(".score-slider output").inner_text())
    assert 6.5 < least < 131.5
    assert shown(page) == [n for n, score in ((1, 131.5), (2, 31.25)) if score >= least]
    assert page.locator(".threshold").count() == 2


def test_a_pair_opens_on_its_page(opened):
    page = opened()
    page.locator("#pair-1 a", has_text="Side by side").click()
    assert page.title() == "The pair"


def test_a_name_opens_its_submission_and_a_hidden_pair_comes_back(opened):
    page = opened()
    page.locator("#pair-1 th a").click()
    assert page.locator("#submission-1").get_attribute("open") is not None
    page.locator("#pairs .filter").fill("dan")
    page.locator("#submission-1 a[href='#pair-1']").click()
    assert page.locator("#pair-1").is_visible()


def test_nothing_needs_a_script(opened):
    page = opened(java_script_enabled=False)
    assert shown(page) == [1, 2, 3, 4]
    assert not page.locator(".filter").first.is_visible()
    page.locator("#submission-1 summary").first.click()
    assert page.locator("#submission-1 dl").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_without_scrolling_sideways(opened, scheme):
    page = opened(375, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert page.locator("#pair-1 .finding").bounding_box()["width"] > 250
    page.locator("#pairs .filter").fill("cat")
    assert page.locator("#pair-2").is_visible()
    assert not page.locator("#pair-1").is_visible()


def test_paper_shows_every_submission(opened):
    page = opened()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".submission dl:visible").count() == 5
    assert not page.locator(".controls select").first.is_visible()


def test_an_empty_audit_is_read_without_complaint(opened, tmp_path):
    (tmp_path / "index.html").write_text(render_audit_html(audit()), "utf-8")
    assert opened(path=tmp_path / "index.html").locator("h1").is_visible()
