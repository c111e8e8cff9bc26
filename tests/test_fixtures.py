"""Every folder of ``fixtures`` is one claim, and one golden text of what a reader sees.

To accept a changed text, run with ``CODESIM_UPDATE_GOLDEN=1`` and review the difference.
"""

from __future__ import annotations

import ast
import os
from functools import cache
from pathlib import Path

import pytest
from claims import CLAIMS, CLOSE, NEGATIVE, Claim

import codesim
from codesim.model import Comparison, Evidence, FilePair, Snapshot, Strength
from codesim.report import document_of, render_text

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
# Weights are compared where PyTorch is installed, in tests/detectors/weights/.
CASES = sorted(
    folder.parent.name
    for folder in FIXTURES.glob("*/left")
    if not folder.parent.name.startswith("weights_")
)
UPDATE = bool(os.environ.get("CODESIM_UPDATE_GOLDEN"))
WIDTH = 100
WHOLE = 0.99
LEADING = 3
EACH_CLAIM = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)


@cache
def compared(case: str, use_base: bool = True) -> Comparison:
    folder = FIXTURES / case
    base = [side(folder, "base")] if use_base and (folder / "base").is_dir() else []
    return codesim.compare(side(folder, "left"), side(folder, "right"), base=base)


def side(folder: Path, name: str) -> Snapshot:
    """One side by content alone, so that the golden text does not know where it was made."""
    root = folder / name
    paths = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    return codesim.snapshot_of(files, name=name)


def said(claim: Claim) -> Evidence:
    comparison = compared(claim.case, claim.use_base)
    return next(evidence for evidence in comparison.evidence if evidence.kind == claim.kind)


def pairs(claim: Claim) -> dict[str, FilePair]:
    return {f"{pair.left.path} ~ {pair.right.path}": pair for pair in said(claim).pairs}


def short(name: str) -> str:
    """The last part of a dotted name, since a claim names no module."""
    return name.rpartition(".")[2]


@EACH_CLAIM
def test_strength_stays_in_bounds(claim: Claim) -> None:
    found = said(claim)

    assert claim.least <= found.strength <= claim.most, found.summary


@pytest.mark.parametrize("claim", NEGATIVE, ids=lambda claim: claim.id)
def test_no_kind_says_more_about_a_negative_case(claim: Claim) -> None:
    comparison = compared(claim.case, claim.use_base)

    assert comparison.strength <= claim.most, comparison.reason


@EACH_CLAIM
def test_unrelated_files_are_not_paired(claim: Claim) -> None:
    listed = pairs(claim)
    close = [name for name in claim.absent if name in listed and listed[name].similarity >= CLOSE]

    assert not close


@EACH_CLAIM
def test_copied_files_are_paired(claim: Claim) -> None:
    listed = pairs(claim)
    missing = [name for name in claim.found + claim.whole if name not in listed]
    partly = [
        name
        for name in claim.whole
        if name in listed and min(listed[name].left_coverage, listed[name].right_coverage) < WHOLE
    ]

    assert (missing, partly) == ([], [])


@EACH_CLAIM
def test_paired_files_show_where(claim: Claim) -> None:
    listed = pairs(claim)

    for name in claim.found + claim.whole:
        matches = listed[name].matches
        assert matches, name
        assert all(match.why for match in matches), name


@EACH_CLAIM
def test_renames_are_told(claim: Claim) -> None:
    told = {f"{short(rename.left)} -> {short(rename.right)}" for rename in said(claim).renames}

    assert not set(claim.renames) - told


@EACH_CLAIM
def test_broken_files_are_marked(claim: Claim) -> None:
    comparison = compared(claim.case, claim.use_base)
    skipped = [*comparison.skipped, *said(claim).skipped]

    for path in claim.degraded:
        assert any(path in entry.what and entry.reason for entry in skipped), path


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.leading], ids=lambda c: c.id)
def test_the_main_exhibit_leads(claim: Claim) -> None:
    assert claim.leading in list(pairs(claim))[:LEADING]


def test_the_base_takes_the_shared_framework_away() -> None:
    with_base, without = (compared("shared_upstream", use_base) for use_base in (True, False))

    assert with_base.strength < without.strength
    assert any(evidence.excluded for evidence in with_base.evidence)


def test_identical_sides_are_complete() -> None:
    comparison = compared("identical")

    assert comparison.strength is Strength.VERY_STRONG
    assert all(pair.similarity == 1.0 for pair in comparison.evidence[0].pairs[:2])


@pytest.mark.parametrize(
    ("case", "state"),
    [("attribution_silent", "licence removed"), ("attribution_credited", "attributed")],
)
def test_a_matched_file_says_how_it_is_attributed(case: str, state: str) -> None:
    found = next(e for e in compared(case).evidence if e.kind == "attribution")

    assert [row[2] for row in found.tables[0].rows] == [state]


@pytest.mark.parametrize("case", CASES)
def test_golden_text(case: str) -> None:
    golden = FIXTURES / case / "expected.txt"
    text = render_text(document_of(compared(case)), width=WIDTH)
    if UPDATE:
        golden.write_text(text, encoding="utf-8")

    assert golden.is_file(), "no golden text yet; run with CODESIM_UPDATE_GOLDEN=1 and review it"
    assert text == golden.read_text(encoding="utf-8")


def test_every_folder_has_a_claim_and_a_third_are_negative() -> None:
    assert {claim.case for claim in CLAIMS} == set(CASES)
    assert 3 * len(NEGATIVE) >= len(CASES)


@EACH_CLAIM
def test_claims_name_files_that_exist(claim: Claim) -> None:
    folder = FIXTURES / claim.case

    for name in claim.found + claim.absent + claim.whole:
        left, right = name.split(" ~ ")
        assert (folder / "left" / left).is_file(), left
        assert (folder / "right" / right).is_file(), right
    for path in claim.degraded:
        assert (folder / "right" / path).is_file(), path


def test_only_the_files_meant_to_be_broken_are_broken() -> None:
    broken = {f"{claim.case}/right/{path}" for claim in CLAIMS for path in claim.degraded}
    unreadable = {
        path.relative_to(FIXTURES).as_posix()
        for path in FIXTURES.rglob("*.py")
        if not parses(path.read_text(encoding="utf-8"))
    }

    assert unreadable == broken


def parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
