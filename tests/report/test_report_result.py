"""The result document: what it holds, its bytes, its schema, and how it refuses other files."""

from __future__ import annotations

import json
import os
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import HOSTILE, comparison, everywhere, evidence, pair, snapshot

from codesim.errors import CodesimError
from codesim.model import CloneType, Skipped, Strength
from codesim.report import decode, document_of, encode, schema, sources

SCHEMA_FILE = files("codesim.report") / "schema" / "result-1.json"


def test_holds_everything_in_words():
    found = json.loads(encode(document_of(comparison())))
    assert list(found) == [
        "schema", "codesim", "parameters", "overall", "left", "right", "base", "evidence",
        "skipped", "sources",
    ]  # fmt: skip
    assert found["schema"] == "codesim/result/1"
    assert found["overall"] == {
        "strength": "very strong",
        "reason": "code: 71 % of right is in left, 64 % of left is in right; 3 names renamed",
    }
    assert found["left"]["files"] == 3
    assert found["base"][0]["name"] == "carol/framework"
    first = found["evidence"][0]["pairs"][0]
    assert first["left"] == {"path": "model/mixer.py"}
    assert first["matches"][0]["clone_type"] == 4
    assert first["matches"][0]["right"] == {
        "path": "src/blend.py", "start": 9, "end": 10, "label": "Blend.forward",
    }  # fmt: skip
    assert found["parameters"] == {
        "code": {"lenses": ["layout", "names"], "rate": 0.25, "shortest": 12}
    }
    assert set(found["sources"]["left"]) == {"model/mixer.py", "train.py"}


def test_same_bytes_there_and_back():
    data = encode(document_of(comparison()))
    assert data.endswith(b"}\n")
    assert encode(decode(data)) == data
    assert encode(document_of(comparison())) == data


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_survives_there_and_back(text):
    document = document_of(everywhere(text))
    assert decode(encode(document)) == document


@given(st.text(), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_summary_and_source_survive(summary, code):
    side = snapshot("s", {"a.py": code.encode()})
    found = evidence(summary=summary, pairs=(pair("a.py", "a.py", ()),))
    document = document_of(comparison(left=side, right=side, evidence=(found,)))
    assert decode(encode(document)) == document


def test_committed_schema_is_the_generated_one():
    text = json.dumps(schema(), indent=1) + "\n"
    if os.environ.get("CODESIM_UPDATE_GOLDEN"):
        SCHEMA_FILE.write_text(text, encoding="utf-8")
    assert SCHEMA_FILE.read_text(encoding="utf-8") == text


def test_every_field_is_described():
    for name, record in schema()["$defs"].items():
        assert record["description"], name
        assert record["additionalProperties"] is False
        later = {field for field, kind in record["properties"].items() if "default" in kind}
        later |= {"sources"} & set(record["properties"])  # a default that a schema cannot tell
        assert set(record["required"]) == set(record["properties"]) - later
        texts = {"ResultDocument": {"sources"}, "Sources": {"left", "right"}}.get(name, set())
        assert later <= {"names", "date"} | texts, "a field that results may lack is named here"
        for field, kind in record["properties"].items():
            assert kind.get("description"), f"{name}.{field}"


def test_a_result_without_the_names_of_matches_is_still_read():
    data = json.loads(encode(document_of(comparison())))
    for found in data["evidence"][0]["pairs"]:
        for each in found["matches"]:
            del each["names"]
    assert decode(json.dumps(data).encode()).evidence[0].pairs[0].matches[0].names == ()


def test_documents_obey_the_schema():
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    for each in (comparison(), everywhere("x"), comparison(evidence=())):
        validator.validate(json.loads(encode(document_of(each))))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"schema": "codesim/result/1"})


def test_figures_are_rounded_and_finite():
    document = document_of(comparison(evidence=(evidence(score=1 / 3),)))
    assert document.evidence[0].score == 0.333333
    assert b"-0.0" not in encode(document_of(comparison(evidence=(evidence(score=-1e-9),))))
    with pytest.raises(ValueError, match="finite"):
        document_of(comparison(evidence=(evidence(score=float("nan")),)))


def test_parameters_become_plain_values():
    wild = {"k": {"set": {"b", "a"}, "inf": float("inf"), "strength": Strength.WEAK,
                  "type": CloneType.NEAR, "none": None, "flag": True, 3: (1, [2.5])}}  # fmt: skip
    document = document_of(comparison(parameters=wild))
    assert document.parameters == {
        "k": {"3": [1, [2.5]], "flag": True, "inf": "inf", "none": None, "set": ["a", "b"],
              "strength": "weak", "type": "near"}
    }  # fmt: skip
    with pytest.raises(TypeError, match="parameter"):
        document_of(comparison(parameters={"k": object()}))


def with_files(files, paths, monkeypatch=None):
    side = snapshot("s", files)
    pairs = tuple(pair(path, path, ()) for path in paths)
    return document_of(comparison(left=side, right=side, evidence=(evidence(pairs=pairs),)))


def test_a_long_source_is_left_out_with_a_reason(monkeypatch):
    monkeypatch.setattr(sources, "MAX_TEXT", 10)
    document = with_files({"big.py": b"x" * 11, "small.py": b"x" * 10}, ["big.py", "small.py"])
    assert set(document.sources.left) == {"small.py"}
    named = [each for each in document.skipped if "big.py" in each.what]
    assert [each.what for each in named] == ["left: big.py", "right: big.py"]
    assert "limit" in named[0].reason


def test_all_sources_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(sources, "MAX_TOTAL", 25)
    files = {f"{n}.py": b"x" * 10 for n in range(4)}
    document = with_files(files, sorted(files))
    assert set(document.sources.left) == set(document.sources.right) == {"0.py"}
    assert sum("together" in each.reason for each in document.skipped) == 6


def test_binary_files_and_missing_objects_are_named():
    files = {"a.bin": bytes(range(256)) * 20, "ok.py": b"x\n"}
    document = with_files(files, ["a.bin", "ok.py", "tensor.weight"])
    assert set(document.sources.left) == {"ok.py"}
    reasons = {each.what: each.reason for each in document.skipped}
    assert reasons["left: a.bin"] == "not shown: not text"
    assert "left: tensor.weight" not in reasons  # a file-like artefact has no text to miss


def test_only_shown_pairs_have_sources():
    files = {f"{n}.py": b"x\n" for n in range(3)}
    side = snapshot("s", files)
    found = evidence(pairs=tuple(pair(path, path, ()) for path in sorted(files)))
    document = document_of(comparison(left=side, right=side, evidence=(found,)), top=1)
    assert set(document.sources.left) == {"0.py"}
    assert len(document.evidence[0].pairs) == 3


def test_skipped_keeps_its_order():
    document = document_of(comparison(skipped=(Skipped("b", "1"), Skipped("a", "2"))))
    assert [each.what for each in document.all_skipped] == ["b", "a", "right: weights.bin"]


GOOD = encode(document_of(comparison()))


def changed(**fields):
    return json.dumps({**json.loads(GOOD), **fields}).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"<html></html>", "it is a web page"),
        (GOOD[: len(GOOD) // 2], "cut short"),
        (GOOD + b"x", "damaged or is not JSON"),
        (b"\xff\xfe{}", "it is UTF-16 text"),
        (b'{"schema": "\\ud800"}', "."),
        (b"[]", "not a codesim result"),
        (b"{}", "not a codesim result"),
        (changed(schema=1), "not a codesim result"),
        (changed(schema="codesim/result/2"), "newer codesim"),
        (changed(schema="codesim/result/9" + "9" * 5000), "newer codesim"),
        (changed(schema="codesim/result/0"), "this codesim reads"),
        (changed(schema="other\x1b[31m"), "this codesim reads"),
        (changed(evidence="none"), "evidence"),
        (changed(extra=1), "extra"),
        (changed(overall={"strength": "certain", "reason": ""}), "certain"),
        (changed(left={"name": "x"}), "left"),
        (changed(parameters=1), "parameters"),
        (GOOD.replace(b'"similarity": 0.71', b'"similarity": 7'), "similarity"),
        (GOOD.replace(b'"start": 9', b'"start": -9'), "start"),
        (GOOD.replace(b'"start": 9', b'"start": 11'), "src/blend.py: lines 11 to 10 are not"),
        (GOOD.replace(b'"end": 11', b'"end": 99'), "mixer.py: line 99 is past the end, line 18"),
        (GOOD.replace(b'"start": 9', b'"start": null'), "one is missing"),
        (b'{"schema": "codesim/result/1", "parameters": ' + b"[" * 200_000, "."),
    ],
    ids=range(24),
)  # fmt: skip
def test_refuses_other_files_with_a_clear_error(data, message):
    with pytest.raises(CodesimError, match=message) as caught:
        decode(data)
    assert str(caught.value).isprintable()


@given(st.binary())
def test_arbitrary_bytes_never_crash(data):
    with pytest.raises(CodesimError):
        decode(data)
