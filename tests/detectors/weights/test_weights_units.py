"""Which units are tested, and where the tests do not hold."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

pytest.importorskip("torch")

import relations as given
import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.roles import Layer, layers, norms_subtract_mean, role_of
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.stream import measured
from codesim.detectors.weights.symmetry import order_test, permutation_test, products, sign_test
from codesim.detectors.weights.units import (
    all_tests,
    neuron_axes,
    neuron_products,
    permutation_tests,
    residual_test,
)


def _random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def _aligned(one: Mapping[str, Tensor], two: Mapping[str, Tensor]) -> list[Aligned]:
    windows = [map(Window.of, given.values(dict(side))) for side in (one, two)]
    return [Aligned(left, right, 0.0, "test") for left, right in zip(*windows, strict=True)]


def _layer(shapes: Mapping[str, tuple[int, int]], path: str = "layers.0.mlp") -> Layer:
    state = {f"{path}.{name}": torch.zeros(shape) for name, shape in shapes.items()}
    (found,) = layers(_aligned(state, state))
    return found


def _pixels(seed: int) -> dict[str, Tensor]:
    """Layers of a plain network that has learnt that its inputs are positive, as any other does."""
    return {
        f"layers.{n}.fc{k}.weight": _random(40, 40, seed=seed + 10 * n + k) + 0.8
        for n in range(3) for k in (1, 2)
    }  # fmt: skip


def _transformer(seed: int, names: tuple[str, ...] = ("input_layernorm", "post_norm")):
    shapes = {"gate_proj": (96, 64), "up_proj": (96, 64), "down_proj": (64, 96)}
    state = {
        f"model.layers.{n}.mlp.{name}.weight": _random(*shape, seed=seed + 100 * n + k)
        for n in range(3) for k, (name, shape) in enumerate(shapes.items())
    }  # fmt: skip
    norms = {f"model.layers.{n}.{name}.weight": torch.ones(64) for n in range(3) for name in names}
    return state, {**state, **norms}


def test_honest_networks_of_pixels_are_not_tested_by_residual_signs() -> None:
    pairs = _aligned(_pixels(1), _pixels(1000))
    found = list(zip(pairs, measured(pairs, "cpu"), strict=True))
    assert norms_subtract_mean(given.values(_pixels(1)))
    assert residual_test(found) == []
    tests = all_tests(layers(pairs), found, rms=False)
    assert all(test.log10_p > -3 for test in tests), tests


def test_residual_signs_of_a_gated_transformer() -> None:
    (one, _), (two, _) = _transformer(1), _transformer(50)
    for other, is_copy in ((two, False), (one, True)):
        pairs = _aligned(one, other)
        (test,) = residual_test(list(zip(pairs, measured(pairs, "cpu"), strict=True)))
        assert test.units == 64
        assert (test.log10_p < -6) is is_copy


@pytest.mark.parametrize(
    "more",
    ["model.layers.0.norm1.bias", "encoder.layer.0.attention.output.LayerNorm.bias",
     "h.0.ln_1.bias", "h.0.ln2.bias", "bert.LayerNorm.beta", "layers.2.final_layer_norm.bias"],
)  # fmt: skip
def test_norms_with_a_bias_subtract_a_mean(more: str) -> None:
    _, whole = _transformer(1)
    assert norms_subtract_mean(given.values({**whole, more: torch.zeros(64)}))


def test_norms_that_only_divide_need_proof() -> None:
    alone, whole = _transformer(1)
    assert norms_subtract_mean(given.values(alone))
    assert norms_subtract_mean(given.values(_transformer(1, ("input_layernorm",))[1]))
    assert not norms_subtract_mean(given.values(whole))
    assert not norms_subtract_mean(given.values(given.trained("parent")))


@pytest.mark.parametrize(
    ("shapes", "axes"),
    [
        ({"gate_proj": (96, 64), "up_proj": (96, 64), "down_proj": (64, 96)}, (0, 0, 1)),
        ({"gate_proj": (32, 64), "up_proj": (32, 64), "down_proj": (64, 32)}, (0, 0, 1)),
        ({"gate_proj": (64, 64), "up_proj": (64, 64), "down_proj": (64, 64)}, (0, 0, 1)),
        ({"gate_proj": (96, 64), "up_proj": (96, 64), "down_proj": (96, 64)}, (0, 0, 0)),
        ({"c_fc": (64, 256), "c_proj": (256, 64)}, (1, 0)),
        ({"c_fc": (256, 64), "c_proj": (64, 256)}, (0, 1)),
        ({"gate_proj": (96, 64), "up_proj": (80, 64), "down_proj": (64, 96)}, ()),
    ],
)
def test_neurons_lie_where_the_role_says(shapes, axes: tuple[int, ...]) -> None:
    assert tuple(neuron_axes(_layer(shapes)).values()) == axes


@pytest.mark.parametrize("shape", [(96, 64), (24, 64), (64, 64)])
def test_products_of_neurons(shape: tuple[int, int]) -> None:
    names = {"gate_proj": shape, "up_proj": shape, "down_proj": shape[::-1]}
    one, two = (
        {f"layers.0.mlp.{n}": _random(*s, seed=seed + k) for k, (n, s) in enumerate(names.items())}
        for seed in (1, 7)
    )
    sides = [torch.cat([a, b, c.T], 1) for a, b, c in (one.values(), two.values())]
    (layer,) = layers(_aligned(one, two))
    torch.testing.assert_close(
        neuron_products(layer), products(*sides), rtol=1e-4, atol=1e-4
    )  # fmt: skip


def test_draws_of_layers_are_others() -> None:
    c = products(_random(12, 3), _random(12, 3, seed=1))
    found = {order_test(c, f"neurons of {layer}").log10_p for layer in range(8)}
    assert len(found) > 1
    again = {order_test(c, f"neurons of {layer}").log10_p for layer in range(8)}
    assert found == again


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("bert.encoder.layer.0.attention.output.dense.weight", "out"),
        ("bert.encoder.layer.0.output.dense.weight", "down"),
        ("output.weight", "head"),
    ],
)
def test_outputs_of_attention_and_of_mlps(name: str, role: str) -> None:
    assert role_of(name) == role


def test_every_expert_is_a_layer_of_its_own() -> None:
    def state(seed: int) -> dict[str, Tensor]:
        made = {"model.layers.0.self_attn.v_proj.weight": _random(8, 16, seed=seed)}
        for e in range(4):
            for k, name in enumerate(("gate", "up")):
                path = f"model.layers.0.mlp.experts.{e}.{name}_proj.weight"
                made[path] = _random(32, 16, seed=seed + 9 * e + k)
        return made

    pairs = _aligned(state(1), state(2000))
    found = layers(pairs)
    assert [layer.name for layer in found] == [
        "model.layers.0", *(f"model.layers.0.{e}" for e in range(4))
    ]  # fmt: skip
    tests = permutation_tests(found)
    assert len(tests) == 4
    assert all(test.log10_p > -3 for test in tests)
    same = layers(_aligned(state(1), state(1)))
    assert [test.log10_p for test in permutation_tests(same)] == [-3.0] * 4


@pytest.mark.parametrize("bad", [math.nan, math.inf, 3e38])
def test_numbers_that_are_no_weights_reject_nothing(bad: float) -> None:
    assert sign_test([torch.full((30,), bad).float() ** 3]) is None or bad == 3e38
    assert permutation_test(torch.full((30, 4), bad), _random(30, 4)) is None
    broken = {f"layers.0.mlp.{n}_proj": torch.full((32, 16), bad) for n in ("gate", "up")}
    assert permutation_tests(layers(_aligned(broken, broken))) == []
