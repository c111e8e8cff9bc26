"""A cohort says what chance gives: no more than its size, and nothing where it is related."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

pytest.importorskip("torch")

import relations as make
import torch
from relations import trained
from stored import model as stored_model
from stored import safetensors

import codesim
from codesim import CodesimError
from codesim.detectors.weights import WeightsDetector
from codesim.detectors.weights.comparing import compared
from codesim.detectors.weights.evidence import evidence_of
from codesim.detectors.weights.ranking import ranked
from codesim.detectors.weights.residual import RESTORED
from codesim.model import Ranker, Strength

NONE, WEAK, MODERATE, STRONG, VERY = Strength


@cache
def _small(name: str) -> dict[str, torch.Tensor]:
    """Two layers of a trained model with its embeddings."""
    return {n: v for n, v in trained(name).items() if ".2." not in n and ".3." not in n}


def _model(name: str, state: make.Model):
    return replace(stored_model({"model.safetensors": safetensors(state)}), name=name)


def _known(*names: str):
    return [_model(name, _small(name)) for name in names]


def _disguised() -> make.Model:
    return make.rotated(make.permuted(_small("parent")))


@cache
def _found(*cohort: str):
    left, right = _known("parent")[0], _model("disguised", _disguised())
    return evidence_of(ranked(compared(left, right), _known(*cohort)))


def test_a_disguised_copy_stands_above_the_cohort():
    found = _found("independent", "distilled")
    assert found.strength is MODERATE
    assert found.facts["cohort"] == 2
    assert (found.facts["cohort_pairs"], found.facts["cohort_rank_p"]) == (5, pytest.approx(1 / 6))
    assert "rank p = 0.17, the least that 5 such pairs can give" in found.summary
    [table] = [t for t in found.tables if t.title == "beside the cohort"]
    assert [row[:2] for row in table.rows] == [
        ("left (parent)", "right (disguised)"),
        ("left (parent)", "independent"),
        ("right (disguised)", "independent"),
        ("left (parent)", "distilled"),
        ("right (disguised)", "distilled"),
        ("independent", "distilled"),
    ]


def test_the_cohort_is_a_band_in_the_figure():
    [plot] = [p for p in _found("independent", "distilled").plots if p.kind == "bars"]
    own, most, least = plot.series
    assert (most.name, least.name) == ("most of the cohort", "least of the cohort")
    assert all(low[1] <= high[1] < mine[1] for mine, high, low in zip(
        own.points, most.points, least.points, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("member", "whose", "relation"),
    [
        ("tuned", "left", "fine-tuned"),
        ("same_seed", "left", "shared initialisation"),
        ("parent", "left", "identical"),
    ],
)
def test_a_member_that_is_related_is_set_aside(member, whose, relation):
    found = _found("independent", member)
    assert (found.facts["cohort"], found.facts["cohort_pairs"]) == (1, 2)
    [excluded] = found.excluded
    assert excluded.what == f"{member}, given as cohort"
    assert excluded.reason.startswith(f"it is related to {whose} ({relation}; p ")


def test_of_related_members_only_the_first_is_kept():
    related = _model("noised", make.noised(_small("independent"), 0.1))
    sides = _known("parent")[0], _model("disguised", _disguised())
    found = evidence_of(ranked(compared(*sides), [*_known("independent"), related]))
    assert found.facts["cohort"] == 1
    assert "related to independent, which is kept (noised copy; p " in found.excluded[0].reason


def test_a_disguised_relative_is_no_member():
    left, right = _known("parent")[0], _model("noised", make.noised(_small("parent"), 0.1))
    found = evidence_of(ranked(compared(left, right), [_model("hidden", _disguised())]))
    assert found.facts["cohort"] == 0
    assert "no model of the cohort could be used" in found.summary
    assert found.strength is VERY


def _kin(seed: int) -> make.Model:
    """An unrelated model whose neurons resemble those of the parent, in an order of its
    own: as if every model of some data had to learn them.
    """
    chance = torch.Generator().manual_seed(seed)
    made = dict(_small("independent"))
    shared = dict(make.permuted(_small("parent"), seed))
    for name, value in shared.items():
        if "mlp" in name or "embed" in name:
            value = value.float()
            other = torch.randn(value.shape, generator=chance) * value.std()
            made[name] = (0.8 * value + 0.6 * other).bfloat16()
        elif value.ndim > 1:
            made[name] = (torch.randn(value.shape, generator=chance) * 0.1).bfloat16()
    return made


def test_what_a_cohort_reaches_too_is_no_evidence():
    left, right = _model("a", _kin(1)), _model("b", _kin(3))
    alone = compared(left, right)
    assert alone.verdict.rows[0].how == RESTORED
    assert evidence_of(alone).strength is WEAK
    found = evidence_of(ranked(alone, [_model("c", _kin(2))]))
    assert (found.strength, found.facts["relation"]) == (NONE, "no evidence")
    assert "nothing tells the two from those" in found.summary
    assert (found.facts["cohort"], found.facts["cohort_reaching"]) == (1, 2)
    beside = evidence_of(ranked(alone, _known("distilled")))
    assert (beside.strength, beside.facts["cohort_reaching"]) == (WEAK, 0)


def test_members_that_cannot_be_compared_say_why():
    left, right = _known("parent")[0], _model("disguised", _disguised())
    cohort = [
        _model("narrow", {"model.layers.0.mlp.up_proj.weight": torch.ones(3, 5)}),
        replace(stored_model({"README.md": b""}), name="empty"),
        _model("plain", {n.replace("gate", "other"): v for n, v in _small("distilled").items()}),
    ]
    found = evidence_of(ranked(compared(left, right), cohort))
    said = {skip.what: skip.reason for skip in found.skipped}
    assert said["cohort, narrow"] == "nothing in it has a counterpart of its shape on either side"
    assert said["cohort, empty"] == "no file of weights"
    assert "neurons could not be aligned" in said["cohort, plain"]
    assert found.facts["cohort"] == 1
    assert found.strength is MODERATE


def test_members_of_another_width_count_against_only():
    left, right = _known("parent")[0], _model("disguised", _disguised())
    thin = _model("thin", make.thinned(_small("distilled"), 48))
    found = evidence_of(ranked(compared(left, right), [thin, *_known("independent")]))
    assert (found.facts["cohort"], found.facts["cohort_models"]) == (2, 1)
    assert found.facts["cohort_pairs"] == 2
    assert "in pairs with 1 unrelated model at most" in found.summary
    [table] = [t for t in found.tables if t.title == "beside the cohort"]
    assert {row[-1] for row in table.rows if "thin" in row[:2]} == {"other sizes"}


def test_sides_that_cannot_be_compared_need_no_cohort():
    left, right = _known("parent")[0], replace(stored_model({}), name="empty")
    found = evidence_of(ranked(compared(left, right), _known("independent")))
    assert found.facts["relation"] == "no evidence"
    assert [skip.what for skip in found.skipped] == ["cohort"]


# --- from outside


def test_the_interface_takes_a_cohort():
    detector = WeightsDetector(device="cpu")
    assert isinstance(detector, Ranker)
    one, two, three = (
        codesim.snapshot_of({"m.safetensors": safetensors(_small(name))}, name=name)
        for name in ("parent", "tuned", "independent")
    )
    result = codesim.compare(one, two, detectors=[detector], cohort=three)
    assert result.cohort == (three,)
    assert result.parameters["weights"] == {
        "device": "cpu", "screen": False, "cohort": ["independent"],
    }  # fmt: skip
    [found] = result.evidence
    assert (found.strength, found.facts["cohort"]) == (VERY, 1)
    with pytest.raises(CodesimError, match="no detector that runs here ranks"):
        codesim.compare(one, two, only=["code"], cohort=[three])


def test_the_command_line_takes_a_cohort(codesim_run, tmp_path):
    paths = []
    for name in ("parent", "tuned", "independent"):
        paths.append(tmp_path / f"{name}.safetensors")
        paths[-1].write_bytes(safetensors(_small(name)))
    left, right, member = paths
    ended = codesim_run("weights", left, right, "--cohort", member)
    assert ended.code == 0
    assert "in pairs with 1 unrelated model at most" in " ".join(ended.out.split())
    ended = codesim_run("compare", left, right, "--cohort", member)
    assert ended.code == 2
    assert "add --weights" in ended.err
    assert "rank p" in codesim_run("compare", left, right, "--cohort", member, "--weights").out
