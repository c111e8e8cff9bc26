"""What --min-strength leaves out of the list is still said of the cohort, and fails over."""

from __future__ import annotations

import pytest

from codesim.audit.assembling import JudgedPair, document, ranked
from codesim.audit.calibration import Chance, Judged
from codesim.audit.messages import Found
from codesim.audit.options import Options
from codesim.audit.reading import Read
from codesim.audit.submissions import Submission
from codesim.cli.audit import _finish
from codesim.cli.console import Console
from codesim.model import Strength

READS = [Read(Submission(name, (name,))) for name in ("ann", "bob", "eve")]
NO_CHANCE = Chance.of([], [], 0, frozenset(), 20)


def pair(left: str, right: str, strength: Strength) -> JudgedPair:
    found = Found("code", strength.word, 20.0, "alike")
    return JudgedPair(left, right, (Judged(found, strength),))


def made(least: Strength):
    pairs = [pair("ann", "bob", Strength.STRONG), pair("ann", "eve", Strength.WEAK)]
    return document(READS, [], pairs, NO_CHANCE, (2, 2), [], Options(min_strength=least))


def test_the_list_is_all_that_a_least_strength_changes():
    every, some = made(Strength.NONE), made(Strength.VERY_STRONG)
    assert [each.strength for each in every.pairs] == ["strong", "weak"]
    assert some.pairs == ()
    for each in (every, some):
        assert each.strength == "strong"
        assert [one.strength for one in each.submissions] == ["strong", "strong", "weak"]
        assert [one.members for one in each.clusters] == [("ann", "bob")]


@pytest.mark.parametrize(
    ("least", "over", "code", "told"),
    [
        (Strength.WEAK, Strength.STRONG, 1, False),
        (Strength.VERY_STRONG, Strength.STRONG, 1, True),
        (Strength.VERY_STRONG, Strength.VERY_STRONG, 0, False),
    ],
)
def test_a_pair_that_is_not_listed_fails_over_too(capsys, least, over, code, told):
    options = {"fail_over": over, "strict": False, "top": 0}
    assert _finish(Console(), made(least), options) == code
    said = "A pair is strong, which --min-strength does not list" in capsys.readouterr().err
    assert said == told


def test_no_pairs_have_an_order():
    assert ranked([], NO_CHANCE) == []
