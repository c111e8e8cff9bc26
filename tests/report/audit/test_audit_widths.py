"""What of the report of an audit has to fit into a window of some width."""

from __future__ import annotations

import pytest
from audit_samples import rich

from codesim.report.html.audit import render_audit_html


@pytest.fixture
def audit_in(open_page, tmp_path):
    """Opens the report of an audit in a window of a width."""
    path = tmp_path / "index.html"
    path.write_text(render_audit_html(rich()), "utf-8")
    return lambda width: open_page(path, viewport={"width": width, "height": 900})


def test_the_table_of_pairs_has_room_in_a_wide_window(audit_in):
    page = audit_in(1440)
    scroll = page.locator(".scroll:has(table.pairs)")
    assert scroll.evaluate("(each) => each.scrollWidth - each.clientWidth") <= 0


def test_short_names_are_not_cut_on_a_phone(audit_in):
    page = audit_in(375)
    heights = page.locator("#clusters .path a").evaluate_all(
        "(links) => links.map((each) => each.getClientRects().length)"
    )
    assert heights
    assert set(heights) == {1}
