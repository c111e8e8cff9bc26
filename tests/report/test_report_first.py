"""The first screen: what it promises, both directions, and the strongest of each kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import elements, page, parsed, words
from report_samples import comparison, evidence, pair

from codesim.detectors.weights import verdict as ladder
from codesim.model import Evidence, Rename, Strength, Table
from codesim.report import document_of
from codesim.report.html import firstscreen, relations

# Names in the list of relations that are none.
SAYS_NOTHING = ("NONE", "LEFT_TO_RIGHT", "RIGHT_TO_LEFT", "UNDECIDED")
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def summary(comparison):
    tree = parsed(page(comparison))
    return words(next(e for e in elements(tree) if e.get("id") == "summary"))


@pytest.mark.parametrize("strength", list(Strength))
def test_says_what_the_strength_promises(strength):
    text = summary(comparison(evidence=(evidence(strength=strength),)))
    assert f"Overall evidence {strength.word.capitalize()}" in text
    if strength:
        often = firstscreen.PROMISES[strength].removeprefix("at most 1 unrelated pair in ")
        assert f"Of {often} pairs of unrelated repositories, at most one reaches this" in text
    else:
        assert "too little to count as evidence" in text


def test_the_promises_are_those_of_the_readme():
    for strength, promise in zip(Strength, firstscreen.PROMISES, strict=True):
        row = re.search(rf"^\| {strength.word} \|(.*)$", README, re.MULTILINE).group(1)
        [often] = re.findall(r"in ([\d,]+)", promise) or ["nothing"]
        assert often in row


def test_both_directions_name_the_repositories():
    found = (evidence(facts={"left_coverage": 0.64, "right_coverage": 0.71}),)
    text = summary(comparison(evidence=found))
    text = text.replace("\u00a0", " ")
    assert "of the code of bob/blend (the right) is in alice/tiles (the left) 71 %" in text
    assert "of the code of alice/tiles (the left) is in bob/blend (the right) 64 %" in text


def test_the_kind_that_decides_is_explained_where_its_strength_is_told():
    found = (evidence(summary="most of it"), evidence(kind="dreams", strength=Strength.NONE))
    text = summary(comparison(evidence=found))
    assert "Very strong Code (what the programs do, whatever things are called): most of it" in text
    unknown = summary(comparison(evidence=(evidence(kind="dreams", summary="most of it"),)))
    assert "Very strong dreams: most of it" in unknown


@pytest.mark.parametrize(
    "facts",
    [{}, {"left_coverage": 0.5}, {"left_coverage": "x", "right_coverage": 0.5},
     {"left_coverage": -0.5, "right_coverage": 0.5}, {"left_coverage": 0.0, "right_coverage": 0.0}],
)  # fmt: skip
def test_no_directions_without_figures(facts):
    assert firstscreen.directions(document_of(comparison(evidence=(evidence(facts=facts),)))) == []


def items(found, lines=()):
    return firstscreen.items(document_of(comparison(evidence=(found,))).evidence[0], lines)


def test_the_strongest_pair_and_name_are_singled_out():
    found = items(evidence(), [(9, 6)])
    assert [(item.left, item.right) for item in found] == [
        ("model/mixer.py", "src/blend.py"), ("TileMixer", "Blend"),
    ]  # fmt: skip
    assert found[0].how == "9 and 6 lines, restructured"
    assert found[1].how == "class, 4 places"


def rows(*cells, columns=("token", "left id", "state", "name known from")):
    return Evidence("tokenizer", Strength.WEAK, 1.0, "s", tables=(Table("t", columns, cells),))


def test_rows_that_something_public_explains_come_last():
    found = items(
        rows(("<pad>", "0", "same", "usual names"), ("<frond>", "1", "same", ""),
             ("<lost>", "2", "only left", ""))
    )  # fmt: skip
    assert [item.left for item in found] == ["<frond>", "<pad>"]
    assert found[0].how == "same"


def test_rows_with_two_sides_show_both():
    columns = ("key left", "key right", "value left", "state")
    [item] = items(rows(("depth", "layers", "12", "renamed"), columns=columns))
    assert (item.left, item.right, item.how) == ("depth", "layers", "renamed")


def test_nothing_is_singled_out_of_nothing():
    assert items(Evidence("code", Strength.NONE, 0.0, "no match")) == []
    assert "nothing to single out" in summary(
        comparison(evidence=(Evidence("code", Strength.NONE, 0.0, "no match"),))
    )


def test_nothing_compared_is_said():
    assert "Nothing was compared." in summary(comparison(evidence=()))


def test_only_the_first_of_many_is_shown():
    renames = tuple(Rename(f"a{n}", f"b{n}", n, 1.0, "function") for n in range(9))
    assert len(items(evidence(pairs=(pair(),) * 4, renames=renames), [(1, 1)] * 4)) == 2


def related(relation, direction="undecided"):
    facts = {"relation": relation, "direction": direction}
    return comparison(evidence=(evidence(kind="weights", summary="p = 2e-52", facts=facts),))


def test_what_models_have_to_do_with_each_other_is_said_in_everyday_words_first():
    text = summary(related("noised copy", "left to right"))
    said = (
        "The trained numbers of one side are those of the other, with small random changes on top. "
        "The figures fit best that the right was made from the left, but do not prove it: a third "
        "model from which both come would look the same, and at times so would the reverse. "
        "Weights (the trained numbers themselves): p"
    )
    assert said in text
    assert "left was made from the right" in summary(related("fine-tuned", "right to left"))
    assert "do not tell which side was first" in summary(related("re-encoded"))
    assert "neither need come from the other" in summary(related("shared base"))


def test_every_relation_has_everyday_words_and_nothing_else_has():
    for name in vars(ladder):
        relation = getattr(ladder, name)
        if name.isupper() and name not in SAYS_NOTHING and isinstance(relation, str):
            assert relations.plain_words(document_of(related(relation))), relation
    assert relations.plain_words(document_of(related("no evidence"))) is None
    assert relations.plain_words(document_of(related("else"))) is None
    assert relations.plain_words(document_of(comparison())) is None


def test_what_is_estimated_is_told_as_in_the_readme():
    text = summary(comparison())
    assert "very strong is reached by coincidence is estimated, not measured" in text
    assert "for kinds other than code so is strong" in text
    assert re.search(r"^\| very strong .*extrapolated, not measured \|$", README, re.MULTILINE)
    assert re.search(r"^\| strong .*the limit of what was measured \|$", README, re.MULTILINE)


def test_percentages_of_code_are_explained_where_there_is_code():
    assert "Percentages of code" in summary(comparison())
    assert "Percentages of code" not in summary(related("identical"))
