"""Matches inside a match, and matches for which a pair has no room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pages import page, parsed, words
from report_samples import comparison, evidence, match, pair, snapshot

from codesim.model import CloneType, Fragment
from codesim.report import document_of
from codesim.report.html import beside as laid_out
from codesim.report.html.canonical import NameMap
from codesim.report.html.highlight import highlight
from codesim.report.html.overview import minimap_of
from codesim.report.spans import own_lengths, union_length
from codesim.report.words import disguise

MODULE = """\
import math


def area(w):
    return w * 2


SIZE = 14


def plan(h):
    return h + 1
"""
SPANS = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 20)).map(lambda s: (s[0], sum(s))), max_size=9
)


def _pair(matches, left=MODULE, right=MODULE):
    sides = [snapshot(name, {"a.py": text.encode()}) for name, text in (("l", left), ("r", right))]
    found = (evidence(pairs=(pair("a.py", "a.py", matches),)),)
    document = document_of(comparison(left=sides[0], right=sides[1], evidence=found))
    return document.evidence[0].pairs[0]


def _laid_out(matches, left=MODULE, right=MODULE):
    texts = highlight("a.py", left), highlight("a.py", right)
    return laid_out.beside(_pair(matches, left, right), 1, texts, NameMap(()))


def _match(lines, label, kind=CloneType.RENAMED, right=None):
    return match(Fragment("a.py", lines, label), Fragment("a.py", right or lines, label), kind, 1.0)


NESTED = (
    _match((1, 12), "module level", CloneType.EXACT),
    _match((4, 5), "area"),
    _match((11, 12), "plan"),
)


def _shown(found):
    return [
        (row.match.record.left.label if row.match else "", row.left.start, row.left.end)
        for row in found.rows
        if row.left and not row.blank
    ]


def test_what_stands_inside_a_match_keeps_its_lines():
    found = _laid_out(NESTED)
    assert _shown(found) == [
        ("module level", 1, 3), ("area", 4, 5), ("module level", 6, 10), ("plan", 11, 12),
    ]  # fmt: skip
    # Both sides stand beside each other, and each match has a row of its own to go to.
    assert all(row.left and row.right for row in found.rows)
    assert [match.at[0] for match in found.matches] == ["p1-m1", "p1-m2", "p1-m3"]
    assert not any(row.others for row in found.rows)


def test_what_goes_on_stands_beside_what_it_matches():
    right = "import math\n\n\ndef extra():\n    pass\n\n\n" + MODULE.split("\n\n\n", 1)[1]
    moved = (
        _match((1, 12), "module level", CloneType.EXACT, (1, 16)),
        _match((4, 5), "area", right=(8, 9)),
        _match((11, 12), "plan", right=(15, 16)),
    )
    rows = [row for row in _laid_out(moved, right=right).rows if row.left and not row.blank]
    assert [(row.left.start, row.right and row.right.start) for row in rows] == [
        (1, 1), (4, 8), (6, 10), (11, 15),
    ]  # fmt: skip


def test_the_word_for_a_pair_is_that_of_the_functions_and_not_of_the_module_around_them():
    assert disguise(_pair((_match((1, 12), "module level", CloneType.EXACT), *(
        _match(lines, "f") for lines in ((2, 5), (6, 9))
    )))) == "renamed"  # fmt: skip


@given(SPANS)
def test_each_line_counts_for_the_shortest_span_around_it(spans):
    found = own_lengths(spans)
    lines = range(1, 60)
    owners = [
        min((end - start, n) for n, (start, end) in enumerate(spans) if start <= line <= end)[1]
        for line in lines
        if any(start <= line <= end for start, end in spans)
    ]
    assert found == [owners.count(n) for n in range(len(spans))]
    assert sum(found) == union_length(spans)


def test_the_largest_are_shown_and_lines_of_the_rest_lack_no_match(
    monkeypatch,
):
    monkeypatch.setattr(laid_out, "MOST_MATCHES", 2)
    text = "".join(f"x{n} = {n}\n" for n in range(30))
    spans = ((1, 6), (7, 9), (11, 12), (21, 29))
    found = _laid_out([_match(lines, str(lines)) for lines in spans], text, text)
    assert [match.record.left.start for match in found.matches] == [1, 21]
    assert found.more_matches == 2
    assert [(row.left.start, row.unshown) for row in found.rows] == [
        (1, 0), (7, 2), (21, 0), (30, 0),
    ]  # fmt: skip
    assert {bar[0] for bar in minimap_of(found).bars} >= {"unshown"}


def test_the_page_says_that_a_pair_has_more_matches(monkeypatch):
    monkeypatch.setattr(laid_out, "MOST_MATCHES", 2)
    side = snapshot("s", {"a.py": MODULE.encode()})
    found = (evidence(pairs=(pair("a.py", "a.py", NESTED),)),)
    text = words(parsed(page(comparison(left=side, right=side, evidence=found))))
    assert "3 matches, the 2 largest shown" in text
    assert "Only the 2 largest matches of this pair are shown here; 1 smaller one is in" in text
    assert "1 match not shown here" not in text  # `plan` is inside the module that is shown
