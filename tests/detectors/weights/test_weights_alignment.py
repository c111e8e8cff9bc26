"""Which tensor stands where which other does, by content."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("torch")

import relations as given
import torch

from codesim.detectors.weights.alignment import Aligned, aligned
from codesim.detectors.weights.names import renames


def _pairs(left: given.Model, right: given.Model) -> list[Aligned]:
    return aligned(given.values(left), given.values(right))


def _matrices(pairs: list[Aligned]) -> list[Aligned]:
    return [pair for pair in pairs if min(pair.left.shape) > 1]


def _role(name: str) -> tuple[str, str]:
    """Layer and part of a name of either convention."""
    layer = re.search(r"\d+", name)
    part = re.search(r"gate_up|qkv|gate|up|down|[qkvo](?=_)|embed|wte|lm_head", name)
    assert part, name
    return (layer.group() if layer else "", part.group().replace("wte", "embed"))


# --- must not match


def test_independent_models_are_paired_by_name_only() -> None:
    pairs = _pairs(given.trained("parent"), given.trained("independent"))
    assert {pair.how for pair in pairs} == {"name"}
    assert all(one == two for one, two in (pair.names for pair in pairs))


def test_nothing_is_paired_where_no_shape_agrees() -> None:
    one = {"a": torch.randn(40, 30), "b": torch.randn(7, 9)}
    assert _pairs(one, {"c": torch.randn(41, 31)}) == []
    assert _pairs(one, {}) == []


def test_random_matrices_are_no_parts_of_random_ones() -> None:
    chance = torch.Generator().manual_seed(1)
    small = {f"s.{n}": torch.randn(64, 96, generator=chance) for n in range(12)}
    large = {f"l.{n}": torch.randn(192, 96, generator=chance) for n in range(4)}
    assert _pairs(small, large) == []


def test_constant_and_unreadable_numbers_support_nothing() -> None:
    one = {"x.weight": torch.ones(64, 64), "n.weight": torch.full((64, 32), float("nan"))}
    pairs = _pairs(one, {"x.weight": torch.ones(64, 64), "n.weight": torch.zeros(64, 32)})
    assert {pair.how for pair in pairs} == {"name"}
    assert [pair.sampled for pair in pairs] == [0.0, 0.0]


# --- must match


def test_renamed_fused_transposed_tuned_and_noised() -> None:
    right = given.renamed(given.transposed_and_fused(given.noised(given.trained("tuned"), 0.3)))
    pairs = _matrices(_pairs(given.trained("parent"), right))
    assert len(pairs) == 30
    for pair in pairs:
        (layer, part), (other, where) = map(_role, pair.names)
        assert layer == other
        assert part in where or (where == "qkv" and part in "qkv")
        assert pair.left.shape == pair.right.shape
        assert pair.sampled > 0.85
        assert pair.runner_up < 0.25
    parts = {"q": 0, "k": 64, "v": 96, "gate": 0, "up": 176}
    for pair in pairs:
        part = _role(pair.names[0])[1]
        assert pair.right.first == parts.get(part, 0)
        assert pair.right.transposed == (part == "down")


def test_fused_with_three_times_the_noise() -> None:
    """Some parts of a fused tensor are found only after others."""
    parent = given.trained("parent")
    right = given.transposed_and_fused(given.noised(parent, 3.0))
    fused = [p for p in _matrices(_pairs(parent, right)) if "qkv" in p.names[1]]
    assert [p.how for p in fused] == ["part"] * 12
    first = {"q": 0, "k": 64, "v": 96}
    assert all(p.right.first == first[_role(p.names[0])[1]] for p in fused)


def test_a_fused_matrix_that_is_stored_transposed() -> None:
    one = {name: torch.randn(64, 48) for name in ("q", "k", "v")}
    two = {"c_attn": torch.cat(list(one.values())).T.contiguous()}
    pairs = _pairs(one, two)
    assert [(p.names[0], p.right.low, p.right.transposed) for p in pairs] == [
        ("q", 0, True), ("k", 64, True), ("v", 128, True),
    ]  # fmt: skip
    assert all(pair.sampled > 0.999 for pair in pairs)
    swapped = _pairs(two, one)
    assert [(p.left.low, p.left.transposed) for p in swapped] == [
        (0, True),
        (64, True),
        (128, True),
    ]


def test_columns_that_were_added() -> None:
    one = {"w": torch.randn(64, 48)}
    (pair,) = _pairs(one, {"wide": torch.cat([one["w"], torch.randn(64, 20)], 1)})
    assert pair.how == "part"
    assert (pair.right.low, pair.right.high, pair.right.transposed) == (0, 48, False)
    assert pair.right.shape == (64, 48)


def test_a_longer_vocabulary() -> None:
    parent = given.trained("parent")
    pairs = {p.names[0]: p for p in _pairs(parent, given.extended(parent, 100))}
    pair = pairs["model.embed_tokens.weight"]
    assert (pair.how, pair.right.first, pair.right.last) == ("part", 0, 1024)


def test_layers_that_were_duplicated() -> None:
    order = [0, 1, 2, 1, 2, 3]
    parent = given.trained("parent")
    pairs = _matrices(_pairs(parent, given.with_layers(parent, order)))
    assert len(pairs) == 2 + 7 * 6
    for pair in pairs:
        layer, other = (_role(name)[0] for name in pair.names)
        assert layer == (str(order[int(other)]) if other else "")


def test_layers_that_were_dropped() -> None:
    order = [0, 2, 3]
    parent = given.trained("parent")
    pairs = _matrices(_pairs(parent, given.with_layers(parent, order)))
    assert len(pairs) == 2 + 7 * 3
    assert all(pair.how == "same shape" for pair in pairs)
    for pair in pairs:
        layer, other = (_role(name)[0] for name in pair.names)
        assert layer == (str(order[int(other)]) if other else "")


def test_a_tied_head_that_one_side_stores_twice() -> None:
    embedding = torch.randn(300, 40)
    one = {"embed.weight": embedding, "lm_head.weight": embedding.clone()}
    pairs = _pairs(one, {"embed.weight": embedding})
    assert [(pair.names, pair.how) for pair in pairs] == [
        (("embed.weight", "embed.weight"), "same shape"),
        (("lm_head.weight", "embed.weight"), "repeated"),
    ]


def test_permuted_neurons_are_paired_by_name_and_the_rest_by_content() -> None:
    parent = given.trained("parent")
    pairs = _matrices(_pairs(parent, given.renamed(given.permuted(parent))))
    assert [_role(p.names[0]) for p in pairs] == [_role(p.names[1]) for p in pairs]
    assert {_role(p.names[0])[1] for p in pairs if p.how == "name"} == {"gate", "up", "down"}


def test_three_times_the_noise() -> None:
    parent = given.trained("parent")
    pairs = _matrices(_pairs(parent, given.renamed(given.noised(parent, 3.0))))
    assert [_role(p.names[0]) for p in pairs] == [_role(p.names[1]) for p in pairs]
    assert {p.how for p in pairs} == {"same shape"}


def test_many_tensors_of_one_shape() -> None:
    chance = torch.Generator().manual_seed(2)
    one = {f"expert.{n}": torch.randn(40, 40, generator=chance) for n in range(400)}
    two = {f"other.{399 - n}": value for n, value in enumerate(one.values())}
    pairs = _pairs(one, two)
    assert len(pairs) == 400
    assert all(int(a[7:]) + int(b[6:]) == 399 for a, b in (pair.names for pair in pairs))


def test_the_order_of_tensors_changes_nothing() -> None:
    parent, other = given.trained("parent"), given.renamed(given.trained("tuned"))
    once = [(p.names, p.how, p.sampled) for p in _pairs(parent, other)]
    turned = dict(reversed(list(other.items())))
    assert [(p.names, p.how, p.sampled) for p in _pairs(parent, turned)] == once


# --- names


def test_the_rename_map() -> None:
    parent = given.trained("parent")
    found = renames(p.names for p in _pairs(parent, given.renamed(parent)))
    (query,) = (rename for rename in found if "q_proj" in rename.left)
    assert query.left == "model.layers.*.self_attn.q_proj.weight"
    assert query.right == "decoder.blocks.*.attention.q_linear.weight"
    assert (query.votes, query.consistency) == (4, 1.0)
    assert renames([("a.1.b", "a.2.b")]) == ()
