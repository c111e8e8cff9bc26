"""Relations are told apart, in both orders of the sides; independents are not accused."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from lineage_cases import (
    DIRECT,
    DISGUISED,
    INDEPENDENT,
    MIRROR,
    WITH_BASE,
    Case,
    judge,
    verdict_of,
)
from relations import noised, renamed, stored_as, trained, transposed_and_fused

_FORBIDDEN = ("plagiar", "stolen", "guilty", "copied")


@pytest.mark.parametrize("swapped", [False, True], ids=["as it is", "swapped"])
@pytest.mark.parametrize("case", INDEPENDENT, ids=lambda case: case.name)
def test_models_without_common_weights_give_no_evidence(case: Case, swapped: bool) -> None:
    found = verdict_of(case, swapped)
    assert (found.relation, found.grade, found.direction) == ("no evidence", "", "")
    assert found.log10_p > -4


@pytest.mark.parametrize("swapped", [False, True], ids=["as it is", "swapped"])
@pytest.mark.parametrize("case", [*DIRECT, *DISGUISED, *WITH_BASE], ids=lambda case: case.name)
def test_a_known_relation_is_found_in_both_orders(case: Case, swapped: bool) -> None:
    found = verdict_of(case, swapped)
    assert found.relation == case.relation, found.sentence
    if case.direction is not None:
        assert found.direction == (MIRROR[case.direction] if swapped else case.direction)
    if not swapped:
        assert case.says in found.sentence
    assert not any(word in found.sentence for word in _FORBIDDEN)


def test_only_tests_of_stored_tensors_give_grade_a() -> None:
    grades = {case.name: verdict_of(case).grade for case in (DIRECT[0], DISGUISED[0], WITH_BASE[3])}
    assert list(grades.values()) == ["A", "B", "B"]


def test_norm_vectors_alone_say_nothing() -> None:
    norms = {n: v for n, v in trained("parent").items() if "norm" in n}
    others = {n: v for n, v in trained("independent").items() if "norm" in n}
    assert judge(norms, others).relation == "no evidence"


def test_a_matrix_that_is_constant_but_for_noise_says_nothing() -> None:
    import torch

    one, two = (
        torch.ones(64, 64) + 0.01 * torch.randn(64, 64, generator=torch.Generator().manual_seed(n))
        for n in (1, 2)
    )
    assert judge({"scale.weight": one}, {"scale.weight": two}).relation == "no evidence"
    same = judge({"scale.weight": one}, {"scale.weight": one})
    assert (same.relation, same.grade) == ("identical", "C")


def test_numbers_that_are_not_finite_are_left_out_and_counted() -> None:
    import torch

    broken = noised(trained("parent"), 0.1, dtype=torch.float32)
    broken["lm_head.weight"][3, 5] = float("nan")
    found = judge(trained("parent"), broken)
    assert found.relation == "noised copy"
    assert found.figures["not_finite"] == 1


def test_nothing_in_common_is_a_verdict_too() -> None:
    one = {n: v for n, v in trained("parent").items() if "gate" in n}
    two = {n: v for n, v in trained("parent").items() if "embed" in n}
    assert judge(one, two).relation == "no evidence"


def test_the_same_input_gives_the_same_verdict() -> None:
    import torch

    other = stored_as(trained("tuned"), torch.float16)
    assert judge(trained("parent"), other) == judge(trained("parent"), other)


def test_a_base_whose_tensors_lie_otherwise_is_followed_into_its_parts() -> None:
    base = renamed(transposed_and_fused(trained("parent")))
    found = judge(trained("tuned"), noised(trained("tuned"), 0.03), (base,))
    assert found.figures["base_conditioned"] is True
    assert found.figures["base_tensors"] == 30
    other = judge(trained("tuned"), trained("sibling"), (base,))
    assert other.relation == "shared base"
