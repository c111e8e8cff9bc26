"""Reformatting and reordering change nothing, and sides can be swapped."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from tokenizer_samples import LLAMA3, OWN, compared

from codesim.model import Evidence

NAMES = st.sampled_from([*OWN, "<image>", "<pad>", "<s>", "[TILE]", "<|eot_id|>", "\u00e9\u4e2d"])
TOKENS = st.dictionaries(NAMES, st.integers(128002, 128400), max_size=9)


def distinct(tokens: dict[str, int]) -> dict[str, int]:
    """One token per id, none of them of the base."""
    one = {number: text for text, number in tokens.items()}
    taken = {*LLAMA3.values()}
    return {t: n for n, t in one.items() if n not in taken and t not in LLAMA3}


def written(tokens: dict[str, int], order: int, indent: int | None, ascii_only: bool) -> bytes:
    """One configuration, in some order of keys and some style."""
    items = sorted({**tokens, **LLAMA3}.items())
    items = items[order % len(items) :] + items[: order % len(items)]
    decoder: dict[str, object] = {}
    for text, number in items:
        flags = [("content", text), ("special", True), ("lstrip", False)]
        decoder.setdefault(str(number), dict(flags[:: -1 if order % 2 else 1]))
    keys = [("added_tokens_decoder", decoder), ("bos_token", "<|begin_of_text|>")]
    value = dict(keys[:: 1 if order % 3 else -1])
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()


def said(evidence: Evidence) -> tuple[object, ...]:
    facts = {key: value for key, value in evidence.facts.items() if key != "identical_files"}
    summary = evidence.summary.replace("json identical", "json equal as JSON")
    return evidence.strength, evidence.score, summary, evidence.tables, facts


def states(evidence: Evidence) -> list[str]:
    rows = [row for table in evidence.tables for row in table.rows]
    kept = [row for row in rows if len(row) == 6]
    return sorted(row[4] for row in kept)


@given(TOKENS, TOKENS, st.integers(0, 60), st.sampled_from([None, 0, 4]), st.booleans())
def test_style_changes_nothing(ours, theirs, order, indent, ascii_only):
    ours, theirs = distinct(ours), distinct(theirs)
    right = {"tokenizer_config.json": written(theirs, 0, 2, True)}
    plain = compared({"tokenizer_config.json": written(ours, 0, 2, True)}, right)
    other = compared({"tokenizer_config.json": written(ours, order, indent, ascii_only)}, right)
    # Only whether files are also the same to the last byte is a matter of style.
    assert said(other) == said(plain)


@given(TOKENS, TOKENS)
def test_swapping_sides_swaps_the_result(ours, theirs):
    files = [{"added_tokens.json": json.dumps(each).encode()} for each in (ours, theirs)]
    there, back = compared(*files), compared(*files[::-1])
    assert there.strength is back.strength
    assert there.score == back.score
    assert [(p.left, p.right) for p in there.pairs] == [(p.right, p.left) for p in back.pairs]
    swap = {"only left": "only right", "only right": "only left"}
    assert sorted(swap.get(each, each) for each in states(there)) == states(back)


@given(TOKENS)
def test_the_same_input_gives_the_same_result(tokens):
    files = {"added_tokens.json": json.dumps(tokens).encode()}
    assert compared(files, files) == compared(dict(reversed(files.items())), files)
