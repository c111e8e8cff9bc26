"""The HTML report as it is read: order, links, line ends, narrow screens."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import page, parsed, style, words
from report_samples import comparison, evidence, match, pair, snapshot

from codesim.model import Fragment, Rename
from codesim.report.html.highlight import highlight
from codesim.report.html.wording import hang, pieces


def test_both_paths_lead_to_the_pair():
    [table] = [
        t for t in parsed(page(comparison())).iter("table") if "pairs" in (t.get("class") or "")
    ]
    links = [link.get("href") for link in table.iter("a")]
    assert links == ["#pair-1", "#pair-1", "#pair-2", "#pair-2"]


def test_no_line_ends_before_a_percent_sign():
    body = parsed(page(comparison())).find("body")
    shown = "".join("".join(part.itertext()) for part in body if part.tag != "script")
    assert "71\u00a0% of right is in left" in shown
    assert not re.search(r"\d %", shown)


def test_names_break_after_underscores():
    assert pieces("models/split_to_patches.py") == ["models/", "split_", "to_", "patches.py"]
    assert pieces("TileMixer.forward") == ["TileMixer.", "forward"]
    assert pieces("__init__") == ["__", "init__"]
    assert pieces("layers.0.weights") == ["layers.0.", "weights"]
    assert pieces("0.00829, 1234.56789") == ["0.00829, 1234.56789"]
    found = (evidence(renames=(Rename("split_to_patches", "cut", 1, 1.0, "function"),)),)
    assert "split_<wbr>to_<wbr>patches" in page(comparison(evidence=found))


@given(st.text())
def test_breaking_a_name_loses_nothing(name):
    assert "".join(pieces(name)) == name


@pytest.mark.parametrize(
    ("line", "columns"),
    [("", 0), ("x", 0), ("    x", 4), ("   x", 2), ("\tx", 4), ("  \tx", 4), (" " * 99 + "x", 24)],
)
def test_wrapped_lines_hang_below_their_indentation(line, columns):
    found = highlight("a.py", line + "\n")[0]
    assert hang(found) == columns
    assert not columns or f".code .w{columns} {{ --in: {columns}ch; }}" in style()


def test_empty_lines_between_matches_take_no_room():
    code = b"a = 1\nb = 2\n\n  \nc = 3\nd = 4\n\nx = 0\n"
    side = snapshot("s", {"a.py": code})
    matches = tuple(
        match(Fragment("a.py", lines), Fragment("a.py", lines)) for lines in ((1, 2), (5, 6))
    )
    found = (evidence(pairs=(pair("a.py", "a.py", matches),)),)
    tree = parsed(page(comparison(left=side, right=side, evidence=found)))
    rows = [e for e in tree.iter() if (e.get("class") or "").split()[:1] == ["row"]]
    assert [e.get("class").split()[1] for e in rows] == ["match", "blank", "match", "rest"]
    assert words(rows[1]) == ""
    # What is not only blank is shown, and on a phone each block names its side.
    assert words(rows[3]) == "Left x = 0 Right x = 0"
