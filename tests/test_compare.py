"""Two snapshots in, one comparison out: which detectors run, and what they may not do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import codesim
from codesim import (
    CodesimError,
    Comparison,
    DetectorUnavailable,
    Evidence,
    Skipped,
    Snapshot,
    SnapshotError,
    Strength,
)
from codesim.compare import parameters_of


@dataclass(frozen=True)
class Counting:
    """Counts files; its strength is a parameter."""

    kind: str = "counting"
    strength: Strength = Strength.NONE
    unit: str = "files"

    def profile(self, snapshot: Snapshot) -> int:
        return len(snapshot.entries)

    def compare(self, left: int, right: int, base: Sequence[int] = ()) -> Evidence:
        summary = f"{left} and {right} {self.unit} beyond {list(base)}"
        return Evidence(self.kind, self.strength, float(left), summary)


@dataclass(frozen=True)
class Missing:
    """Cannot run here."""

    kind: str = "missing"

    def profile(self, snapshot: Snapshot) -> None:
        raise DetectorUnavailable("needs a library that is not installed")

    def compare(self, left: None, right: None, base: Sequence[None] = ()) -> Evidence:
        raise AssertionError("never reached")


@dataclass(frozen=True)
class Broken(Counting):
    """Our own mistake."""

    def profile(self, snapshot: Snapshot) -> int:
        raise ZeroDivisionError


def snapshot(*paths: str, name: str = "s") -> Snapshot:
    return codesim.snapshot_of(dict.fromkeys(paths, b"x = 1\n"), name)


ONE, TWO = snapshot("a.py", name="one"), snapshot("a.py", "b.py", name="two")


def test_sides_and_base_keep_their_order() -> None:
    base = (snapshot("c.py"), snapshot(*"abc"))
    found = codesim.compare(ONE, TWO, base, detectors=[Counting()])
    assert (found.left, found.right, found.base) == (ONE, TWO, base)
    assert [e.summary for e in found.evidence] == ["1 and 2 files beyond [1, 3]"]
    assert found.version == codesim.__version__


def test_parameters_are_the_fields_of_the_detectors() -> None:
    found = codesim.compare(ONE, TWO, detectors=[Counting(unit="things"), Missing()])
    assert found.parameters == {
        "counting": {"kind": "counting", "strength": Strength.NONE, "unit": "things"},
        "missing": {"kind": "missing"},
    }
    for detector in codesim.DETECTORS:
        assert isinstance(parameters_of(detector), dict)


def test_a_detector_that_cannot_run_is_skipped() -> None:
    found = codesim.compare(ONE, TWO, detectors=[Missing(), Counting()])
    assert [e.kind for e in found.evidence] == ["counting"]
    reason = "needs a library that is not installed"
    assert found.skipped == (Skipped("detector missing", reason),)


def test_our_own_mistake_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        codesim.compare(ONE, TWO, detectors=[Broken()])


def test_skipped_entries_of_both_sides_are_kept() -> None:
    left = Snapshot("l", "o", None, (), lambda _: b"", (Skipped("a", "a link"),))
    right = Snapshot("r", "o", None, (), lambda _: b"", (Skipped("b", "too large"),))
    found = codesim.compare(left, right, detectors=[Counting()])
    assert found.skipped == (Skipped("left: a", "a link"), Skipped("right: b", "too large"))


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, ["x", "y"]), (["y"], ["y"]), (["y", "x"], ["x", "y"]), ("x", ["x"]),
    ],
)  # fmt: skip
def test_only_chooses_kinds_and_keeps_their_order(only: list[str] | None, kinds: list[str]) -> None:
    detectors = [Counting("x"), Counting("y")]
    found = codesim.compare(ONE, TWO, only=only, detectors=detectors)
    assert [e.kind for e in found.evidence] == kinds
    assert list(found.parameters) == kinds


def test_no_kind_at_all_is_said() -> None:
    with pytest.raises(CodesimError, match="only is empty, so that nothing would be compared"):
        codesim.compare(ONE, TWO, only=[])


def test_one_base_needs_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "a.py").write_text("x = 1\n")
    for base in ("./up", snapshot("a.py", name="up"), ["./up"]):
        found = codesim.compare(ONE, TWO, base, detectors=[Counting()])
        assert [each.name for each in found.base] == ["up"]
        assert found.evidence[0].summary.endswith("beyond [1]")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((3, TWO), "left must be a snapshot or a str that open_snapshot reads, not int"),
        ((ONE, {"a.py": b""}), "right must be a snapshot or a str .* not dict"),
        ((ONE, TWO, [None]), "base must be a snapshot or a str .* not NoneType"),
        ((ONE, TWO, 3), "base must be a snapshot, a str or a list of them, not int"),
        ((ONE, TWO, {"a.py": b""}), "base must be a snapshot, a str or a list of them, not dict"),
    ],
)
def test_an_argument_of_another_type_is_named(arguments: tuple[Any, ...], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        codesim.compare(*arguments, detectors=[Counting()])


def test_an_unknown_kind_names_those_that_exist() -> None:
    with pytest.raises(CodesimError, match=r"unknown kind of evidence 'cod'.*knows: .*code"):
        codesim.compare(ONE, TWO, only=["cod"])


@pytest.mark.parametrize(
    ("strengths", "overall", "reason"),
    [
        ([], Strength.NONE, "nothing was compared"),
        ([0, 1], Strength.WEAK, "k1: "),
        ([3, 1, 3], Strength.STRONG, "k0: "),
        ([0, 0], Strength.NONE, "k0: "),
    ],
)
def test_the_strongest_kind_decides(strengths: list[int], overall: Strength, reason: str) -> None:
    detectors = [Counting(f"k{n}", Strength(value)) for n, value in enumerate(strengths)]
    found = codesim.compare(ONE, TWO, detectors=detectors)
    assert found.strength is overall
    assert found.reason.startswith(reason)


def test_places_are_opened(tmp_path: Path) -> None:
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("import os\n")
    found = codesim.compare(str(tmp_path / "left"), str(tmp_path / "right"))
    assert isinstance(found, Comparison)
    assert "identical" in found.evidence[0].summary


def test_places_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    for owner in ("alice", "bob"):
        (tmp_path / owner / "repo").mkdir(parents=True)
        (tmp_path / owner / "repo" / "a.py").write_text("import os\n")
    left, right = (str(tmp_path / owner / "repo") for owner in ("alice", "bob"))
    found = codesim.compare(left, right, detectors=[Counting()])
    assert (found.left.name, found.right.name) == ("alice/repo", "bob/repo")
    assert (found.left.origin, found.right.origin) == ("file:alice/repo", "file:bob/repo")
    assert str(tmp_path) not in repr(found)


def test_a_place_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        codesim.compare(ONE, str(tmp_path / "nowhere"))
    with pytest.raises(SnapshotError):
        codesim.compare(ONE, TWO, base=[str(tmp_path / "nowhere")])
