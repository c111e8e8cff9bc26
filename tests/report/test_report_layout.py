"""Side by side: which lines belong to which match, rows, colours, and escapes in code."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import HOSTILE

from codesim.report.document import FragmentRecord
from codesim.report.html.highlight import highlight
from codesim.report.html.layout import Segment, rows, segments
from codesim.report.spans import line_count, span_of, union_length

SPANS = st.lists(st.none() | st.tuples(st.integers(1, 40), st.integers(1, 60)), max_size=12)


def test_a_line_belongs_to_the_first_match_that_covers_it():
    assert segments([(2, 4), (3, 6), None, (6, 99)], 8) == [
        Segment(0, 1, 1), Segment(1, 2, 4), Segment(2, 5, 6), Segment(4, 7, 8),
    ]  # fmt: skip
    assert segments([], 0) == []
    assert segments([(5, 9)], 3) == [Segment(0, 1, 3)]


@given(SPANS, st.integers(0, 50))
def test_segments_are_the_lines(spans, total):
    found = segments(spans, total)
    owners = [s.owner for s in found for _ in range(s.length)]
    expected = [
        next((n for n, span in enumerate(spans, 1) if span and span[0] <= line <= span[1]), 0)
        for line in range(1, total + 1)
    ]
    assert owners == expected
    assert all(a.owner != b.owner and a.end + 1 == b.start for a, b in pairwise(found))


def test_matches_out_of_order_stand_where_each_side_has_them():
    left = segments([(1, 2), (3, 9), (10, 11)], 11)
    right = segments([(8, 9), (1, 7), (10, 11)], 12)
    found = rows(left, right)
    assert [row.owner for row in found] == [0, 2, 0, 3, 0]
    assert [s.owner for s in found[0].left] == [1]
    assert [s.owner for s in found[2].right] == [1]


@given(SPANS, SPANS, st.integers(0, 40), st.integers(0, 40))
def test_rows_show_every_line_once_and_in_order(left, right, left_total, right_total):
    left_segments, right_segments = segments(left, left_total), segments(right, right_total)
    found = rows(left_segments, right_segments)
    assert [s for row in found for s in row.left] == left_segments
    assert [s for row in found for s in row.right] == right_segments
    for row in found:
        if row.owner:
            assert [s.owner for s in (*row.left, *row.right)] == [row.owner, row.owner]
    shown = [row.owner for row in found if row.owner]
    assert len(shown) == len(set(shown))


def test_a_huge_range_costs_nothing():
    fragment = FragmentRecord("a.py", 1, 10**18, "")
    assert span_of(fragment, 3) == (1, 3)
    assert union_length([span_of(fragment, None)]) == 10**18
    assert span_of(FragmentRecord("a.py", 9, 10**18, ""), 3) is None
    assert span_of(FragmentRecord("a.py", None, None, ""), 3) == (1, 3)
    assert span_of(FragmentRecord("a.py", None, None, ""), None) is None


def test_many_overlapping_matches_are_cheap():
    found = segments([(1, 100_000)] * 2_000, 100_000)
    assert found == [Segment(1, 1, 100_000)]


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50))))
def test_union_counts_each_line_once(spans):
    expected = len({line for start, end in spans for line in range(start, end + 1)})
    assert union_length(spans) == expected


@pytest.mark.parametrize("path", ["a.py", "a.json", "a.yaml", "a.toml", "a.txt", "a.ipynb", "py"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n",
        "x",
        "x\n",
        "\nx",
        "def f():\n\treturn 'a\n",
        "a: [1,\n b]\n",
        "'''\n\n'''\n",
    ],
)
def test_coloured_lines_are_the_lines(path, text):
    found = ["".join(piece for _, piece in line) for line in highlight(path, text)]
    assert found == text.split("\n")[: line_count(text)]


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], include_characters="\n\t")))
def test_colouring_never_changes_readable_text(text):
    found = ["".join(piece for _, piece in line) for line in highlight("a.py", text)]
    assert "\n".join(found) == text.removesuffix("\n")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_invisible_characters_become_escapes(text):
    for line in highlight("a.py", f"x = '''{text}'''"):
        for _, piece in line:
            assert piece.replace("\t", "").replace("\u3000", "").isprintable()


def test_escapes_are_marked():
    [line] = highlight("a.py", "x = 1  # a\u202eb")
    assert line[-2:] == (("x", "\\u202e"), ("c", "b"))


def test_classes_of_python():
    [line] = highlight("a.py", "def f(n): return len(n) + 1  # c")
    assert {kind: text for kind, text in line if kind} == {
        "k": "return ", "f": "f", "b": "len", "n": "1  ", "c": "# c",
    }  # fmt: skip


def test_long_lines_and_files_are_cut_or_left_plain():
    [line] = highlight("a.py", "x" * 5_000)
    assert line[1] == ("x", "… 3,000 more characters")
    # Never in the middle of a word, which would be another one.
    [line] = highlight("a.py", "x = [" + "value_7, " * 500 + "]")
    assert line[0][1].endswith("value_7, ")
    assert line[1] == ("x", f"… {4506 - len(line[0][1]):,} more characters")
    long = highlight("a.py", "def f(): pass\n" * 40_000)
    assert len(long) == 40_000
    assert {kind for line in long for kind, _ in line} == {""}
