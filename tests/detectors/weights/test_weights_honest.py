"""What unrelated models, honest relatives and incomplete files must not be told."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import relations as make
import torch
from lineage_cases import judge
from relations import trained
from stored import model as stored_model
from stored import safetensors

from codesim.detectors.weights.alignment import aligned
from codesim.detectors.weights.choices import log10_choices
from codesim.detectors.weights.comparing import compared
from codesim.detectors.weights.evidence import evidence_of
from codesim.model import Strength


def _random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def _only(name: str, *parts: str) -> make.Model:
    return {n: v for n, v in trained(name).items() if any(part in n for part in parts)}


def _file(state: make.Model):
    return stored_model({"model.safetensors": safetensors(state)})


def test_a_second_base_does_not_switch_the_first_off() -> None:
    parent, other = trained("parent"), _only("independent", ".layers.0.")
    for bases in ((parent, other), (other, parent), (parent, {}), ({}, parent)):
        found = judge(trained("tuned"), trained("sibling"), bases)
        assert found.relation == "shared base"
        assert found.figures["base_explains"] == str(1 + bases.index(parent))


def test_two_bases_explain_a_part_each() -> None:
    language, vision = trained("parent"), make.with_modules({}, trained("independent"))
    left = {**trained("tuned"), **vision}
    right = {**trained("sibling"), **vision}
    assert judge(left, right, (language, vision)).relation == "shared base"
    found = judge(left, right, (language,))
    assert (found.relation, found.grade, found.direction) == ("derived", "B", "undecided")
    assert "vision.model.layers.*" in found.sentence
    assert "the base explains 30 of" in found.sentence


def test_a_copy_is_a_copy_beside_a_base_of_something_else() -> None:
    bases = trained("parent"), trained("independent")
    found = judge(trained("tuned"), make.noised(trained("tuned"), 0.03), bases)
    assert (found.relation, found.figures["base_conditioned"]) == ("noised copy", True)


def test_a_merge_is_found_beside_a_base_that_has_no_part_in_it() -> None:
    merged = make.linear([(0.7, trained("parent")), (0.3, trained("independent"))])
    found = judge(trained("parent"), merged, (trained("distilled"), trained("independent")))
    assert found.relation == "merged"
    assert "0.70 of left plus 0.30 of base 2" in found.sentence


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    "sides",
    [
        (trained("tuned"), trained("sibling")),
        (make.noised(trained("parent"), 0.1, 1), make.noised(trained("parent"), 0.3, 2)),
        (make.noised(trained("parent"), 0.1, 1), make.noised(trained("parent"), 0.1, 2)),
        (make.low_rank(trained("parent"), 8, seed=2), make.low_rank(trained("parent"), 8, seed=3)),
    ],
    ids=["tuned", "more noise", "as much noise", "adapters"],
)
def test_siblings_have_no_direction(sides, swapped) -> None:
    found = judge(*(reversed(sides) if swapped else sides))
    assert found.direction == "undecided"
    assert "third model" in found.sentence


def test_a_direction_says_what_it_does_not_rule_out() -> None:
    found = judge(trained("parent"), make.noised(trained("parent"), 0.1))
    assert found.direction == "left to right"
    assert any("a third model" in note for note in found.notes)


def test_a_merge_without_its_second_parent_is_not_called_training_only() -> None:
    merged = make.linear([(0.5, trained("parent")), (0.5, trained("continued"))])
    found = judge(trained("parent"), merged)
    assert "merged with a model that is not given" in found.sentence


def test_a_disguise_says_that_the_base_was_not_compared() -> None:
    left, right = trained("tuned"), make.rotated(make.permuted(trained("tuned")))
    found = evidence_of(compared(_file(left), _file(right), [_file(trained("parent"))]))
    assert "could not be compared with the base" in found.summary
    assert "explains nothing" not in found.summary
    assert found.excluded == ()


def test_an_honest_tuned_model_whose_neurons_are_untouched_keeps_its_base() -> None:
    empty = stored_model({"README.md": b""})
    bases = [empty, _file(trained("parent"))]
    found = evidence_of(compared(_file(trained("tuned")), _file(trained("sibling")), bases))
    assert (found.strength, len(found.excluded)) == (Strength.NONE, 1)
    assert "holds no weights that can be read" in found.summary


def test_a_file_that_is_cut_short_has_no_layers_removed() -> None:
    whole = safetensors(trained("parent"))
    right = stored_model({"model.safetensors": whole[: len(whole) * 7 // 10]})
    assert right.state == "partial"
    found = compared(_file(trained("parent")), right).verdict
    assert found is not None
    assert found.relation == "identical"
    removed = _file(make.with_layers(trained("parent"), [0, 1]))
    found = compared(_file(trained("parent")), removed).verdict
    assert found is not None
    assert found.relation == "layer-pruned"


def test_small_adapters_that_are_the_same_are_called_so() -> None:
    one, two = (
        {f"layers.{n}.q_proj.lora_{x}.weight": _random(*shape, seed=seed + n)
         for n in range(2) for x, shape in (("A", (4, 64)), ("B", (64, 4)))}
        for seed in (1, 9)
    )  # fmt: skip
    assert judge(one, two).relation == "no evidence"
    same = judge(one, one)
    assert (same.relation, same.grade) == ("identical", "C")
    assert "holds the same numbers" in same.sentence


def test_files_of_learned_norms_are_the_same_and_constant_ones_say_nothing() -> None:
    norms = _only("parent", "norm")
    assert judge(norms, _only("independent", "norm")).relation == "no evidence"
    ones = {name: torch.ones_like(value) for name, value in norms.items()}
    assert judge(ones, ones).relation == "no evidence"
    assert (judge(norms, norms).relation, judge(norms, norms).grade) == ("identical", "C")


def test_one_tensor_of_many_is_a_fact_and_no_relation() -> None:
    table = {"features.filters": _random(64, 64, seed=5)}
    found = judge({**trained("parent"), **table}, {**trained("independent"), **table})
    assert (found.relation, found.grade) == ("no evidence", "C")
    assert "1 of 31 pairs" in found.sentence or "(features.filters)" in found.sentence


@pytest.mark.parametrize("factor", [2.0, -1.0, 1.1])
def test_a_constant_factor_is_named(factor: float) -> None:
    right = {n: (factor * v.float()).bfloat16() for n, v in trained("parent").items()}
    found = judge(trained("parent"), right)
    assert found.relation == "re-encoded"
    assert f"multiplied by {factor:g}" in found.sentence


def test_no_factor_is_seen_in_training_or_noise() -> None:
    for name in ("tuned", "tuned_lightly", "continued", "same_seed", "independent"):
        for sides in ((trained("parent"), trained(name)), (trained(name), trained("parent"))):
            assert "factor" not in judge(*sides).figures
    assert "factor" not in judge(make.noised(trained("parent"), 0.1), trained("parent")).figures


def test_a_factor_and_noise() -> None:
    doubled = {n: 2 * v for n, v in make.noised(trained("parent"), 0.05).items()}
    found = judge(trained("parent"), doubled)
    assert found.relation == "noised copy"
    assert "multiplied by" in found.sentence


def test_choices_of_unequal_sides() -> None:
    left = make.values({f"a{n}.x": _random(8, 8, seed=n) for n in range(2)})
    right = make.values({f"b{n}.y": _random(8, 8, seed=n) for n in range(5)})
    pairs = aligned(left, right)
    once = [pair for pair in pairs if pair.how != "repeated"]
    assert len(once) == 2
    # Two ways, and 5 * 4 assignments.
    assert 10 ** log10_choices(once, left, right) == pytest.approx(2 * 20)
    from dataclasses import replace

    twice = [*once, replace(once[0], how="repeated"), replace(once[1], how="repeated")]
    assert 10 ** log10_choices(twice, left, right) == pytest.approx(2 * 20 * 5**2)


def test_two_p_values_are_paid_for() -> None:
    from codesim.detectors.weights.adversarial import Restored
    from codesim.detectors.weights.relation import _either
    from codesim.detectors.weights.symmetry import SymmetryTest

    undone = Restored((), (), (), SymmetryTest("order", 5.0, 9.0, 10, -4.0))
    # Twice for two tests, and twice for the alignments.
    assert _either(-3.0, undone) == pytest.approx(-4 + 2 * 0.30103, abs=1e-4)
    assert _either(0.0, Restored((), (), (), None)) == 0.0


def test_one_matrix_near_a_shared_start_is_no_relation_of_the_whole() -> None:
    one, two = (
        {
            "mix.weight": torch.eye(64) + 0.02 * _random(64, 64, seed=seed),
            **{f"conv{n}.weight": _random(64, 3, 3, 32, seed=seed + n) for n in range(4)},
        }
        for seed in (10, 20)
    )
    assert judge(one, two).relation == "no evidence"


def test_weights_of_one_sign_reject_nothing() -> None:
    """What is drawn from 0 to 1 has no sign that a flip could change, so that none is tested."""
    shapes = {name: value.shape for name, value in trained("parent").items()}
    sides = [
        {name: torch.rand(shape, generator=chance) for name, shape in shapes.items()}
        for chance in map(torch.Generator().manual_seed, (1, 2))
    ]
    found = judge(*sides)
    assert found.relation == "no evidence"
    assert found.log10_p > -6
