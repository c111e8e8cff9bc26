"""What goes with a public architecture, or is a table, says little however much of it agrees."""

from __future__ import annotations

import json
from time import perf_counter

import pytest
from config_samples import ODD, as_json, compared, profile, states

from codesim import Strength

# Settings that a converter of a public architecture writes, some known to no table of ours.
STOCK = {
    "model_type": "wav2vec2", "transformers_version": "4.30.0", "hidden_size": 1024,
    "tern_channel_length": 10, "tern_channel_prob": 0.0, "tern_time_space": 1,
    "tern_selection": "static", "tern_layers": 7, "apply_tern": True, "feat_proj_dropout": 0.1,
    "conv_dim": [512, 512, 512, 512, 512], "vocab_size": 51289, "layerdrop": 0.05,
    "tern_pools": ["mean_over_tern", "max_over_tern"],
}  # fmt: skip
DUMPED = {
    "typical_p": 1.0, "num_beam_groups": 1, "diversity_penalty": 0.0, "min_length": 0,
    "remove_invalid_values": False, "chunk_size_feed_forward": 0, "top_k": 50, "max_length": 20,
}  # fmt: skip
GENERATION = {
    "tide_heads": [[3, 1], [4, 2], [4, 7]], "prev_tide_token_id": 50361, "no_tide_token_id": 50363,
    "tide_to_id": {f"<|{n}|>": 50259 + n for n in range(99)},
}  # fmt: skip
WORDS = {f"colour{n}": f"color{n}" for n in range(900)}
# Known keys with round values that the table does not have for them.
_KNOWN = (
    "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "num_experts", "top_k",
    "num_experts_per_tok", "pad_token_id", "warmup_steps", "batch_size", "num_epochs", "seed",
    "num_workers", "save_steps", "eval_steps", "logging_steps", "num_beams", "num_labels",
    "kernel_size", "stride", "padding", "dilation", "groups", "num_heads", "depth", "layers",
)  # fmt: skip
USUAL = dict.fromkeys(_KNOWN, 3)
# A made-up model on the same architecture, with several choices that nobody else has.
OWN = STOCK | {
    "gate_blend_ratio": 0.3725, "ripple_window": 17331, "tide_schedule": "sawtooth-ascending",
    "kelp_layers": [3, 11, 27], "moss_depth": 90417, "fern_width": 0.61803,
}  # fmt: skip


def folder(**files):
    return {f"{name}.json": json.dumps(each) for name, each in files.items()}


MUST_NOT_MATCH = {
    "one public architecture": (as_json(STOCK), as_json({**STOCK, "vocab_size": 77})),
    "the same file of one public architecture": (as_json(STOCK), as_json(STOCK)),
    "an architecture younger than the table": (
        as_json(STOCK | {"model_type": "florence2"}),
        as_json(STOCK | {"model_type": "florence2", "tern_layers": 9}),
    ),
    "two public architectures of one origin": (
        as_json(STOCK), as_json(STOCK | {"model_type": "hubert", "hidden_size": 768}),
    ),
    "what goes with a public architecture": (
        folder(config=STOCK, generation_config=GENERATION),
        folder(config={"model_type": "wav2vec2"}, generation_config=GENERATION),
    ),
    "defaults that a library writes for everybody": (
        as_json(DUMPED | {"model_type": "tern"}), as_json(DUMPED | {"model_type": "gull"}),
    ),
    "parts of a pipeline": (
        as_json({"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "Odd"]}),
        as_json({"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "Odd"]}),
    ),
    "a map of words": (as_json(WORDS), as_json(WORDS)),
    "a map of words inside": (as_json({"tide": 4, "w": WORDS}), as_json({"tern": 5, "w": WORDS})),
    "a short map of words": (
        as_json(dict(list(WORDS.items())[:45])), as_json(dict(list(WORDS.items())[:45])),
    ),
    "numbered keys": (
        as_json({f"tern_{n}": n * 7 for n in range(200)} | {"kelp": True}),
        as_json({f"tern_{n}": n * 7 for n in range(200)} | {"moss": True}),
    ),
    "many values, none of them rare": (as_json(USUAL), as_json(dict(reversed(USUAL.items())))),
    "who reads it": (
        as_json({"tokenizer_class": "OddlyNamedTokenizer", "processor_class": "OddProcessor"}),
        as_json({"tokenizer_class": "OddlyNamedTokenizer", "processor_class": "OddProcessor"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MUST_NOT_MATCH)
def test_must_not_match(case):
    assert compared(*MUST_NOT_MATCH[case]).strength <= Strength.WEAK


@pytest.mark.parametrize("case", MUST_NOT_MATCH)
def test_swapping_the_sides_swaps_the_result(case):
    left, right = MUST_NOT_MATCH[case]
    one, two = compared(left, right), compared(right, left)
    assert (one.strength, one.score, one.summary) == (two.strength, two.score, two.summary)


def test_choices_of_its_own_count_on_a_public_architecture_too():
    evidence = compared(as_json(OWN), as_json({**OWN, "hidden_size": 768}))
    assert evidence.strength >= Strength.MODERATE
    assert states(evidence)["ripple_window"] == "same"
    assert states(evidence)["vocab_size"] == "common"
    assert "both name a public architecture" in evidence.summary


def test_very_strong_asks_for_several_keys_that_nobody_has():
    values = {
        "learning_rate": 0.00043719, "weight_decay": 0.017331, "warmup_steps": 17331,
        "batch_size": 9173, "max_grad_norm": 0.73719, "dropout": 0.09173, "epochs": 3719,
    }  # fmt: skip
    evidence = compared({"train.yaml": json.dumps(values)}, {"train.yaml": json.dumps(values)})
    assert Strength.MODERATE <= evidence.strength <= Strength.STRONG
    assert compared(as_json(ODD | OWN), as_json(ODD | OWN)).strength >= Strength.STRONG


def test_what_is_set_aside_is_no_match_of_a_pair_of_files():
    evidence = compared(as_json(STOCK), as_json(STOCK))
    assert not evidence.pairs
    assert set(states(evidence).values()) == {"common"}


def test_a_sentence_does_not_contradict_the_strength():
    alone = compared(as_json({"tern_pond": 96}), as_json({"tern_pond": 96}))
    assert alone.strength is Strength.NONE
    assert alone.summary == "1 of 1 values equal, 1 of them rare; no more than chance gives"


def test_defaults_taken_from_keywords_are_read():
    text = (
        "class OddConfig:\n    def __init__(self, **kwargs):\n"
        "        self.tide = kwargs.pop('tide', 31)\n        width = kwargs.get('width', 7)\n"
        "        other = kwargs.pop('other')\n        name = table.pop(0, 3)\n"
    )
    (unit,) = profile({"configuration.py": text}).units
    assert [(s.label, s.value) for s in unit.settings] == [("tide", "31"), ("width", "7")]


def test_long_paths_are_compared_in_time():
    def nested(word):
        inner = {f"{word}_{n}": n for n in range(200)}
        for level in range(60):
            inner = {chr(97 + level % 26) * 117: inner}
        return profile(as_json(inner))

    from codesim.detectors.config import ConfigDetector

    left, right = nested("up"), nested("down")
    start = perf_counter()
    ConfigDetector().compare(left, right)
    # 0.2 s on a machine of its own, and 33 s where every path is compared in full.
    assert perf_counter() - start < 5
