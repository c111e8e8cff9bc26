"""Both ways to scroll, folding, canonical names, partners that light up, tables that are sifted."""

from __future__ import annotations

import pytest


def lines(page, selector):
    return page.locator(f"{selector} li:not(.gap)").all_text_contents()


def box(page, selector):
    return page.locator(selector).first.bounding_box()


def numbers(page, selector):
    """Line numbers as the browser counts them."""
    return page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].map((list) =>
             list.start + list.querySelectorAll('li:not(.gap)').length - 1)""",
        selector,
    )


def test_lines_of_a_match_stand_beside_each_other(page):
    for row in ("#p1-m1", "#p1-m5"):
        for left, right in zip(
            page.locator(f"{row} .code.left li").all(),
            page.locator(f"{row} .code.right li").all(),
            strict=True,
        ):
            assert left.bounding_box()["y"] == right.bounding_box()["y"]
            assert left.bounding_box()["x"] < right.bounding_box()["x"]


def test_lines_stay_beside_each_other_where_one_wraps(open_page, report):
    page = open_page(report, viewport={"width": 900, "height": 900})
    page.locator("#p1-m1").scroll_into_view_if_needed()
    page.locator("#p1-m1 .code.left li").nth(2).evaluate(
        "each => each.append(' wrapped'.repeat(40))"
    )
    page.wait_for_function(
        "() => document.querySelectorAll('#p1-m1 .code.left li')[2].offsetHeight > 40"
    )
    # At one moment: what comes into sight above is laid out, and moves what is below.
    tops = page.evaluate(
        "() => ['left', 'right'].map((side) =>"
        " Array.from(document.querySelectorAll('#p1-m1 .code.' + side + ' li'),"
        " (each) => each.getBoundingClientRect().top))"
    )
    assert tops[0] == tops[1]
    assert tops[0][3] - tops[0][2] > 40


def test_each_side_scrolls_on_its_own_and_both_again(page):
    whole = lines(page, "#pair-1 .code.left")
    page.locator("#pair-1 .together").uncheck()
    panes = page.locator("#pair-1 .pane")
    assert panes.count() == 2
    assert lines(page, "#pair-1 .pane:first-child") == whole
    left, right = (panes.nth(n) for n in range(2))
    left.evaluate("each => { each.scrollTop = 200; }")
    assert left.evaluate("each => each.scrollTop") == 200
    assert right.evaluate("each => each.scrollTop") == 0
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    for side in (left, right):
        part = side.locator("[data-match='3']").bounding_box()
        assert abs(part["y"] - side.bounding_box()["y"]) < 4
    page.locator("#pair-1 .together").check()
    assert page.locator("#pair-1 .pane").count() == 0
    assert lines(page, "#pair-1 .rows .code.left") == whole
    assert box(page, "#p1-m1 .code.left")["y"] == box(page, "#p1-m1 .code.right")["y"]


def test_matches_whose_sides_stand_elsewhere_are_in_file_order_in_the_panes(page):
    page.keyboard.press("]")
    page.keyboard.press("]")
    page.wait_for_selector("#pair-2 .together")
    page.locator("#pair-2 .together").uncheck()
    for side in ("left", "right"):
        ends = numbers(page, f"#pair-2 .pane .code.{side}")
        assert ends == sorted(ends)
        assert ends[-1] > 70


def test_what_does_not_match_is_folded_and_unfolds(page):
    runs = page.locator("#pair-1 details.rest")
    assert runs.count() == 3
    assert "Left lines 20–27 · Right lines 20–27: no match" in runs.first.inner_text()
    assert not any(run.get_attribute("open") is not None for run in runs.all())
    page.locator("#pair-1 .folded").uncheck()
    assert all(run.get_attribute("open") is not None for run in runs.all())
    page.locator("#pair-1 .folded").check()
    assert not any(run.get_attribute("open") is not None for run in runs.all())


def test_as_canonicalised_the_right_speaks_with_the_names_of_the_left(page):
    own = lines(page, "#p1-m1 .code.right")
    assert "stage_0(x, scale=0.0)" in own[0]
    page.locator("#pair-1 .canonical").check()
    told = lines(page, "#p1-m1 .code.right")
    assert "step_0(value, scale=0.0)" in told[0]
    docstring = page.locator("#p1-m1 .code.right .q").first
    assert docstring.evaluate("each => getComputedStyle(each).visibility") == "hidden"
    page.locator("#pair-1 .canonical").uncheck()
    assert lines(page, "#p1-m1 .code.right") == own


def test_a_name_lights_up_its_partner(page):
    page.locator("#p1-m1 .code.left i.r", has_text="value").first.hover()
    lit = page.locator("#pair-1 .code i.lit")
    assert set(lit.all_inner_texts()) == {"value", "x"}
    assert page.locator("#p1-m1 .code.right i.lit").count() > 0
    page.locator("h1").hover()
    assert lit.count() == 0


def test_partners_light_up_by_keyboard_and_can_be_pinned(page):
    page.locator("#pair-1 .names summary").click()
    name = page.locator("#pair-1 .name-list li", has_text="value").first
    name.focus()
    assert page.locator("#pair-1 .code i.lit").count() > 0
    page.keyboard.press("Enter")
    page.locator("h1").hover()
    page.locator("#pair-1 .names summary").focus()
    assert name.get_attribute("aria-pressed") == "true"
    assert page.locator("#pair-1 .code i.lit").count() > 0
    name.focus()
    page.keyboard.press("Space")
    page.locator("#pair-1 .names summary").focus()
    assert page.locator("#pair-1 .code i.lit").count() == 0


def test_the_minimap_leads_to_its_place(page):
    page.locator("#p1-m3").evaluate("each => each.scrollIntoView()")
    page.wait_for_timeout(300)
    where = box(page, "#pair-1 .minimap")
    page.mouse.click(where["x"] + where["width"] - 4, where["y"] + where["height"] * 0.98)
    page.wait_for_timeout(300)
    last = page.locator("#pair-1 .code.right").last.bounding_box()
    assert 0 < last["y"] < 1000
    assert float(page.locator("#pair-1 .minimap .view").first.get_attribute("height")) > 0


def test_an_address_opens_and_unpacks_what_it_names(open_page, report):
    page = open_page(report)
    page.evaluate("location.hash = '#p2-m3'")
    page.wait_for_selector("#p2-m3.current")
    assert 0 < box(page, "#p2-m3")["y"] < 400
    page.locator(".evidence a", has_text="config").click()
    assert box(page, "#kind-2")["y"] < 200


@pytest.mark.parametrize(("column", "expected"), [("How", ["edited", "renamed", "renamed"])])
def test_tables_sort_by_any_column(page, column, expected):
    head = page.locator("#kind-1 .pairs th", has_text=column).first
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    cells = page.locator("#kind-1 .pairs tbody tr td:nth-child(5)").all_inner_texts()
    assert cells == sorted(cells)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    turned = page.locator("#kind-1 .pairs tbody tr td:nth-child(5)").all_inner_texts()
    assert turned == sorted(cells, reverse=True)


def test_rows_are_sifted_by_their_state(page):
    rows = page.locator("#kind-2 details.table tbody tr")
    button = page.locator("#kind-2 [data-state='only left'] .state-button")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert [rows.nth(n).is_visible() for n in range(3)] == [False, False, True]
    button.click()
    assert [rows.nth(n).is_visible() for n in range(3)] == [True] * 3
