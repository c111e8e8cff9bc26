"""Reformatting and reordering change nothing; whatever is read, nothing breaks."""

from __future__ import annotations

import json
import random

import yaml
from config_samples import ODD, compared, profile
from hypothesis import given
from hypothesis import strategies as st

KEYS = st.text("abcdefghij_", min_size=1, max_size=8).filter(lambda key: key.strip("_"))
SCALARS = st.one_of(
    st.booleans(), st.none(), st.integers(-(10**12), 10**12), st.text("xyzäß -_/", max_size=12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)  # fmt: skip
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=4))
TREES = st.dictionaries(
    KEYS, st.one_of(VALUES, st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)), max_size=8
)


def _shuffled(value: object, seed: int) -> object:
    if not isinstance(value, dict):
        return value
    keys = sorted(value)
    random.Random(seed).shuffle(keys)
    return {key: _shuffled(value[key], seed) for key in keys}


def _settings(path: str, text: str) -> set[tuple[tuple[str, ...], str]]:
    return {
        (setting.path, setting.value)
        for unit in profile({path: text}).units
        for setting in unit.settings
    }


@given(TREES, st.integers(0, 9), st.sampled_from([None, 0, 3, "\t"]))
def test_reformatting_and_reordering_json_changes_no_setting(tree, seed, indent):
    written = json.dumps(_shuffled(tree, seed), indent=indent, ensure_ascii=seed % 2 == 0)
    assert _settings("a.json", json.dumps(tree)) == _settings("a.json", written)


@given(TREES, st.integers(0, 9), st.booleans())
def test_yaml_says_what_json_says(tree, seed, flow):
    written = yaml.safe_dump(
        _shuffled(tree, seed), default_flow_style=flow, allow_unicode=True, width=30 + 50 * seed
    )
    assert _settings("a.json", json.dumps(tree)) == _settings("a.yaml", written)


@given(TREES, TREES, st.integers(0, 9))
def test_reformatting_one_side_changes_no_evidence(left, right, seed):
    left, right = {**left, "odd": ODD}, {**right, **ODD}
    plain = compared({"a.json": json.dumps(left)}, {"b.json": json.dumps(right)})
    other = compared(
        {"a.json": json.dumps(_shuffled(left, seed), indent=2)}, {"b.json": json.dumps(right)}
    )
    assert (other.strength, other.score) == (plain.strength, plain.score)
    assert other.facts["shared"] == plain.facts["shared"]


@given(TREES, TREES)
def test_swapping_the_sides_swaps_the_result(left, right):
    left, right = {**left, "odd": 3713}, {**right, "peculiar": 3713, "odd": 3713}
    one = compared({"a.json": json.dumps(left)}, {"b.json": json.dumps(right)})
    two = compared({"b.json": json.dumps(right)}, {"a.json": json.dumps(left)})
    assert (one.strength, one.score, one.summary) == (two.strength, two.score, two.summary)
    turned = {(r[1], r[0], r[3], r[2]) for table in two.tables for r in table.rows}
    assert {r[:4] for table in one.tables for r in table.rows} == turned


@given(st.binary(max_size=300), st.sampled_from([
    "a.json", "a.yaml", "a.toml", "a.ini", ".env", "a.gin", "config.py",
]))  # fmt: skip
def test_any_bytes_are_read_or_named(data, path):
    found = profile({path: data, "ok/config.json": b'{"kept": 1}'})
    assert any(unit.path == "ok/config.json" for unit in found.units)
    compared({path: data}, {path: data})


PIECES = st.sampled_from([
    "{", "}", "[", "]", ":", ",", '"a"', "1", "-", "\n", "  ", "a:", "&x ", "*x", "<<", "!!t ", "#",
    "=", ".", "'", "\\", "|", ">", "?", "\t", "dict(", ")", "class Config:",
    "def __init__(self, a=",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from([
    "a.json", "a.yaml", "a.toml", "a.ini", ".env", "a.gin", "config.py",
]))  # fmt: skip
def test_any_syntax_is_read_or_named(text, path):
    found = profile({path: text, "good.json": '{"tide_width": 7}'})
    assert "good.json" in str(found)
