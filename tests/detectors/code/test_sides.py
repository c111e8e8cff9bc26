"""Identical sides, empty sides, subsets, and the same answer whichever side comes first."""

from __future__ import annotations

import pytest
from rewriting import Code, evidence_of, measured
from test_rewrites_assignments import AVERAGES, ROTARY, ROTARY_SPLIT, STATISTICS
from test_rewrites_branches import LOAD_GUARDED, LOAD_NESTED
from test_rewrites_helpers import SAMPLER_FUNCTIONS, SAMPLER_METHODS
from test_rewrites_layout import SPLIT, WHOLE
from test_rewrites_loops import NESTED_COMPREHENSION, NESTED_LOOP, VOCAB_LOOP

from codesim import CloneType, Evidence, Strength

REPOSITORY = {"a.py": ROTARY, "b/c.py": AVERAGES, "b/d.py": VOCAB_LOOP}


def test_identical_sides_are_whole_and_say_so() -> None:
    evidence = evidence_of(REPOSITORY, REPOSITORY)
    assert evidence.summary.startswith("identical: all 3 Python files")
    assert evidence.strength >= Strength.STRONG
    assert {p.left.path: p.similarity for p in evidence.pairs} == dict.fromkeys(REPOSITORY, 1.0)
    for pair in evidence.pairs:
        (match,) = pair.matches
        assert (pair.left_coverage, pair.right_coverage, match.similarity) == (1.0, 1.0, 1.0)
        assert match.clone_type is CloneType.EXACT
        assert pair.left.path == pair.right.path


def test_moved_files_are_identical_too() -> None:
    moved = {f"vendor/{path}": code for path, code in REPOSITORY.items()}
    assert evidence_of(REPOSITORY, moved).summary.startswith("identical")


def test_a_short_identical_file_is_whole() -> None:
    evidence = evidence_of({"a.py": "x = 1\n"}, {"a.py": "x = 1\n"})
    assert [pair.similarity for pair in evidence.pairs] == [1.0]
    assert evidence.strength <= Strength.WEAK


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        pytest.param({}, {}, "no Python code on the left and the right", id="two empty sides"),
        pytest.param({}, REPOSITORY, "no Python code on the left", id="an empty left"),
        pytest.param(REPOSITORY, {}, "no Python code on the right", id="an empty right"),
        pytest.param(
            REPOSITORY, {"README.md": "# x"}, "no Python code on the right", id="only text"
        ),
    ],
)
def test_an_empty_side_says_so(left: Code, right: Code, said: str) -> None:
    evidence = evidence_of(left, right)
    assert evidence.summary == said
    assert (evidence.strength, evidence.score, evidence.pairs) == (Strength.NONE, 0.0, ())


def test_a_side_of_which_nothing_could_be_read_is_not_called_empty() -> None:
    large = {"a.py": "a = 1\n" * 200_000}
    evidence = evidence_of(REPOSITORY, large)
    assert evidence.summary == "no Python code that could be read on the right"
    assert evidence_of({}, large).summary == (
        "no Python code on the left; no Python code that could be read on the right"
    )


@pytest.mark.parametrize(
    "code", ["", "\n\n", "# only a comment\n", '"""Only a docstring."""\n', "pass"]
)
def test_files_without_code_match_nothing_else(code: str) -> None:
    evidence = evidence_of({"a.py": code}, {"b.py": ROTARY})
    assert evidence.strength is Strength.NONE
    assert evidence.pairs == ()


def test_a_subset_is_covered_whole_and_its_source_in_part() -> None:
    part = {"x.py": AVERAGES}
    found = measured(REPOSITORY, part)
    assert found.right == 1.0
    assert 0.1 < found.left < 0.7
    assert found.strength >= Strength.MODERATE


def test_a_part_of_a_file_is_found_in_the_middle_of_another() -> None:
    evidence = evidence_of({"a.py": STATISTICS + ROTARY + AVERAGES}, {"b.py": ROTARY})
    (pair,) = evidence.pairs
    assert pair.right_coverage == 1.0
    lines = [match.left.lines for match in pair.matches]
    first = STATISTICS.count("\n") + ROTARY[: ROTARY.index("def rotate")].count("\n") + 1
    last = (STATISTICS + ROTARY).count("\n")
    assert all(line is not None and first <= line[0] and line[1] <= last for line in lines)


MIRRORED = [
    pytest.param(ROTARY, ROTARY_SPLIT, id="temporaries"),
    pytest.param(SAMPLER_METHODS, SAMPLER_FUNCTIONS, id="methods and functions"),
    pytest.param(WHOLE, SPLIT, id="one file and three"),
    pytest.param(LOAD_NESTED, LOAD_GUARDED, id="guards"),
    pytest.param(NESTED_LOOP, NESTED_COMPREHENSION, id="loops"),
    pytest.param(STATISTICS, AVERAGES, id="unrelated"),
    pytest.param(REPOSITORY, {"x.py": AVERAGES}, id="a subset"),
]


def by_left(evidence: Evidence) -> dict[tuple[str, str], tuple[float, float]]:
    return {
        (pair.left.path, pair.right.path): (pair.left_coverage, pair.right_coverage)
        for pair in evidence.pairs
    }


@pytest.mark.parametrize(("left", "right"), MIRRORED)
def test_swapping_the_sides_swaps_the_result(left: Code, right: Code) -> None:
    names = {"left.py": "right.py", "right.py": "left.py"}
    there, back = evidence_of(left, right), evidence_of(right, left)
    assert there.strength is back.strength
    assert there.score == pytest.approx(back.score, rel=0.15, abs=4.0)
    one = by_left(there)
    two = {
        (names.get(second, second), names.get(first, first)): (y, x)
        for (first, second), (x, y) in by_left(back).items()
    }
    assert one.keys() == two.keys()
    for pair, shares in one.items():
        assert shares == pytest.approx(two[pair], abs=0.12), pair
