"""Loops, comprehensions and what they collect, told otherwise: one table per rewrite."""

from __future__ import annotations

import pytest
from rewriting import Rewrite, assert_both_sides_are_told, assert_one, assert_two, rows

REWRITES = [
    Rewrite(
        "loops and comprehensions",
        two=(
            ("another element", "t = [];for x in xs:;    t.append(x * a);return t",
             "return [x + a for x in xs]"),
            ("the filter lost", "t = [];for x in xs:;    if x > 2:;        t.append(x);return t",
             "return [x for x in xs]"),
            ("key and value swapped", "t = {};for x in xs:;    t[x] = x * a;return t",
             "return {x * a: x for x in xs}"),
            ("extended, not appended", "t = [];for x in xs:;    t.append(x);return t",
             "t = [];for x in xs:;    t.extend(x);return t"),
            ("over something else", "t = [];for x in xs:;    t.append(x);return t",
             "return [x for x in reversed(xs)]"),
        ),
        one=(
            ("append", "t = [];for x in xs:;    t.append(x * a);return t",
             "return [x * a for x in xs]"),
            ("a filter", "t = [];for x in xs:;    if x > a:;        t += [x];return t",
             "return [x for x in xs if x > a]"),
            ("a dictionary", "t = {};for x in xs:;    t[x] = x * a;return t",
             "return {x: x * a for x in xs}"),
            ("two loops in one", "t = [];for x in xs:;    for y in x:;        t.append(y);return t",
             "return [y for x in xs for y in x]"),
            ("a list of a generator", "return list(c(x) for x in xs)", "return [c(x) for x in xs]"),
        ),
    ),
    Rewrite(
        "map and filter",
        two=(
            ("another function", "return list(map(int, xs))", "return [float(x) for x in xs]"),
            ("another lambda", "return list(map(lambda x: x + 1, xs))",
             "return [x + 2 for x in xs]"),
            ("map for filter", "return list(map(lambda x: x > 1, xs))",
             "return [x for x in xs if x > 1]"),
            ("filter turned round", "return list(filter(c, xs))",
             "return [x for x in reversed(xs) if c(x)]"),
            ("the method of another type", "return list(map(str.strip, xs))",
             "return [x.lower() for x in xs]"),
        ),
        one=(
            ("a builtin", "return list(map(int, xs))", "return [int(x) for x in xs]"),
            ("a lambda", "return list(map(lambda x: x + 1, xs))", "return [x + 1 for x in xs]"),
            ("a library function", "return list(map(torch.sin, xs))",
             "return [torch.sin(x) for x in xs]"),
            ("filter", "return list(filter(lambda x: x > 1, xs))",
             "return [x for x in xs if x > 1]"),
            ("a method", "return list(map(str.strip, xs))", "return [x.strip() for x in xs]"),
        ),
    ),
    Rewrite(
        "while and for",
        two=(
            ("one round more", "i = 0;while i <= n:;    c(i);    i += 1",
             "for i in range(n):;    c(i)"),
            ("another start", "i = 1;while i < n:;    c(i);    i += 1",
             "for i in range(n):;    c(i)"),
            ("another step", "i = 0;while i < n:;    c(i);    i += 2",
             "for i in range(n):;    c(i)"),
            ("counted down", "i = n;while i > 0:;    c(i);    i -= 1",
             "for i in range(n):;    c(i)"),
            ("counted before use", "i = 0;while i < n:;    i += 1;    c(i)",
             "for i in range(n):;    c(i)"),
            ("set back inside", "i = 0;while i < n:;    if c(i):;        i = 0;    i += 1",
             "for i in range(n):;    c(i)"),
        ),
        one=(
            ("a counter", "i = 0;while i < n:;    c(i * a);    i += 1",
             "for i in range(n):;    c(i * a)"),
            ("a counter written out", "i = 0;while n > i:;    c(i);    i = i + 1",
             "for i in range(0, n):;    c(i)"),
            ("up to the bound", "i = 1;while i <= n:;    c(i);    i += 1",
             "for i in range(1, n + 1):;    c(i)"),
            ("steps", "i = 0;while i < n:;    c(i);    i += 2",
             "for i in range(0, n, 2):;    c(i)"),
            ("downwards", "i = n;while i > 0:;    c(i);    i -= 1",
             "for i in range(n, 0, -1):;    c(i)"),
            ("left by break", "i = 0;while True:;    if i >= n:;        break;    c(i);    i += 1",
             "for i in range(n):;    c(i)"),
        ),
    ),
    Rewrite(
        "tests of while",
        two=(
            ("left on the opposite", "while True:;    if a > c:;        break;    a = n(a)",
             "while a >= b:;    a = n(a)"),
            ("another test", "while n(a):;    c(a)", "while n(b.x):;    c(a)"),
        ),
        one=(
            ("left by break", "while True:;    if a > c:;        break;    a = n(a)",
             "while a <= c:;    a = n(a)"),
            ("left by not", "while True:;    if not n(a):;        break;    c(a)",
             "while n(a):;    c(a)"),
        ),
    ),
    Rewrite(
        "indexes",
        two=(
            ("the next element", "for i in range(len(xs) - 1):;    c(xs[i + 1])",
             "for x in xs:;    c(x)"),
            ("the place for the element", "for i in range(len(xs)):;    c(i)",
             "for x in xs:;    c(x)"),
            ("places from one", "for i, x in enumerate(xs, 1):;    c(x, i)",
             "for i, x in enumerate(xs):;    c(x, i)"),
            ("place and element swapped", "for i, x in enumerate(xs):;    c(x, i)",
             "for i, x in enumerate(xs):;    c(i, x)"),
            ("every second", "for i in range(0, len(xs), 2):;    c(xs[i])",
             "for x in xs:;    c(x)"),
            ("another list", "for i in range(len(xs)):;    c(a.x[i])", "for x in xs:;    c(x)"),
            ("counted only sometimes", "i = 0;for x in xs:;    c(x, i);    if x:;        i += 1",
             "for i, x in enumerate(xs):;    c(x, i)"),
            ("the element stored", "for i in range(len(xs)):;    xs[i] = a",
             "for x in xs:;    x = a"),
        ),
        one=(
            ("direct iteration", "for i in range(len(xs)):;    c(xs[i] + a)",
             "for x in xs:;    c(x + a)"),
            ("enumerate", "for i in range(len(xs)):;    c(xs[i], i)",
             "for i, x in enumerate(xs):;    c(x, i)"),
            ("zip", "for i in range(len(xs)):;    c(xs[i] - b[i])",
             "for x, y in zip(xs, b):;    c(x - y)"),
            ("zip by enumerate", "for i, x in enumerate(xs):;    c(x - b[i])",
             "for x, y in zip(xs, b):;    c(x - y)"),
            ("a counter beside", "i = 0;for x in xs:;    c(x, i);    i += 1",
             "for i, x in enumerate(xs):;    c(x, i)"),
            ("a counter from one", "i = 1;for x in xs:;    c(x, i);    i += 1",
             "for i, x in enumerate(xs, start=1):;    c(x, i)"),
            ("a while loop", "i = 0;while i < len(xs):;    c(xs[i]);    i += 1",
             "for x in xs:;    c(x)"),
            ("rounds counted", "k = 0;for x in xs:;    c(x);    k += 1;return a / k",
             "for x in xs:;    c(x);return a / len(xs)"),
        ),
    ),
    Rewrite(
        "dictionaries walked",
        two=(
            ("keys for values", "for v in a.values():;    c(v)", "for v in a:;    c(v)"),
            ("the table of another", "for k in a:;    c(k, b.x[k])",
             "for k, v in a.items():;    c(k, v)"),
            ("key and value swapped", "for k, v in a.items():;    c(k, v)",
             "for v, k in a.items():;    c(k, v)"),
        ),
        one=(
            ("items", "for k in a:;    c(k, a[k])", "for k, v in a.items():;    c(k, v)"),
            ("keys", "for k in a.keys():;    c(k)", "for k in a:;    c(k)"),
            ("values", "for k in a:;    c(a[k])", "for v in a.values():;    c(v)"),
        ),
    ),
    Rewrite(
        "sums and joins",
        two=(
            ("a product", "t = 1;for x in xs:;    t *= x;return t", "return sum(x for x in xs)"),
            ("something else added", "t = 0;for x in xs:;    t += x * a;return t",
             "return sum(x for x in xs)"),
            ("the sum used on the way", "t = 0;for x in xs:;    t += x;    c(t);return t",
             "for x in xs:;    c(x);return sum(x for x in xs)"),
            ("another separator", "s = '';for x in xs:;    s += str(x);return s",
             "return ','.join(str(x) for x in xs)"),
        ),
        one=(
            ("sum", "t = 0;for x in xs:;    t += c(x);return t", "return sum(c(x) for x in xs)"),
            ("a sum of some", "t = 0;for x in xs:;    if x > a:;        t += x;return t",
             "return sum(x for x in xs if x > a)"),
            ("join", "s = '';for x in xs:;    s += str(x);return s",
             "return ''.join(str(x) for x in xs)"),
            ("join of a list", "s = [];for x in xs:;    s.append(c(x));return '-'.join(s)",
             "return '-'.join(c(x) for x in xs)"),
        ),
    ),
    Rewrite(
        "progress shown",
        two=(("another order", "for x in tqdm(xs):;    c(x)", "for x in reversed(xs):;    c(x)"),),
        one=(("a progress bar", "for x in tqdm(xs, desc='a'):;    c(x)", "for x in xs:;    c(x)"),),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "two"))
def test_another_loop_is_told_apart(left: str, right: str) -> None:
    assert_two(left, right)


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "one"))
def test_the_same_loop_is_one(left: str, right: str) -> None:
    assert_one(left, right)


def test_every_rewrite_has_its_near_misses() -> None:
    assert_both_sides_are_told(REWRITES)
