"""The page that shows every part of the report with sample data: docs/report-parts.html."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from pages import style
from plot_samples import plots
from report_samples import comparison

from codesim.report import document_of
from codesim.report.document import TableRecord
from codesim.report.html import charts, drawings, overview
from codesim.report.html.environment import environment
from codesim.report.html.page import SideBySide, page_of
from codesim.report.html.plots import plot_view
from codesim.report.html.site import Placed

_TEMPLATE = Path(__file__).with_name("report_parts.html.j2")
_SECTIONS = (
    ("tokens", "Colours"), ("small", "Small parts"), ("summary", "First screen"),
    ("tables", "Tables"), ("charts", "Pictures"), ("beside", "Side by side"),
    ("provenance", "Provenance"),
)  # fmt: skip
_STATES = ("same", "renamed", "changed", "only left", "only right", "base")


def parts_page() -> str:
    """The whole page, the same every time."""
    page = page_of(document_of(comparison()), 20)
    pair = page.pairs[0]
    return (
        environment()
        .from_string(_TEMPLATE.read_text("utf-8"))
        .render(
            page=page,
            placed=Placed(SideBySide(page.document).of(pair), "inline"),
            most_rows=100,
            sections=_SECTIONS,
            colours=_colours(),
            **_samples(),
        )
    )


def _samples():
    names = [f"submission_{n:02}" for n in range(26)]
    cells = [
        charts.HeatCell(i, j, ((i * 7 + j * 3) % 11) / 11, f"{names[i]} and {names[j]}", "#charts")
        for i in range(26)
        for j in range(i)
    ]
    small = [charts.HeatCell(0, 0, 0.97, "a.py ~ b.py: 97 % similar", "#beside"),
             charts.HeatCell(1, 1, 0.26, "train.py ~ fit.py: 26 % similar", "#beside")]  # fmt: skip
    counts = [41, 60, 33, 12, 5, 2, 1, 0, 3, 1]
    return {
        "table": TableRecord(
            "Values of two configurations",
            ("key left", "key right", "state"),
            tuple((f"layers.{n}", f"blocks.{n}", state) for n, state in enumerate(_STATES)),
            "A sample of every state.",
        ),
        "small_heat": charts.heat_map(["model/a.py", "train.py"], ["src/b.py", "fit.py"], small),
        "large_heat": charts.heat_map(names, names, cells),
        "strips": [charts.strip("model/a.py", 120, [(10, 40), (60, 62), (100, 120)]),
                   charts.strip("train.py", 80, [])],
        "histogram": charts.histogram(
            [2.0**n for n in range(11)], counts, [(40.0, "weak"), (300.0, "strong")]
        ),
        "rename_map": drawings.rename_map(
            [("tower.blocks.*.qkv", "encoder.stack.*.in_proj", 36), ("tower.norm", "encoder.ln", 2),
             ("decoder.up", "language.w3", 20), ("decoder.up", "language.w4", 4)]
        ),
        "timeline": drawings.timeline(
            [drawings.Event(date(2024, 3, 1), "left", "attention.py appears"),
             drawings.Event(date(2024, 5, 12), "left", "renamed"),
             drawings.Event(date(2024, 6, 2), "right", "one commit adds 38 files")]
        ),
        "band": overview.Band(0.87, 0.21, 0.43),
        "figures": [plot_view(each) for each in document_of(_with_plots()).evidence[0].plots],
    }  # fmt: skip


def _with_plots():
    from report_samples import evidence

    return comparison(evidence=(evidence(plots=plots()),))


def _colours():
    light, dark = re.findall(r":root \{(.*?)\n ?\s*\}", style(), re.DOTALL)[:2]
    found = re.findall(r"--([\w-]+): (#\w{6})", light)
    night = dict(re.findall(r"--([\w-]+): (#\w{6})", dark))
    return [(name, colour, night.get(name, colour)) for name, colour in found]
