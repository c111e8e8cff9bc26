"""A real Chromium reads the report of an audit: sorts, filters, follows links, and asks nobody."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from audit_samples import audit, rich
from axe_rules import problems
from pictures import unreadable

from codesim.cli import main
from codesim.report.audit.document import CohortRecord
from codesim.report.html.audit import render_audit_html


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit")
    (folder / "pairs").mkdir()
    (folder / "pairs" / "0001.html").write_text("<!DOCTYPE html><title>The pair</title>")
    (folder / "index.html").write_text(render_audit_html(rich()), "utf-8")
    return folder / "index.html"


@pytest.fixture
def opened(open_page, report):
    """Opens the report; afterwards it has asked for nothing else, and nothing was refused."""

    def open_audit(width=1440, path=report, **options):
        return open_page(path, viewport={"width": width, "height": 900}, **options)

    return open_audit


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The folder that codesim audit writes for a small cohort with a copy in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2] / "audit"))
        from cohort_on_disk import cohort

    place = tmp_path_factory.mktemp("cohort")
    cohort(place / "handed in", members=3)
    output = place / "the report #1"
    arguments = [place / "handed in", "-o", output, "--workers", 1, "--no-cache", "--quiet"]
    assert main(["audit", *map(str, arguments)]) == 0
    return output / "index.html"


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
    assert shown(page) == [1], "the end is the best score"
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
    page.wait_for_selector("#submission-1[open]")
    page.locator("#pairs .filter").fill("dan")
    page.locator("#submission-1 a[href='#pair-1']").click()
    page.locator("#pair-1").wait_for()


def test_nothing_needs_a_script(opened):
    page = opened(script=False)
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


def test_every_listed_pair_opens_side_by_side(opened, real):
    """On the real thing: each link leads to a page that shows both and asks nobody either."""
    links = opened(path=real).locator("table.pairs a", has_text="Side by side")
    assert links.count() >= 1
    for number in range(links.count()):
        page = opened(path=real)
        row = page.locator("table.pairs tbody tr").nth(number)
        left, right = row.locator("th.path, td.path").all_inner_texts()
        row.locator("a", has_text="Side by side").click()
        page.wait_for_load_state()
        assert page.locator("h1").inner_text().split() == [left, "compared", "with", right]
        assert page.locator(".match .code.left li").first.is_visible()
        assert page.locator(".match .code.right li").first.is_visible()
        page.keyboard.press("n")
        assert page.locator(".match.current").count() == 1
        page.go_back()
        assert page.locator("#summary-title").is_visible()


def test_the_first_screen_leads_to_the_strongest_pair(opened, real):
    page = opened(path=real)
    best = page.locator(".verdict .best a")
    assert best.inner_text().split() == ["ann", "and", "zoe"]
    page.locator(".verdict a", has_text="Read them side by side").click()
    page.wait_for_load_state()
    assert page.title() == "ann and zoe: codesim report"


def test_a_cluster_leads_to_its_members_and_back(opened):
    page = opened()
    page.locator("nav a", has_text="Clusters").click()
    cluster = page.locator("#cluster-1")
    assert cluster.is_visible()
    assert cluster.locator(".names-list a").all_inner_texts() == ["ann", "zoe"]
    cluster.locator(".names-list a", has_text="zoe").click()
    member = page.locator("#submission-5")
    page.wait_for_selector("#submission-5[open]")
    assert member.locator("dl").is_visible()
    member.locator("a[href='#cluster-1']").click()
    page.wait_for_function("location.hash === '#cluster-1'")
    assert 0 <= page.locator("#cluster-1").bounding_box()["y"] < 900


def test_each_submission_has_a_part_of_its_own(opened):
    """Everything the audit knows of one submission: its pairs, parts, gaps."""
    page = opened()
    table = page.locator("#submissions table.sortable")
    names = table.locator("tbody th a").all_inner_texts()
    assert names == ["ann", "ben", "cat", "dan", "zoe"]
    for number, name in enumerate(names, 1):
        table.locator("tbody th a", has_text=name).click()
        part = page.locator(f"#submission-{number}[open]")
        part.wait_for()
        assert part.locator("summary").first.inner_text().startswith(name)
        assert part.locator("dl").first.is_visible()
    ann, ben, cat = (page.locator(f"#submission-{n}") for n in (1, 2, 3))
    assert ann.locator("a[href^='#pair-']").all_inner_texts() == ["zoe", "cat"]
    assert ann.locator("a[href='pairs/0001.html']").count() == 1
    assert "normalise the same in 4 submissions" in " ".join(ann.inner_text().split())
    assert "the archive is damaged" in ben.inner_text()
    assert "it has more than 1,000,000 bytes" in cat.inner_text()


def test_submissions_are_sorted_and_filtered(opened):
    page = opened()
    table = page.locator("#submissions table.sortable")
    names = table.locator("tbody tr:visible th a")
    table.locator("thead button", has_text="Strongest pair").click()
    table.locator("thead button", has_text="Strongest pair").click()
    assert set(names.all_inner_texts()[:2]) == {"ann", "zoe"}
    page.locator("#submissions .filter").fill("ZO")
    assert names.all_inner_texts() == ["zoe"]
    # The table of pairs is another one.
    assert shown(page) == [1, 2, 3, 4]


def test_a_cell_of_the_map_leads_to_its_pair(opened):
    page = opened()
    cell = page.locator(".heat-map a").first
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.startsWith('#pair-')")
    assert page.locator(page.evaluate("location.hash")).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("which", ["report", "real"])
def test_nothing_serious_by_the_rules_of_axe(opened, request, which, scheme, width):
    page = opened(width, request.getfixturevalue(which), color_scheme=scheme)
    assert problems(page) == {}
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    assert problems(page) == {}


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1440])
def test_it_fits_any_width_with_everything_open(opened, real, width):
    page = opened(width, path=real)
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 375, 1440])
@pytest.mark.parametrize(
    "steps",
    [{"weak": 8.0, "moderate": 9.0, "strong": 10.0, "very strong": 11.0},
     {"weak": 3.6, "moderate": 9.1, "strong": 16.5, "very strong": 28.0},
     {"weak": 0.1, "very strong": 131.5}],
    ids=["close", "usual", "at the ends"],
)  # fmt: skip
def test_names_of_steps_can_be_read(opened, tmp_path, steps, width):
    cohort = (CohortRecord("code", (0.0, 0.15, 3.5, 6.5, 31.25), steps),)
    document = msgspec.structs.replace(rich(), cohort=cohort)
    (tmp_path / "index.html").write_text(render_audit_html(document), "utf-8")
    page = opened(width, tmp_path / "index.html")
    assert page.locator(".mark-name").count() == 2 * len(steps)
    assert unreadable(page) == []


def test_printed_pairs_are_a_table(opened, real):
    page = opened(700, real)
    page.emulate_media(media="print")
    tops = page.locator("table.pairs tbody tr:first-child > *").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().top)"
    )
    assert len(tops) == 10
    assert len(set(tops)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 700


def test_filters_hold_after_the_way_back(opened):
    page = opened()
    every = shown(page)
    page.locator(".least-strength").select_option("4")
    few = shown(page)
    assert len(few) < len(every)
    page.goto("about:blank")
    page.go_back()
    page.wait_for_timeout(200)
    assert page.locator(".least-strength").input_value() == "4"
    assert shown(page) == few
    assert page.locator(".shown-pairs").inner_text().startswith(f"{len(few)} of ")
