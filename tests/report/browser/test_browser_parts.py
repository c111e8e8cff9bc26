"""The page of all parts in a real browser: quiet, offline, narrow enough, and nothing serious."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_rules import problems

PARTS = Path(__file__).parents[3] / "docs" / "report-parts.html"


@pytest.mark.parametrize("width", [375, 1440])
def test_the_parts_fit_and_obey_the_rules(open_page, width):
    page = open_page(PARTS, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems(page) == {}
