"""Markdown for a comment: no markup from any field, and never too long to be posted."""

from __future__ import annotations

import re

import pytest
from hostile_strings import HOSTILE, holding, plain
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_samples import comparison, evidence, match, pair

from codesim.model import Excluded, Fragment, Rename, Skipped, Table
from codesim.report import document_of, render_markdown
from codesim.report.markup import cell, code, prose

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"<details><summary>", "</summary>", "</details>"}
INLINE = {
    "text", "code_inline", "strong_open", "strong_close", "em_open", "em_close", "softbreak",
}  # fmt: skip
# What GitHub makes a mention, a reference, an address or an emoji of, outside code.
LIVE = re.compile(r"@|#\d|://|www\.|GH-|:\w+:|\b[0-9a-f]{7,40}\b")
LIMIT = 65_536


def inline(text):
    for token in PARSER.parse(text):
        yield from token.children or ()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_field_becomes_markup(text):
    found = render_markdown(holding(text))
    tokens, harmless = PARSER.parse(found), PARSER.parse(render_markdown(plain()))
    kinds = [token.type for token in tokens]
    # An empty note is no paragraph; everything else is where it is with harmless words.
    if text.strip():
        assert kinds == [token.type for token in harmless]
    assert {t.content.strip() for t in tokens if t.type == "html_block"} == OURS
    assert set(kinds) <= {token.type for token in harmless}
    for child in inline(found):
        assert child.type in INLINE
        if child.type == "text":
            assert not LIVE.search(child.content)
    assert found.replace("\n", "").isprintable()


def test_headings_of_tables_are_inert_too():
    name = "[x](javascript:alert(1)) | <b> `"
    found = evidence(tables=(Table("t", (name, "b"), (("1", ""),)),))
    text = render_markdown(document_of(comparison(evidence=(found,))))
    [row] = [line for line in text.splitlines() if "javascript" in line]
    assert row == "| `` [x](javascript:alert(1)) `` `\\x7c` `<b>` `` ` `` | b |".replace(
        "`` [x](javascript:alert(1)) ``", "`[x](javascript:alert(1))`"
    )
    assert "| `1` |  |" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", "`1`. first"),
        ("2) second", "`2)` second"),
        ("=== x", "`===` x"),
        ("the 1. of May", "the 1. of May"),
        ("3 names renamed; 80 % covered", "3 names renamed; 80 % covered"),
        ("see www.evil.example.", "see `www.evil.example`."),
    ],
)
def test_a_sentence_opens_no_block(text, shown):
    assert prose(text) == shown
    assert {t.type for t in PARSER.parse(prose(text))} == {
        "paragraph_open", "inline", "paragraph_close",
    }  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_sentence_is_words_and_code(text):
    tokens = PARSER.parse(f"{prose(text)}\n")
    assert {t.type for t in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    for child in inline(prose(text)):
        assert child.type in {"text", "code_inline", "softbreak"}
        assert child.type == "code_inline" or not LIVE.search(child.content)


@given(st.text("`|\\ <>[]()!*_~@#ab\n", max_size=40))
def test_a_fence_is_longer_than_every_run_of_backticks(text):
    spans = [child for child in inline(f"x {code(text)} y") if child.type == "code_inline"]
    assert len(spans) == bool(text)
    assert cell("") == ""


def test_one_line_is_one_number():
    spot = match(Fragment("a.py", (7, 7), "f"), Fragment("b.py", (3, 4), "g"))
    found = evidence(pairs=(pair("a.py", "b.py", (spot,)),))
    assert "| 7 `f` | 3–4 `g` |" in render_markdown(document_of(comparison(evidence=(found,))))


def crowded(text, kinds=12):
    """Much of everything, in many kinds."""
    spots = tuple(
        match(
            Fragment("a.py", (n + 1, n + 2), text), Fragment("b.py", (n + 1, n + 2), text), why=text
        )
        for n in range(60)
    )
    found = evidence(
        summary=text,
        pairs=tuple(pair(f"{n}{text}.py", f"{n}{text}.py", spots) for n in range(60)),
        renames=tuple(Rename(f"{n}{text}", text, 1, 1.0, text) for n in range(60)),
        excluded=tuple(Excluded(text, text, text) for _ in range(60)),
        tables=tuple(Table(text, (text, "b"), ((text, text),) * 60, text) for _ in range(9)),
    )
    many = [evidence(kind=f"kind{n}", pairs=found.pairs, renames=found.renames,
                     excluded=found.excluded, tables=found.tables, summary=text)
            for n in range(kinds)]  # fmt: skip
    skipped = tuple(Skipped(text, text) for _ in range(60))
    bases = (comparison().base[0],) * 60
    return document_of(comparison(evidence=tuple(many), skipped=skipped, base=bases), top=0)


@pytest.mark.parametrize(
    "text", ["a plain sentence of words " * 9, "x" * 5000, "`" * 3000, "\u202e" * 3000, "@a " * 900]
)
def test_a_comment_is_never_too_long(text):
    found = render_markdown(crowded(text))
    assert len(found) < LIMIT
    assert "left out for want of room; the HTML report has all." in found
    assert "### Provenance" in found
    assert {t.content.strip() for t in PARSER.parse(found) if t.type == "html_block"} <= OURS


def test_what_matters_most_stays():
    found = render_markdown(crowded("word " * 60, kinds=3))
    assert found.count("### Matching files") == 3
    assert "### Skipped" in found
    assert found.index("### Matching files") < found.index("### Skipped")


def test_nothing_is_left_out_where_there_is_room():
    assert "left out" not in render_markdown(document_of(comparison()))
