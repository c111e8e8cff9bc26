"""The rules of axe-core, asked of a page in a browser."""

from __future__ import annotations

import json

import pytest

_RULES = json.dumps(
    {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
)


def problems(page):
    """What is serious or critical, by rule, with the first elements that break it."""
    api = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="axe is not installed: pip install -e '.[dev]'",
    )
    # Through the protocol of the developer tools: the page's own policy admits no other script.
    page.evaluate(api.Axe().axe_script)
    found = page.evaluate(f"axe.run(document, {_RULES})")["violations"]
    return {
        each["id"]: [node["html"][:160] for node in each["nodes"][:3]]
        for each in found
        if each["impact"] in ("serious", "critical")
    }
