"""The disguise of the ladder benchmark: same behaviour, same bytes, other words."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache

import pytest
from ladder_questions import ASK, QUESTIONS
from ladder_sample import SAMPLE

from benchmarks.ladder import LEVELS, disguise

SEEDS = (0, 1, 2, 3)
MADE = [(level, seed) for level in LEVELS for seed in (SEEDS if level > 2 else SEEDS[:1])]


@cache
def _answers(folder, level, seed):
    disguised = disguise(SAMPLE, level, seed)
    root = folder / f"level{level}_{seed}"
    for path, text in disguised.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    asked = json.dumps([dict(disguised.names), QUESTIONS])
    run = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(root)!r})\n{ASK}"],
        input=asked, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("ladder")


def test_the_questions_have_answers(folder):
    answers = _answers(folder, 0, 0)
    failing = {claim for claim, answer in answers.items() if answer.endswith("Error")}
    assert failing == {"raises", "unexpected keyword"}


@pytest.mark.parametrize(("level", "seed"), MADE)
def test_every_level_computes_the_same(folder, level, seed):
    assert _answers(folder, level, seed) == _answers(folder, 0, 0)


@pytest.mark.parametrize(("level", "seed"), MADE)
def test_every_file_parses_and_knows_where_it_came_from(level, seed):
    disguised = disguise(SAMPLE, level, seed)
    assert disguised.files.keys() == disguised.sources.keys()
    assert {path for made in disguised.sources.values() for path in made} == SAMPLE.keys()
    for path, text in disguised.files.items():
        ast.parse(text, path)


@pytest.mark.parametrize(("level", "seed"), MADE)
def test_the_same_input_gives_the_same_bytes(level, seed):
    turned = dict(reversed(SAMPLE.items()))
    assert disguise(SAMPLE, level, seed) == disguise(turned, level, seed)


def test_hash_randomisation_changes_nothing():
    code = (
        "import sys, json; from benchmarks.ladder import disguise;"
        "print(json.dumps(disguise(json.load(sys.stdin), 4).files, sort_keys=True))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code], input=json.dumps(SAMPLE), capture_output=True, text=True,
            check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(made) == 1


def _names(files):
    return {
        value
        for text in files.values()
        for node in ast.walk(ast.parse(text))
        for value in (getattr(node, "id", None), getattr(node, "attr", None))
        if isinstance(value, str)
    }


EXTERNAL = (
    "math", "inf", "field", "dataclass", "partial", "re", "findall", "Counter", "most_common",
    "defaultdict", "append", "setdefault", "sort", "join", "lower", "len", "range",
    "sorted", "super", "property", "classmethod", "__init__", "ValueError", "isinstance",
)  # fmt: skip


@pytest.mark.parametrize("name", EXTERNAL)
def test_external_names_stay(name):
    disguised = disguise(SAMPLE, 2)
    assert name not in disguised.names
    assert name in _names(disguised.files) | {"__init__"}


def test_an_attribute_of_others_stays_where_a_local_of_that_name_is_renamed():
    disguised = disguise(SAMPLE, 2)
    assert {"items", "upper"} <= disguised.names.keys()
    assert {"items", "upper"} <= _names(disguised.files)


@pytest.mark.parametrize(
    "name",
    [
        "Shape", "Box", "Options", "Tally", "area", "grid", "extent", "_margin",
        "SCALE", "_VOWELS", "depth", "labels", "folded", "times", "history", "amount", "wording",
        "counting", "tag", "edge", "CALLS", "words", "groups",
    ],
)  # fmt: skip
def test_what_the_repository_owns_is_renamed(name):
    disguised = disguise(SAMPLE, 2)
    assert name not in _names(disguised.files)
    assert disguised.names[name] != name


def test_renames_are_one_to_one_and_keep_the_case():
    names = disguise(SAMPLE, 2).names
    assert len(set(names.values())) == len(names)
    assert all(new[:1].isupper() == old[:1].isupper() for old, new in names.items())
    assert all(new.startswith("_") == old.startswith("_") for old, new in names.items())


def test_level_one_drops_comments_and_docstrings_alone():
    text = "".join(disguise(SAMPLE, 1).files.values())
    assert "#" not in text
    assert '"""' not in text
    assert "def area(width, height):" in text


# One rewrite per row: text that a level must not contain any more, over a few seeds.
REWRITTEN = {
    "f-string": (3, "def f(a):\n    return f'{a:>3} and {a!r}'\n", "return f'"),
    "augmented": (3, "def f(a):\n    t = a\n    t += a\n    return t\n", "t += a"),
    "order of methods": (
        3,
        "class A:\n" + "".join(f"    def m{i}(self):\n        return {i}\n" for i in range(5)),
        None,
    ),
    "range loop": (4, "def f(a):\n    for i in range(a):\n        print(i)\n", "for "),
    "comprehension": (4, "def f(a):\n    b = [c + 1 for c in a]\n    return b\n", "return b"),
    "ternary": (4, "def f(a):\n    b = 1 if a else 2\n    return b\n", " if a else "),
    "early return": (4, "def f(a):\n    if a:\n        return 1\n    b = a\n    return b\n", None),
}


def _text(text, level, seed=0):
    return "".join(disguise({"a.py": text}, level, seed).files.values())


@pytest.mark.parametrize("claim", REWRITTEN)
def test_rewrites_happen(claim):
    level, text, gone = REWRITTEN[claim]
    made = [_text(text, level, seed) for seed in range(6)]
    plain = _text(text, 2)
    assert any(each != plain for each in made)
    if gone:
        assert any(gone not in each for each in made)


# What must stay as it is: a rewrite here would change behaviour.
KEPT = {
    "tuple reads its own targets": "def f(a, b):\n    a, b = b, a + b\n    return a, b\n",
    "list aliasing": "def f(a):\n    a += [1]\n    return a\n",
    "loop variable used later": "def f(n):\n    for i in range(n):\n        pass\n    return i\n",
    "continue in a range loop": (
        "def f(n):\n    t = 0\n    for i in range(n):\n        if i % 2:\n            continue\n"
        "        t = t + i\n    return t\n"
    ),
    "text addition": "def f(a, b):\n    return a + b + '!'\n",
    "order of effects": (
        "def f(a):\n    b = a.pop()\n    c = a.pop()\n    d = a.pop()\n    return b, c, d\n"
    ),
    "unequal bool": "def f(a, b):\n    if a == b:\n        return 1\n    else:\n        return 2\n",
    "late binding": (
        "def f():\n    fs = [lambda: i for i in range(3)]\n    return [g() for g in fs]\n"
    ),
    "keyword of __new__": (
        "class C:\n    def __new__(cls, one=0, _two=1):\n        self = super().__new__(cls)\n"
        "        self.sum = one + _two\n        return self\n"
        "def f(a):\n    return C(one=a, _two=5).sum\n"
    ),
    "slots": (
        "class C:\n    __slots__ = {'_mu': 'doc'}\n    def __init__(self, mu):\n"
        "        self._mu = mu\ndef f(a):\n    return C(a)._mu\n"
    ),
    "attribute of a library under a name of ours": (
        "import io\nclass C:\n    def read(self):\n        return 1\n"
        "def f(a):\n    return io.StringIO(a).read(), C().read()\n"
    ),
    "chained comparison": "def f(a, b):\n    return 0 <= a < b\n",
}
ARGUMENTS = {
    "tuple reads its own targets": "1, 2", "list aliasing": "[0]", "loop variable used later": "4",
    "continue in a range loop": "6", "text addition": "'x', 'y'", "order of effects": "[1, 2, 3]",
    "unequal bool": "1, True", "late binding": "", "chained comparison": "1, 2",
    "keyword of __new__": "2", "slots": "3",
    "attribute of a library under a name of ours": "'text'",
}  # fmt: skip


@pytest.mark.parametrize("claim", KEPT)
def test_behaviour_is_kept(claim):
    def answer(text, names):
        space: dict[str, object] = {"__name__": "a"}
        exec(text, space)
        return eval(f"{names.get('f', 'f')}({ARGUMENTS[claim]})", space)

    expected = answer(KEPT[claim], {})
    for level in LEVELS:
        for seed in range(6):
            disguised = disguise({"a.py": KEPT[claim]}, level, seed)
            files = list(disguised.files.values())
            assert answer(files[0], disguised.names) == expected, files[0]
