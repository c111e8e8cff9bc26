"""Names that tell two sources apart without saying where they lie on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from codesim import snapshot_of
from codesim.snapshot import effort, told_apart


def names(*specs: str, name: str) -> list[str]:
    return [each.name for each in told_apart(specs, [snapshot_of({}, name) for _ in specs])]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("/m/alice+nano/repo", "/m/bob+tiny/repo", ["alice+nano/repo", "bob+tiny/repo"]),
        ("/m/alice/src/repo", "/m/bob/src/repo", ["alice/src/repo", "bob/src/repo"]),
        ("/x/a/b/c/repo", "/y/a/b/c/repo", ["x/…/repo", "y/…/repo"]),
        ("/a/repo.git", "/b/repo/.git", ["a/repo", "b/repo"]),
        ("/repo", "/b/repo", ["repo", "b/repo"]),
        ("/a/repo", "/a/repo", ["repo", "repo"]),
        ("/a/repo", "file:///a/repo", ["repo", "repo"]),
        ("/a/repo#x", "/a/repo#y", ["repo#x", "repo#y"]),
        ("/a/repo", "/a/repo#y", ["repo", "repo#y"]),
    ],
)
def test_folders_are_added_until_names_differ(left: str, right: str, expected: list[str]) -> None:
    assert names(left, right, name="repo") == expected
    assert names(right, left, name="repo") == expected[::-1]


def test_hosts_differ_too() -> None:
    found = names("github.com/o/n", "hf:o/n", "https://gitlab.com/o/n.git", name="o/n")
    assert found == ["github.com/o/n", "huggingface.co/o/n", "gitlab.com/o/n"]


def test_only_namesakes_are_renamed() -> None:
    snapshots = [snapshot_of({}, name) for name in ("repo", "other", "repo", "repo")]
    found = told_apart(["/a/repo", "/b/other", "/c/repo", None], snapshots)
    assert [each.name for each in found] == ["a/repo", "other", "c/repo", "repo"]


def test_quick_sources_come_before_slow_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.py").write_text("")
    quick = ["ext::x", "nowhere", "file.py#x", "file.py"]
    slow = ["folder@v1", "folder#x", "folder", "hf:o/n"]
    assert [effort(spec) for spec in quick + slow] == [0, 0, 0, 0, 1, 1, 2, 3]
