"""Definitions taken for comparison: where they begin and end, and which tokens are theirs."""

from __future__ import annotations

import json

import pytest
from profiles import profile_of, units_of, words_of

NESTED = '''import functools

SCALE = 3


def outer(x):
    @functools.cache
    def inner(y):
        return y * SCALE

    class Local:
        size = 2

    return inner(x), Local


@functools.wraps(outer)
@functools.lru_cache(
    maxsize=None,
)
def decorated(x):
    return x


class Box(dict):
    """What is in it."""

    colour = "red"

    @property
    def size(self):
        return self._size

    @size.setter
    def size(self, value):
        self._size = value

    @staticmethod
    def build(size):
        return Box(size)

    async def run(self):
        await self.size


if SCALE:
    print(SCALE)
'''


def test_units_of_a_module() -> None:
    assert units_of(profile_of(NESTED)) == [
        ("module", "module", (1, 48)),
        ("outer", "function", (6, 14)),
        ("outer.inner", "function", (7, 9)),
        ("outer.Local", "class", (11, 12)),
        ("decorated", "function", (17, 22)),
        ("Box", "class", (25, 43)),
        ("Box.size", "method", (30, 32)),
        ("Box.size", "method", (34, 36)),
        ("Box.build", "method", (38, 40)),
        ("Box.run", "method", (42, 43)),
    ]


def test_a_property_and_its_setter_are_two_units() -> None:
    profile = profile_of(NESTED)
    both = [n for n, unit in enumerate(profile.units) if unit.name == "Box.size"]
    assert [words_of(profile, n)[-1] for n in both] == ["_size", "value"]


def test_every_token_has_one_unit() -> None:
    profile = profile_of(NESTED)
    for number, unit in enumerate(profile.units):
        first, last = profile.tokens.start[number : number + 2].tolist()
        for line in profile.tokens.line[first:last].tolist():
            inside = [u for u in profile.units if u.lines[0] <= line <= u.lines[1]]
            assert unit.lines == min((u.lines for u in inside), key=lambda span: span[1] - span[0])


def test_code_outside_definitions_is_a_unit() -> None:
    profile = profile_of("import torch\nrate = 3e-4\nmodel = torch.nn.Linear(4, 2)\n")
    assert units_of(profile) == [("module", "module", (1, 4))]
    assert words_of(profile, 0) == ["rate", "3e-4", "model", "torch", "nn", "Linear", "4", "2"]


def test_docstrings_comments_and_hints_are_no_tokens() -> None:
    code = 'def f(x: int) -> "str":\n    """Says."""\n    # why\n    y: float = x\n    return y\n'
    profile = profile_of(code)
    assert words_of(profile, 1) == ["f", "x", "y", "x", "y"]


def test_cells_of_a_notebook_are_units_with_their_lines() -> None:
    cells = [
        {"cell_type": "code", "source": ["%pip install torch\n", "import torch\n", "x = 1"]},
        {"cell_type": "markdown", "source": "def not_code(): pass"},
        {"cell_type": "code", "source": "def f(y):\n    return torch.sin(y)\nprint(f(x))"},
    ]
    data = json.dumps({"cells": cells, "nbformat": 4}).encode()
    profile = profile_of(data, "work.ipynb")
    (file,) = profile.files
    assert file.cells == ((1, 1, 4), (3, 5, 8))
    found = [unit for unit in units_of(profile) if unit[1] != "module"]
    assert found == [
        ("cell 1", "cell", (1, 4)),
        ("cell 3", "cell", (5, 8)),
        ("f", "function", (6, 7)),
    ]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param('print "a", x\n', id="print"),
        pytest.param("exec 'x = 1' in scope\n", id="exec"),
        pytest.param("if a <> b:\n    raise ValueError, 'no'\n", id="the old unequal and raise"),
        pytest.param("try:\n    f()\nexcept IOError, e:\n    g(e)\n", id="except with a comma"),
        pytest.param("x = 0777L + 0xFFL\n", id="long integers"),
        pytest.param("y = `x`\n", id="backquotes"),
        pytest.param("def f((a, b), c):\n    return a + b * c\n", id="a tuple parameter"),
    ],
)
def test_python_2_takes_part(code: str) -> None:
    profile = profile_of(f"import os\n\ndef before(x):\n    return os.stat(x).st_size\n\n{code}")
    before = [n for n, unit in enumerate(profile.units) if unit.name == "before"]
    assert len(profile.files) == 1
    assert before, profile.skipped
    assert words_of(profile, before[0]) == ["before", "x", "os", "stat", "x", "st_size"]


def test_a_syntax_error_leaves_the_other_definitions_whole() -> None:
    good = "def {}(x):\n    return torch.sin(x) * {}\n\n\n"
    code = (
        "import torch\n"
        + good.format("one", 1)
        + "def broken(:\n    x ==== 3 +\n\n\n"
        + good.format("two", 2)
    )
    profile = profile_of(code)
    names = [name for name, _, _ in units_of(profile)]
    assert {"one", "two"} <= set(names)
    assert [path for path, _ in profile.skipped] == ["module.py"]
    assert "syntax error near line 6" in profile.skipped[0][1]


def test_text_that_is_no_python_is_compared_by_tokens() -> None:
    profile = profile_of("}{ ][ this is ; not ~~ python ?? at all\n" * 30)
    assert "compared by tokens" in profile.skipped[0][1]
    assert [unit.role for unit in profile.units] == ["text"]
    assert "python" in profile.words
