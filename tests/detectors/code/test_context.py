"""What context completes once two files stand together, and what it leaves alone."""

from __future__ import annotations

import ast

import pytest
from rewriting import evidence_of, measured

RARE = """
import numpy as np
import torch


def spiral(radius, turns, wobble=0.37):
    theta = np.linspace(0.0, 2 * np.pi * turns, 731)
    grow = radius * np.exp(-wobble * theta / 5.25)
    x = grow * np.cos(theta) + 0.11 * np.sin(7 * theta)
    y = grow * np.sin(theta) - 0.13 * np.cos(5 * theta)
    return np.stack([np.cumsum(x), np.cumprod(1 + 0.001 * y)], axis=-1)


def settle(field, rounds, rate=0.043):
    for step in range(rounds):
        pull = torch.roll(field, 3, dims=-1) - torch.roll(field, -2, dims=-2)
        field = field + rate * torch.tanh(pull) / (1.7 + step)
    return torch.fft.irfft(torch.fft.rfft(field) ** 2, n=field.shape[-1])
"""
SMALL = """

class Ring:
    def __init__(self, size, start=3):
        self.size = size
        self.start = start

    def next(self, place):
        return (place + self.start) % self.size


def clamp(value, low, high):
    return max(low, min(value, high))
"""
HONEST = """

class Store:
    def __init__(self, folder):
        self.folder = folder
        self.rows = []

    def add(self, row):
        self.rows.append(row)
        return len(self.rows)


def read(path):
    with open(path) as file:
        return [line.split(",") for line in file]


def report(rows):
    lines = sorted({row[0].strip().lower() for row in rows if row})
    return "\\n".join(line.title() for line in lines)
"""
INSERTED = {
    "a live call": "len('step {n}')",
    "a list that grows": "trace.append({n})",
    "an if that never holds": "if {n} > 90000:\n    spare = {n}",
    "an assertion on constants": "assert {n} < 90000",
    "a log call by its path": "logging.getLogger(__name__).info('step {n}')",
    "a name of its own": "spare_{n} = {n} * 3 + 1",
}


def with_inserted(code: str, line: str) -> str:
    """The code with a statement behind every statement of every function."""
    tree = ast.parse(code)
    number = 0
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.For):
            continue
        body = []
        for statement in node.body:
            number += 1
            body += [statement, *ast.parse(line.format(n=number)).body]
        node.body = body
    return ast.unparse(ast.fix_missing_locations(tree))


def test_what_differs_honestly_beside_a_copy_stays_apart() -> None:
    alone = measured(RARE, RARE + HONEST)
    beside = measured(RARE + SMALL, RARE + HONEST)

    assert alone.left == 1.0
    assert beside.right <= alone.right + 0.02


def test_small_code_without_company_is_no_match() -> None:
    assert evidence_of(SMALL, HONEST).pairs == ()
    assert evidence_of(HONEST, SMALL + "\n\ndef other(x):\n    return x + 1\n").pairs == ()


@pytest.mark.parametrize("line", INSERTED.values(), ids=INSERTED.keys())
def test_context_never_makes_it_stronger(line: str) -> None:
    inserted, same = with_inserted(RARE, line), RARE
    assert evidence_of(same, inserted).score <= evidence_of(same, same).score


@pytest.mark.parametrize("line", INSERTED.values(), ids=INSERTED.keys())
def test_a_statement_behind_every_statement_hides_nothing(line: str) -> None:
    code = RARE + SMALL

    assert measured(code, with_inserted(code, line)).left >= 0.95


def test_small_definitions_follow_their_file() -> None:
    assert measured(RARE + SMALL, SMALL.replace("Ring", "Wheel") + RARE).left >= 0.98


def test_a_file_split_in_three_is_still_covered() -> None:
    first, second = RARE.split("\n\ndef settle")
    parts = {
        "pkg/curve.py": first,
        "pkg/field.py": "import torch\n\n\ndef settle" + second,
        "pkg/small.py": SMALL,
    }
    assert measured({"pkg/all.py": RARE + SMALL}, parts).left >= 0.95
