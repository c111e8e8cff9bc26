"""What any two models have alike is set aside, by its name or by its content."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

pytest.importorskip("torch")

import relations as given
import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.fixed import is_fixed
from codesim.detectors.weights.probe import probe
from codesim.detectors.weights.residual import Residual
from codesim.detectors.weights.roles import is_excluded
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.stream import measured


def _random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def _pair(one: Tensor, two: Tensor) -> Aligned:
    left, right = given.values({"left": one, "right": two})
    return Aligned(Window.of(left), Window.of(right), 0.0, "test")


def _positions(count: int, width: int) -> Tensor:
    angles = torch.arange(count)[:, None] / 10_000 ** (torch.arange(0, width, 2) / width)
    return torch.stack([angles.sin(), angles.cos()], 2).reshape(count, width)


def _as_identity(seed: int) -> Tensor:
    return torch.eye(64) + 0.05 * _random(64, 64, seed=seed)


WEIGHTS = {
    "normal": _random(64, 48),
    "vector": _random(300, 1),
    "smooth rows": _random(64, 48).cumsum(1),
    "low rank": _random(64, 2) @ _random(2, 64, seed=1),
    "ternary": (_random(64, 64) * 1.2).round().clamp(-1, 1),
    "mostly zero": torch.where(_random(64, 64) > 1.5, _random(64, 64), 0.0),
    "one large diagonal entry": _random(64, 64) + torch.diag(torch.eye(64)[3] * 100),
    "not a number": torch.full((20, 20), math.nan),
}
FIXED: dict[str, Callable[[int], Tensor]] = {
    "causal mask": lambda seed: torch.ones(64, 64).tril(),
    "causal mask of infinities": lambda seed: torch.full((64, 64), -math.inf).triu(1),
    "triangular": lambda seed: _random(32, 32, seed=seed).tril(),
    "zeros": lambda seed: torch.zeros(30, 40),
    "positions": lambda seed: torch.arange(512.0).repeat(8, 1),
    "sines": lambda seed: _positions(200, 64),
    "sines of a batch of one": lambda seed: _positions(200, 64)[None],
    "sines of one batch": lambda seed: _positions(200, 64)[:, None],
    "sines in a short format": lambda seed: _positions(200, 64).bfloat16(),
    "identity and noise": _as_identity,
}


@pytest.mark.parametrize("value", WEIGHTS.values(), ids=WEIGHTS.keys())
def test_weights_are_not_set_aside(value: Tensor) -> None:
    assert not is_fixed(_pair(value, value))


def test_one_side_alone_is_no_reason() -> None:
    assert not is_fixed(_pair(torch.zeros(64, 64), _random(64, 64)))


@pytest.mark.parametrize("made", FIXED.values(), ids=FIXED.keys())
def test_what_no_training_gave_is_set_aside(made: Callable[[int], Tensor]) -> None:
    pair = _pair(made(1), made(2))
    assert is_fixed(pair)
    assert Residual(pair, measured([pair], "cpu")[0], probe(pair), None, excluded=False).excluded


@pytest.mark.parametrize(
    "name",
    ["decoder.mask_decoder.0.up_proj.weight", "net.upper.weight", "blocks.1.camel.weight",
     "model.layers.0.mlp.up_proj.weight", "h.0.attn.c_attn.weight", "type.weight"],
)  # fmt: skip
def test_names_of_weights(name: str) -> None:
    assert not is_excluded(name, (64, 64))


@pytest.mark.parametrize(
    "name",
    ["block.0.SelfAttention.relative_attention_bias.weight", "pos_emb", "h.0.attn_mask",
     "pos_encoder.pe", "blocks.0.sa.heads.1.tril", "decoder.mask", "rel_pos_h", "alibi"],
)  # fmt: skip
def test_names_of_what_is_fixed(name: str) -> None:
    assert is_excluded(name, (64, 64))
