"""The table of public tokenizers, and what is recognised by it."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
from tokenizer_samples import LLAMA2, LLAMA3, config, words

from codesim.detectors.tokenizer import TokenizerDetector
from codesim.detectors.tokenizer.known import (
    BLOCK,
    Known,
    block_digest,
    expected_anywhere,
    known,
    template_digest,
    template_of,
)
from codesim.detectors.tokenizer.profile import Vocabulary
from codesim.detectors.tokenizer.recognise import origin_of
from codesim.snapshot.memory import snapshot_of

DATA = json.loads(
    resources.files("codesim.detectors.tokenizer").joinpath("known.json").read_text("utf-8")
)
ASKED = (
    "Llama 2", "Llama 3", "Llama 3.1", "Qwen", "Qwen 2.5", "Qwen-VL", "Mistral", "GPT-2", "CLIP",
    "GPT-4 (cl100k)", "GPT-4o (o200k)", "BERT uncased", "RoBERTa", "T5", "Gemma", "Phi-3", "BART",
    "DeepSeek LLM and VL", "InternLM 2", "Falcon", "Baichuan", "Yi", "StarCoder", "Whisper",
    "XLM-R",
)  # fmt: skip


def origin(files):
    profile = TokenizerDetector().profile(snapshot_of(files))
    return origin_of(profile.tokenizers[0])


def test_every_fact_has_a_source():
    for each in (*DATA["bases"], *DATA["conventions"], *DATA["templates"]):
        assert re.match(r"https://(huggingface\.co|github\.com)/\S+$", each["source"]), each["name"]
    names = [base["name"] for base in DATA["bases"]]
    assert sorted(names) == sorted(set(names))
    assert set(ASKED) <= set(names)


def test_the_table_is_well_formed():
    for base in known().bases:
        assert all(number >= 0 for number in base.special.values()), base.name
        assert all(low <= high and "{}" in text for text, low, high in base.runs), base.name
        assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in base.files), base.name
        assert all(re.fullmatch(r"([0-9a-f]{8})?", each) for each in base.blocks), base.name
        if base.blocks:
            assert base.size is not None
            assert len(base.blocks) <= base.size // BLOCK + 1


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("<|begin_of_text|>", 128000, "Llama 3"),
        ("<|reserved_special_token_77|>", 128090, "Llama 3"),
        ("<0x0A>", 13, "Llama 2"),
        ("<|im_end|>", 151645, "Qwen"),
        ("<ref>", 151851, "Qwen-VL"),
        ("[unused42]", 43, "BERT uncased"),
        ("<extra_id_0>", 32099, "T5"),
        ("<|3.20|>", 50524, "Whisper"),
        ("<|endoftext|>", 50256, "GPT-2"),
        ("<|begin_of_text|>", 7, ""),
        ("<tile>", 128000, ""),
        ("<|reserved_special_token_77|>", 5, ""),
    ],
)
def test_facts(text, number, name):
    assert known().base_of(text, number) == name


def test_customs_and_numbers():
    assert known().convention("<image>")
    assert known().listed("<fim_prefix>")
    assert not known().convention("<tile>")
    assert expected_anywhere("<extra_id_9>")
    assert expected_anywhere("\t\t")
    assert not expected_anywhere("<tile>")
    assert template_of("<loc_0017>") == "<loc_{}>"


def test_a_tokenizer_is_recognised_by_its_special_tokens():
    assert origin({"tokenizer_config.json": config(LLAMA3)}).name == "Llama 3"
    assert origin({"tokenizer_config.json": config({"<tile>": 1, "<s>": 9})}).name == ""
    named = origin({"tokenizer_config.json": config(LLAMA2)})
    assert named.name
    assert named.explains(31_999)


def test_a_vocabulary_is_recognised_by_thousands_of_tokens():
    tokens = words(3500, 9)
    base = {
        "name": "Invented", "source": "https://github.com/x/y", "size": 3000, "special": {},
        "blocks": "".join(block_digest(tokens[at : at + BLOCK]) for at in (0, 1000, 2000)),
    }  # fmt: skip
    table = Known({"bases": [base], "conventions": [], "templates": []})
    from codesim.detectors.tokenizer import recognise

    found = recognise._by_blocks(Vocabulary(tuple(tokens), tuple(range(3500))), table.bases)
    assert found.name == "Invented"
    assert found.explains(2999)
    assert not found.explains(3000)
    turned = Vocabulary(tuple(reversed(tokens)), tuple(range(3500)))
    assert recognise._by_blocks(turned, table.bases).name == ""


def test_white_space_does_not_change_a_template():
    assert template_digest("{% if a %}\n b") == template_digest("{%if a%}b")
