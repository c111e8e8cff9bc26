"""Base code leaves both sides of the fraction, and takes nothing else with it."""

from __future__ import annotations

import pytest
from rewriting import evidence_of
from test_rewrites_assignments import AVERAGES, ROTARY, STATISTICS
from test_rewrites_branches import LOAD_NESTED, POOL_IF, RESIZE, SCHEDULE_ELSE
from test_rewrites_loops import BEAM_FOR, NESTED_LOOP, VOCAB_LOOP

from codesim import Strength

FRAMEWORK = {"kit/load.py": LOAD_NESTED, "kit/rates.py": SCHEDULE_ELSE, "kit/average.py": AVERAGES}
# The framework as somebody changed it: a line more in one function, a function of their own.
EDITED = SCHEDULE_ELSE.replace(
    "        rate = peak\n",
    "        rate = peak * (1.0 - 0.25 * math.sin(math.pi * (step - warmup) / max(1, hold)))\n",
)
BASE = {"kit/rates.py": SCHEDULE_ELSE}
SHORT = "import torch\n\n\ndef scaled(x, k):\n    return torch.tanh(x / k) * k\n"


def covered(left: dict[str, str], right: dict[str, str], *base: dict[str, str]) -> dict[str, float]:
    """Coverage of each right file by its best pair."""
    found: dict[str, float] = {}
    for pair in evidence_of(left, right, *base).pairs:
        found[pair.right.path] = max(found.get(pair.right.path, 0.0), pair.right_coverage)
    return found


def test_without_a_base_the_framework_is_plain_to_see() -> None:
    left, right = {**FRAMEWORK, "a.py": RESIZE}, {**FRAMEWORK, "b.py": POOL_IF}
    assert evidence_of(left, right).strength >= Strength.STRONG
    assert covered(left, right) == dict.fromkeys(FRAMEWORK, 1.0)


def test_a_shared_framework_alone_is_no_evidence() -> None:
    left, right = {**FRAMEWORK, "a.py": RESIZE}, {**FRAMEWORK, "b.py": POOL_IF}
    evidence = evidence_of(left, right, FRAMEWORK)
    assert evidence.strength is Strength.NONE
    assert [pair for pair in evidence.pairs if pair.right_coverage > 0.3] == []
    (excluded,) = evidence.excluded
    assert excluded.what == "base code base"
    assert "lines of left" in excluded.amount


def test_what_is_shared_beyond_the_base_counts_in_full() -> None:
    left = {**FRAMEWORK, "a.py": ROTARY + STATISTICS}
    right = {**FRAMEWORK, "b.py": ROTARY.replace("rotate", "turn").replace("angle", "phase")}
    evidence = evidence_of(left, right, FRAMEWORK)
    assert evidence.strength >= Strength.MODERATE
    assert evidence.summary.startswith("100 % of right is in left"), evidence.summary
    assert covered(left, right, FRAMEWORK)["b.py"] == 1.0


def test_both_sides_of_the_fraction_lose_the_base() -> None:
    # Left is framework and a half that right has; without the base in the way that is half.
    left = {"all.py": AVERAGES + ROTARY + "\n" + NESTED_LOOP}
    right = {"own.py": ROTARY}
    (pair,) = evidence_of(left, right, {"kit.py": AVERAGES}).pairs
    (plain,) = evidence_of(left, right).pairs
    assert pair.right_coverage == plain.right_coverage == 1.0
    assert pair.left_coverage > 1.2 * plain.left_coverage


def test_an_edited_base_counts_only_where_it_was_edited() -> None:
    left = {"kit/rates.py": EDITED, "a.py": RESIZE}
    right = {"kit/rates.py": EDITED + "\n\nRATES = [0.1, 0.2, 0.4, 0.8]\n", "b.py": POOL_IF}
    whole, beyond = evidence_of(left, right), evidence_of(left, right, BASE)
    assert 0 <= beyond.score < 0.8 * whole.score


def test_an_edited_base_is_shown_only_where_it_was_edited() -> None:
    left = {"kit/rates.py": EDITED, "a.py": RESIZE}
    right = {"kit/rates.py": EDITED + "\n\nRATES = [0.1, 0.2, 0.4, 0.8]\n", "b.py": POOL_IF}
    edited = 1 + EDITED[: EDITED.index("math.sin")].count("\n")
    matches = [m for pair in evidence_of(left, right, BASE).pairs for m in pair.matches]
    for match in matches:
        assert match.left.lines is not None
        first, last = match.left.lines
        assert first <= edited <= last
        # The edited line, and the return that the edited value reaches.
        assert last - first <= 6


def test_an_edit_on_one_side_is_no_match() -> None:
    left = {"kit/rates.py": EDITED, "a.py": RESIZE}
    right = {"kit/rates.py": SCHEDULE_ELSE, "b.py": POOL_IF}
    assert evidence_of(left, right, BASE).strength is Strength.NONE


def test_a_short_copy_is_whole_beside_a_large_base() -> None:
    # Identical work of five lines stays 100 % however much base code surrounds it.
    left = {**FRAMEWORK, "short.py": SHORT}
    right = {**FRAMEWORK, "mine.py": SHORT}
    assert covered(left, right, FRAMEWORK).get("mine.py") == 1.0
    assert covered({"short.py": SHORT}, {"mine.py": SHORT}, FRAMEWORK) == {"mine.py": 1.0}


def test_several_bases_are_each_told() -> None:
    left = {"a.py": LOAD_NESTED + VOCAB_LOOP, "c.py": BEAM_FOR}
    right = {"b.py": VOCAB_LOOP + LOAD_NESTED}
    evidence = evidence_of(left, right, {"x.py": LOAD_NESTED}, {"y.py": VOCAB_LOOP})
    assert evidence.strength is Strength.NONE
    assert len(evidence.excluded) == 2


def test_an_unrelated_base_changes_nothing() -> None:
    left, right = {"a.py": ROTARY}, {"b.py": ROTARY + STATISTICS}
    with_base, without = evidence_of(left, right, {"z.py": VOCAB_LOOP}), evidence_of(left, right)
    assert with_base == without


def test_a_base_that_is_one_of_the_sides_leaves_nothing() -> None:
    left, right = {"a.py": ROTARY}, {"b.py": ROTARY}
    evidence = evidence_of(left, right, left)
    assert evidence.strength is Strength.NONE
    assert evidence.score == 0


# Nothing can parse this: an editor saved it half written.
BROKEN = {
    "left": "class Unfinished(\n    def = [[[ lambda : ] }\n\n\n" * 40,
    "right": "with open as ][ :\nimport ((\n\n" * 40,
}


@pytest.mark.parametrize("broken", ["left", "right", "both"])
def test_a_base_is_set_aside_of_a_file_that_cannot_be_parsed(broken: str) -> None:
    given = LOAD_NESTED + "\n\n" + SCHEDULE_ELSE + "\n\n" + AVERAGES
    left, right = {"kit.py": given}, {"kit.py": given}
    for side, texts in (("left", left), ("right", right)):
        if broken in (side, "both"):
            texts["kit.py"] = BROKEN[side] + given
    assert evidence_of(left, right).strength >= Strength.MODERATE
    evidence = evidence_of(left, right, {"kit.py": given})
    assert (evidence.strength, evidence.pairs) == (Strength.NONE, ())


def test_a_copy_in_a_file_that_cannot_be_parsed_is_found_beside_the_base() -> None:
    given = LOAD_NESTED + "\n\n" + AVERAGES
    left = {"kit.py": given + "\n\n" + STATISTICS + "\n\n" + NESTED_LOOP}
    right = {"kit.py": BROKEN["right"] + left["kit.py"]}
    whole, beyond = evidence_of(left, right), evidence_of(left, right, {"kit.py": given})
    assert beyond.strength >= Strength.WEAK
    assert beyond.pairs
    assert beyond.score < 0.8 * whole.score


def test_text_beside_a_base_says_no_more_than_the_same_text_alone() -> None:
    own = [ROTARY, STATISTICS, NESTED_LOOP, BEAM_FOR]
    given = [LOAD_NESTED, AVERAGES, SCHEDULE_ELSE, RESIZE]
    mixed = "\n\n".join(part for pair in zip(own, given, strict=True) for part in pair)
    alone = "\n\n".join(own)

    def broken(text: str) -> tuple[dict[str, str], dict[str, str]]:
        return {"a.py": BROKEN["left"] + text}, {"b.py": BROKEN["right"] + text}

    beyond = evidence_of(*broken(mixed), {"kit.py": "\n\n".join(given)})
    whole = evidence_of(*broken(alone))
    # Where the base stands between, a line break may belong to either.
    assert 0 < beyond.score <= 1.02 * whole.score


def test_text_says_the_same_when_the_sides_are_exchanged() -> None:
    # What stands between the two on one side is a gap, whichever side that is.
    left = {"a.py": BROKEN["left"] + ROTARY + STATISTICS}
    right = {"b.py": BROKEN["right"] + ROTARY + POOL_IF + RESIZE + BEAM_FOR + STATISTICS}
    one, two = evidence_of(left, right), evidence_of(right, left)
    assert one.score > 0
    assert (one.score, one.strength) == (two.score, two.strength)
