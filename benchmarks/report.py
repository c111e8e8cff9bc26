"""The HTML report: seconds to render, megabytes to mail, and how soon a browser has painted it.

Beside it stands the page that one would write first: the same coloured lines in one plain table.
"""

from __future__ import annotations

import re
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import codesim
from benchmarks.options import BenchmarkError, Options
from benchmarks.packages import TIMM, python_files
from benchmarks.processes import measured, python
from benchmarks.table import Cell, Table
from codesim.report import ResultDocument, document_of, encode
from codesim.report.html.highlight import highlight

_RENDER = """
import sys, time
from codesim.report import decode, render_html
document = decode(open(sys.argv[1], "rb").read())
start = time.process_time()
page = render_html(document)
print(time.process_time() - start)
open(sys.argv[2], "w", encoding="utf-8").write(page)
"""
_SHAPES = ((1, 5_000), (20, 1_000))
_RUNS = 3
_LOADS = 5
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
# From the click to the frame that shows the middle of the pair.
_THERE = """async () => {
  const start = performance.now();
  const rows = document.querySelectorAll('.row, tr');
  rows[Math.floor(rows.length / 2)].scrollIntoView({block: 'center', behavior: 'instant'});
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - start;
}"""


def run(options: Options) -> list[Table]:
    """Both shapes rendered and painted; the plain table in the same run."""
    with tempfile.TemporaryDirectory(prefix="codesim-report-") as folder:
        pages: list[tuple[str, Path, Path]] = []
        rows: list[tuple[Cell, ...]] = []
        for pairs, lines in _SHAPES:
            name = f"{pairs} x {lines} lines"
            document = _document(options, pairs, lines)
            page, row = _rendered(Path(folder), document, pairs)
            plain = page.with_suffix(".plain.html")
            plain.write_text(_plain(document), encoding="utf-8")
            sizes = [path.stat().st_size / 1e6 for path in (page, plain)]
            rows.append((name, *row, *sizes))
            pages.append((name, page, plain))
        return [_rendering(rows), _painting(pages)]


def _rendering(rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(
        "From result.json to a page",
        ("pairs", "matches", "processor seconds", "peak MB", "page MB", "plain table MB"),
        tuple(rows),
        (
            f"files of timm against themselves renamed; the fastest of {_RUNS} fresh processes",
            "goals: 20 pairs of 1,000 lines in 5 s and 6 MB",
        ),
    )


def _document(options: Options, pairs: int, lines: int) -> ResultDocument:
    """A real comparison of files of timm, cut to one length, with themselves in disguise."""
    texts = [
        text.decode("utf-8", "replace").split("\n")
        for _, text in sorted(python_files(TIMM, options.data).items())
    ]
    whole = [line for text in texts if len(text) > 150 for line in text]
    left: dict[str, bytes] = {}
    right: dict[str, bytes] = {}
    for number in range(pairs):
        part = whole[number * lines : (number + 1) * lines]
        if len(part) < lines:
            raise BenchmarkError(f"{TIMM} has too few lines")
        left[f"model/part_{number:02}.py"] = "\n".join(part).encode()
        right[f"net/piece_{number:02}.py"] = _disguised("\n".join(part)).encode()
    sides = codesim.snapshot_of(left, "left"), codesim.snapshot_of(right, "right")
    return document_of(codesim.compare(*sides, only=["code"]))


def _disguised(code: str) -> str:
    """Local names renamed, every tenth comment or empty line dropped."""
    names = sorted(set(re.findall(r"\b[a-z]{3,}_[a-z_]+\b", code)))[::2]
    renamed = {name: f"{name.split('_')[-1]}_{len(name)}" for name in names}
    code = re.sub(r"\b[a-z_]+\b", lambda word: renamed.get(word.group(), word.group()), code)
    kept = [line for n, line in enumerate(code.split("\n")) if line.strip() or n % 10]
    return "\n".join(kept)


def _rendered(folder: Path, document: ResultDocument, pairs: int) -> tuple[Path, tuple[Cell, ...]]:
    data, page = folder / f"{pairs}.json", folder / f"{pairs}.html"
    data.write_bytes(encode(document))
    runs = [measured(python(_RENDER, data, page), folder) for _ in range(_RUNS)]
    matches = sum(len(pair.matches) for each in document.evidence for pair in each.pairs)
    seconds = min(float(each.output.split()[-1]) for each in runs)
    return page, (matches, seconds, round(max(each.megabytes for each in runs)))


def _plain(document: ResultDocument) -> str:
    """Every pair as one table, a row for each line: no sections, nothing packed."""
    parts = [
        "<!DOCTYPE html><meta charset=utf-8><style>td{white-space:pre-wrap;font:12px monospace;"
        "vertical-align:top;width:50%}.k{color:purple}.s{color:green}.c{color:gray}</style>"
    ]
    for pair in document.evidence[0].pairs[:20]:
        sides = [
            highlight(path, texts.get(path, ""))
            for path, texts in (
                (pair.left.path, document.sources.left), (pair.right.path, document.sources.right),
            )
        ]  # fmt: skip
        parts.append("<table>")
        for number in range(max(map(len, sides))):
            cells = (_cell(side[number]) if number < len(side) else "" for side in sides)
            parts.append("<tr>" + "".join(f"<td>{number + 1} {cell}</td>" for cell in cells))
        parts.append("</table>")
    return "\n".join(parts)


def _cell(line: Any) -> str:
    return "".join(
        f"<i class={kind}>{escape(text)}</i>" if kind else escape(text) for kind, text in line
    )


def _painting(pages: Sequence[tuple[str, Path, Path]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, page, plain in pages:
        ours, table = _painted(page), _painted(plain)
        rows += [
            (name, "report", *ours, 1.0),
            (name, "plain table", *table, table[0] / ours[0]),
        ]
    return Table(
        "In Chromium, 1440 x 1000",
        ("pairs", "page", "first paint, s", "to the middle, s", "times the report"),
        tuple(rows),
        (
            f"the median of {_LOADS} loads from disk; goal: 5,000 lines painted in 0.7 s",
            "to the middle: from the wish to the frame that shows the middle of the page",
        ),
    )


def _painted(path: Path) -> tuple[float, float]:
    """Median seconds to the first paint with content, and to the middle of the page."""
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if program is None:
        raise BenchmarkError("no Chromium here: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise BenchmarkError("Playwright is missing: pip install -e '.[dev]'") from None
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        for _ in range(_LOADS):
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(path.as_uri(), wait_until="load")
            page.wait_for_function(f"() => {_PAINTED.removesuffix('.startTime')}")
            found.append((page.evaluate(_PAINTED) / 1000, page.evaluate(_THERE) / 1000))
            page.close()
        browser.close()
    first, there = (statistics.median(times) for times in zip(*found, strict=True))
    return first, there
