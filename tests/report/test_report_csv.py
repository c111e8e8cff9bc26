"""CSV: a row for each file pair, readable by any spreadsheet, and never a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hostile_strings import HOSTILE, holding
from hypothesis import given
from hypothesis import strategies as st
from report_samples import comparison, evidence, pair

from codesim.report import document_of, render_csv
from codesim.report.csv import cell

FORMULA = re.compile('[\\s"]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]')


def table(document, delimiter=","):
    text = render_csv(document).decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def test_a_row_for_each_file_pair():
    head, *rows = table(document_of(comparison()))
    assert len(rows) == 2
    first = dict(zip(head, rows[0], strict=True))
    assert first == {
        "left repository": "alice/tiles",
        "right repository": "bob/blend",
        "kind": "code",
        "strength of kind": "very strong",
        "rank": "1",
        "left file": "model/mixer.py",
        "right file": "src/blend.py",
        "similarity": "0.71",
        "left coverage": "0.64",
        "right coverage": "0.995",
        "left lines matched": "9",
        "right lines matched": "6",
        "mostly": "restructured",
        "matches": "3",
        "exact matches": "0",
        "renamed matches": "2",
        "edited matches": "0",
        "restructured matches": "1",
    }
    assert rows[1][4] == "2"


def test_every_pair_is_there_and_none_gives_only_the_heading():
    pairs = tuple(pair(f"{n}.py", f"{n}.py", ()) for n in range(500))
    assert len(table(document_of(comparison(evidence=(evidence(pairs=pairs),))))) == 501
    assert len(table(document_of(comparison(evidence=())))) == 1


def test_as_rfc_4180_wants_it():
    data = render_csv(document_of(comparison()))
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b'"\r\n')
    assert data.count(b"\n") == data.count(b"\r\n") == 3
    for line in data.decode().splitlines():
        assert re.fullmatch(r'"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*', line)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_cell_begins_a_formula(text):
    document = holding(text)
    rows = table(document)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert render_csv(document).count(b"\n") == len(rows)
    for each in (value for row in rows for value in row):
        assert each.isprintable()
        assert not re.match("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]", each)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nor_where_another_separator_is_expected(text, delimiter):
    """As a spreadsheet of another language reads it: quotes protect only whole cells."""
    for line in render_csv(holding(text)).decode().splitlines():
        for each in line.split(delimiter)[1:]:
            assert not FORMULA.match(each)


@given(st.text())
def test_a_cell_is_one_inert_line(text):
    shown = cell(text)
    assert shown.isprintable()
    assert not re.match("[=+\\-@\uff1d\uff0b\uff0d\uff20]", shown)
    if not re.search("[=+\\-@\uff1d\uff0b\uff0d\uff20]", text) and text.isprintable():
        assert shown == text
