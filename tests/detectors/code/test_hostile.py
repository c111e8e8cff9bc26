"""Hostile files end in time, are told, and harm nobody beside them."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from hostile_python import GOOD, NOTEBOOKS, TEXTS, many_names, punctuation, same_functions
from profiles import profile_of, profile_of_files, units_of
from rewriting import between
from test_rewrites_assignments import ROTARY, ROTARY_SPLIT

import codesim
from codesim.detectors.code.syntax import parse
from codesim.text import decode

# Processor seconds; a file of this size that is code takes a tenth of it.
MOST = 8.0
DEGRADED = {
    "nested parentheses": "levels deep; compared by tokens",
    "continuations": "too many line continuations to parse; compared by tokens",
    "continuations with blanks": "too many line continuations to parse; compared by tokens",
    "random punctuation": "compared by tokens",
    "random bytes": "compared by tokens",
    "attribute chain": "levels deep; compared by tokens",
    "lambdas": "levels deep; compared by tokens",
    "one line of 5 MB": "the limit is 1,000,000",
    "a long identifier": "the limit is 1,000,000",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_ends_in_time(name: str) -> None:
    data = TEXTS[name]()
    started = time.process_time()
    profile = profile_of(data)
    assert time.process_time() - started < MOST
    reasons = [reason for _, reason in profile.skipped]
    assert len(reasons) <= 1
    if name in DEGRADED:
        assert DEGRADED[name] in reasons[0]
    if not profile.files:
        assert "bytes; the limit is" in reasons[0]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_broken_notebook_is_told(name: str) -> None:
    started = time.process_time()
    profile = profile_of(NOTEBOOKS[name], "work.ipynb")
    assert time.process_time() - started < MOST
    assert bool(profile.files) != any("not a notebook" in reason for _, reason in profile.skipped)


def test_a_flood_of_small_definitions_is_compared_in_time() -> None:
    left = {"a.py": same_functions(4_000), "b.py": ROTARY.encode()}
    right = {"a.py": same_functions(4_000) + b"x = 1\n", "b.py": ROTARY_SPLIT.encode()}
    started = time.process_time()
    evidence = between(codesim.snapshot_of(left), codesim.snapshot_of(right))
    assert time.process_time() - started < 2 * MOST
    (pair,) = [pair for pair in evidence.pairs if pair.left.path == "b.py"]
    assert pair.right.path == "b.py"


def test_a_hostile_file_changes_no_other_pair() -> None:
    # Small members of each family: what matters is that they stand between the others.
    zoo = {
        "0/parens.py": b"x = " + b"(" * 5_000,
        "a/lines.py": b"\\\n" * 3_000,
        "m/marks.py": punctuation(20_000),
        "n/noise.py": bytes(range(256)) * 40,
        "q/names.py": many_names(300),
        "z/broken.ipynb": b"{cells",
        "z/zero.py": b"\0" * 5_000,
    }
    left, right = {"k/one.py": ROTARY.encode()}, {"k/two.py": ROTARY_SPLIT.encode()}
    alone = between(codesim.snapshot_of(left), codesim.snapshot_of(right))
    beside = between(
        codesim.snapshot_of({**left, **zoo}),
        codesim.snapshot_of({**right, "u.py": b"?" * 99}),
    )
    assert [p for p in beside.pairs if p.left.path == "k/one.py"] == list(alone.pairs)
    told = {skipped.what for skipped in beside.skipped}
    assert {"left: 0/parens.py", "left: a/lines.py", "left: m/marks.py"} <= told
    assert {"left: z/broken.ipynb", "right: u.py"} <= told


@pytest.mark.parametrize("name", ["random punctuation", "closing brackets", "nested parentheses"])
def test_the_next_file_is_right_after_a_hostile_one(name: str) -> None:
    clean = units_of(profile_of(GOOD))
    profile = profile_of_files({"a.py": TEXTS[name](), "b.py": GOOD.encode()})
    first, last = profile.files[1].units
    assert sorted(u.name for u in profile.units[first:last]) == sorted(n for n, _, _ in clean)


def test_a_stopped_parse_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    from codesim.detectors.code import syntax

    clean = profile_of(GOOD * 400)
    monkeypatch.setattr(syntax, "_SOFT_SECONDS", -1.0)
    stopped = profile_of(GOOD * 401)
    monkeypatch.undo()
    again = profile_of(b"# not in any cache\n" + (GOOD * 400).encode())
    assert "parsing took more than" in stopped.skipped[0][1]
    assert [u.name for u in again.units] == [u.name for u in clean.units]
    assert again.skipped == ()
    tree = parse(GOOD.encode(), 10_000, 100)
    assert max(tree.stop) <= len(GOOD)


SPELLINGS = {
    "UTF-8 with a mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD.encode(),
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16 the other way": b"\xfe\xff" + GOOD.encode("utf-16-be"),
    "UTF-32": GOOD.encode("utf-32"),
    "declared Latin-1": b"# coding: latin-1\n# \xe9\n" + GOOD.encode("latin-1"),
    "CR LF": GOOD.replace("\n", "\r\n").encode(),
    "CR only": GOOD.replace("\n", "\r").encode(),
    "mixed": GOOD.replace("\n", "\r\n", 5).encode(),
    "tabs": GOOD.replace("    ", "\t").encode(),
    "no newline at the end": GOOD.rstrip("\n").encode(),
    "form feeds": GOOD.replace("\n\n\n", "\n\x0c\n\n").encode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_encoding_of_a_file_does_not_matter(spelling: str) -> None:
    plain, other = profile_of(GOOD), profile_of(SPELLINGS[spelling])
    assert other.skipped == ()
    assert other.nodes.labels.tolist() == plain.nodes.labels.tolist()
    assert other.tokens.canonical.tolist() == plain.tokens.canonical.tolist()
    assert decode(SPELLINGS[spelling]).replace("\t", "    ").rstrip("\n").endswith("p=2, dim=-1)")


NESTINGS = {
    "lists": ("[", "]"), "dictionaries": ("{1: ", "}"), "calls": ("f(", ")"),
    "keywords": ("f(x=", ")"), "methods": ("a.b(", ")"), "formats": ("'{}'.format(", ")"),
    "slices": ("a[:", "]"), "lambdas": ("lambda: ", ""), "ternaries": ("a if b else ", ""),
    "powers": ("2 ** ", ""), "comprehensions": ("[", " for i in a]"), "stars": ("f(*", ")"),
    "generators": ("f(", " for i in a)"), "walruses": ("(y := ", ")"), "texts": ("'%s' % (", ",)"),
}  # fmt: skip


@pytest.mark.parametrize("nesting", NESTINGS)
def test_code_of_any_depth_is_read_or_told(nesting: str) -> None:
    # Around the limit, where recursion over a tree that is just shallow enough is deepest.
    before, behind = NESTINGS[nesting]
    for depth in (20, 45, 49, 70, 73, 100, 140, 145, 160):
        profile = profile_of(
            f"class A:\n def f(self, a, b):\n  return {before * depth}1{behind * depth}\n"
        )
        assert profile.skipped == () or "levels deep" in profile.skipped[0][1]
    assert "levels deep" in profile.skipped[0][1]


def test_a_low_recursion_limit_is_enough() -> None:
    # Fits whatever code a person writes; deeper files must degrade before they recurse.
    code = (
        "import sys\n"
        "from hostile_python import TEXTS, GOOD\n"
        "from profiles import profile_of\n"
        "profile_of(GOOD)\n"
        "names = ['nested parentheses', 'nested lists', 'attribute chain', 'nots', 'lambdas',\n"
        "         'boolean chain', 'elif chain', 'f-strings in f-strings', 'loops in loops']\n"
        "texts = [TEXTS[name]() for name in names]\n"
        "sys.setrecursionlimit(600)\n"
        "print([len(profile_of(text).files) for text in texts])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120,
        env={"PYTHONPATH": ":".join(sys.path), "CODESIM_CACHE": "off"},
    )  # fmt: skip
    assert run.stderr == ""
    assert json.loads(run.stdout) == [1] * 9
