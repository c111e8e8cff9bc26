"""Bad input gives a named rejection or less detail, never a crash, and never loses a neighbour."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizer_samples import LLAMA3, OWN, config, sentencepiece, tokenizer_json, words

from codesim.detectors.tokenizer import TokenizerDetector
from codesim.detectors.tokenizer.profile import UnreadableError
from codesim.detectors.tokenizer.sentencepiece import read_sentencepiece
from codesim.snapshot.memory import snapshot_of

NEIGHBOUR = {"good/tokenizer_config.json": config({**LLAMA3, OWN[0]: 128256})}


def added(*tokens: object) -> bytes:
    return json.dumps({"added_tokens": list(tokens), "model": {"vocab": {"ab": 0}}}).encode()


HOSTILE = [
    ("tokenizer_config.json", b"[" * 100_000, "nested"),
    (
        "tokenizer_config.json",
        b'{"added_tokens_decoder": ' + b'{"a":' * 900 + b"1" + b"}" * 900,
        "",
    ),
    ("tokenizer_config.json", b"[" + b"[]," * 1_600_000 + b"1]", "more values"),
    ("tokenizer_config.json", b"[" + b"1," * 3_100_000 + b"1]", "more values"),
    ("tokenizer_config.json", b"[]", "not an object"),
    ("tokenizer_config.json", b'{"a": 1, "a": 2}', "twice"),
    ("tokenizer_config.json", b'{"a": NaN}', "NaN"),
    ("tokenizer_config.json", b"\xff\xfe{", "UTF-8"),
    ("tokenizer_config.json", b'{"added_tokens_decoder": [1]}', "expected"),
    ("tokenizer_config.json", b'{"added_tokens_decoder": {"x": {"content": "<a>"}}}', "id"),
    ("tokenizer_config.json", b'{"added_tokens_decoder": {"-1": {"content": "<a>"}}}', "id"),
    ("tokenizer_config.json", b'{"added_tokens_decoder": {"1": {"content": 5}}}', "token"),
    ("added_tokens.json", b'{"<a>": -4}', "negative"),
    ("added_tokens.json", b'{"<a>": 1' + b"0" * 400 + b"}", "huge"),
    ("added_tokens.json", b'{"<a>": true}', "bool"),
    ("added_tokens.json", json.dumps({f"<{n}>": n for n in range(100_001)}).encode(), "limit"),
    ("tokenizer.model", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "endless"),
    ("tokenizer.model", b"\x0a\xff\xff\xff\xff\x0f", "cut short"),
    ("tokenizer.model", b"\x0b" * 50, "unknown type"),
    ("tokenizer.model", b"", "no pieces"),
    ("own.tiktoken", b"!!!! 1\n", "base64"),
    ("own.tiktoken", b"YQ== -5\n", "id"),
    ("own.tiktoken", b"YQ==\n", "line 1"),
    ("model.gguf", b"GGUF\x03\x00\x00\x00" + b"\xff" * 41, "claims"),
]


@pytest.mark.parametrize(("name", "data", "said"), HOSTILE, ids=lambda v: str(v)[:24])
def test_a_bad_file_is_named_and_its_neighbour_read(name, data, said):
    profile = TokenizerDetector().profile(snapshot_of({f"bad/{name}": data, **NEIGHBOUR}))
    assert "good" in [tokenizer.folder for tokenizer in profile.tokenizers]
    ((path, reason),) = profile.skipped
    assert path == f"bad/{name}"
    assert said in reason


BAD_TOKENIZERS = [
    (added({"id": -1, "content": "<a>"}), "negative"),
    (added({"id": 2**40, "content": "<a>"}), "huge"),
    (added({"id": [], "content": "<a>"}), "id"),
    (added(3), "added token"),
    (b'{"model": {"vocab": 7}}', "vocabulary"),
    (b'{"model": {"vocab": {"a": "x"}}}', "id"),
    (b'{"model": {"vocab": ["a"]}}', "piece"),
    (b'{"model": {"vocab": {}, "merges": {"a": 1}}}', "merges"),
    (b'{"model": {"vocab": {}, "merges": [["a", "b", "c"]]}}', "pair"),
    (b'{"model": []}', "model"),
]


@pytest.mark.parametrize(("data", "said"), BAD_TOKENIZERS)
def test_a_bad_tokenizer_leaves_the_rest_of_its_folder(data, said):
    files = {"tokenizer.json": data, "tokenizer_config.json": config({OWN[0]: 9})}
    profile = TokenizerDetector().profile(snapshot_of(files))
    assert [special.text for special in profile.tokenizers[0].specials] == [OWN[0]]
    ((path, reason),) = profile.skipped
    assert path == "tokenizer.json"
    assert said in reason


def test_a_lone_surrogate_is_a_token_like_others():
    data = b'{"added_tokens_decoder": {"3": {"content": "<\\ud800>"}}}'
    profile = TokenizerDetector().profile(snapshot_of({"tokenizer_config.json": data}))
    (special,) = profile.tokenizers[0].specials
    assert special.text.encode("utf-8") == b"<\\ud800>"


def test_ids_and_tokens_given_twice_do_not_hurt():
    data = added(
        {"id": 5, "content": "<a>"}, {"id": 5, "content": "<b>"}, {"id": 6, "content": "<a>"}
    )
    detector = TokenizerDetector()
    profile = detector.profile(snapshot_of({"tokenizer.json": data}))
    assert [(s.text, s.id) for s in profile.tokenizers[0].specials] == [("<a>", 5), ("<b>", 5)]
    assert detector.compare(profile, profile).facts["same_tokens"] == 2


def test_many_tokenizers_are_bounded():
    files = {f"{n}/tokenizer_config.json": config({OWN[0]: n}) for n in range(60)}
    profile = TokenizerDetector().profile(snapshot_of(files))
    assert len(profile.tokenizers) == 50
    assert profile.skipped == (("other tokenizers", "10 beyond the first 50 were not compared"),)


def test_a_large_file_is_read_in_time():
    data = tokenizer_json(words(120_000, 7), {text: 200_000 + n for n, text in enumerate(OWN)})
    assert len(data) > 3_000_000
    detector = TokenizerDetector()
    start = time.process_time()
    profile = detector.profile(snapshot_of({"tokenizer.json": data}))
    detector.compare(profile, profile)
    assert time.process_time() - start < 3.0


@given(st.binary(max_size=300))
def test_any_bytes_are_a_model_or_are_refused(data):
    try:
        found = read_sentencepiece(data)
    except UnreadableError as error:
        said = str(error)
    else:
        said = repr(found)
    assert said


NAMES = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "vocab.txt", "merges.txt", "spiece.model", "x.tiktoken", "x.gguf", "a.model",
    "chat_template.json", "chat_template.jinja",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["added_tokens", "added_tokens_decoder", "model", "vocab", "merges", "content",
                 "id", "1", "chat_template", "bos_token", "additional_special_tokens", "config",
                 "class_name", "word_index", "name", "template", "normalizer"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)  # fmt: skip


@given(st.sampled_from(NAMES), VALUES | st.binary(max_size=80))
def test_no_content_breaks_the_detector(name, value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    detector = TokenizerDetector()
    profile = detector.profile(snapshot_of({name: data, **NEIGHBOUR}))
    assert "good" in [tokenizer.folder for tokenizer in profile.tokenizers]
    detector.compare(profile, profile)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_model_never_breaks_the_reader(place, byte):
    data = bytearray(sentencepiece(["<unk>", "<s>", "</s>", *words(30, 8)]))
    data[place % len(data)] = byte
    try:
        found = read_sentencepiece(bytes(data))
    except UnreadableError as error:
        said = str(error)
    else:
        said = repr(found)
    assert said


def test_many_models_in_one_folder_stay_in_time() -> None:
    files = {f"x{n}.model": sentencepiece([f"a{n}"]) for n in range(5_000)}
    start = time.process_time()
    profile = TokenizerDetector().profile(snapshot_of(files))
    assert time.process_time() - start < 8
    assert len(profile.tokenizers) == 50
    assert profile.skipped == (("other tokenizers", "4,950 beyond the first 50 were not compared"),)
