"""Repetition, equal files and hostile texts: what once hid a copy, crashed or took for ever."""

from __future__ import annotations

import json
import time

import pytest
from profiles import profile_of

import codesim
from codesim import CloneType, Strength
from codesim.commons.cohort import Weights
from codesim.detectors.code import regions
from codesim.detectors.code.align import Pairing
from codesim.detectors.code.profile import Nodes
from codesim.detectors.code.side import Side

UNIT = '''
import torch


def cosine_with_restarts(step, warmup, period, floor):
    """Rate of one step, as a share of the peak."""
    if step < warmup:
        return step / max(1, warmup)
    phase = ((step - warmup) % period) / period
    wave = 0.5 * (1.0 + torch.cos(torch.tensor(phase * 3.14159)))
    return floor + (1.0 - floor) * float(wave)
'''


def compared(left: dict[str, str], right: dict[str, str]) -> codesim.Evidence:
    sides = (
        codesim.snapshot_of({path: text.encode() for path, text in side.items()})
        for side in (left, right)
    )
    return codesim.compare(*sides, only=["code"]).evidence[0]


def variants(count: int, prefix: str, first: int = 2) -> dict[str, str]:
    return {
        f"{prefix}{n}.py": UNIT.replace("step / max", f"step * {n + first}.5 / max")
        for n in range(count)
    }


@pytest.mark.parametrize("count", [2, 20, 25, 60])
def test_near_copies_are_found_however_many_there_are(count: int) -> None:
    found = compared(variants(count, "l"), variants(count, "r", first=500))

    assert found.strength is Strength.VERY_STRONG
    assert all(pair.right_coverage > 0.9 for pair in found.pairs)
    assert {pair.right.path for pair in found.pairs} == set(variants(count, "r"))


def test_one_file_against_hundreds_of_near_copies_is_found() -> None:
    assert (
        compared(variants(1, "l"), variants(401, "r", first=500)).strength is Strength.VERY_STRONG
    )


def test_ten_thousand_identical_functions_end_in_time() -> None:
    many = "\n".join(f"def f{n}(x):\n    return g(x, x + 1) * 2\n" for n in range(10_000))
    started = time.process_time()
    compared({"a.py": many}, {"b.py": many + "\n\ndef other(x):\n    return x\n"})

    assert time.process_time() - started < 60


def test_a_thousand_identical_functions_are_found() -> None:
    many = "".join(UNIT.replace("cosine", f"cosine_{n}") for n in range(1_000))
    found = compared({"a.py": many}, {"b.py": many + "\n\ndef other(x):\n    return x\n"})

    assert found.strength is Strength.VERY_STRONG
    assert found.pairs[0].left_coverage > 0.9


def test_a_notebook_and_a_module_of_the_same_bytes_are_two_things() -> None:
    cell = {"cell_type": "code", "source": UNIT}
    text = json.dumps({"cells": [cell, cell], "nbformat": 4})

    compared({"n.ipynb": text}, {"n.py": text})


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_that_one_side_has_twice_covers_both_and_counts_once(turned: bool) -> None:
    once, twice = {"a.py": UNIT}, {"a.py": UNIT, "b.py": UNIT}
    left, right = (twice, once) if turned else (once, twice)
    found = compared(left, right)

    assert "100 % of right is in left, 100 % of left is in right" in found.summary
    assert found.score == compared(once, once).score


DIFFERENT = [
    pytest.param("(query - key) * value", "query - key * value", id="brackets"),
    pytest.param("max(query, key)", "max(query.key)", id="a comma and a dot"),
]


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_equal_tokens_are_not_verbatim_when_the_code_differs(one: str, two: str) -> None:
    mix = "\n\ndef mix(query, key, value):\n    out = {}\n    return torch.tanh(out * 3.25)\n"
    code = UNIT + mix
    found = compared({"a.py": code.format(one)}, {"b.py": code.format(two)})
    matches = [match for pair in found.pairs for match in pair.matches]

    assert [m.clone_type for m in matches if "restarts" in m.left.label] == [CloneType.EXACT]
    assert all(m.clone_type > CloneType.RENAMED for m in matches if m.left.label == "mix")
    assert not any(m.left.label == "whole file" for m in matches)
    assert all(pair.left_coverage < 1.0 for pair in found.pairs)


TEXTS = [
    pytest.param("(" * 200 + "\n" * 400_000, id="empty lines behind open brackets"),
    pytest.param("(" * 200 + '\\"' * 100_000, id="escaped quotes that never close"),
    pytest.param("(" * 200 + '"""' * 60_000, id="triple quotes"),
    pytest.param("def f(x):\n    return f(x) + 1\n" * 12_000, id="one name defined 12,000 times"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_that_were_quadratic_end_in_time(text: str) -> None:
    started = time.process_time()
    profile_of(text.encode())

    assert time.process_time() - started < 8


def test_equal_files_of_many_tokens_build_no_lists_of_nodes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []
    made = Side.__init__

    def counted(side: Side, nodes: Nodes, first: int, last: int, weight: Weights | None) -> None:
        sizes.append(last - first)
        made(side, nodes, first, last, weight)

    monkeypatch.setattr(Side, "__init__", counted)
    many = {"a.py": "a=1\n" * 170_000}
    found = compared(many, many)

    assert found.strength is Strength.VERY_STRONG
    assert found.pairs[0].similarity == 1.0
    assert max(sizes, default=0) < 20_000


def test_similar_functions_are_read_once_and_aligned_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []
    aligned: list[int] = []
    made, align = Side.__init__, regions.align

    def counted(side: Side, nodes: Nodes, first: int, last: int, weight: Weights | None) -> None:
        read.append(first)
        made(side, nodes, first, last, weight)

    def counted_alignment(left: Side, right: Side, related: bool = False) -> Pairing:
        aligned.append(left.size)
        return align(left, right, related)

    monkeypatch.setattr(Side, "__init__", counted)
    monkeypatch.setattr(regions, "align", counted_alignment)
    count = 200
    left = "".join(
        UNIT.replace("cosine", f"cosine_{n}") + f"\n\nA{n} = {n}\n" for n in range(count)
    )
    right = left.replace("warmup", "ramp").replace("wave", "w").replace("1, ", "2, ")
    compared({"a.py": left}, {"b.py": right})

    assert len(read) < 2 * 2 * (count + 2)
    assert len(aligned) < 20 * count


def test_thousands_of_uses_of_one_value_align_in_time() -> None:
    left = "def f(x, y):\n" + "".join(f"    g(x + {n})\n" for n in range(4_000))
    right = "def f(x, y):\n" + "".join(f"    g(x - {n})\n" for n in range(4_000))
    started = time.process_time()
    compared({"a.py": left}, {"b.py": right})

    assert time.process_time() - started < 15
