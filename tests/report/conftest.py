"""A real Chromium for the tests of pages, and what it must never do: complain or connect.

It also makes the samples of this folder known to the tests below it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field

import pytest

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_WIDE = {"width": 1440, "height": 1000}
# Runs before anything of the page: what its policy refuses is counted.
_WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__refused.push(event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="session")
def chromium():
    """The browser of the machine; without one, or without Playwright, these tests are skipped."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install -e '.[dev]'"
    )
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page with everything that it asked for, said and was refused."""

    page: object
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def check(self):
        """Nothing but the file itself was asked for, and nothing was refused or went wrong."""
        foreign = [url for url in self.requests if not url.startswith(("file:", "blob:", "data:"))]
        assert foreign == []
        assert self.said == []
        assert self.page.evaluate("window.__refused ?? []") == []


@pytest.fixture
def open_page(chromium):
    """Opens a file in a context of its own; what it did is checked when the test is over."""
    contexts, watched = [], []

    def opened(path, script=True, viewport=None, **options):
        context = chromium.new_context(
            viewport=viewport or _WIDE, java_script_enabled=script, **options
        )
        contexts.append(context)
        context.add_init_script(_WATCH)
        found = Watched(context.new_page())
        context.on("request", lambda request: found.requests.append(request.url))
        found.page.on(
            "console",
            lambda m: found.said.append(m.text) if m.type in ("error", "warning") else None,
        )
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        found.page.goto(path.as_uri())
        watched.append((found, script))
        return found.page

    yield opened
    for found, script in watched:
        if script:
            found.check()
    for context in contexts:
        context.close()
