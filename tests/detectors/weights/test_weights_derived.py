"""Derivations in which only a part of a model is kept, or both sides are coarse."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import relations as make
import stored
import torch
from lineage_cases import judge
from relations import trained

from codesim.detectors.weights.comparing import compared
from codesim.detectors.weights.evidence import evidence_of
from codesim.model import Strength


def _narrowed(model: make.Model, share: float = 0.6) -> make.Model:
    """A model with fewer neurons in every MLP, in their order."""
    made, chance = dict(model), torch.Generator().manual_seed(1)
    for layer in range(make.LAYERS):
        gate, up, down = (
            f"model.layers.{layer}.mlp.{part}_proj.weight" for part in ("gate", "up", "down")
        )
        count = len(model[gate])
        kept = torch.randperm(count, generator=chance)[: int(share * count)].sort().values
        made[gate], made[up], made[down] = model[gate][kept], model[up][kept], model[down][:, kept]
    return made


def _fewer_tokens(model: make.Model) -> make.Model:
    rows = len(model["lm_head.weight"])
    kept = torch.randperm(rows, generator=torch.Generator().manual_seed(2))[: rows // 2].sort()
    tables = ("lm_head.weight", "model.embed_tokens.weight")
    return {n: value[kept.values] if n in tables else value for n, value in model.items()}


def _fp8(model: make.Model) -> make.Model:
    made: make.Model = {}
    for name, value in model.items():
        scale = value.float().abs().max() / 448
        made[name] = (value.float() / scale).to(torch.float8_e4m3fn) if value.ndim > 1 else value
        made |= {f"{name}_scale": scale.reshape(1)} if value.ndim > 1 else {}
    return made


def _int8(model: make.Model) -> make.Model:
    made: make.Model = {}
    for name, value in model.items():
        scale = value.float().abs().amax(-1, keepdim=True) / 127
        made[name] = (value.float() / scale).round().to(torch.int8) if value.ndim > 1 else value
        made |= {f"{name}_scale": scale} if value.ndim > 1 else {}
    return made


def _evidence(left: make.Model, right: make.Model):
    sides = [stored.model({"model.safetensors": stored.safetensors(m)}) for m in (left, right)]
    return evidence_of(compared(*sides))


@pytest.mark.parametrize("noise", [0.0, 0.05])
@pytest.mark.parametrize("swapped", [False, True])
def test_mlps_that_were_made_narrower_are_pruned(noise: float, swapped: bool) -> None:
    made = _narrowed(trained("parent"))
    made = make.noised(made, noise) if noise else made
    sides = (made, trained("parent")) if swapped else (trained("parent"), made)
    found = judge(*sides)
    assert found.relation == "pruned"
    assert found.direction == ("right to left" if swapped else "left to right")
    assert "with 40% of the neurons of its MLPs left out" in found.sentence
    assert ("noise of one sigma" in found.sentence) == bool(noise)


@pytest.mark.parametrize("other", ["independent", "distilled"])
def test_narrower_mlps_of_an_unrelated_model_are_not(other: str) -> None:
    assert judge(trained("parent"), _narrowed(trained(other))).relation == "no evidence"


def test_other_mlps_on_the_same_attention_are_not_called_pruned() -> None:
    """Nothing but the MLPs of a narrower model was put in."""
    other = _narrowed(trained("independent"))
    mixed = {n: other[n] if "mlp" in n else v for n, v in trained("parent").items()}
    found = judge(trained("parent"), mixed)
    assert found.relation == "identical"
    assert found.sentence.endswith("where they stand for each other")


@pytest.mark.parametrize("swapped", [False, True])
def test_a_narrower_stream_is_related_and_no_more_is_said(swapped: bool) -> None:
    made = make.thinned(make.noised(make.permuted(trained("tuned")), 0.05), 48)
    found = judge(*((made, trained("parent")) if swapped else (trained("parent"), made)))
    assert (found.relation, found.grade, found.direction) == ("derived", "B", "undecided")
    widths = "48 and 64 wide" if swapped else "64 and 48 wide"
    assert f"share neurons of their MLPs, beside residual streams {widths}" in found.sentence


@pytest.mark.parametrize("other", ["independent", "distilled"])
def test_a_narrower_stream_of_an_unrelated_model_is_no_evidence(other: str) -> None:
    found = _evidence(trained("parent"), make.thinned(trained(other), 48))
    assert (found.facts["relation"], found.strength) == ("no evidence", Strength.NONE)


def test_a_shorter_vocabulary_does_not_speak_for_the_whole() -> None:
    found = judge(trained("parent"), _fewer_tokens(trained("parent")))
    assert found.relation in ("derived", "identical")
    assert "share their initialisation" not in found.sentence


def test_what_has_no_counterpart_is_counted() -> None:
    parts = {n: v for n, v in trained("parent").items() if "lm_head" not in n}
    found = _evidence(trained("parent"), parts)
    assert found.facts["relation"] == "identical"
    assert "the same numbers as left where they stand for each other" in found.summary
    assert "no counterpart for 1 of left" in found.summary
    assert "no counterpart" not in _evidence(parts, parts).summary


def test_two_coarse_formats_of_one_model_differ_by_rounding_only() -> None:
    found = _evidence(_fp8(trained("parent")), _int8(trained("parent")))
    assert found.facts["relation"] == "re-encoded"
    assert "but for rounding (F8_E4M3 on the left, I8 on the right)" in found.summary


@pytest.mark.parametrize("other", ["tuned", "continued"])
def test_two_coarse_formats_do_not_hide_training(other: str) -> None:
    found = _evidence(_fp8(trained("parent")), _int8(trained(other)))
    assert found.facts["relation"] == "fine-tuned"


@pytest.mark.parametrize("dtype", [torch.float8_e4m3fn, torch.float8_e5m2])
def test_a_cast_to_eight_bits_without_a_scale_is_rounding(dtype: torch.dtype) -> None:
    cast = {n: v.float().to(dtype) for n, v in trained("parent").items()}
    found = _evidence(trained("parent"), cast)
    assert found.facts["relation"] == "re-encoded"
    assert "but for rounding (BF16 on the left, F8_E" in found.summary


def test_a_cast_without_a_scale_does_not_hide_training() -> None:
    cast = {n: v.float().to(torch.float8_e4m3fn) for n, v in trained("continued").items()}
    assert _evidence(trained("parent"), cast).facts["relation"] == "fine-tuned"


def _grafted(name: str, change: float = 0.0) -> make.Model:
    """One matrix of the parent in a model that has nothing else of it."""
    own = trained("parent")[name]
    noise = change * torch.randn(own.shape, generator=torch.Generator().manual_seed(4))
    return {**trained("independent"), name: (own.float() + noise).to(own.dtype)}


@pytest.mark.parametrize("change", [0.0, 1e-3])
def test_one_matrix_in_common_names_no_relation_of_the_models(change: float) -> None:
    found = _evidence(trained("parent"), _grafted("model.layers.0.mlp.up_proj.weight", change))
    assert found.facts["relation"] == "derived"
    assert found.facts["direction"] == "undecided"
    assert "in 1 of 30 pairs of matrices, and nothing else that was compared" in found.summary


def test_a_new_head_is_no_other_encoding() -> None:
    head = {"lm_head.weight": trained("independent")["lm_head.weight"]}
    found = _evidence(trained("parent"), {**trained("parent"), **head})
    assert found.facts["relation"] == "derived"
    assert "hold the same numbers in 29 of 30 pairs of matrices" in found.summary


def test_trained_norms_are_no_other_encoding() -> None:
    right = {n: v * 1.1 if v.ndim == 1 else v for n, v in trained("parent").items()}
    found = _evidence(trained("parent"), right)
    assert found.facts["relation"] == "derived"
    assert "in all 30 pairs of matrices, and others in 9 norm vectors" in found.summary


def test_a_factor_does_not_hide_that_most_is_not_alike() -> None:
    name = "model.layers.0.mlp.up_proj.weight"
    found = _evidence(
        trained("parent"), {**trained("independent"), name: 2 * trained("parent")[name]}
    )
    assert found.facts["relation"] == "derived"
    assert "multiplied by 2" in found.summary
    assert "in 1 of 30 pairs of matrices, and nothing else that was compared" in found.summary


def test_a_factor_beside_norms_that_it_leaves_is_another_encoding() -> None:
    right = {n: v * 2 if v.ndim > 1 else v for n, v in trained("parent").items()}
    found = _evidence(trained("parent"), right)
    assert found.facts["relation"] == "re-encoded"
