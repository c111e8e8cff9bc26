"""Which settings of two repositories agree, and what that is worth."""

from __future__ import annotations

import json

import pytest
from config_samples import ODD, OTHER, as_json, compared, profile, states

from codesim import CloneType, Strength
from codesim.commons import Commons
from codesim.detectors.config import ConfigDetector, detector
from codesim.sequences import assign

DEFAULTS = {
    "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "hidden_act": "gelu",
    "intermediate_size": 3072, "layer_norm_eps": 1e-12, "initializer_range": 0.02,
    "attention_probs_dropout_prob": 0.1, "vocab_size": 30522, "type_vocab_size": 2,
}  # fmt: skip
YAML = "".join(f"{key}: {json.dumps(value)}\n" for key, value in reversed(ODD.items()))
PYTHON = (
    "class OddConfig:\n    def __init__(\n        self,\n"
    + "".join(f"        {key}={value!r},\n" for key, value in ODD.items())
    + "    ):\n        pass\n"
)
RENAMES = {
    "gate_blend_ratio": "mixing_share", "crystal_slots": "num_crystal_slots",
    "ripple_window": "context_extent", "tide_schedule": "warmup_shape",
}  # fmt: skip
RENAMED = {RENAMES.get(key, key): value for key, value in ODD.items()}

MUST_NOT_MATCH = {
    "two honest models on one architecture": (as_json(ODD), as_json(OTHER)),
    "the same defaults": (as_json(DEFAULTS), as_json(dict(reversed(DEFAULTS.items())))),
    "the same keys with other values": (
        as_json(ODD),
        as_json({**ODD, "gate_blend_ratio": 0.5, "crystal_slots": 64, "ripple_window": 2048,
                 "tide_schedule": "linear", "fold_border": False, "kelp_layers": [1, 2]}),
    ),
    "flags and nothing else": (
        as_json({"use_cache": True, "do_sample": False, "bias": True, "pad": None}),
        as_json({"use_cache": True, "do_sample": False, "bias": True, "pad": None}),
    ),
    "one number under unlike keys": (as_json({"alpha": 1733, "b": 2}), as_json({"omega": 1733})),
    "versions and names of classes": (
        as_json({"transformers_version": "4.40.0", "torch_dtype": "bfloat16", "type": "Odd"}),
        as_json({"transformers_version": "4.40.0", "torch_dtype": "bfloat16", "type": "Odd"}),
    ),
    "image processors of one public model": (
        as_json({"image_mean": [0.48145466, 0.4578275, 0.40821073], "do_normalize": True}),
        as_json({"image_mean": [0.48145466, 0.4578275, 0.40821073], "do_normalize": True}),
    ),
    "labels of one data set": (
        as_json({"names": {str(n): f"label {n * n}" for n in range(40)}, "path": "x"}),
        as_json({"names": {str(n): f"label {n * n}" for n in range(40)}, "path": "y"}),
    ),
}  # fmt: skip
MUST_MATCH = {
    "the same file": (as_json(ODD), as_json(ODD)),
    "reformatted": (as_json(ODD), as_json(ODD, indent=8, sort_keys=True)),
    "YAML": (as_json(ODD), {"configs/model.yaml": YAML}),
    "defaults in Python": (as_json(ODD), {"src/configuration.py": PYTHON}),
    "YAML and Python": ({"a.yaml": YAML}, {"src/configuration.py": PYTHON}),
    "renamed keys": (as_json(ODD), as_json(RENAMED)),
    "nested in a larger file": (as_json(ODD), as_json({"data": {"kind": "x"}, "model": ODD})),
    "other choices beside": (as_json(ODD), as_json({**ODD, **OTHER})),
}


@pytest.mark.parametrize("case", MUST_NOT_MATCH)
def test_must_not_match(case):
    assert compared(*MUST_NOT_MATCH[case]).strength is Strength.NONE


@pytest.mark.parametrize("case", MUST_MATCH)
def test_must_match(case):
    evidence = compared(*MUST_MATCH[case])
    assert evidence.strength >= Strength.STRONG
    assert evidence.facts["shared"] == len(ODD)


@pytest.mark.parametrize("case", [*MUST_MATCH, *MUST_NOT_MATCH])
def test_swapping_the_sides_swaps_the_result(case):
    left, right = (MUST_MATCH | MUST_NOT_MATCH)[case]
    one, two = compared(left, right), compared(right, left)
    assert (one.strength, one.score, one.summary) == (two.strength, two.score, two.summary)
    assert one.excluded == two.excluded
    assert {(p.left, p.right, p.left_coverage) for p in one.pairs} == {
        (p.right, p.left, p.right_coverage) for p in two.pairs
    }
    assert {(r.left, r.right) for r in one.renames} == {(r.right, r.left) for r in two.renames}


def test_a_summary_says_how_many_values_agree_and_how_many_are_rare():
    evidence = compared(
        as_json({**ODD, "hidden_act": "silu"}), as_json({**ODD, "hidden_act": "relu"})
    )
    assert evidence.summary == "9 of 10 values equal, 6 of them rare"
    assert evidence.facts["changed"] == 1


def test_renamed_keys_are_found_and_counted():
    evidence = compared(as_json(ODD), as_json(RENAMED))
    assert {(r.left, r.right) for r in evidence.renames} == set(RENAMES.items())
    assert {r.role for r in evidence.renames} == {"key"}
    assert evidence.summary.endswith("4 keys renamed")
    kinds = {m.left.label: m.clone_type for p in evidence.pairs for m in p.matches}
    assert kinds["crystal_slots"] is CloneType.RENAMED
    assert kinds["fold_border"] is CloneType.EXACT
    # What public models explain is set aside: it is in the table, and no match.
    assert "hidden_size" not in kinds


def test_every_row_of_the_table_says_how_to_read_it():
    left = {**ODD, "rope_theta": 500000.0, "extra_moss": 5}
    right = {**ODD, "rope_theta": 500000, "ripple_window": 9, "brine": "x"}
    found = states(compared(as_json(left), as_json(right)))
    assert found["crystal_slots"] == "same"
    assert found["rope_theta"] == found["hidden_size"] == "common"
    assert found["ripple_window"] == "changed"
    assert found["extra_moss"] == "only left"
    assert found["brine"] == "only right"


def test_matches_have_lines_on_both_sides():
    evidence = compared(as_json(ODD, indent=1), {"a.yaml": YAML})
    match = next(m for m in evidence.pairs[0].matches if m.left.label == "crystal_slots")
    assert match.left.lines == (6, 6)
    assert match.right.lines == (5, 5)
    assert "public" in match.why


def test_a_base_explains_what_it_holds():
    base = as_json({**ODD, "model_type": "base"})
    left, right = as_json({**ODD, "mine": 3}), as_json({**ODD, "yours": 4})
    assert compared(left, right).strength >= Strength.STRONG
    evidence = compared(left, right, base)
    assert evidence.strength is Strength.NONE
    assert set(states(evidence).values()) <= {"base", "only left", "only right"}
    assert [(e.amount, e.what.startswith("base configuration")) for e in evidence.excluded] == [
        ("9 values", True)
    ]


def test_what_goes_beyond_the_base_still_counts():
    shared = {**DEFAULTS, **ODD}
    evidence = compared(as_json(shared), as_json(shared), as_json(DEFAULTS))
    assert evidence.strength >= Strength.STRONG
    assert evidence.facts["rare"] == 6


def test_a_public_model_is_named_with_its_source():
    evidence = compared(as_json({**DEFAULTS, **ODD}), as_json({**DEFAULTS, **ODD}))
    assert "BERT base" in evidence.excluded[0].what
    assert "huggingface.co" in evidence.excluded[0].reason


@pytest.mark.parametrize(
    ("left", "right", "says"),
    [({}, as_json(ODD), "no configuration on the left"),
     (as_json(ODD), {"a.txt": "x"}, "no configuration on the right"),
     ({}, {}, "no configuration on the left and the right"),
     (as_json(ODD), as_json(OTHER | {"hidden_size": 1}), "no values shared beyond chance")],
)  # fmt: skip
def test_nothing_to_compare(left, right, says):
    evidence = compared(left, right)
    assert (evidence.strength, evidence.summary) == (Strength.NONE, says)
    assert not evidence.pairs
    assert not evidence.tables


def test_the_pairs_of_a_repository_are_ranked():
    left = {"a.json": json.dumps(ODD), "b/train.yaml": "ripple_pool: 77131\nother: 3\n"}
    right = {"z.yaml": "ripple_pool: 77131\nthird: 4\n", "m/model.yaml": YAML}
    evidence = compared(left, right)
    assert [(p.left.path, p.right.path) for p in evidence.pairs] == [
        ("a.json", "m/model.yaml"),
        ("b/train.yaml", "z.yaml"),
    ]
    assert "1 more pair of files" in evidence.summary


def test_copies_within_one_side_count_once():
    once = compared(as_json(ODD), as_json(ODD)).score
    many = {f"run{n}/config.json": json.dumps(ODD) for n in range(5)}
    assert compared(many, many).score <= once


def test_without_a_table_everything_is_rare_and_the_result_says_so(monkeypatch):
    monkeypatch.setattr(detector, "public_settings", lambda: Commons.empty("gone"))
    evidence = compared(as_json(ODD), as_json(ODD))
    assert evidence.skipped[0].what == "table of common settings"
    assert "gone" in evidence.skipped[0].reason


def test_two_configurations_of_a_hundred_keys_are_aligned_in_time():
    from time import perf_counter

    left = profile(
        as_json({f"{word}_{n}": n * 7 + 0.5 for n in range(50) for word in ("up", "down")})
    )
    right = profile(
        as_json({f"{word}_{n}": n * 7 + 0.5 for n in range(50) for word in ("in", "out")})
    )
    ConfigDetector().compare(left, right)
    best = min(_timed(perf_counter, left, right) for _ in range(5))
    # 20 ms on a machine of its own; this one may be busy.
    assert best < 0.2


def _timed(clock, left, right):
    start = clock()
    ConfigDetector().compare(left, right)
    return clock() - start


def test_assign_is_what_the_alignment_uses():
    assert assign({(0, 0): 2.0, (0, 1): 3.0, (1, 1): 2.5}) == [(0, 0), (1, 1)]
