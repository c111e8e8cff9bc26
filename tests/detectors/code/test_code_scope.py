"""Which value a name stands for: scopes, closures, classes, loops and branches."""

from __future__ import annotations

import pytest
from profiles import KEPT, computed, profile_of

TWO = [
    pytest.param("def f(a):\n    b = a + 1\n    b = a * 2\n    return b",
                 "def f(a):\n    b = a * 2\n    b = a + 1\n    return b",
                 id="the last store counts"),
    pytest.param("def f(a, xs):\n    for a in xs:\n        pass\n    return a",
                 "def f(a, xs):\n    for b in xs:\n        pass\n    return a",
                 id="a loop rebinds"),
    pytest.param("x = 1\ndef f():\n    global x\n    x = x + 1",
                 "x = 1\ndef f():\n    y = x + 1", id="a global is stored"),
    pytest.param("class A:\n    x = 3\n    def f(self):\n        return self.x",
                 "class A:\n    x = 3\n    def f(self):\n        return self.x(1)",
                 id="an attribute that is called"),
    pytest.param("def f(a):\n    if a:\n        a = a + 1\n    return a",
                 "def f(a):\n    if a:\n        b = a + 1\n    return a",
                 id="a branch changes a value"),
    pytest.param("def f(a, n):\n    for i in range(n):\n        a = a * 2\n    return a",
                 "def f(a, n):\n    for i in range(n):\n        b = a * 2\n    return a",
                 id="a value carried around a loop"),
    pytest.param("def f(a):\n    try:\n        g()\n    except OSError:\n        return a",
                 "def f(a):\n    try:\n        g()\n    except KeyError:\n        return a",
                 id="another exception"),
]  # fmt: skip
ONE = [
    pytest.param("def f(a):\n    b = a + 1\n    b = a * 2\n    return b",
                 "def f(a):\n    return a * 2", id="an overwritten value is dead"),
    pytest.param("def f(a, xs):\n    return [a for a in xs]",
                 "def f(a, xs):\n    return [b for b in xs]",
                 id="a comprehension has its own names"),
    pytest.param("def f(x):\n    return lambda x: x + 1",
                 "def f(x):\n    return lambda y: y + 1", id="a lambda has its own names"),
    pytest.param("def f(a):\n    def g():\n        return a + 1\n    return g",
                 "def f(z):\n    def h():\n        return z + 1\n    return h", id="a closure"),
    pytest.param("class A:\n    def f(self, x):\n        self.y = x * 2\n        return self.y + 1",
                 "class A:\n    def f(self, x):\n        self.y = z = x * 2\n        return z + 1",
                 id="what a method stored is what it reads"),
    pytest.param("def f(a):\n    with open(a) as b:\n        return b.read()",
                 "def f(a):\n    with open(a) as c:\n        d = c\n        return d.read()",
                 id="what with binds"),
    pytest.param("def f(a, b):\n    a, b = b, a\n    return a - b[0]",
                 "def f(a, b):\n    return b - a[0]", id="two values swapped"),
    pytest.param("def f(a, b):\n    t = a\n    a = b\n    b = t\n    return a - b[0]",
                 "def f(a, b):\n    a, b = b, a\n    return a - b[0]",
                 id="swapped through a third"),
    pytest.param("def f(xs):\n    a, (b, c) = xs\n    return a - b * c",
                 "def f(xs):\n    a, rest = xs\n    b, c = rest\n    return a - b * c",
                 id="nested unpacking"),
    pytest.param("def f(self, x):\n    return self.g(x)", "def f(that, x):\n    return that.g(x)",
                 id="self is only a name outside a class"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), TWO)
def test_two_values(left: str, right: str) -> None:
    one, two = (computed(profile_of(code + "\n"), KEPT) for code in (left, right))
    assert one != two


@pytest.mark.parametrize(("left", "right"), ONE)
def test_one_value(left: str, right: str) -> None:
    one, two = (computed(profile_of(code + "\n")) for code in (left, right))
    assert one == two


def test_an_attribute_is_explained_by_its_only_definition() -> None:
    start = "class A:\n    def __init__(self, n):\n        self.m = n * 3\n"
    code = start + "{}    def f(self):\n        return self.m[0]\n"
    once = profile_of(code.format(""))
    other = profile_of(code.format("").replace("n * 3", "n * 4"))
    twice = profile_of(code.format("        self.m = n + 5\n"))
    deep = [profile.nodes.labels[1, 3].tolist() for profile in (once, other, twice)]
    reading = [
        {
            label
            for label, line in zip(labels, profile.nodes.line.tolist(), strict=True)
            if line >= 4
        }
        for labels, profile in zip(deep, (once, other, twice), strict=True)
    ]
    assert reading[0] != reading[1]
    assert reading[0] != reading[2]
