"""Every format gives the same tokens under the same ids."""

from __future__ import annotations

import json

import pytest
from tokenizer_samples import compared, config, gguf, ranks, sentencepiece, tokenizer_json, words

from codesim.detectors.tokenizer import TokenizerDetector
from codesim.detectors.tokenizer.listfiles import byte_letters
from codesim.detectors.tokenizer.vocabularies import compare_merges
from codesim.model import Strength
from codesim.snapshot.memory import snapshot_of

TOKENS = ["<s>", "</s>", "<tile>", *words(1500, 5)]
FORMATS = {
    "tokenizer.json": tokenizer_json(TOKENS, {"<tile>": 2}),
    "vocab.json": json.dumps({text: at for at, text in enumerate(TOKENS)}).encode(),
    "vocab.txt": "\n".join(TOKENS).encode(),
    "tokenizer.model": sentencepiece(TOKENS),
    "own.tiktoken": ranks(TOKENS),
    "model.gguf": gguf(TOKENS, [3, 3, 4] + [1] * 1500),
}


def read(files):
    return TokenizerDetector().profile(snapshot_of(files))


@pytest.mark.parametrize("name", FORMATS)
def test_a_vocabulary_in_every_format(name):
    files = {name: FORMATS[name], "merges.txt": b"#version: 0.2\na b\nab c\n"}
    tokenizer = read(files).tokenizers[-1]
    assert tokenizer.reading.vocabulary.tokens == tuple(TOKENS)
    assert tokenizer.reading.vocabulary.ids == tuple(range(len(TOKENS)))


@pytest.mark.parametrize("left", FORMATS)
def test_formats_compare_with_each_other(left):
    folder = {"tokenizer_config.json": config({"<tile>": 2})}
    one = {left: FORMATS[left], **folder}
    evidence = compared(one, {"tokenizer.json": FORMATS["tokenizer.json"], **folder})
    assert evidence.strength >= Strength.STRONG
    assert evidence.facts["vocabulary_same_id"] == len(TOKENS)


def test_special_tokens_are_found_in_the_model_itself():
    for name in ("tokenizer.model", "model.gguf", "vocab.txt"):
        (tokenizer,) = read({name: FORMATS[name]}).tokenizers
        assert [(s.text, s.id) for s in tokenizer.specials][-1] == ("<tile>", 2), name


def test_pieces_of_a_unigram_model_have_ids_by_place():
    model = {"type": "Unigram", "vocab": [["<pad>", 0.0], ["\u2581the", -2.5]]}
    (tokenizer,) = read({"tokenizer.json": json.dumps({"model": model}).encode()}).tokenizers
    assert tokenizer.reading.vocabulary.tokens == ("<pad>", "\u2581the")


def test_merges_as_pairs_are_merges_as_text():
    def of(merges):
        return json.dumps({"model": {"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": merges}})

    texts, pairs = [
        read({"tokenizer.json": of(merges).encode()}).tokenizers[0].reading.merges
        for merges in (["a b"], [["a", "b"]])
    ]
    assert texts == pairs == ("a b",)


def test_the_older_tokenizer_of_keras_is_read():
    value = {"class_name": "Tokenizer", "config": {"word_index": json.dumps({"the": 1, "of": 2})}}
    (tokenizer,) = read({"tokenizer.json": json.dumps(value).encode()}).tokenizers
    assert tokenizer.reading.vocabulary.tokens == ("the", "of")


def test_a_named_token_takes_its_id_from_the_vocabulary():
    files = {
        "special_tokens_map.json": json.dumps({"unk_token": "<tile>", "pad_token": "!"}).encode(),
        "vocab.json": FORMATS["vocab.json"],
    }
    (tokenizer,) = read(files).tokenizers
    assert [(s.text, s.id) for s in tokenizer.specials] == [("<tile>", 2)]
    assert dict(tokenizer.reading.roles) == {"unk_token": "<tile>", "pad_token": "!"}


def test_two_models_in_one_folder_are_two_tokenizers():
    other = ranks(words(100, 6))
    profile = read({"a.tiktoken": FORMATS["own.tiktoken"], "b.tiktoken": other})
    assert [each.folder for each in profile.tokenizers] == ["a.tiktoken", "b.tiktoken"]


@pytest.mark.parametrize("name", ["vocab.json", "vocab.txt", "tokenizer.json", "word2vec.model"])
def test_other_files_of_the_same_name_are_no_tokenizers(name):
    content = (
        b'{"apples": 4096, "pears": 80000000}' if name.endswith("json") else b"red 1\nblue 2\n"
    )
    profile = read({name: content})
    assert profile.tokenizers == ()
    assert profile.skipped == ()


def test_bytes_have_letters_one_to_one():
    letters = byte_letters()
    assert len(set(letters.values())) == 256
    assert letters[ord(" ")] == "\u0120"


def test_the_order_of_merges_is_measured():
    merges = [f"{a} {b}" for a in "abcdefgh" for b in "abcdefgh"]
    assert compare_merges(merges, merges).tau == 1.0
    turned = compare_merges(merges, merges[::-1])
    assert turned.tau == -1.0
    assert turned.prefix == 0
    swapped = compare_merges(merges, [*merges[:10], merges[11], merges[10], *merges[12:]])
    pairs = len(merges) * (len(merges) - 1) / 2
    assert swapped.prefix == 10
    assert swapped.tau == pytest.approx(1 - 2 / pairs)


def test_a_chat_template_in_a_file_of_its_own():
    text = "{% for m in messages %}{{ m }}{% endfor %}"
    files = {"tokenizer_config.json": config({"<tile>": 7}), "chat_template.jinja": text.encode()}
    (tokenizer,) = read(files).tokenizers
    assert tokenizer.reading.template == text
