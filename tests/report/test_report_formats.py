"""What holds for every format in the table, and that the table is all there is to it."""

from __future__ import annotations

import re

import pytest
from hostile_strings import HOSTILE, holding, plain

from codesim.cli.app import cli
from codesim.report import FORMATS, rendered
from codesim.report.formats import suffix_of

NAMES = [form.name for form in FORMATS]
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_is_rendered_the_same_each_time(name, text):
    document = holding(text)
    found = rendered(name, document)
    assert found == rendered(name, document)
    assert found.decode("utf-8")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "json"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_seen_is_shown(name, text):
    assert not UNSEEN.search(rendered(name, holding(text)).decode("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_harmless_document_says_what_it_holds(name):
    assert b"plain" in rendered(name, plain())


def test_the_table_makes_the_options():
    for command in ("compare", "weights", "report", "demo"):
        options = {name for each in cli.commands[command].params for name in each.opts}
        assert {f"--{name}" for name in NAMES} <= options
    assert len({form.suffix for form in FORMATS}) == len(FORMATS)
    assert suffix_of("sarif") == ".sarif"
