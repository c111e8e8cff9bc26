"""What a public project explains on both sides is set aside, named and never silently dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import codesim
from codesim.commons import Commons, Contribution, build
from codesim.commons.record import decode
from codesim.detectors.code import CodeDetector, rarity
from codesim.detectors.code.commonness import fingerprints

CASE = Path(__file__).resolve().parents[3] / "fixtures" / "shared_upstream"


def snapshot(side: str) -> codesim.Snapshot:
    root = CASE / side
    files = {
        path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.py"))
    }
    return codesim.snapshot_of(files, side)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Commons:
    """A table of public code that knows the upstream of the fixture and nothing else."""
    values = fingerprints(CodeDetector().profile(snapshot("base")))
    data = build([Contribution("trainkit", "1.2", "MIT", values)], "test")
    commons = Commons(decode(np.frombuffer(data, dtype=np.uint8)))
    monkeypatch.setenv("CODESIM_CACHE", "off")
    monkeypatch.setattr(rarity, "public_code", lambda: commons)
    return commons


def test_a_known_upstream_is_named_with_version_and_licence(known: Commons) -> None:
    found = codesim.compare(snapshot("left"), snapshot("right"), only=["code"]).evidence[0]

    assert found.strength <= codesim.Strength.WEAK
    assert [each.what for each in found.excluded] == ["public code: trainkit 1.2 (MIT)"]
    assert "lines of left" in found.excluded[0].amount


def test_without_the_table_the_same_match_counts() -> None:
    found = codesim.compare(snapshot("left"), snapshot("right"), only=["code"]).evidence[0]

    assert found.strength >= codesim.Strength.STRONG
    assert found.excluded == ()


@pytest.mark.parametrize("turned", [False, True])
def test_nothing_is_explained_away_when_one_side_is_the_upstream(
    known: Commons, turned: bool
) -> None:
    sides = [snapshot("left"), snapshot("base")]
    left, right = reversed(sides) if turned else sides
    found = codesim.compare(left, right, only=["code"]).evidence[0]

    assert found.strength >= codesim.Strength.STRONG
    assert found.excluded == ()


def test_an_unusable_table_is_said_and_every_match_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Commons.empty("the table of common code is damaged")
    monkeypatch.setenv("CODESIM_CACHE", "off")
    monkeypatch.setattr(rarity, "public_code", lambda: empty)
    found = codesim.compare(snapshot("left"), snapshot("right"), only=["code"]).evidence[0]

    assert found.skipped[0].what == "table of common code"
    assert "damaged; every match counts as rare" in found.skipped[0].reason
    assert found.strength >= codesim.Strength.STRONG
