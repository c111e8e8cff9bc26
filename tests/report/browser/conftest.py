"""The report that the tests of this folder read."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser_case import document

from codesim.report import render_html


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Path:
    """One report with a pair in the page and two packed ones."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_html(document()), encoding="utf-8")
    return path


@pytest.fixture
def page(open_page, report):
    """The report in a wide window."""
    return open_page(report)
