"""One statement against another: which spellings are one computation, and which are two."""

from __future__ import annotations

import pytest
from profiles import KEPT, computed, profile_of

IMPORTS = "import numpy as np\nimport torch\nimport torch.nn.functional as F\n"


def body(code: str) -> str:
    """A function whose body is ``code``; lines are separated by ``;``."""
    lines = "".join(f"    {line}\n" for line in code.split(";"))
    return f"{IMPORTS}\ndef work(a, b, c, n, xs):\n{lines}"


TWO = [
    pytest.param("return a - xs[0]", "return xs[0] - a", id="operands of minus swapped"),
    pytest.param("return a / xs[0]", "return xs[0] / a", id="operands of a division swapped"),
    pytest.param("return a @ xs[0]", "return xs[0] @ a", id="operands of a matrix product swapped"),
    pytest.param("return a ** 2", "return 2 ** a", id="base and exponent swapped"),
    pytest.param("return a + 1", "return a + 2", id="another constant"),
    pytest.param("return a * b", "return a + b", id="another operator"),
    pytest.param("return a // 2", "return a / 2", id="whole and true division"),
    pytest.param("return a < xs[0]", "return xs[0] < a", id="a comparison the other way"),
    pytest.param("return a < b", "return a <= b", id="less, and less or equal"),
    pytest.param("return a == b", "return a != b", id="equal and not equal"),
    pytest.param("return a is None", "return a == None", id="identity and equality"),
    pytest.param("return a and b", "return a or b", id="and, and or"),
    pytest.param("return not a", "return a", id="a negated value"),
    pytest.param("return torch.sin(a)", "return torch.cos(a)", id="another library function"),
    pytest.param("return torch.sum(a)", "return np.sum(a)", id="another library"),
    pytest.param("return a.permute(0, 2, 1)", "return a.permute(0, 1, 2)", id="another order"),
    pytest.param("return a.flatten(1)", "return a.view(1)", id="another method"),
    pytest.param("return a.T", "return a.mT", id="another attribute"),
    pytest.param("return F.pad(a, mode='reflect')", "return F.pad(a, value='reflect')",
                 id="another keyword of a library"),
    pytest.param("return a[0]", "return a[1]", id="another index"),
    pytest.param("return a[:n]", "return a[n:]", id="the other side of a slice"),
    pytest.param("return a[::n]", "return a[:n:]", id="step and bound of a slice"),
    pytest.param("return [a, b]", "return {a, b}", id="a list and a set"),
    pytest.param("return a", "yield a", id="return and yield"),
    pytest.param("return len(xs)", "return sum(xs)", id="another builtin"),
    pytest.param("return [x * 2 for x in xs]", "return [x + 2 for x in xs]",
                 id="another element collected"),
    pytest.param("return [x for x in xs if x > 2]", "return [x for x in xs]", id="a filter"),
    pytest.param("return [x for x in xs]", "return list(range(n))", id="other things collected"),
    pytest.param("return max(xs, key=len)", "return max(xs, key=sum)", id="another key"),
    pytest.param("xs.append(a);return xs", "xs.extend(a);return xs", id="append and extend"),
    pytest.param("xs.sort();return xs", "return xs", id="an effect dropped"),
    pytest.param("for x in xs:;    yield x", "for x in reversed(xs):;    yield x",
                 id="another order of a loop"),
    pytest.param("raise ValueError(a)", "raise TypeError(a)", id="another error"),
    pytest.param("with open(a) as f:;    return f.read()",
                 "with open(b, a) as f:;    return f.read()",
                 id="another file opened"),
    pytest.param("return f'{a}-{len(b)}'", "return f'{len(b)}-{a}'", id="values of a text swapped"),
    pytest.param("return lambda x: x + 1", "return lambda x: x * 3", id="another lambda"),
    pytest.param("return a if c else b", "return a if c > 2 else b", id="another condition"),
]  # fmt: skip
ONE = [
    pytest.param("return a + b", "return b + a", id="operands of plus swapped"),
    pytest.param("return a * b + c", "return c + b * a", id="operands of both swapped"),
    pytest.param("return a == b", "return b == a", id="operands of equality swapped"),
    pytest.param("return a & b | c", "return c | b & a", id="bits swapped"),
    pytest.param("return a and b and c", "return c and a and b", id="conditions reordered"),
    pytest.param("return a < b", "return b > a", id="a comparison turned round"),
    pytest.param("return a <= b", "return not a > b", id="less or equal is not greater"),
    pytest.param("return not (a == b)", "return a != b", id="a negated equality"),
    pytest.param("return not (a in b)", "return a not in b", id="a negated membership"),
    pytest.param("return not not (a < b)", "return a < b", id="a double negation"),
    pytest.param("return a < b < c", "return a < b and b < c", id="a chain of comparisons"),
    pytest.param("return (a)", "return a", id="parentheses"),
    pytest.param("return a * 1e-5", "return a * 0.00001", id="two spellings of a number"),
    pytest.param("return a * 1_000", "return a * 1000", id="underscores in a number"),
    pytest.param("return a + 2.0", "return a + 2.", id="a decimal point"),
    pytest.param("return 'a' 'b'", 'return "ab"', id="a text in two pieces"),
    pytest.param("return torch.sin(a) + 1", "t = torch.sin(a);return t + 1", id="a temporary"),
    pytest.param("b = a + 1;c = a * 2;return b - c", "b, c = a + 1, a * 2;return b - c",
                 id="assignments merged"),
    pytest.param("t = u = a + 1;return t * u", "t = a + 1;u = t;return t * u", id="a chain split"),
    pytest.param("a += b;return a", "a = a + b;return a", id="plus written out"),
    pytest.param("xs[0] *= b", "xs[0] = xs[0] * b", id="an item times a value, written out"),
    pytest.param("t = a.size(0);u = b.size(1);return t - u",
                 "u = b.size(1);t = a.size(0);return t - u",
                 id="independent statements reordered"),
    pytest.param("t = xs[0];u = xs[1];return t - u", "t, u = xs[0], xs[1];return t - u",
                 id="items taken apart"),
    pytest.param("return (t := a + 1) * 2", "t = a + 1;return t * 2", id="a walrus"),
    pytest.param("if c:;    t = a;else:;    t = b;return t + 1", "t = a if c else b;return t + 1",
                 id="a branch and a conditional expression"),
    pytest.param("if not c:;    return a;return b", "if c:;    return b;return a",
                 id="a branch inverted"),
    pytest.param("if c:;    return a;else:;    return b", "if c:;    return a;return b",
                 id="an early return"),
    pytest.param("t = [];for x in xs:;    t.append(x * a);return t", "return [x * a for x in xs]",
                 id="a loop that appends"),
    pytest.param("t = {};for x in xs:;    t[x] = x * a;return t", "return {x: x * a for x in xs}",
                 id="a loop that fills a dictionary"),
    pytest.param("t = [];for x in xs:;    if x > a:;        t += [x];return t",
                 "return [x for x in xs if x > a]", id="a loop with a filter"),
    pytest.param("i = 0;while i < n:;    print(i);    xs.append(i * a);    i += 1",
                 "for i in range(n):;    xs.append(i * a)", id="a while loop that counts"),
    pytest.param("return f'{a} of {b}'", "return '{} of {}'.format(a, b)", id="format"),
    pytest.param("return f'{a} of {b:.2f}'", "return '%s of %.2f' % (a, b)", id="percent"),
    pytest.param("setattr(a, 'size', b)", "a.size = b", id="an attribute set by name"),
    pytest.param("print(a);return a + b", "return a + b", id="a print"),
    pytest.param("t = a * 3;return a + b", "return a + b", id="a value nobody uses"),
    pytest.param("assert True;pass;return a + b", "return a + b", id="statements without effect"),
    pytest.param("'''A docstring.''';return a + b", "return a + b  # a comment", id="comments"),
    pytest.param("t: int = a + b;return t", "t = a + b;return t", id="a hint"),
    pytest.param("return F.softmax(a, dim=-1)", "return torch.nn.functional.softmax(a, dim=-1)",
                 id="an alias"),
    pytest.param("return F.pad(a, mode=b, value=c)", "return F.pad(a, value=c, mode=b)",
                 id="keywords reordered"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), TWO)
def test_two_computations(left: str, right: str) -> None:
    one, two = (computed(profile_of(body(code)), KEPT) for code in (left, right))
    assert one != two


@pytest.mark.parametrize(("left", "right"), ONE)
def test_one_computation(left: str, right: str) -> None:
    one, two = (computed(profile_of(body(code))) for code in (left, right))
    assert one == two
