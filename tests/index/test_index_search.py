"""What a search finds, in which order, and how much it dares to say."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from repositories import content, fixture, need_duckdb, snapshot

from codesim import snapshot_of
from codesim.detectors.code.strength import Steps
from codesim.index.content import content_of
from codesim.index.document import document_of, encode, schema
from codesim.index.keeping import add
from codesim.index.search import search
from codesim.index.store import writing
from codesim.index.text import render_search
from codesim.model import Strength

need_duckdb()
OTHERS = ("boilerplate_only", "same_tutorial", "restructured_functions", "shared_upstream")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """The original of a disguised copy, among repositories that have nothing to do with it."""
    path = tmp_path_factory.mktemp("index") / "known.index"
    for case in (*OTHERS, "disguised_copy"):
        add(path, content_of(fixture(case, "left")))
    for number in range(4):
        add(path, content(number))
    return path


@pytest.fixture(scope="module")
def found(index):
    return search(index, fixture("disguised_copy", "right"))


def test_the_original_of_a_disguised_copy_comes_first(found):
    assert found.among == 9
    first, *others = found.answers
    assert first.repository.name == "disguised_copy/left"
    assert first.strength is Strength.VERY_STRONG
    code = first.shared[0]
    assert code.kind == "code"
    assert code.of_query > 0.4
    assert code.of_repository > 0.4
    assert {pair.left.path for pair in first.evidence[0].pairs} >= {"mossgate/condenser.py"}
    assert all(not other.strength for other in others)


def test_left_is_the_query_and_right_is_the_answer(found):
    pair = found.answers[0].evidence[0].pairs[0]
    assert (pair.left.path.split("/")[0], pair.right.path.split("/")[0]) == (
        "mossgate",
        "fernlight",
    )


def test_the_same_content_is_said_to_be_the_same(index):
    first = search(index, fixture("disguised_copy", "left"), top=1).answers[0]
    assert first.identical
    assert "the same content" in render_search(search(index, snapshot(1), top=1), 80)


@pytest.mark.parametrize("case", ["independent_same_idea", "leftovers_shared_habits"])
def test_what_is_independent_reaches_no_strength(index, case):
    answers = search(index, fixture(case, "right")).answers
    assert [each.repository.name for each in answers if each.strength] == []


def test_nothing_in_common(index):
    empty = search(index, snapshot_of({"a.txt": b"nothing here\n"}, "empty"))
    assert empty.answers == ()
    assert "shares nothing rare" in render_search(empty, 80)


def test_an_identical_file_that_is_not_code(tmp_path):
    data = bytes(range(256)) * 40
    path = tmp_path / "known.index"
    add(path, content_of(snapshot_of({"data.bin": data, "x.py": b"x = 1\n"}, "original")))
    found = search(path, snapshot_of({"other/name.bin": data}, "query"))
    assert [(each.kind, each.count) for each in found.answers[0].shared] == [("files", 1)]
    assert "identical file: 100 % of left" in render_search(found, 80)


def test_without_profiles_it_says_so_and_has_no_strength(tmp_path):
    path = tmp_path / "known.index"
    for case in OTHERS:
        add(path, content_of(fixture(case, "left"), profiles=False))
    add(path, content_of(fixture("disguised_copy", "left"), profiles=False))
    found = search(path, fixture("disguised_copy", "right"))
    first = found.answers[0]
    assert (first.repository.name, first.strength) == ("disguised_copy/left", None)
    text = render_search(found, 200)
    assert "told by shared fingerprints alone" in text
    assert "they have no strength" in text


def test_a_profile_that_was_changed_is_not_used(tmp_path):
    path = tmp_path / "known.index"
    add(path, content_of(fixture("disguised_copy", "left")))
    with writing(path) as database:
        database.run("UPDATE kept.main.profiles SET data = data || '\\x00'::BLOB")
    answer = search(path, fixture("disguised_copy", "right")).answers[0]
    assert answer.evidence == ()
    assert answer.note == "its profile in the index is damaged: its checksum is wrong"


def test_the_more_repositories_the_more_a_strength_asks_for():
    steps = [Steps().among(number) for number in (1, 2, 10, 100, 50_000)]
    assert steps[0] == Steps()
    for name in ("weak", "moderate", "strong", "very_strong"):
        asked = [getattr(each, name) for each in steps]
        assert asked == sorted(set(asked))
    # Among 20 pairs weak, 1 in 20, would be met once; among 5, moderate is what weak promises.
    assert Steps().among(5).weak == pytest.approx(Steps().moderate)
    assert Steps().among(100).strong == pytest.approx(Steps().very_strong)


@pytest.mark.parametrize(
    ("step", "number", "left"),
    [
        (Strength.STRONG, 1, Strength.STRONG),
        (Strength.STRONG, 2, Strength.MODERATE),
        (Strength.STRONG, 10, Strength.MODERATE),
        (Strength.STRONG, 50, Strength.WEAK),
        (Strength.STRONG, 51, Strength.NONE),
        (Strength.VERY_STRONG, 100, Strength.STRONG),
        (Strength.WEAK, 2, Strength.NONE),
        (Strength.NONE, 1, Strength.NONE),
    ],
)
def test_what_is_left_of_a_strength(step, number, left):
    assert step.among(number) is left


def test_the_document_obeys_its_schema(found):
    text = json.dumps(schema(), indent=1) + "\n"
    assert (files("codesim.index") / "schema" / "search-1.json").read_text("utf-8") == text
    document = json.loads(encode(document_of(found)))
    jsonschema.validate(document, schema())
    assert document["among"] == 9
    assert document["answers"][0]["strength"] == "very strong"
    assert document["answers"][0]["evidence"][0]["pairs"]


def test_the_same_search_gives_the_same_bytes(index, found):
    again = search(index, fixture("disguised_copy", "right"))
    assert encode(document_of(again)) == encode(document_of(found))


def test_the_text(found):
    text = render_search(found, 80)
    assert max(map(len, text.splitlines())) <= 80
    assert "1.  VERY STRONG  disguised_copy/left" in text
    assert "Whoever searches 9 repositories has as many chances" in text
    assert "mossgate/condenser.py ~ fernlight/resampler.py" in text
