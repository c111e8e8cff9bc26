"""Tests of independent initialisation and statistics of residuals, on numbers of known law."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("torch")

import torch

from codesim.detectors.weights.probe import examined
from codesim.detectors.weights.residual import noise_edge, spectrum
from codesim.detectors.weights.roles import is_excluded, place_of, role_of, stack_of
from codesim.detectors.weights.symmetry import (
    combined,
    p_text,
    permutation_test,
    pooled,
    sign_test,
)


def _random(*shape: int, seed: int = 0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_sign_test_is_at_its_ceiling_for_a_copy_and_small_for_strangers() -> None:
    a, b = _random(400, 64), _random(400, 64, seed=1)
    copy, stranger = sign_test([(a * a).sum(1)]), sign_test([(a * b).sum(1)])
    assert copy is not None
    assert stranger is not None
    assert copy.z == pytest.approx(copy.ceiling)
    assert copy.log10_p == pytest.approx(math.log10(2) - copy.z**2 / 2 * math.log10(math.e))
    assert abs(stranger.z) < 3
    assert stranger.log10_p > -2


def test_sign_test_bound_holds_for_four_units() -> None:
    found = sign_test([torch.ones(4)])
    assert found is not None
    assert 10**found.log10_p >= 2 / 2**4


def test_exact_moments_are_those_of_all_permutations() -> None:
    from itertools import permutations

    a, b = _random(5, 3).double(), _random(5, 3, seed=1).double()
    a, b = a - a.mean(0), b - b.mean(0)
    orders = list(permutations(range(5)))
    traces = torch.stack([(a * b[list(order)]).sum() for order in orders])
    found = permutation_test(a, b)
    assert found is not None
    assert float(traces.mean()) == pytest.approx(0, abs=1e-9)
    assert found.z == pytest.approx(float((a * b).sum() / traces.std(correction=0)))


def test_permutation_p_is_never_below_what_the_draws_allow() -> None:
    a = _random(50, 8)
    found = permutation_test(a, a)
    assert found is not None
    assert found.log10_p == pytest.approx(-3)
    together = pooled([found] * 3, "together")
    assert together is not None
    # Chi-squared with 6 degrees of freedom beyond 6 log 1000.
    x = 3 * math.log(1000)
    assert 10**together.log10_p == pytest.approx(math.exp(-x) * (1 + x + x * x / 2))


def test_several_tests_count_against_each_other() -> None:
    one = sign_test([torch.ones(100)])
    assert one is not None
    assert combined([one, one]) == pytest.approx(one.log10_p + math.log10(2))
    assert combined([]) == 0.0


@pytest.mark.parametrize(
    ("log10_p", "text"),
    [(-5000, "<= 1e-300 (bound)"), (-12.5, "3.2e-13"), (-0.3, "0.5"), (0, "1")],
)
def test_p_is_printed_and_never_below_the_bound(log10_p: float, text: str) -> None:
    assert p_text(log10_p) == text


@pytest.mark.parametrize("shape", [(32, 64), (64, 64), (176, 64), (512, 512)])
def test_white_noise_stays_below_its_edge(shape: tuple[int, int]) -> None:
    edges = [spectrum(_random(*shape, seed=seed)).edge for seed in range(20)]
    assert max(edges) < noise_edge(*shape)


@pytest.mark.parametrize("rank", [1, 4, 8])
def test_rank_is_read_off_the_gap(rank: int) -> None:
    found = spectrum(_random(64, rank) @ _random(rank, 64, seed=1) + 1e-3 * _random(64, 64, seed=2))
    assert found.rank == rank
    assert found.gap > 10


def test_noise_is_told_from_the_rounding_of_its_format() -> None:
    a = (0.05 * _random(256, 256)).bfloat16().double()
    b = (a + 5e-4 * _random(256, 256, seed=1)).bfloat16().double()
    noise = examined(a, b, (2.0**-8, 2.0**-8)).noise[0]
    assert noise.sigma == pytest.approx(5e-4, rel=0.03)
    assert abs(noise.kurtosis) < 0.15


def test_errors_of_a_quantiser_are_flat_and_normal_noise_is_not() -> None:
    a = _random(128, 256).double()
    step = a.abs().amax(1, keepdim=True) / 7
    rounded = examined(a, (a / step).round() * step, (2.0**-24, 2.0**-24))
    noised = examined(a, a + 0.1 * _random(128, 256, seed=1), (2.0**-24, 2.0**-24))
    assert rounded.flat == pytest.approx(1.8, abs=0.1)
    assert rounded.distinct > 5
    assert noised.flat == pytest.approx(2.82, abs=0.1)
    assert abs(noised.distinct) < 5
    assert rounded.bits == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("model.layers.0.mlp.gate_proj.weight", "gate"),
        ("blk.3.ffn_down.weight", "down"),
        ("layers.1.feed_forward.w3.weight", "up"),
        ("transformer.h.2.mlp.c_fc.weight", "inner"),
        ("blocks.0.ffn.up_linear.weight", "up"),
        ("model.layers.0.input_layernorm.weight", ""),
    ],
)
def test_roles_are_read_from_names(name: str, role: str) -> None:
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("model.norm.weight", (64,)),
        ("wpe.weight", (1024, 64)),
        ("vision.pos_embed", (1, 196, 64)),
        ("x.layer_scale_1.gamma", (64, 64)),
        ("rotary_emb.inv_freq", (32,)),
    ],
)
def test_what_any_two_models_share_is_excluded(name: str, shape: tuple[int, ...]) -> None:
    assert is_excluded(name, shape)
    assert not is_excluded("model.layers.0.mlp.up_proj.weight", (176, 64))


def test_places_and_stacks() -> None:
    assert place_of("model.layers.3.mlp.up_proj.weight") == ((3,), "up")
    assert stack_of("vision.model.layers.12.x.weight") == ("vision.model.layers.", 12)
    assert stack_of("lm_head.weight") is None
