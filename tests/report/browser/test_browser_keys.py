"""Every key of the report, and that keys can be turned off."""

from __future__ import annotations

from report_samples import comparison, evidence, match, pair, snapshot

from codesim.model import Fragment
from codesim.report import document_of, render_html


def current(page):
    """The current match as (pair, number); None before one was chosen."""
    return page.evaluate(
        "() => { const at = document.querySelector('.match.current');"
        " return at && [at.closest('.pair').id, at.dataset.match]; }"
    )


def top(page, selector):
    return page.locator(selector).first.bounding_box()["y"]


def press(page, keys):
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(120)


def test_n_and_p_walk_through_the_matches(page):
    press(page, "n")
    assert current(page) == ["pair-1", "1"]
    press(page, "nn")
    assert current(page) == ["pair-1", "3"]
    assert page.locator("#pair-1 .at-match").inner_text() == "3 of 9"
    heads = page.locator("#pair-1 .heads").bounding_box()
    assert heads["y"] == 0
    assert heads["height"] <= top(page, "#p1-m3") < 300
    press(page, "p")
    assert current(page) == ["pair-1", "2"]
    press(page, "pp")
    assert current(page) == ["pair-1", "1"]
    assert page.locator(".said").inner_text() == "This is the first match."


def test_n_goes_on_from_where_the_reader_is(page):
    page.locator("#p1-m6").evaluate("each => each.scrollIntoView({block: 'center'})")
    press(page, "n")
    pair, number = current(page)
    assert pair == "pair-1"
    assert 2 <= int(number) <= 6
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    press(page, "n")
    assert current(page) == ["pair-1", "1"]


def test_brackets_open_and_unpack_the_next_pair(page):
    assert page.locator("#pair-2 .beside").count() == 0
    press(page, "]")
    assert top(page, "#pair-1") < 20
    press(page, "]")
    page.wait_for_selector("#pair-2 .beside")
    assert -1 <= top(page, "#pair-2") < 20
    assert page.evaluate("document.activeElement.closest('.pair').id") == "pair-2"
    press(page, "n")
    # Where matches cross, the first row shows one that stands further down on the left.
    assert current(page) == ["pair-2", "6"]
    press(page, "[")
    assert -1 <= top(page, "#pair-2") < 20
    press(page, "[")
    assert -1 <= top(page, "#pair-1") < 20


def test_matches_go_on_into_the_next_open_pair(page):
    press(page, "]]")
    page.wait_for_selector("#pair-2 .beside")
    page.locator("#p1-m9 .badge").first.click()
    page.wait_for_selector(".match.current")
    assert current(page) == ["pair-1", "9"]
    press(page, "n")
    assert current(page) == ["pair-2", "6"]
    press(page, "p")
    assert current(page) == ["pair-1", "9"]


def test_slash_filters_the_pairs(page):
    press(page, "/")
    assert page.evaluate("document.activeElement.className") == "filter"
    page.keyboard.type("MOVED")
    rows = page.locator("#kind-1 .pairs tbody tr")
    assert [rows.nth(n).is_visible() for n in range(3)] == [False, True, False]
    # Keys belong to the field now.
    assert current(page) is None


def test_question_mark_shows_the_keys_and_escape_closes_them(page):
    press(page, "?")
    dialog = page.locator("dialog.help")
    assert dialog.is_visible()
    listed = set(dialog.locator("dt kbd").all_inner_texts())
    assert listed == {"n", "p", "]", "[", "/", "c", "s", "a", "f", "?"}
    press(page, "n")
    assert current(page) is None
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_single_keys_can_be_turned_off_and_stay_off(page):
    press(page, "?")
    page.locator(".keys-on").uncheck()
    page.keyboard.press("Escape")
    press(page, "n")
    assert current(page) is None
    page.reload()
    press(page, "n")
    assert current(page) is None
    press(page, "?")
    page.locator(".keys-on").check()
    page.keyboard.press("Escape")
    press(page, "n")
    assert current(page) == ["pair-1", "1"]


def test_c_copies_a_citation(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "c")
    assert "go to a match" in page.locator(".said").inner_text()
    press(page, "nnc")
    page.wait_for_timeout(200)
    left, right = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert left == f"alice/steps@{'a1' * 20}:core/steps.py#L10-L13"
    assert right == f"bob/stages@{'b2' * 20}:lib/stages.py#L10-L13"


def test_c_cites_the_selected_lines(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        "() => { const lines = document.querySelectorAll('#p1-m1 .code.right li:not(.gap)');"
        " const range = document.createRange(); range.setStart(lines[1], 0); "
        "range.setEnd(lines[2], 1);"
        " getSelection().removeAllRanges(); getSelection().addRange(range); }"
    )
    press(page, "c")
    page.wait_for_timeout(200)
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == f"bob/stages@{'b2' * 20}:lib/stages.py#L5-L6"


def test_without_a_clipboard_the_citation_is_shown(page):
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.locator("#p1-m1 .cite").click()
    area = page.locator("dialog.citation textarea")
    assert area.input_value().endswith("lib/stages.py#L4-L7")
    page.keyboard.press("Escape")
    assert not page.locator("dialog.citation").is_visible()


def test_s_a_and_f_press_the_boxes_of_the_pair(page):
    press(page, "n")
    for key, box in (("s", ".together"), ("a", ".canonical"), ("f", ".folded")):
        before = page.locator(f"#pair-1 {box}").is_checked()
        press(page, key)
        assert page.locator(f"#pair-1 {box}").is_checked() is not before


def test_keys_leave_a_match_that_the_reader_has_left(page):
    press(page, "]]")
    page.wait_for_selector("#pair-2 .beside")
    page.locator("#p1-m2 .badge").first.click()
    page.wait_for_selector(".match.current")
    assert current(page) == ["pair-1", "2"]
    # By a link: the next match is one of the pair that was asked for.
    page.locator("table a[href='#pair-2']").first.click()
    page.wait_for_timeout(200)
    press(page, "n")
    assert current(page)[0] == "pair-2"
    # By scrolling: keys act on what is in sight.
    page.locator("#p1-m2").evaluate("each => each.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(200)
    press(page, "a")
    assert page.locator("#pair-1 .canonical").is_checked()
    assert not page.locator("#pair-2 .canonical").is_checked()


def test_each_side_goes_to_its_own_lines_where_both_scroll_apart(open_page, tmp_path):
    """Also to lines that another match shows."""
    text = "".join(f"name_{n} = {n}\n" for n in range(200))
    spans = (((1, 60), (1, 60)), ((70, 80), (50, 52)), ((100, 160), (100, 160)))
    found = [match(Fragment("a.py", one), Fragment("a.py", two)) for one, two in spans]
    side = snapshot("s", {"a.py": text.encode()})
    pairs = (pair("a.py", "a.py", tuple(found)),)
    document = document_of(comparison(left=side, right=side, evidence=(evidence(pairs=pairs),)))
    path = tmp_path / "report.html"
    path.write_text(render_html(document), "utf-8")
    page = open_page(path, viewport={"width": 1440, "height": 400})
    press(page, "snnn")
    press(page, "p")
    assert current(page) == ["pair-1", "2"]
    tops = "(pane) => pane.getBoundingClientRect().top"
    for side_name, line in (("left", 70), ("right", 50)):
        pane = page.locator(f".pane:has(.code.{side_name})")
        lines = pane.locator(f".code.{side_name} li")
        at = lines.nth(line - 1).bounding_box()["y"] - pane.evaluate(tops)
        assert -1 <= at < 60, side_name
