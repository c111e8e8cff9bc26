"""SARIF: valid, inert, and with fingerprints that outlast edits elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urljoin

import jsonschema
import msgspec
import pytest
from hostile_strings import HOSTILE, holding, plain
from hypothesis import given
from hypothesis import strategies as st
from report_samples import LEFT_CODE, comparison, evidence, match, pair, snapshot

from codesim.model import Fragment, Strength
from codesim.report import document_of, render_sarif
from codesim.report.sarif import message, relative_uri

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_bytes())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
# RFC 3986, section 4.2, without a scheme, an authority or a leading slash.
RELATIVE = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+(?:/(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+)*")


def run(document=None):
    log = json.loads(render_sarif(document or document_of(comparison())))
    VALIDATOR.validate(log)
    [only] = log["runs"]
    return only


def strings(value, name=""):
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for each in value:
            yield from strings(each, name)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield "", key
            yield from strings(each, key)


def prints(found, name):
    return [each["partialFingerprints"][name] for each in found["results"]]


def test_a_wrong_log_would_be_refused():
    log = json.loads(render_sarif(document_of(comparison())))
    log["runs"][0]["results"][0]["level"] = "guilt"
    assert not VALIDATOR.is_valid(log)


def test_one_result_per_match_with_both_places():
    results = run()["results"]
    assert [each["ruleId"] for each in results] == ["code"] * 4  # three matches, one pair without
    first = results[0]
    [left] = first["locations"]
    [right] = first["relatedLocations"]
    assert left["physicalLocation"] == {
        "artifactLocation": {"uri": "model/mixer.py", "uriBaseId": "%LEFTROOT%"},
        "region": {"startLine": 7, "endLine": 11},
    }
    assert left["logicalLocations"] == [{"fullyQualifiedName": "TileMixer.forward"}]
    assert right["physicalLocation"]["artifactLocation"]["uriBaseId"] == "%RIGHTROOT%"
    assert right["physicalLocation"]["region"] == {"startLine": 9, "endLine": 10}
    assert first["message"]["text"] == (
        "model/mixer.py:7-11 TileMixer.forward and, on the right, src/blend.py:9-10 Blend.forward "
        "are 83 % alike, restructured: "
        "A loop became a comprehension; the value graph is the same."
    )


def test_what_was_compared_set_aside_and_skipped():
    found = run()
    assert [rule["id"] for rule in found["tool"]["driver"]["rules"]] == ["code", "config"]
    notes = found["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == [
        "left: logo.png: not text",
        "right: weights.bin: pickle; only safetensors is read",
    ]
    assert found["properties"]["strength"] == "very strong"
    assert found["properties"]["setAside"] == ["licence text: 2 files; the MIT licence"]
    assert found["versionControlProvenance"][0] == {
        "repositoryUri": "https://example.org/alice/tiles",
        "revisionId": "3f2c1ab41d02aa00" + "0" * 24,
        "mappedTo": {"uriBaseId": "%LEFTROOT%"},
    }


@pytest.mark.parametrize(
    ("strength", "level"),
    [
        (Strength.NONE, "none"),
        (Strength.WEAK, "note"),
        (Strength.MODERATE, "note"),
        (Strength.STRONG, "warning"),
        (Strength.VERY_STRONG, "warning"),
    ],
)
def test_levels_follow_strength_and_never_say_error(strength, level):
    results = run(document_of(comparison(evidence=(evidence(strength=strength),))))["results"]
    assert {each["level"] for each in results} == {level}
    # Section 3.27.10: a result of level none says by its kind that nothing failed.
    assert {each.get("kind") for each in results} == {"informational" if level == "none" else None}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_inert(text):
    found, harmless = run(holding(text)), run(plain())
    assert len(found["results"]) == len(harmless["results"])
    for name, value in strings(found):
        assert value.isprintable(), name
        if name == "text":
            assert "](" not in value
            assert re.sub(r"\{\{|\}\}", "", value).count("{") == 0
        if name == "uri":
            assert RELATIVE.fullmatch(value)
            assert urljoin("file:///repository/", value).startswith("file:///repository/")
        if name == "repositoryUri":
            pytest.fail("no hostile text is an address")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_uri_names_exactly_the_path_or_there_is_none(path):
    uri = relative_uri(path)
    if uri is None:
        assert "\\" in path or {"", ".", ".."} & set(path.split("/"))
    else:
        assert RELATIVE.fullmatch(uri)
        assert unquote(uri) == path


def test_a_path_that_leads_elsewhere_is_still_named():
    found = document_of(comparison(evidence=(evidence(pairs=(pair("../up.py", "b.py"),)),)))
    first = run(found)["results"][0]
    assert "physicalLocation" not in first["locations"][0]
    assert first["locations"][0]["logicalLocations"] == [
        {"fullyQualifiedName": "../up.py TileMixer.forward"}
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a {0} b", "a {{0}} b"),
        ("[x](1)", "[x] (1)"),
        ("two\nlines", "two\\nlines"),
        ("", "-"),
        ("plain", "plain"),
    ],
)
def test_messages(text, shown):
    assert message(text) == {"text": shown}


def moved(lines):
    """The sample with so many lines of comment before the code of the left side."""
    code = "# more\n" * lines + LEFT_CODE
    left = snapshot("alice/tiles", {"model/mixer.py": code.encode()})
    matches = tuple(
        match(
            Fragment("model/mixer.py", (start + lines, end + lines), label),
            Fragment("src/blend.py", (1, 2), "area"),
        )
        for start, end, label in ((7, 11, "forward"), (13, 14, "grid"), (17, 18, "grid"))
    )
    found = (evidence(pairs=(pair(matches=matches),)),)
    return document_of(comparison(left=left, evidence=found))


@pytest.mark.parametrize("name", ["codesimNames/v1", "codesimText/v1"])
def test_fingerprints_do_not_depend_on_lines(name):
    before, after = run(moved(0)), run(moved(5))
    assert before["results"][0]["locations"] != after["results"][0]["locations"]
    assert prints(before, name) == prints(after, name)
    assert len(set(prints(before, name))) == 3


def test_fingerprints_tell_edits_apart_only_by_text():
    edited = msgspec.structs.replace(
        moved(0),
        sources=msgspec.structs.replace(
            moved(0).sources,
            left={"model/mixer.py": LEFT_CODE.replace("math.sqrt(tile)", "math.sqrt(tile) + 1")},
        ),
    )
    assert prints(run(edited), "codesimNames/v1") == prints(run(moved(0)), "codesimNames/v1")
    texts = [prints(run(each), "codesimText/v1") for each in (edited, moved(0))]
    assert [one == two for one, two in zip(*texts, strict=True)] == [False, True, True]


def test_without_sources_the_rest_is_the_same():
    whole = moved(0)
    bare = msgspec.structs.replace(whole, sources=msgspec.structs.replace(whole.sources, left={}))
    assert prints(run(bare), "codesimNames/v1") == prints(run(whole), "codesimNames/v1")
    assert "codesimText/v1" not in run(bare)["results"][0]["partialFingerprints"]
