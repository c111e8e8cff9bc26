"""What must match, and what must not."""

from __future__ import annotations

import json

import pytest
from tokenizer_samples import LLAMA2, LLAMA3, OWN, compared, config, tokenizer_json, words

from codesim.detectors.tokenizer import TokenizerDetector
from codesim.model import Entry, Evidence, Snapshot, Strength

ADDED = {text: 128256 + at for at, text in enumerate(OWN)}
OTHER = {"<plume>": 128256, "</plume>": 128257, "<sextant>": 128258, "<hatch>": 128259}


def llama3(added: dict[str, int] | None = None, **more: object) -> dict[str, bytes]:
    return {"tokenizer_config.json": config({**LLAMA3, **(added or {})}, **more)}


def state(evidence: Evidence, token: str) -> str:
    table = next(t for t in evidence.tables if t.title == "added and special tokens")
    row = next(row for row in table.rows if row[0] == token)
    return row[table.columns.index("state")]


BASE_VOCABULARY = words(2500, 1)
FINE_TUNES = [
    pytest.param(llama3(), llama3(), None, id="two models with nothing but the public tokens"),
    pytest.param(
        llama3(ADDED), llama3(OTHER), None, id="each its own tokens on one public vocabulary"
    ),
    pytest.param(
        {"tokenizer.json": tokenizer_json(BASE_VOCABULARY, {"<plume>": 2500})},
        {"tokenizer.json": tokenizer_json(BASE_VOCABULARY, {"<hatch>": 2500})},
        {"tokenizer.json": tokenizer_json(BASE_VOCABULARY, {})},
        id="one vocabulary of the base, each its own token",
    ),
    pytest.param(llama3(ADDED), llama3(ADDED), llama3(ADDED), id="the base has all tokens"),
    pytest.param(
        {"tokenizer_config.json": config({**LLAMA2, "[PAD]": 32000})},
        {"tokenizer_config.json": config({**LLAMA2, "[PAD]": 32000})},
        None,
        id="the padding token that everybody adds",
    ),
    pytest.param(
        {"tokenizer_config.json": config({"<|im_start|>": 71000, "<image>": 71001})},
        {"tokenizer_config.json": config({"<|im_start|>": 71000, "<image>": 71001})},
        None,
        id="customary names under the same ids",
    ),
    pytest.param(
        {"tokenizer.json": tokenizer_json(words(3000, 2), {})},
        {"tokenizer.json": tokenizer_json(words(3000, 3), {})},
        None,
        id="two vocabularies trained apart",
    ),
    pytest.param(
        {"a/vocab.json": json.dumps({c: at for at, c in enumerate("abcdefghijkl")}).encode()},
        {"b/vocab.json": json.dumps({c: at for at, c in enumerate("abcdefghijkl")}).encode()},
        None,
        id="the alphabet",
    ),
    pytest.param(
        llama3({f"<extra_id_{n}>": 128300 + n for n in range(100)}),
        llama3({f"<extra_id_{n}>": 128300 + n for n in range(100)}),
        None,
        id="a hundred reserved numbers",
    ),
]


@pytest.mark.parametrize(("left", "right", "base"), FINE_TUNES)
def test_says_nothing(left, right, base):
    evidence = compared(left, right, base)
    assert evidence.strength <= Strength.NONE, evidence.summary


COPIES = [
    pytest.param(llama3(ADDED), llama3(ADDED), Strength.VERY_STRONG, id="the same added tokens"),
    pytest.param(
        llama3(ADDED),
        {"sub/tokenizer_config.json": config({**LLAMA3, **ADDED}, indent=None)},
        Strength.VERY_STRONG,
        id="another spacing in another folder",
    ),
    pytest.param(
        llama3(ADDED),
        {"added_tokens.json": json.dumps({**ADDED, **LLAMA3}).encode()},
        Strength.STRONG,
        id="another kind of file",
    ),
    pytest.param(
        {"tokenizer.json": tokenizer_json(words(3000, 4), {})},
        {"tokenizer.json": tokenizer_json(words(3000, 4), {"<plume>": 3000})},
        Strength.STRONG,
        id="a vocabulary that nobody knows",
    ),
]


@pytest.mark.parametrize(("left", "right", "least"), COPIES)
def test_says_much(left, right, least):
    evidence = compared(left, right)
    assert evidence.strength >= least, (evidence.summary, evidence.score)


def test_the_summary_counts_what_is_shared_and_what_is_not_used():
    left = {**llama3(ADDED), "model.py": b"TILE = '<tile>'\nEND = '</tile>'\n"}
    evidence = compared(left, {**llama3(ADDED, indent=None), "notes.md": b"nothing\n"})
    assert evidence.summary == (
        "same 7 added tokens beyond Llama 3 (5 of them never used on the left, 7 of them never "
        "used on the right); tokenizer_config.json equal as JSON"
    )
    assert evidence.facts["same_tokens"] == 7
    baggage = next(table for table in evidence.tables if table.title == "unused baggage")
    assert ("<tile>", "used", "never used") in baggage.rows


def test_rows_tell_apart_what_changed():
    ours = {"<tile>": 128256, "<glimpse>": 128257, "<caliper>": 128258, "<left>": 128300}
    theirs = {"<tile>": 128256, "<glimpse>": 128260, "<compass>": 128258, "<right>": 128301}
    evidence = compared(llama3(ours), llama3(theirs))
    told = {
        token: state(evidence, token)
        for token in ("<tile>", "<glimpse>", "<caliper> / <compass>", "<left>", "<right>")
    }
    assert list(told.values()) == ["same", "changed", "renamed", "only left", "only right"]
    assert [(each.left, each.right) for each in evidence.renames] == [("<caliper>", "<compass>")]


def test_flags_make_a_difference():
    ours = {"added_tokens_decoder": {"128256": {"content": "<tile>", "special": True}}}
    theirs = {"added_tokens_decoder": {"128256": {"content": "<tile>", "lstrip": True}}}
    left, right = ({"tokenizer_config.json": json.dumps(each).encode()} for each in (ours, theirs))
    assert state(compared(left, right), "<tile>") == "changed"


def test_matches_know_their_lines():
    evidence = compared(llama3(ADDED), llama3(ADDED, indent=None))
    (pair,) = evidence.pairs
    run = pair.matches[-1]
    assert run.left.label == "<tile> to <marginalia>"
    left = llama3(ADDED)["tokenizer_config.json"].decode().split("\n")
    first, last = run.left.lines
    assert "<tile>" in left[first - 1]
    assert "<marginalia>" in left[last - 1]
    assert run.right.lines == (1, 1)


def missing(name: str, added: dict[str, int], blob_id: str) -> Snapshot:
    """A snapshot whose tokenizer.json is listed, but whose bytes are gone."""
    held = config({**LLAMA3, **added})
    entries = (
        Entry("tokenizer.json", blob_id, None, readable=False),
        Entry("tokenizer_config.json", "0" * 40, len(held)),
    )
    return Snapshot(name, f"memory:{name}", None, entries, lambda path: held)


@pytest.mark.parametrize(("added", "counts"), [(ADDED, True), ({}, False)])
def test_a_missing_file_counts_by_its_id_where_there_is_something_to_it(added, counts):
    detector = TokenizerDetector()
    sides = [detector.profile(missing(name, added, "ab" * 20)) for name in ("left", "right")]
    evidence = detector.compare(*sides)
    assert ("identical by content id" in evidence.summary) is counts
    assert bool(evidence.pairs) is counts
    assert any(each.what == "tokenizer.json" for each in evidence.excluded) is not counts


def test_pointers_of_one_file_are_the_file():
    def pointer(oid: str) -> bytes:
        spec = "version https://git-lfs.github.com/spec/v1"
        return f"{spec}\noid sha256:{oid}\nsize 4241003\n".encode()

    left = {**llama3(ADDED), "tokenizer.json": pointer("ab" * 32)}
    same = compared(left, {**llama3(ADDED), "tokenizer.json": pointer("ab" * 32)})
    other = compared(left, {**llama3(ADDED), "tokenizer.json": pointer("cd" * 32)})
    assert same.score > other.score
    assert "tokenizer.json identical by content id" in same.summary


def test_nothing_to_compare_is_said():
    assert compared(llama3(ADDED), {"a.py": b""}).summary == "no tokenizer files on the right"
    assert compared({}, {}).summary == "no tokenizer files on either side"
    assert compared({}, llama3(ADDED)).strength is Strength.NONE


def test_a_template_of_ones_own_counts_and_a_public_one_does_not():
    own = "{% for m in messages %}" + "<<" * 120 + "{{ m }}{% endfor %}"
    evidence = compared(llama3(ADDED, chat_template=own), llama3(OTHER, chat_template=own + "  "))
    assert evidence.facts["chat_template"] == "same"
    assert evidence.strength is Strength.NONE
    known = compared(llama3(ADDED, chat_template="{{ x }}"), llama3({}, chat_template="{{ x }}"))
    assert known.facts["chat_template"] == "common"
