"""The rename map: votes, consistency, roles, and names that were reused instead of renamed."""

from __future__ import annotations

import re

import pytest
from rewriting import evidence_of

from codesim import Rename

LEFT = """
import torch
from torch import nn


def sincos(size, positions):
    omega = torch.arange(size // 2, dtype=torch.float32) / (size / 2.0)
    angle = torch.einsum("m,d->md", positions.reshape(-1), 1.0 / 10000 ** omega)
    return torch.cat([torch.sin(angle), torch.cos(angle)], dim=1)


class Resampler(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(config.queries, config.width))
        self.attend = nn.MultiheadAttention(config.width, config.heads, batch_first=True)
        self.norm_query = nn.LayerNorm(config.width, eps=1e-6)

    def place(self, patches):
        rows = torch.arange(patches.size(1), device=patches.device)
        return patches + sincos(patches.size(-1), rows).to(patches.dtype)

    def forward(self, patches):
        query = self.norm_query(self.query).unsqueeze(0).expand(patches.size(0), -1, -1)
        found, _ = self.attend(query, self.place(patches), patches, need_weights=False)
        return found
"""
RENAMES = {
    "sincos": "pos_val", "Resampler": "Projection", "place": "add_code", "config": "opts",
    "queries": "slots", "norm_query": "first_norm", "attend": "mixing", "patches": "feats",
    "omega": "freq", "angle": "phase", "rows": "line", "found": "out", "query": "seed",
}  # fmt: skip


def renamed(code: str, names: dict[str, str]) -> str:
    return re.sub(r"\b\w+\b", lambda word: names.get(word.group(), word.group()), code)


def table(*sides: str) -> dict[tuple[str, str], Rename]:
    return {(r.left, r.right): r for r in evidence_of(*sides).renames}


def test_equal_names_are_no_renames() -> None:
    assert table(LEFT, LEFT + "\nprint(1)\n") == {}


def test_unrelated_code_renames_nothing() -> None:
    other = """
import torch


def step(model, batch, optimizer):
    loss = torch.nn.functional.cross_entropy(model(batch["x"]), batch["y"])
    loss.backward()
    optimizer.step()
    return loss.item()
"""
    assert table(LEFT, other) == {}


def test_every_rename_is_told_with_its_role() -> None:
    found = table(LEFT, renamed(LEFT, RENAMES))
    assert {
        ("Resampler", "Projection"): "class", ("sincos", "pos_val"): "function",
        ("place", "add_code"): "method", ("attend", "mixing"): "attribute",
        ("queries", "slots"): "attribute", ("omega", "freq"): "variable",
        ("found", "out"): "variable", ("rows", "line"): "variable",
    }.items() <= {names: rename.role for names, rename in found.items()}.items()  # fmt: skip


def test_a_consistent_rename_has_every_vote() -> None:
    found = table(LEFT, renamed(LEFT, RENAMES))
    assert set(found) <= set(RENAMES.items())
    assert all(rename.consistency == 1.0 and rename.votes >= 1 for rename in found.values())
    assert found["patches", "feats"].votes > found["rows", "line"].votes


def test_each_match_lists_the_names_that_it_counts() -> None:
    (pair,) = evidence_of(LEFT, renamed(LEFT, RENAMES)).pairs
    assert pair.matches
    for match in pair.matches:
        assert set(match.names) <= set(RENAMES.items())
        counted = re.search(r"(\d+) names? changed", match.why)
        assert len(match.names) == (int(counted.group(1)) if counted else 0)
    assert ("omega", "freq") in {names for match in pair.matches for names in match.names}


def test_swapped_names_are_renames_too() -> None:
    swapped = renamed(LEFT, {"omega": "angle", "angle": "omega"})
    assert {("omega", "angle"), ("angle", "omega")} <= set(table(LEFT, swapped))


def test_a_name_with_two_partners_is_marked_or_left_out() -> None:
    head, tail = LEFT.split("    def place")
    one = renamed(head, {**RENAMES, "config": "opts"})
    two = renamed("    def place" + tail, {**RENAMES, "norm_query": "second_norm"})
    found = table(LEFT, one + two)
    ambiguous = [r for names, r in found.items() if "norm_query" in names]
    assert all(r.consistency < 1.0 for r in ambiguous)
    assert found["attend", "mixing"].consistency == 1.0


def test_renames_are_sorted_and_mirrored() -> None:
    there = evidence_of(LEFT, renamed(LEFT, RENAMES)).renames
    back = evidence_of(renamed(LEFT, RENAMES), LEFT).renames
    roles = ["class", "function", "method", "attribute", "keyword", "variable"]
    assert [roles.index(r.role) for r in there] == sorted(roles.index(r.role) for r in there)
    assert {(r.left, r.right, r.role) for r in there} == {(r.right, r.left, r.role) for r in back}


SPLIT_NAME = """
class Store:
    def __init__(self, config, table):
        self.cells = dict(table)
        self.first = config.width * 3 + len(table)
        self.last = config.width - max(table.values())

    def cost(self, config, marks):
        paid = sum(self.cells[mark] ** 2 for mark in marks if mark in self.cells)
        return paid / (config.width + self.first) - abs(self.last - config.width)

    def spread(self, config, marks):
        heights = sorted(self.cells[mark] % config.width for mark in marks)
        return [high - low for low, high in zip(heights, heights[1:])], config.width // self.first
"""


def test_one_name_that_became_two_is_shown_with_both_and_marked() -> None:
    names = ["breadth", "breadth", "breadth", "breadth", "reach", "reach"]
    parts = SPLIT_NAME.split("config.width")
    two = parts[0] + "".join(
        f"config.{name}{part}" for name, part in zip(names, parts[1:], strict=True)
    )
    found = table(SPLIT_NAME, two.replace("Store", "Vault").replace("cells", "slots"))
    assert found["Store", "Vault"].consistency == found["cells", "slots"].consistency == 1.0
    shares = [found["width", "breadth"].consistency, found["width", "reach"].consistency]
    assert all(0.0 < share < 1.0 for share in shares)
    assert sum(shares) == pytest.approx(1.0, abs=0.01)


def test_a_name_that_was_reused_is_no_rename() -> None:
    names = ["a", "b", "c", "d", "e", "f"]
    parts = SPLIT_NAME.split("config.width")
    two = parts[0] + "".join(
        f"config.{name}{part}" for name, part in zip(names, parts[1:], strict=True)
    )
    assert not [names for names in table(SPLIT_NAME, two) if names[0] == "width"]
