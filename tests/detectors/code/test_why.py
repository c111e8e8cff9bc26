"""What a match says was undone: told where it happened, and nothing told that did not."""

from __future__ import annotations

import pytest
from rewriting import Code, evidence_of
from test_rewrites_helpers import TILES, TILES_EXTRACTED

START = """
import numpy as np
import torch
import torch.nn.functional as F


def measure(model, batches, sizes, names, limit):
    rows, tables = [], {}
    for number, batch in enumerate(batches):
        scores = model(batch["pixels"], batch["mask"])
        ranked = torch.topk(scores, limit, dim=-1).indices
        found = (ranked == batch["label"].unsqueeze(-1)).any(dim=-1)
"""
END = """
        tables[names[number]] = found.float().mean().item() / sizes.max().item()
    order = sorted(tables, key=lambda name: -tables[name])
    return torch.tensor([tables[name] for name in order]).cumsum(0), order
"""


def work(*lines: str) -> str:
    """A definition with some lines of its own in its loop."""
    return START + "\n".join(f"        {line}" for line in lines) + END


def told(left: Code, right: Code) -> str:
    """Everything that the matches of two repositories say of themselves."""
    return " | ".join(m.why for pair in evidence_of(left, right).pairs for m in pair.matches)


PLAIN = work("total = found.sum() + 1", "if total > limit:", "    rows.append(total)")
UNTOLD = [
    pytest.param(PLAIN, PLAIN.replace("total", "amount"), ";", id="names alone"),
    pytest.param(
        PLAIN, work("print(found.sum())", *PLAIN.splitlines()[-8:-5]), "map", id="no maps"
    ),
    pytest.param(
        work("rows.append(torch.exp(scores))"),
        work("rows.append(torch.exp(scores))", "rows.append(torch.log(scores))"),
        "functions of the library",
        id="a call more is no call rewritten",
    ),
    pytest.param(
        work("rows.append(F.pad(scores, (1, 1)))"),
        work("rows.append(F.pad(scores, (1, 1)))", "rows.append(F.pad(found, pad=(2, 2)))"),
        "arguments named",
        id="a call more with a named argument",
    ),
    pytest.param(
        work("assert limit > 0", "rows.append(found)"),
        work("rows.append(found)"),
        "branches that raise",
        id="a dropped assertion raises nothing",
    ),
    pytest.param(TILES, TILES, "helper", id="no helpers"),
]
TOLD = [
    pytest.param(
        work("rows.append([int(x) for x in found])"),
        work("rows.append(list(map(int, found)))"),
        "comprehensions became map and filter",
        id="map",
    ),
    pytest.param(
        work("for i in range(len(found)):", "    rows.append(found[i] + limit)"),
        work("for each in found:", "    rows.append(each + limit)"),
        "indexes became iteration",
        id="indexes",
    ),
    pytest.param(
        work("rows.append(torch.exp(scores))", "rows.append(torch.cos(found))"),
        work("rows.append(scores.exp())", "rows.append(found.cos())"),
        "functions of the library became methods",
        id="methods",
    ),
    pytest.param(
        work("rows.append(torch.matmul(scores, found))"),
        work("rows.append(scores @ found)"),
        "calls became operators",
        id="operators",
    ),
    pytest.param(
        work("rows.append(torch.cat([scores, found], 1))"),
        work("rows.append(torch.cat([scores, found], dim=1))"),
        "arguments named",
        id="arguments",
    ),
    pytest.param(
        work("rows.append(dict(score=scores, hit=found))"),
        work('rows.append({"score": scores, "hit": found})'),
        "calls of dict became literals",
        id="dict",
    ),
    pytest.param(
        work('rows.append("n=" + str(found.sum()))'),
        work('rows.append(f"n={found.sum()}")'),
        "string formatting rewritten",
        id="concatenation",
    ),
    pytest.param(
        work("assert limit > found.sum(), 'few'"),
        work("if not limit > found.sum():", "    raise ValueError('few')"),
        "assertions became branches that raise",
        id="assertions",
    ),
    pytest.param(
        work("if limit > 3:", "    if found.any():", "        rows.append(found)"),
        work("if limit > 3 and found.any():", "    rows.append(found)"),
        "nested branches joined",
        id="nested branches",
    ),
    pytest.param(TILES, TILES_EXTRACTED, "a helper extracted", id="a helper"),
]


@pytest.mark.parametrize(("left", "right", "phrase"), UNTOLD)
def test_nothing_is_told_that_did_not_happen(left: Code, right: Code, phrase: str) -> None:
    assert phrase not in told(left, right)


@pytest.mark.parametrize(("left", "right", "phrase"), TOLD)
def test_a_rewrite_is_told(left: Code, right: Code, phrase: str) -> None:
    assert phrase in told(left, right), told(left, right)
