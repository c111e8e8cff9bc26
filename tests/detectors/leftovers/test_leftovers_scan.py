"""Text cut into comments, literals, names, addresses: what counts, and what does not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codesim.detectors.leftovers.reader import scan_file
from codesim.detectors.leftovers.scan import kind_of_comment


def items(path: str, text: str) -> set[tuple[str, str]]:
    return {(item.kind, item.text) for item in scan_file(path, text).items}


def mentions(path: str, text: str) -> set[tuple[str, str]]:
    return {(mention.how, mention.name) for mention in scan_file(path, text).mentions}


# Negative first: what everybody writes is nobody's leftover.
@pytest.mark.parametrize(
    "text",
    [
        "# Licensed under the Apache License, Version 2.0",
        "# Copyright 2024 The Lamplight Authors. All rights reserved.",
        "# noqa: this line is too long for a reason",
        "# pylint: disable=too-many-arguments, too-many-locals",
        "# -----------------------------------------",
        "# short one",
        "x = 'one'",
        "size = 224",
        'ROOT = "/usr/lib/python3"',
    ],
)
def test_usual_lines_are_no_items(text: str) -> None:
    assert items("a.py", text) == set()


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("# the lamp must warm up first", "comment", "the lamp must warm up first"),
        ("x = 1  # warm the lamp twice here", "comment", "warm the lamp twice here"),
        ("# TODO(lena): warm the lamp", "TODO", "todo(lena): warm the lamp"),
        ("# TODO(lena): warm the lamp", "handle", "lena"),
        ("# lamp = warm(lamp, 3)", "commented-out code", "lamp = warm(lamp, 3)"),
        ('raise E(f"no lamp was {given} at all")', "message", "no lamp was {} at all"),
        (
            '"""First.\n\nThe lamp must warm up first.\n"""',
            "comment",
            "the lamp must warm up first",
        ),
        ("SCALE = 0.182153", "number", "0.182153"),
        ('PATH = "/data/lena/lamps"', "path", "/data/lena/lamps"),
        ("# see https://example.org/lamps.", "URL", "https://example.org/lamps"),
        ("# ask lena@example.org about it", "e-mail", "lena@example.org"),
        ('load("lena/lamp-7b")', "repository", "lena/lamp-7b"),
        ('os.environ["LAMP_ROOT"]', "environment variable", "LAMP_ROOT"),
        ('wandb.init(project="lamps-v2")', "tracking id", "lamps-v2"),
        ("# the lamp\u200b warms", "odd character", "the lamp\u200b warms"),
    ],
)
def test_rare_things_are_items(text: str, kind: str, found: str) -> None:
    assert (kind, found) in items("a.py", text)


def test_lines_are_those_of_the_file() -> None:
    text = '"""Doc.\n\nMore of it here now.\n"""\nx = 1\n\n# the lamp must warm up first\n'
    lines = {item.text: item.line for item in scan_file("a.py", text).items}

    assert lines == {"more of it here now": 3, "the lamp must warm up first": 7}


def test_languages_of_the_c_family() -> None:
    text = (
        '/* the lamp\n * must warm up first */\nint a; // turn the lamp off\nchar *s = "# not it";'
    )

    assert items("kernel.cu", text) == {
        ("comment", "must warm up first"),
        ("comment", "turn the lamp off"),
    }


def test_definitions_parameters_and_attributes_are_told_apart() -> None:
    scan = scan_file(
        "a.py",
        "class Lamp:\n    def warm(self, first_step, *, rest=2):\n        self.heat_level = rest\n"
        "        local_heat = other.cool_level\n        other.far_level = 1\n",
    )

    assert [name for name, _ in scan.defined] == ["Lamp", "heat_level", "warm"]
    bound = {name for name, _ in scan.bound}
    assert {"first_step", "local_heat", "rest"} <= bound
    assert not {"far_level", "cool_level"} & (bound | {name for name, _ in scan.defined})


def test_imports_near_and_far() -> None:
    text = (
        "from .lamps import Lamp\nfrom . import wires\nimport far.away as near\nfrom old import x"
    )

    assert {
        ("relative import", "lamps"),
        ("relative import", "wires"),
        ("import", "far.away"),
        ("import", "old"),
    } <= mentions("a.py", text)


def test_configurations_give_names_and_no_values() -> None:
    text = '{"auto_map": {"AutoModel": "modeling_lamp.LampModel"}, "size": 123456}'

    assert ("dotted", "modeling_lamp.LampModel") in mentions("config.json", text)
    assert items("config.json", text) == set()


def test_what_stands_behind_an_address_is_not_a_file_here() -> None:
    assert ("file", "lamp.py") in mentions("a.py", "# taken from lamp.py")
    assert mentions("a.py", "# https://example.org/x/lamp.py") == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x = warm(lamp)", "commented-out code"),
        ("for lamp in lamps:", "commented-out code"),
        ("print(lamp, end='')", "commented-out code"),
        ("warm the lamp (twice)", "comment"),
        ("if the lamp is warm, go on", "comment"),
        ("FIXME: the lamp is cold", "TODO"),
    ],
)
def test_kinds_of_comments(text: str, kind: str) -> None:
    assert kind_of_comment(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        '"""' * 100_001,
        '"""\\' * 60_000,
        "'''\\\"\"\"" * 40_000,
        "\\\n" * 100_000,
        "from x import (" * 20_000,
        "def f(" * 40_000,
        "# " + "a" * 300_000,
        "a" * 300_000 + "@",
        "x: " + "[" * 300_000 + "=",
        "/" * 200_000,
        "a.b" * 100_000,
        "`" * 200_001,
        "#" + "a_" * 150_000,
        " " * 300_000 + "def",
        "self." * 60_000,
        "[" + "1_" * 150_000,
    ],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.parametrize("path", ["a.py", "a.cu", "a.md", "a.json"])
def test_hostile_text_takes_linear_time(path: str, text: str) -> None:
    began = time.process_time()
    scan_file(path, text)

    assert time.process_time() - began < 3.0


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("\"'`#/*\\\n abc_.()=:,@1é\u200b"), max_size=200),
    st.sampled_from(["a.py", "a.c", "a.md", "a.yaml", "a.json"]),
)
def test_any_text_is_read(text: str, path: str) -> None:
    scan = scan_file(path, text)
    last = text.count("\n") + 1

    assert all(1 <= item.line <= last for item in scan.items)
    assert all(1 <= mention.line <= last for mention in scan.mentions)
