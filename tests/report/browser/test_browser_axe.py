"""The rules of axe-core: nothing serious or critical, light and dark, wide and narrow."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("axe_playwright_python", reason="axe is not installed: pip install -e '.[dev]'")

_RULES = json.dumps(
    {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
)


def problems(page):
    from axe_playwright_python.sync_playwright import Axe

    # Through the protocol of the developer tools: the page's own policy admits no other script.
    page.evaluate(Axe().axe_script)
    found = page.evaluate(f"axe.run(document, {_RULES})")["violations"]
    return {
        each["id"]: [node["html"][:160] for node in each["nodes"][:3]]
        for each in found
        if each["impact"] in ("serious", "critical")
    }


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
