"""Matches without lines, tables of a kind, and what a narrow screen shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_samples import comparison

from codesim.model import CloneType, Evidence, FilePair, Fragment, Match, Strength, Table
from codesim.report import document_of, render_html, render_markdown

WHOLE = Fragment("odd.bin", None, "whole file")
TENSOR = Fragment("odd.bin", None, "gull.weight")


def document(fragment, tables=()):
    match = Match(fragment, fragment, CloneType.EXACT, 1.0, "identical files, byte for byte")
    bare = Fragment("odd.bin")
    pair = FilePair(bare, bare, 1.0, 1.0, 1.0, (match,))
    found = Evidence("files", Strength.WEAK, 1.0, "one", pairs=(pair,), tables=tables)
    return document_of(replace(comparison(), evidence=(found,)))


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_no_lines_are_not_told_as_lines(render):
    for fragment in (WHOLE, TENSOR):
        text = render(document(fragment))
        assert "0 / 0" not in text
        assert "whole file whole" not in text
        assert "whole `" not in text


@pytest.mark.parametrize(("fragment", "says"), [(WHOLE, "whole file"), (TENSOR, "not by line")])
def test_what_is_matched_instead_of_lines_is_said(fragment, says):
    assert f"| {says} |" in render_markdown(document(fragment))
    assert f">{says}</td>" in render_html(document(fragment))


def test_only_code_is_said_to_be_weighed_by_lines():
    assert "Percentages weigh" not in render_markdown(document(WHOLE))
    assert "Percentages weigh" in render_markdown(document_of(comparison()))


def test_the_first_table_of_a_kind_is_open_and_further_long_ones_are_folded():
    rows = tuple((str(n),) for n in range(60))
    tables = tuple(Table(name, ("a",), rows) for name in ("one", "two"))
    short = Table("three", ("a",), rows[:3])
    text = render_html(document(WHOLE, (*tables, short)))
    state = {
        part.partition("<summary><h3>")[2][:5]: part.startswith(" open")
        for part in text.split('<details class="table"')[1:]
    }
    assert state == {"one (": True, "two (": False, "three": True}


def test_the_finding_names_the_side_of_its_lines():
    summary = render_html(document(WHOLE)).partition('id="summary"')[2].partition("</section>")[0]
    for side in ("Left", "Right"):
        assert f'<span class="totals">{side}: 1 of ' in summary
