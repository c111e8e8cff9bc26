"""Texts put together in different ways: one table per rewrite."""

from __future__ import annotations

import pytest
from rewriting import Rewrite, assert_both_sides_are_told, assert_one, assert_two, rows

REWRITES = [
    Rewrite(
        "formats",
        two=(
            ("values swapped", "return f'{a.x} of {b}'", "return '{} of {}'.format(b, a.x)"),
            ("fields swapped", "return '{0}{1}'.format(a.x, b)", "return '{1}{0}'.format(a.x, b)"),
            ("names swapped", "return '%(k)s%(j)s' % {'k': a.x, 'j': b}",
             "return '%(j)s%(k)s' % {'k': a.x, 'j': b}"),
            ("another text", "return f'{a} of {b}'", "return f'{a} in {b}'"),
            ("a remainder", "return '%s' % a", "return b % a"),
            ("its repr", "return f'n={a!r}'", "return f'n={a}'"),
            ("its repr by percent", "return 'n=%r' % a", "return 'n=%s' % a"),
            ("another width", "return f'{a:.2f}'", "return f'{a:>30}'"),
            ("a width", "return f'{a:>30}'", "return f'{a}'"),
            ("another side", "return '%-5s' % a", "return '%5s' % a"),
            ("bytes", "return n(b'abc')", "return n('abc')"),
            ("a name shown", "return f'{a=}'", "return f'{a}'"),
            ("one value for two", "return f'{a} of {a}'", "return '%s of %s' % (a, b.x)"),
        ),
        one=(
            ("format", "return f'{a.x} of {b}'", "return '{} of {}'.format(a.x, b)"),
            ("percent", "return f'{a.x} of {b:.2f}'", "return '%s of %.2f' % (a.x, b)"),
            ("fields with numbers", "return '{1}-{0}'.format(a.x, b)", "return f'{b}-{a.x}'"),
            ("fields with names", "return '{k:>3}{j}'.format(j=a.x, k=b)", "return f'{b:>3}{a.x}'"),
            ("percent with names", "return '%(k)s-%(j)s' % {'j': a.x, 'k': b}",
             "return f'{b}-{a.x}'"),
            ("a repr", "return f'n={a.x!r}'", "return f'n={repr(a.x)}'"),
            ("a repr by percent", "return 'n=%r' % a.x", "return 'n={!r}'.format(a.x)"),
            ("a repr alone", "return f'{a.x!r}'", "return repr(a.x)"),
            ("widths", "return '%-5s|%5s|%03d' % (a.x, b, c)", "return f'{a.x:<5}|{b:>5}|{c:03d}'"),
            ("a percent sign", "return '%d%% done' % a.x", "return f'{a.x}% done'"),
            ("percent with one value", "return 'n=%d' % a.x", "return f'n={a.x}'"),
        ),
    ),
    Rewrite(
        "concatenation",
        two=(
            ("in another order", "return a.x + '/' + b", "return f'{b}/{a.x}'"),
            ("another separator", "return a + '/' + b", "return f'{a}-{b}'"),
            ("a sum of numbers", "return a + 1 + b", "return f'{a}1{b}'"),
            ("a part lost", "return a + '/' + b", "return f'{a}/'"),
            ("a repeated text", "return '-' * a", "return f'-{a}'"),
        ),
        one=(
            ("an f-string", "return a.x + '/' + b", "return f'{a.x}/{b}'"),
            ("str called", "return 'n=' + str(a.x)", "return 'n=%s' % a.x"),
            ("formats added", "return 'a%s' % b + f'{a.x}!'", "return f'a{b}{a.x}!'"),
            ("two literals", "return 'a' + 'b'", "return 'ab'"),
            ("a text in two pieces", "return 'a' 'b'", "return 'ab'"),
        ),
    ),
    Rewrite(
        "shown values",
        two=(
            ("not a text", "return f'{a}'", "return a"),
            ("its repr", "return f'{a}'", "return repr(a)"),
        ),
        one=(
            ("str", "return f'{a}'", "return str(a)"),
            ("str inside", "return f'{str(a.x)}-{b}'", "return f'{a.x}-{b}'"),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "two"))
def test_another_text_is_told_apart(left: str, right: str) -> None:
    assert_two(left, right)


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "one"))
def test_the_same_text_is_one(left: str, right: str) -> None:
    assert_one(left, right)


def test_every_rewrite_has_its_near_misses() -> None:
    assert_both_sides_are_told(REWRITES)
