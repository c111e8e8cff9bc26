"""What a value is called on its way, and in which form it is computed: one table per rewrite."""

from __future__ import annotations

import pytest
from rewriting import Rewrite, assert_both_sides_are_told, assert_one, assert_two, rows

REWRITES = [
    Rewrite(
        "temporaries",
        two=(
            ("the other operand is inlined", "t = a - b;return t * c.d", "return (a - c.d) * b"),
            ("the temporary is computed again too late",
             "t = xs[0];xs[0] = a;return t", "xs[0] = a;return xs[0] + 1"),
            ("another value under the same name", "t = a + 1;return t * b",
             "t = a + 2;return t * b"),
        ),
        one=(
            ("one inlined", "t = torch.sin(a);return t + 1", "return torch.sin(a) + 1"),
            ("three inlined", "s = a.size(-1);h = s // 2;t = a[..., :h];return -t",
             "return -a[..., :a.size(-1) // 2]"),
            ("a parameter rebound", "a = a - b;a = a / c;return a", "return (a - b) / c"),
        ),
    ),
    Rewrite(
        "assignments merged and split",
        two=(
            ("a swap becomes two copies", "a, b = b, a;return a - b", "a = b;b = a;return a - b"),
            ("values change places", "t, u = a - 1, b;return t - u",
             "u, t = a - 1, b;return t - u"),
            ("another item", "t, u = xs;return t - u", "t = xs[1];u = xs[0];return t - u"),
            ("the chain starts elsewhere", "t = u = a.x;return t - b * u",
             "t = a.x;u = b;return t - b * u"),
        ),
        one=(
            ("two merged", "t = a + 1;u = a * 2;return t - u", "t, u = a + 1, a * 2;return t - u"),
            ("a swap with a temporary", "a, b = b, a;return a - b",
             "t = a;a = b;b = t;return a - b"),
            ("a chain split", "t = u = a + 1;return t * u", "t = a + 1;u = t;return t * u"),
            ("items taken one by one", "t, u = xs;return t - u",
             "t = xs[0];u = xs[1];return t - u"),
        ),
    ),
    Rewrite(
        "augmented assignments",
        two=(
            ("operands of minus swapped", "a -= b.d;return a", "a = b.d - a;return a"),
            ("operands of a division swapped", "a /= b.d;return a", "a = b.d / a;return a"),
            ("another operator", "a *= b;return a", "a **= b;return a"),
            ("another item", "xs[0] += b", "xs[0] = xs[1] + b"),
        ),
        one=(
            ("plus", "a += b;return a", "a = a + b;return a"),
            ("minus", "a -= b;return a", "a = a - b;return a"),
            ("times on an item", "xs[0] *= b", "xs[0] = xs[0] * b"),
            ("a division by a literal", "a /= 4;return a", "a = a * 0.25;return a"),
        ),
    ),
    Rewrite(
        "commutative operands",
        two=(
            ("minus", "return a - xs[0]", "return xs[0] - a"),
            ("a division", "return a / xs[0]", "return xs[0] / a"),
            ("a matrix product", "return a @ xs[0]", "return xs[0] @ a"),
            ("a power", "return a ** n.x", "return n.x ** a"),
            ("a shift", "return a << xs[0]", "return xs[0] << a"),
            ("a comparison", "return a < xs[0]", "return xs[0] < a"),
            ("a remainder", "return a % xs[0]", "return xs[0] % a"),
            ("a list in front", "return [a] + xs", "return xs + [a]"),
            ("a text in front", "t = 'a';return t + b", "t = 'a';return b + t"),
            ("a list between", "return a + [1] + b", "return b + (a + [1])"),
            ("from the other end", "return xs[0::-1]", "return xs[::-1]"),
            ("from the other end to a bound", "return xs[0:n:-1]", "return xs[:n:-1]"),
            ("by an unknown step", "return xs[0::n]", "return xs[::n]"),
        ),
        one=(
            ("plus", "return a + xs[0]", "return xs[0] + a"),
            ("times and plus", "return a * b + c.d", "return c.d + b * a"),
            ("equality", "return a == xs[0]", "return xs[0] == a"),
            ("bits", "return a & b | c.d", "return c.d | b & a"),
            ("conditions", "return a and b.x and c", "return c and a and b.x"),
            ("a comparison turned round", "return a < xs[0]", "return xs[0] > a"),
            ("from 0", "return xs[0:n]", "return xs[:n]"),
            ("from 0 by steps", "return xs[0::2]", "return xs[::2]"),
            ("minus as a negative term", "return b - xs[0]", "return -xs[0] + b"),
        ),
    ),
    Rewrite(
        "literals",
        two=(
            ("another exponent", "return a * 1e-5", "return a * 1e-6"),
            ("a product and a power", "return a + 2 ** 10", "return a + 2 * 10"),
            ("a half and a double", "return a / 2", "return a * 2"),
            ("whole division", "return a // 2", "return a * 0.5"),
            ("a root and a square", "return a ** 0.5", "return a ** 2"),
            ("a root and its inverse", "return a / b ** 0.5", "return a * b ** 0.5"),
            ("the sign", "return a - 1", "return a - -1"),
            ("the last of many digits", "return a + 12345678901234567",
             "return a + 12345678901234568"),
            ("one less than a power", "return a & 2 ** 64 - 1", "return a & 2 ** 64"),
        ),
        one=(
            ("two spellings", "return a * 1e-5", "return a * 0.00001"),
            ("computed by hand", "return a % (1024 * 1024)", "return a % 1048576"),
            ("a power of ten", "return a + 10 ** -6", "return a + 1e-6"),
            ("all bits", "return a & 2 ** 64 - 1", "return a & 0xFFFFFFFFFFFFFFFF"),
            ("a thousand millions", "return a * 1e12", "return a * 1_000_000_000_000"),
            ("a half", "return a / 2", "return 0.5 * a"),
            ("an inverse", "return a * (1 / 255)", "return a / 255.0"),
            ("an inverse root", "return 1 / b.d ** 0.5", "return b.d ** -0.5"),
            ("a quotient by a root", "return a / b.d ** 0.5", "return a * b.d ** -0.5"),
        ),
    ),
    Rewrite(
        "walrus",
        two=(
            ("the test is bound instead", "if (t := c(a)) > b:;    return t",
             "t = c(a) > b;if t:;    return t"),
            ("bound once too early", "while (t := c()) > b:;    n(t)",
             "t = c();while t > b:;    n(b)"),
        ),
        one=(
            ("in a test", "if (t := c(a)) > b:;    return t", "t = c(a);if t > b:;    return t"),
            ("in a sum", "return (t := a.x + 1) * t", "t = a.x + 1;return t * t"),
        ),
    ),
    Rewrite(
        "collections written out",
        two=(
            ("another key", "return n(dict(k=a))", "return n({'j': a})"),
            ("a key that is a variable", "return n(dict(k=a))", "return n({b: a})"),
            ("lists joined the other way", "return [a] + [b.d]", "return [b.d, a]"),
            ("appended the other way", "t = [];t.append(a);t.append(b.d);return t",
             "t = [];t.append(b.d);t.append(a);return t"),
            ("appended sometimes", "t = [];if n:;    t.append(a);t.append(b.d);return t",
             "t = [];t.append(a);if n:;    t.append(b.d);return t"),
            ("appended to a list that another holds", "t = [a];n(t);t.append(b)", "t = [a];n(t)"),
            ("a zip of three", "return dict(zip(xs, b))", "return dict(zip(xs, b, c))"),
            ("no table", "return dict(zip(xs, b))", "return dict(zip=zip)"),
            ("a set for a list", "return n(set())", "return n([])"),
            ("a table of other values", "return dict(zip(xs, b))", "return {x: x for x in xs}"),
            ("a default that matters", "return a.get(b, 0)", "return a.get(b)"),
        ),
        one=(
            ("dict with keywords", "return n(dict(k=a, j=b))", "return n({'k': a, 'j': b})"),
            ("dict, list and tuple called", "return n(dict(), list(), tuple([a]))",
             "return n({}, [], (a,))"),
            ("lists joined", "return [a] + [b]", "return [a, b]"),
            ("appended one by one", "t = [];t.append(a);t.append(b);return t", "return [a, b]"),
            ("extended", "t = [a];t.extend([b, c]);return t", "return [a, b, c]"),
            ("dict of pairs", "return dict((x, c(x)) for x in xs)", "return {x: c(x) for x in xs}"),
            ("dict of zip", "return dict(zip(xs, b))", "return {x: y for x, y in zip(xs, b)}"),
            ("a default of None", "return a.get(b, None)", "return a.get(b)"),
        ),
    ),
    Rewrite(
        "dead code and logging",
        two=(
            ("the value is used after all", "t = a * 3;return a + b", "t = a * 3;return t + b"),
            ("the effect is kept", "xs.sort();return xs[0]", "return xs[0]"),
            ("an assertion that can fail", "assert a > b;return c", "assert 1 > 0;return c"),
            ("a branch that can run", "if n:;    return c;return a",
             "if False:;    return c;return a"),
            ("a call that does something", "c(a);return a + b", "print(a);return a + b"),
        ),
        one=(
            ("a print", "print(a);return a + b", "return a + b"),
            ("a value nobody uses", "t = a * 3;u = t + len(xs);return a + b", "return a + b"),
            ("a method of a literal", "t = 'x-1'.upper();return a + b", "return a + b"),
            ("a loop that does nothing", "for _ in range(9):;    pass;return a + b",
             "return a + b"),
            ("tests on literals", "assert 1 < 2;if False:;    a = b;return a + b", "return a + b"),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "two"))
def test_another_value_is_told_apart(left: str, right: str) -> None:
    assert_two(left, right)


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "one"))
def test_the_same_value_is_one(left: str, right: str) -> None:
    assert_one(left, right)


def test_every_rewrite_has_its_near_misses() -> None:
    assert_both_sides_are_told(REWRITES)
