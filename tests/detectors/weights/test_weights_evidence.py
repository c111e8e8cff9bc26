"""A verdict becomes evidence: strength, words, tensors, renames, tables and figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("torch")

from codesim.detectors.weights import verdict as words
from codesim.detectors.weights.evidence import Finding, evidence_of
from codesim.detectors.weights.figures import depth_of
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.strength import strength_of
from codesim.detectors.weights.symmetry import SymmetryTest
from codesim.detectors.weights.values import Values
from codesim.detectors.weights.verdict import Row, Verdict
from codesim.formats import ByteSource, TensorRecord
from codesim.model import CloneType, Skipped, Strength
from codesim.report import document_of, render_html, render_markdown, render_text

NONE, WEAK, MODERATE, STRONG, VERY = Strength
SLOPES = (1.0, 0.98)


def double(path="model.safetensors", names=(), **more):
    """A model as far as evidence looks at it."""
    source = ByteSource.of(b"", path)
    tensors = tuple(Values(TensorRecord(name, (64, 64), "F32"), source) for name in names)
    return Model(path.partition(".")[0], tensors, declared=len(tensors), state="complete", **more)


def row(name, other="", change="noise", r=0.99, sigma=0.0014, elements=4096, **more):
    return Row(name, other or name, "same shape", change, elements, r, sigma, 0.05, SLOPES, **more)


def layer(number, **changes):
    old, new = f"model.layers.{number}.mlp.", f"llm.blocks.{number}.ffn."
    return tuple(
        row(f"{old}{part}_proj.weight", f"{new}{part}.weight", **changes)
        for part in ("gate", "up", "down")
    )


NOISED = Verdict(
    words.NOISED,
    "A",
    words.LEFT_TO_RIGHT,
    -400.0,
    "<= 1e-300 (bound)",
    "right is left plus noise of one sigma (0.0014) in every tensor",
    rows=(*layer(0), *layer(1), row("lm_head.weight", edge=0.98, singular=(2.0, 1.9, 1.5))),
    tests=(SymmetryTest("signs of MLP neurons", 34.9, 37.5, 1408, -264.0),),
    figures={"sigma": 0.0014, "one_sigma": True},
    notes=("every tensor of left was compared",),
)


def found(verdict=NOISED, **changes):
    left = double("model.safetensors", sorted({row.left for row in verdict.rows}))
    right = double("copy.safetensors", sorted({row.right for row in verdict.rows}))
    return evidence_of(Finding(left, right, verdict=verdict, **changes))


CONDITIONED = {"base_slope": 0.999, "base_conditioned": True}
IN_PART = {"base_slope": 0.1}


@pytest.mark.parametrize(
    ("relation", "grade", "log10_p", "figures", "expected"),
    [
        (words.NONE, "", 0.0, {}, NONE),
        (words.NONE, "A", -1.0, {}, NONE),
        (words.SHARED_BASE, "B", -300.0, IN_PART, NONE),
        (words.SHARED_START, "A", -300.0, {}, MODERATE),
        (words.SHARED_START, "B", -2.0, {}, WEAK),
        (words.TUNED, "C", 0.0, {}, WEAK),
        (words.TUNED, "A", -3.0, {}, WEAK),
        (words.TUNED, "A", -300.0, IN_PART, MODERATE),
        (words.TUNED, "A", -300.0, {"base_is": "left"}, NONE),
        (words.NOISED, "B", 0.0, {}, MODERATE),
        (words.NOISED, "B", 0.0, CONDITIONED, STRONG),
        (words.MERGED, "B", -90.0, {}, STRONG),
        (words.TUNED, "A", -40.0, {}, VERY),
        (words.IDENTICAL, "A", -300.0, {}, VERY),
    ],
)
def test_strength(relation, grade, log10_p, figures, expected):
    verdict = Verdict(relation, grade, words.UNDECIDED, log10_p, "1", "", figures=figures)
    assert strength_of(verdict) is expected


def test_no_evidence_shows_no_match():
    silent = Verdict(words.NONE, "", words.UNDECIDED, -0.2, "0.63", "", rows=layer(0, r=0.001))
    evidence = found(silent)
    assert (evidence.strength, evidence.score) == (NONE, 0.0)
    assert (evidence.pairs, evidence.renames) == ((), ())
    assert evidence.facts["relation"] == "no evidence"


def test_summary_names_relation_grade_and_what_p_is_about():
    text = found().summary
    assert text.startswith("noised copy: right is left plus noise of one sigma (0.0014)")
    assert "grade A (an exact test)" in text
    assert "p <= 1e-300 (bound) for independent initialisation; no base and no cohort named" in text


def test_facts_are_for_programs():
    facts = found().facts
    assert facts["relation"] == "noised copy"
    assert facts["one_sigma"] is True
    assert facts["log10_p"] == -300.0
    assert facts["direction"] == "left to right"


def test_tensors_are_matches_and_names_are_renamed():
    evidence = found()
    [pair] = evidence.pairs
    assert (pair.left.path, pair.right.path) == ("model.safetensors", "copy.safetensors")
    assert len(pair.matches) == 7
    assert {match.clone_type for match in pair.matches} == {CloneType.NEAR}
    renames = {(each.left, each.right, each.votes) for each in evidence.renames}
    assert ("model.layers.*.mlp.up_proj.weight", "llm.blocks.*.ffn.up.weight", 2) in renames
    assert not any(each.left == "lm_head.weight" for each in evidence.renames)


@pytest.mark.parametrize(
    ("name", "expected"), [("a.b", CloneType.EXACT), ("x.y", CloneType.RENAMED)]
)
def test_the_same_numbers(name, expected):
    same = row("a.b", name, change="identical", r=1.0, sigma=0.0)
    verdict = replace(NOISED, relation=words.IDENTICAL, rows=(same,))
    assert found(verdict).pairs[0].matches[0].clone_type is expected


def test_a_named_base_is_set_aside():
    shared = replace(NOISED, relation=words.SHARED_BASE, figures={"base_explains": "2"})
    bases = double("other.pt", ["a"]), double("none.pt"), double("base.safetensors", ["a"])
    evidence = found(shared, bases=bases)
    assert evidence.strength is NONE
    assert [each.what for each in evidence.excluded] == ["weights of the base (base)"]
    assert "the base none holds no weights that can be read" in evidence.summary


def test_a_state_takes_the_place_of_a_verdict():
    missing = replace(double(), skipped=(Skipped("a.safetensors", "is cut short"),), state="none")
    state = "left: no file of weights"
    evidence = evidence_of(Finding(missing, double(), state=state))
    assert evidence.facts["left_state"] == "none"
    assert (evidence.strength, evidence.summary) == (NONE, state)
    assert evidence.skipped == (Skipped("left: a.safetensors", "is cut short"),)


def test_figures():
    plots = {plot.title: plot for plot in found().plots}
    assert [series.name for series in plots["Correlation by depth"].series] == ["noise"]
    sigma = {series.name: series.points for series in plots["Sigma by tensor"].series}
    assert sigma["up"] == ((0.0, 0.0014), (1.0, 0.0014))
    assert sigma["head"] == ((-1.0, 0.0014),)
    values, edge = plots["Singular values of the difference"].series
    assert values.points[0] == (1.0, 0.98)
    assert edge.points[-1] == (3.0, 1.0)
    merged = replace(NOISED, coefficients=(("model.layers.3.q", (0.7, 0.3)),))
    [points] = [p for p in found(merged).plots if p.title == "Merge coefficients"]
    parents = {series.name: series.points for series in points.series}
    assert parents == {"left": ((3.0, 0.7),), "base 1": ((3.0, 0.3),)}


def test_neurons_stand_over_what_independent_models_reach():
    matched = replace(NOISED, matched=(0.5, 0.98, 1.0))
    [plot] = [p for p in found(matched).plots if p.kind == "bars"]
    bars, band = plot.series
    assert bars.points == ((0.0, 0.5), (1.0, 0.98), (2.0, 1.0))
    assert band.points[0][1] > band.points[1][1]


def test_depth_is_the_first_number():
    assert depth_of("model.layers.12.mlp.experts.3.w1") == 12
    assert depth_of("lm_head.weight") == -1


def test_every_format_shows_it():
    import codesim
    from codesim.model import Comparison

    side = codesim.snapshot_of({"model.safetensors": b""}, name="m")
    comparison = Comparison(side, side, (found(),), {}, "0")
    document = document_of(comparison)
    html = render_html(document)
    assert html.count("<figure") == len(found().plots)
    assert "Largest possible z" in html
    assert "noised copy" in render_text(document)
    assert "Figures in the HTML report" in render_markdown(document)


def test_tensors_of_one_side_only_are_listed():
    left = double("a.safetensors", ["vision.0.weight"])
    [table] = evidence_of(Finding(left, double(), verdict=replace(NOISED, rows=()))).tables[-1:]
    assert table.rows == (("vision.0.weight", "64 x 64", "only left"),)


def test_files_in_parts_are_paired_one_by_one():
    shards = [double(f"m-{n}.safetensors", [name]) for n, name in enumerate(("a", "b"))]
    left = replace(shards[0], tensors=(*shards[0].tensors, *shards[1].tensors))
    verdict = replace(NOISED, rows=(row("a"), row("b")))
    pairs = evidence_of(Finding(left, double("w.safetensors", ["a", "b"]), verdict=verdict)).pairs
    assert [(each.left.path, each.left_coverage, each.right_coverage) for each in pairs] == [
        ("m-0.safetensors", 1.0, 0.5),
        ("m-1.safetensors", 1.0, 0.5),
    ]


def test_what_is_not_whole_is_said():
    left = replace(double(names=["a"]), declared=3, state="partial")
    text = evidence_of(Finding(left, double(), verdict=NOISED)).summary
    assert "left is not whole: 1 of 3 tensors can be read" in text
