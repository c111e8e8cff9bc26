"""The rules of axe-core: nothing serious or critical, light and dark, wide and narrow."""

from __future__ import annotations

import pytest
from axe_rules import problems


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_serious(open_page, report, scheme, width):
    page = open_page(report, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert problems(page) == {}


def test_nothing_serious_with_everything_open(page):
    page.locator(".pair").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    page.wait_for_selector("#pair-3 .beside")
    page.wait_for_selector("#pair-4 .beside")
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    page.locator("#p1-m1 .note-button").click()
    page.locator("#p1-m1 textarea").fill("A comment")
    page.locator("#pair-2 .together").uncheck()
    page.locator("#pair-1 .canonical").check()
    assert problems(page) == {}
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert problems(page) == {}
