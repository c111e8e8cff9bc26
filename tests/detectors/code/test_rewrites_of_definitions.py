"""Names, hints, decorators, classes and the order of definitions: one table per rewrite."""

from __future__ import annotations

import pytest
from rewriting import Rewrite, assert_both_sides_are_told, assert_one, assert_two, rows

LAYER = """
import torch


class Layer(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.width = config.hidden_size
        self.inner = torch.nn.Linear(self.width, 4 * self.width)

    def forward(self, x):
        return torch.tanh(self.inner(x)) - x


def build(config, depth=2):
    return [Layer(config) for _ in range(depth)]
"""
HINTED = """
from typing import List, Optional

import torch


class Layer(torch.nn.Module):
    inner: torch.nn.Linear

    def __init__(self, config: "Config") -> None:
        super().__init__()
        self.width: int = config.hidden_size
        self.inner = torch.nn.Linear(self.width, 4 * self.width)

    def forward(self, x: Optional[torch.Tensor]) -> torch.Tensor:
        return torch.tanh(self.inner(x)) - x


def build(config: "Config", depth: int = 2) -> List[Layer]:
    return [Layer(config) for _ in range(depth)]
"""
REORDERED = """
import torch


def build(config, depth=2):
    return [Layer(config) for _ in range(depth)]


class Layer(torch.nn.Module):
    def forward(self, x):
        return torch.tanh(self.inner(x)) - x

    def __init__(self, config):
        super().__init__()
        self.width = config.hidden_size
        self.inner = torch.nn.Linear(self.width, 4 * self.width)
"""
CLASS = """
class A:
    {}def twice(self):
        return {}

    def work(self, a):
        return a - self.twice{}
"""


def changed(*pairs: tuple[str, str]) -> str:
    """The layer with words exchanged."""
    code = LAYER
    for old, new in pairs:
        assert old in code
        code = code.replace(old, new)
    return code


REWRITES = [
    Rewrite(
        "names",
        two=(
            ("a library function", LAYER, changed(("torch.tanh", "torch.sigmoid"))),
            ("a keyword of a library", "def f(a):\n    return a.sum(dim=1)\n",
             "def f(a):\n    return a.sum(dtype=1)\n"),
            ("a method of a tensor", "def f(a):\n    return a.exp()\n",
             "def f(a):\n    return a.log()\n"),
            ("another attribute of self", LAYER, changed(("4 * self.width", "4 * self.inner"))),
            ("a literal", LAYER, changed(("4 *", "3 *"))),
        ),
        one=(
            ("locals and parameters", LAYER,
             changed(("config", "cfg"), ("x)", "y)"), ("- x", "- y"))),
            ("classes and functions", LAYER, changed(("Layer", "Block"), ("build", "stack_up"))),
            ("attributes of self", LAYER, changed(("inner", "dense"), ("width", "breadth"))),
            ("attributes of a configuration", LAYER, changed(("hidden_size", "d_model"))),
            ("own keyword names",
             "def f(a, size):\n    return a\n\n\ndef g(a):\n    return f(a, size=2)\n",
             "def f(a, many):\n    return a\n\n\ndef g(a):\n    return f(a, many=2)\n"),
        ),
    ),
    Rewrite(
        "hints",
        two=(
            ("a default with the hint", LAYER, HINTED.replace("int = 2", "int = 3")),
            ("a value with the hint", LAYER, HINTED.replace("= config.hidden", "= -config.hidden")),
        ),
        one=(
            ("hints added", LAYER, HINTED),
            ("a local hinted", "t: int = a + b;return t", "t = a + b;return t"),
        ),
    ),
    Rewrite(
        "order of definitions",
        two=(
            ("a definition lost", LAYER,
             REORDERED.replace("def forward", "def backward_hook").replace("- x", "")),
            ("statements that depend on each other", "t = xs[0];xs[0] = a;c(t)",
             "xs[0] = a;t = xs[0] + 1;c(t)"),
        ),
        one=(
            ("methods and functions reordered", LAYER, REORDERED),
            ("independent statements reordered", "t = a.size(0);u = b.x;return t - u",
             "u = b.x;t = a.size(0);return t - u"),
        ),
    ),
    Rewrite(
        "base classes called",
        two=(
            ("another argument",
             "class A(B):\n    def __init__(self, x):\n        super().__init__(x)\n",
             "class A(B):\n    def __init__(self, x):\n        B.__init__(self, 3)\n"),
            ("another method",
             "class A(B):\n    def __init__(self, x):\n        super().__init__(x)\n",
             "class A(B):\n    def __init__(self, x):\n        super().setup(x)\n"),
            ("not called", "class A(B):\n    def __init__(self, x):\n        super().__init__(x)\n",
             "class A(B):\n    def __init__(self, x):\n        self.x = x\n"),
        ),
        one=(
            ("super with arguments",
             "class A(B):\n    def __init__(self, x):\n        super().__init__(x)\n",
             "class A(B):\n    def __init__(self, x):\n        super(A, self).__init__(x)\n"),
            ("by name", "class A(B):\n    def __init__(self, x):\n        super().__init__(x)\n",
             "class A(B):\n    def __init__(self, x):\n        B.__init__(self, x)\n"),
            ("by path", changed(("super().__init__()", "torch.nn.Module.__init__(self)")), LAYER),
        ),
    ),
    Rewrite(
        "decorators",
        two=(
            ("another mode",
             "import torch\n\n\n@torch.no_grad()\ndef f(a):\n    return a.exp()\n",
             "import torch\n\ndef f(a):\n    with torch.enable_grad():\n        return a.exp()\n"),
            ("gradients after all",
             "import torch\n\n\n@torch.no_grad()\ndef f(a):\n    return a.exp()\n",
             "def f(a):\n    return a.exp()\n"),
        ),
        one=(
            ("with for a decorator",
             "import torch\n\n\n@torch.no_grad()\ndef f(a):\n    return a.exp()\n",
             "import torch\n\n\ndef f(a):\n    with torch.no_grad():\n        return a.exp()\n"),
            ("a static method",
             "class A:\n    @staticmethod\n    def f(a):\n        return a.exp() - a\n",
             "class A:\n    def f(self, a):\n        return a.exp() - a\n"),
        ),
    ),
    Rewrite(
        "attributes of a class",
        two=(
            ("another default", "@dataclass\nclass A:\n    x: int = 3\n",
             "class A:\n    def __init__(self, x=4):\n        self.x = x\n"),
            ("a constant for a field", "@dataclass\nclass A:\n    x: int = 3\n",
             "class A:\n    def __init__(self, x=3):\n        self.x = 3\n"),
            ("a property of another value", CLASS.format("@property\n    ", "self.n * 2", ""),
             CLASS.format("", "self.n * 3", "()")),
            ("another value stored", "class A:\n    x = 3\n",
             "class A:\n    def __init__(self):\n        self.x = 4\n"),
        ),
        one=(
            ("a dataclass", "@dataclass\nclass A:\n    y: str\n    x: int = 3\n",
             "class A:\n    def __init__(self, y, x=3):\n        self.y = y\n        self.x = x\n"),
            ("a property", CLASS.format("@property\n    ", "self.n * 2", ""),
             CLASS.format("", "self.n * 2", "()")),
            ("a class attribute", "class A:\n    x = 3\n",
             "class A:\n    def __init__(self):\n        self.x = 3\n"),
        ),
    ),
    Rewrite(
        "lambdas and attributes set by name",
        two=(
            ("another lambda", "return lambda x: x + 1", "return lambda x: x * 3"),
            ("another attribute", "setattr(a, 'T', b)", "a.H = b"),
            ("set, not read", "setattr(a, 'T', b)", "return a.T"),
        ),
        one=(
            ("setattr", "setattr(a, 'size', b)", "a.size = b"),
            ("getattr", "return getattr(a, 'T')", "return a.T"),
            ("a lambda renamed", "return lambda x: x + 1", "return lambda y: y + 1"),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "two"))
def test_another_definition_is_told_apart(left: str, right: str) -> None:
    assert_two(left, right)


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "one"))
def test_the_same_definition_is_one(left: str, right: str) -> None:
    assert_one(left, right)


def test_every_rewrite_has_its_near_misses() -> None:
    assert_both_sides_are_told(REWRITES)
