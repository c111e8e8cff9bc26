"""What is marked once names are renamed back, and which lines stand beside each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.report.html import canonical as module
from codesim.report.html.canonical import NameMap, canonical
from codesim.report.html.highlight import highlight
from codesim.report.html.marking import Names, marked_line
from codesim.report.html.tokens import tokens

NO_NAMES = NameMap(())


def compared(left, right, known=(), names=NO_NAMES, path="a.py"):
    sides = highlight(path, left), highlight(path, right)
    spans = tuple((1, len(side)) for side in sides)
    python = (path.endswith(".py"),) * 2
    return sides, canonical(sides, spans, names, known, python)


def differing(left, right, known=(), **options):
    """The marked words without a partner on either side."""
    sides, found = compared(left, right, known, **options)
    return tuple(
        " ".join(
            lines[number - 1][mark.piece][1][mark.start : mark.end]
            for number in sorted(marks)
            for mark in marks[number]
            if mark.differs
        )
        for lines, marks in zip(sides, (found.left, found.right), strict=True)
    )


NOTHING = ("", "")


@pytest.mark.parametrize(
    ("left", "right", "known"),
    [
        pytest.param("x = 1\n", "x = 1\n", (), id="the same"),
        pytest.param("total = a + b\n", "s = a + b\n", (("total", "s"),), id="a name"),
        pytest.param("f(a,\n  b)\n", "f( a, b )\n", (), id="layout"),
        pytest.param("x = 1  # one\n", "x = 1\n", (), id="a comment"),
        pytest.param(
            "def f(a):\n  '''Doc.'''\n  return a\n", "def f(a):\n  return a\n", (), id="a docstring"
        ),
        pytest.param(
            "def f(a: int, b: dict[str, int] = 2, *c: int) -> list[dict[str, int]]:\n  return a\n",
            "def f(a, b=2, *c):\n  return a\n", (), id="hints of a head",
        ),
        pytest.param("x: list[int] = [1]\n", "x = [1]\n", (), id="the hint of a name"),
        pytest.param("self.x: int = 1\n", "self.x = 1\n", (), id="the hint of an attribute"),
        pytest.param("n = 8_192.0\n", "n = 8192.0\n", (), id="a numeral in groups"),
        pytest.param("n = 1.\n", "n = 1.0\n", (), id="a numeral without its last figure"),
        pytest.param("n = 1e-5\n", "n = 0.00001\n", (), id="a numeral with an exponent"),
        pytest.param("s = f'ab'\n", 's = "ab"\n', (), id="quotes and prefixes"),
    ],
)  # fmt: skip
def test_no_word_differs(left, right, known):
    assert differing(left, right, known) == NOTHING


@pytest.mark.parametrize(
    ("left", "right", "known", "expected"),
    [
        pytest.param("y = a + b * c\n", "y = a - b * c\n", (), ("+", "-"), id="an operator"),
        pytest.param("n = f(a, 12)\n", "n = f(a, 13)\n", (), ("12", "13"), id="a number"),
        pytest.param("n = f(a, 1)\n", "n = f(a, 1.0)\n", (), ("1", "1.0"), id="whole or not"),
        pytest.param(
            "relu(a + b, 1)\n", "gelu(a + b, 1)\n", (), ("relu", "gelu"), id="a name nobody renamed"
        ),
        pytest.param(
            "x = {k: v + 1}\ny = x[k]\n", "x = {k: v + 1}\ny = x[v]\n", (), ("k", "v"), id="a key"
        ),
        pytest.param(
            "if a and b:\n  c = d + 1\n", "if a or b:\n  c = d + 1\n", (), ("and", "or"), id="logic"
        ),
        pytest.param(
            "a: 1\nb: two words\n", "a: 1\nb: two birds\n", (), ("words", "birds"),
            id="no hint in text",
        ),
    ],
)  # fmt: skip
def test_only_what_changed_differs(left, right, known, expected):
    path = "a.txt" if left.startswith("a: 1") else "a.py"
    assert differing(left, right, known, path=path) == expected


def test_a_dictionary_and_a_slice_are_no_hints():
    for code in (
        "x = {a: b}\n",
        "x[a:b]\n",
        "x = lambda a: b\n",
        "if x: y\n",
        "print(a); x[1:c]\n",
    ):
        words = {token.text for token in tokens(highlight("a.py", code), 1, 1)}
        assert words >= set("abcxy") & set(code), code


def test_renamed_words_carry_both_names():
    sides, found = compared("total = a\n", "s = a\n", (("total", "s"),))
    [mark] = found.right[1]
    assert mark.names == ("total", "s")
    assert not mark.differs
    names = Names()
    assert marked_line(sides[1][0], found.right[1], names) == (("r", "s", 1), ("", " = a", 0))
    assert names.numbers == {("total", "s"): 1}


def test_the_rename_table_helps_where_a_match_does_not_say():
    table = NameMap([("total", "s", 9), ("sum", "s", 2), ("gone", "a", 7)])
    assert differing("total = a\n", "s = a\n", names=table) == NOTHING
    # Of two names that became one, the one that stands here; never one that stands nowhere here.
    assert differing("sum = a\n", "s = a\n", names=table) == NOTHING


def test_parts_of_tensor_names_are_renamed_one_by_one():
    table = NameMap([("tower.blocks.*.qkv", "encoder.stack.*.in_proj", 36)])
    left, right = '{\n "tower.blocks.0.qkv": 1\n}\n', '{\n "encoder.stack.0.in_proj": 1\n}\n'
    assert differing(left, right, names=table, path="a.json") == NOTHING


def test_lines_that_say_the_same_stand_beside_each_other():
    left = "def f(a):\n  '''Doc.'''\n  b = a + 1\n  c = b * 2\n  return c\n"
    right = "def f(a):\n  b = a + 1\n  # why\n\n  c = b * 2\n  return c\n"
    assert compared(left, right)[1].lines == [(1, 1), (3, 2), (4, 5), (5, 6)]


def test_statements_that_were_merged_stand_beside_the_larger_part():
    left = "x = first(a, b, c)\ny = second(d)\n"
    right = "x, y = first(a, b, c), second(d)\n"
    assert compared(left, right)[1].lines == [(1, 1)]


def test_what_is_too_different_is_not_marked_word_by_word():
    _, found = compared("for a in b:\n  c.append(a)\n", "while 1:\n  z = yield from w\n")
    assert not found.marked
    assert not found.left
    assert not found.right


CODE = st.lists(
    st.sampled_from(
        ["", "x = 1", "y = x + 2", "return y", "# note", "def f(a):", "for i in x:", ")"]
    ),
    min_size=1,
    max_size=30,
).map("\n".join)


@given(CODE, CODE)
def test_lines_are_linked_once_and_in_order(left, right):
    found = compared(left, right)[1].lines
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))
    assert all(1 <= a <= left.count("\n") + 1 and 1 <= b <= right.count("\n") + 1 for a, b in found)


@given(CODE, CODE)
def test_marking_never_changes_the_text(left, right):
    sides, found = compared(left, right)
    names = Names()
    for lines, marks in zip(sides, (found.left, found.right), strict=True):
        for number, line in enumerate(lines, 1):
            shown = marked_line(line, marks.get(number, []), names)
            assert "".join(text for _, text, _ in shown) == "".join(text for _, text in line)


@given(CODE)
def test_the_same_text_is_linked_line_by_line(code):
    found = compared(code, code)[1]
    assert not found.left
    assert not found.right
    assert all(a == b for a, b in found.lines)


def test_large_matches_are_bounded(monkeypatch):
    """Beyond the bound only whole lines that occur once are linked."""
    monkeypatch.setattr(module, "_MOST_CELLS", 10)
    left = "a = first(1)\nb = odd + 2\nc = last(3)\n"
    right = "a = first(1)\nb = even + 2\nc = last(3)\n"
    assert compared(left, right)[1].lines == [(1, 1), (3, 3)]
