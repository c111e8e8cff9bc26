"""Branches, guards and conditions told otherwise: one table per rewrite."""

from __future__ import annotations

import pytest
from rewriting import Rewrite, assert_both_sides_are_told, assert_one, assert_two, rows

REWRITES = [
    Rewrite(
        "inverted branches",
        two=(
            ("another condition", "if a:;    n(b);else:;    n(c)",
             "if a > 1:;    n(b);else:;    n(c)"),
            ("a branch lost", "if a:;    n(b);else:;    c(b)", "if not a:;    c(b)"),
            ("both branches do the same", "if a:;    n(b);else:;    c(b)",
             "if a:;    n(b);else:;    n(b)"),
        ),
        one=(
            ("not", "if not a:;    n(b);else:;    c(b)", "if a:;    c(b);else:;    n(b)"),
            ("a comparison", "if a < b:;    n(b);else:;    c(b)",
             "if a >= b:;    c(b);else:;    n(b)"),
            ("an empty branch", "if a is None:;    pass;else:;    n(b)",
             "if a is not None:;    n(b)"),
        ),
    ),
    Rewrite(
        "early returns",
        two=(
            ("another value", "if a:;    return b;return c.d", "if a:;    return b;return n.x"),
            ("no return", "if a:;    return b;return c", "if a:;    n(b);return c"),
            ("a value for None", "if a:;    return None;n(b)", "if a:;    return c;n(b)"),
            ("the rest runs always", "if a:;    return c;n(b)", "n(b);return c"),
        ),
        one=(
            ("else dropped", "if a:;    return b;else:;    return c",
             "if a:;    return b;return c"),
            ("a result variable", "if a:;    r = n(b);else:;    r = c(b);return r",
             "if a:;    return n(b);return c(b)"),
            ("None left out", "if a:;    return None;n(b)", "if not a:;    n(b)"),
            ("a result that starts as None", "r = None;if a:;    r = n(b);return r",
             "if a:;    return n(b)"),
        ),
    ),
    Rewrite(
        "conditional expressions",
        two=(
            ("another condition", "return b if a else c", "return b if a > 1 else c"),
            ("another other", "t = b if a else c.d;return t + 1",
             "t = b if a else n.x;return t + 1"),
            ("a default for another name", "return a if a else b", "return a if c else b"),
        ),
        one=(
            ("a branch", "t = b if a else c;return t + 1",
             "if a:;    t = b;else:;    t = c;return t + 1"),
            ("a branch without else", "t = b.x;if a:;    t = c;return t", "return c if a else b.x"),
            ("a value or its default", "return a if a else b", "return a or b"),
        ),
    ),
    Rewrite(
        "nested branches",
        two=(
            ("and becomes or", "if a:;    if b:;        n(c)", "if a or b:;    n(c)"),
            ("the outer branch does more", "if a:;    if b:;        n(c);    c(n)",
             "if a and b:;    n(c);    c(n)"),
            ("one of three conditions lost", "if a:;    if b:;        if c:;            n(xs)",
             "if a and b:;    n(xs)"),
            ("elif loses its condition", "if a:;    n(b);elif c:;    n(c)",
             "if a:;    n(b);else:;    n(c)"),
        ),
        one=(
            ("two joined", "if a:;    if b:;        n(c)", "if a and b:;    n(c)"),
            ("three joined", "if a:;    if b > 1:;        if c:;            n(xs)",
             "if a and b > 1 and c:;    n(xs)"),
            ("elif", "if a:;    t = 1;elif b:;    t = 2;else:;    t = 3;return t",
             "if a:;    t = 1;else:;    if b:;        t = 2;    else:;        t = 3;return t"),
            ("continue", "for x in xs:;    if x > a:;        n(x)",
             "for x in xs:;    if x <= a:;        continue;    n(x)"),
        ),
    ),
    Rewrite(
        "conditions",
        two=(
            ("and, or", "return a and b", "return a or b"),
            ("De Morgan half done", "return not (a and b.x)", "return not a and not b.x"),
            ("a chain loses a link", "return a < b < c", "return a < b"),
            ("another bound", "return a <= b", "return a < b"),
            ("another type", "return isinstance(a, (int, str))",
             "return isinstance(a, (int, float))"),
            ("all types for any type", "return isinstance(a, (int, str))",
             "return isinstance(a, int) and isinstance(a, str)"),
            ("another member", "return a in (1, 2)", "return a in (1, 3)"),
            ("not one of them", "return a in (1, 2)", "return a not in (1, 2)"),
            ("longer than one", "if len(xs) > 1:;    n(a)", "if xs:;    n(a)"),
            ("identity and equality", "return a is None", "return a == None"),
        ),
        one=(
            ("De Morgan", "return not (a and b.x)", "return not a or not b.x"),
            ("a guard turned round", "if not (a and b):;    return c;n(a)",
             "if a and b:;    n(a);    return;return c"),
            ("a chain", "return a < b < c", "return a < b and b < c"),
            ("less or equal", "return a <= b", "return not a > b"),
            ("not equal", "return not a == b", "return a != b"),
            ("types one by one", "return isinstance(a, (int, str))",
             "return isinstance(a, int) or isinstance(a, str)"),
            ("members one by one", "return a in (1, 2)", "return a == 1 or a == 2"),
            ("no member", "return a not in ['x', 'y']", "return a != 'x' and a != 'y'"),
            ("an empty list", "if len(xs) == 0:;    n(a)", "if not xs:;    n(a)"),
            ("a list that is not empty", "if len(xs) > 0 and a:;    n(a)",
             "if a and len(xs) != 0:;    n(a)"),
        ),
    ),
    Rewrite(
        "match",
        two=(
            ("another literal", "match a:;    case 1:;        return b", "if a == 2:;    return b"),
            ("another subject", "match a.x:;    case 'x':;        return b",
             "if c == 'x':;    return b"),
            ("another value behind it",
             "match a:;    case 1:;        t = b;    case _:;        t = c.d;return t",
             "if a == 1:;    t = b;else:;    t = n.x;return t"),
            ("another sign", "match a:;    case -1:;        return b",
             "match a:;    case 1:;        return b"),
            ("another class", "match a:;    case int():;        return b",
             "match a:;    case str():;        return b"),
            ("another length", "match a:;    case [x]:;        return x",
             "match a:;    case [x, y, z]:;        return x"),
            ("another key", "match a:;    case {'left': x}:;        return x",
             "match a:;    case {'right': x}:;        return x"),
            ("parts swapped", "match a:;    case (x, y):;        return x - y",
             "match a:;    case (y, x):;        return x - y"),
            ("the value in it", "match a:;    case [1, x]:;        return x",
             "match a:;    case [2, x]:;        return x"),
            ("another attribute", "match a:;    case c(left=x):;        return x",
             "match a:;    case c(right=x):;        return x"),
            ("a star", "match a:;    case [x, *y]:;        return x",
             "match a:;    case [x, y]:;        return x"),
            ("the guard lost", "match a:;    case int() if b:;        return c",
             "match a:;    case int():;        return c"),
            ("equal, not the same", "match a:;    case None:;        return b",
             "if a == None:;    return b"),
        ),
        one=(
            ("literals", "match a:;    case 1:;        return b;    case 'x':;        return c",
             "if a == 1:;    return b;elif a == 'x':;    return c"),
            ("alternatives", "match a:;    case 1 | 2:;        return b",
             "if a in (1, 2):;    return b"),
            ("a value behind it",
             "match a:;    case 1:;        t = b;    case _:;        t = c;return t",
             "if a == 1:;    t = b;else:;    t = c;return t"),
            ("None", "match a:;    case None:;        return b", "if a is None:;    return b"),
            ("a sign", "match a:;    case -1:;        return b", "if a == -1:;    return b"),
            ("a class", "match a:;    case int() | str():;        return b",
             "if isinstance(a, (int, str)):;    return b"),
            ("a guard", "match a:;    case int() if b:;        return c",
             "if isinstance(a, int) and b:;    return c"),
            ("a class named", "match a:;    case str() as t:;        return c(t)",
             "if isinstance(a, str):;    return c(a)"),
            ("a sequence", "match a:;    case [x, y]:;        return x - y",
             "if len(a) == 2:;    return a[0] - a[1]"),
            ("a star", "match a:;    case [x, *y]:;        return c(x, y)",
             "if len(a) >= 1:;    return c(a[0], a[1:])"),
            ("a mapping", "match a:;    case {'k': x}:;        return x",
             "if 'k' in a:;    return a['k']"),
            ("attributes", "match a:;    case c(size=1):;        return b",
             "if isinstance(a, c) and a.size == 1:;    return b"),
            ("two subjects", "match a, b:;    case 1, x:;        return x",
             "if a == 1:;    return b"),
        ),
    ),
    Rewrite(
        "checks",
        two=(
            ("another condition", "assert a > b", "assert a > c + 1"),
            ("no check", "assert a > b;return c", "return c"),
        ),
        one=(
            ("the message changed", "assert a > b, 'no'", "assert a > b, 'never'"),
            ("the condition turned round", "assert a > b", "assert not a <= b"),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "two"))
def test_another_choice_is_told_apart(left: str, right: str) -> None:
    assert_two(left, right)


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "one"))
def test_the_same_choice_is_one(left: str, right: str) -> None:
    assert_one(left, right)


def test_every_rewrite_has_its_near_misses() -> None:
    assert_both_sides_are_told(REWRITES)
