"""Figures: carried in the result, drawn as SVG, readable as a table, named in Markdown."""

from __future__ import annotations

import json
import re

import html5lib
import pytest
from plot_samples import plots, series
from report_samples import comparison, evidence

from codesim.model import Plot
from codesim.report import decode, document_of, encode, render_html, render_markdown, render_text
from codesim.report.html.plots import plot_view


def document(*figures):
    return document_of(comparison(evidence=(evidence(pairs=(), plots=figures or plots()),)))


def page(*figures):
    return html5lib.parse(render_html(document(*figures)), namespaceHTMLElements=False)


def figure(*figures):
    return next(page(*figures).iter("figure"))


SVG = "{http://www.w3.org/2000/svg}"


def words(element):
    return " ".join("".join(f"{part} " for part in element.itertext()).split())


def view(*points, kind="line", more=()):
    plot = Plot("t", kind, "x", "y", (series("s", *points), *more))
    return plot_view(document(plot).evidence[0].plots[0])


def test_the_result_carries_every_figure():
    found = json.loads(encode(document()))["evidence"][0]["plots"]
    assert [each["kind"] for each in found] == [
        "points", "line", "histogram", "qq", "line", "heat", "line", "bars",
    ]  # fmt: skip
    assert found[0]["series"][1]["points"][1] == [3.0, 1.0]
    assert decode(encode(document())) == document()


def test_small_figures_keep_their_digits():
    found = document(Plot("t", "line", "x", "y", (series("s", (1, 1.23456789e-7)),)))
    assert found.evidence[0].plots[0].series[0].points == ((1.0, 1.23457e-7),)
    with pytest.raises(ValueError, match="finite"):
        document(Plot("t", "line", "x", "y", (series("s", (1, float("nan"))),)))


def test_every_figure_has_a_title_axes_and_a_table():
    found = list(page().iter("figure"))
    assert len(found) == len(plots())
    for element, plot in zip(found, plots(), strict=True):
        svg = element.find(f"{SVG}svg")
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") == element.find("h3").get("id")
        assert words(svg.find(f"{SVG}title")) == f"{plot.title}: {plot.y} by {plot.x}"
        drawn = words(svg)
        assert plot.x in drawn
        assert plot.y in drawn
        rows = list(element.find("figcaption/details").iter("tr"))[1:]
        assert len(rows) == min(400, sum(len(each.points) for each in plot.series))
        if plot.kind != "heat":
            assert all(each.name in words(element.find("ul")) for each in plot.series)


def test_nothing_is_styled_in_place():
    for element in page().iter():
        assert not {"style", "fill", "stroke", "onclick"} & set(element.attrib)


def test_series_differ_without_colour():
    group = [each.get("class") for each in figure(plots()[1]).iter(f"{SVG}g")][1:]
    assert len(set(group)) == 7
    paths = figure(plots()[0]).find(f"{SVG}svg").iter(f"{SVG}path")
    marks = [
        re.sub(r"M[\d.]+ [\d.]+", "", path.get("d"))
        for path in paths
        if path.get("class") == "mark"
    ]
    assert len({each[:9] for each in marks}) == 3


def test_a_small_difference_looks_small():
    found = view((0, 0.00140), (1, 0.00141))
    assert [tick.label for tick in found.y_ticks] == ["0", "0.5", "1"]
    assert found.y_unit == " (×1e-3)"


def test_bars_stand_on_zero_and_lines_are_drawn_over_them():
    found = view((0, 2), (1, -1), kind="bars", more=(series("limit", (0, 1), (1, 1)),))
    up, down = found.series[0].bars
    assert round(up.y + up.height, 1) == down.y
    assert found.series[1].line
    assert not found.series[1].marks


def test_a_heat_map_has_a_cell_for_each_point_and_tells_signs_apart():
    found = view((0, 2), (5, -1), kind="heat", more=(series("r", (5, 4)),))
    assert [cell.amount for cell in found.cells] == [0.5, -0.25, 1.0]
    assert [tick.label for tick in found.x_ticks] == ["0", "5"]
    assert [tick.label for tick in found.y_ticks] == ["s", "r"]


@pytest.mark.parametrize("kind", ["line", "points", "bars", "histogram", "qq", "heat"])
@pytest.mark.parametrize(
    "points",
    [
        (), ((0, 0),), ((3, 3), (3, 3)), ((1, 1e300), (2, -1e300)), ((1e-300, 1e-300),),
        ((1e9, 1), (1e9 + 1e-7, 1 + 1e-16)), tuple((n, n) for n in range(5000)),
    ],
    ids=["none", "one", "same", "huge", "tiny", "close", "many"],
)  # fmt: skip
def test_any_numbers_are_drawn(kind, points):
    plot = Plot("t", kind, "x", "y", (series("s", *points),))
    numbers = re.findall(r' (?:x|y|width|height|d)="([^"]*)"', render_html(document(plot)))
    assert numbers
    assert not any(re.search("nan|inf|e", number) for number in numbers)


def test_no_series_at_all():
    assert "The figure as a table" in words(figure(Plot("t", "bars", "x", "y", ())))


def test_a_long_figure_says_that_it_is_cut():
    found = figure(Plot("t", "points", "x", "y", (series("s", *((n, n) for n in range(5000))),)))
    assert "Not every point is drawn" in words(found)
    assert "4,600 more points in the result file" in words(found)


def test_markdown_and_terminal_tell_where_the_figures_are():
    markdown = render_markdown(document())
    assert "### Figures in the HTML report, `code`" in markdown
    assert "- Sigma by tensor: one level for every tensor means one scalar" in markdown
    assert "Sigma by tensor" not in render_text(document())
