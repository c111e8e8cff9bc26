"""Hostile repositories: nothing in them runs, leads elsewhere, hangs or fills the machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import hostile
import pytest
from gitserver import children, raw_server, silent
from hostile import ENVIRONMENT, blob, commit, git, new_repository, repository_with, tree

from codesim import Snapshot, SnapshotError, open_snapshot
from codesim.snapshot import Limits

FILES = {"README.md": b"# n\n", "src/model.py": b"x = 1\n"}


def skipped(snapshot: Snapshot) -> dict[str, str]:
    return {item.what: item.reason for item in snapshot.skipped}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return repository_with(tmp_path / "thing.git", FILES)


def test_hostile_names_are_labels(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r.git")
    one, two = blob(repository, b"1"), blob(repository, b"2")
    inner = tree(repository, [("100644", b"evil.py", one)])
    rows = [
        ("40000", b"..", inner),
        ("40000", b".git", inner),
        ("100644", b"/abs.py", one),
        ("100644", b"a/../../x.py", one),
        ("100644", b"twice.py", one),
        ("100644", b"twice.py", two),
        ("100644", b"\xff.py", one),
        ("100644", b"\\xff.py", two),
        ("100644", b"new\nline\x1b[31m.py", one),
        ("100644", b"-rf.py", one),
        ("100644", b"\xed\xa0\x80.py", one),
        ("100644", "naïve.py".encode(), one),
        ("100644", b"long" * 2000, one),
    ]
    commit(repository, tree(repository, rows))
    snapshot = open_snapshot(str(repository))
    paths = [e.path for e in snapshot.entries]
    assert paths == sorted(set(paths))
    assert len(paths) == len(rows)
    for path in paths:
        path.encode("utf-8")
    assert snapshot.read("../evil.py") == b"1"
    assert (snapshot.read("twice.py"), snapshot.read("twice.py (2)")) == (b"1", b"2")
    assert (snapshot.read("\\xff.py"), snapshot.read("\\xff.py (2)")) == (b"1", b"2")
    assert snapshot.read("\\xed\\xa0\\x80.py") == b"1"
    assert [s.reason for s in snapshot.skipped] == ["path longer than 4096 bytes or 256 folders"]


def test_bombs_are_bounded(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r.git")
    commit(repository, hostile.bomb(repository, 10, 8))
    snapshot = open_snapshot(str(repository), limits=Limits(entries=500))
    assert len(snapshot.entries) == 500
    assert skipped(snapshot) == {"rest of the repository": "more than 500 files"}


def test_a_bomb_without_files_meets_the_deadline(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r.git")
    oid = tree(repository, [])
    for _ in range(9):
        oid = tree(repository, [("40000", b"%02d" % i, oid) for i in range(10)])
    commit(repository, oid)
    with pytest.raises(SnapshotError, match=r"did not end within 0\.5 s"):
        open_snapshot(str(repository), limits=Limits(deadline=0.5))
    assert children() == []


def test_nothing_in_the_repository_is_run(tmp_path: Path) -> None:
    work, marker = tmp_path / "work", tmp_path / "marker"
    hostile.booby_trap(work, marker)
    for spec in (work, work / ".git", f"{work}@main", f"{work}#model.py", f"file://{work}"):
        snapshot = open_snapshot(str(spec))
        assert snapshot.read("model.py") == b"x = 1\n"
    with pytest.raises(SnapshotError):
        open_snapshot(f"{work}@rev-parse")
    assert not marker.exists()
    # The trap is armed: an ordinary command springs it.
    subprocess.run(
        ["git", "-C", str(work), "-c", "core.worktree=.", "status"],
        env=ENVIRONMENT,
        check=False,
        capture_output=True,
    )
    subprocess.run(
        ["git", f"--git-dir={work}/.git", f"--work-tree={work}", "status"],
        env=ENVIRONMENT,
        check=False,
        capture_output=True,
    )
    assert marker.exists()


def test_a_broken_configuration_is_not_even_read(bare: Path) -> None:
    (bare / "config").write_text("[core\n\tnonsense")
    assert open_snapshot(str(bare)).read("README.md") == b"# n\n"


@pytest.mark.parametrize("kind", ["file", "link", "link to nowhere"])
def test_git_directory_elsewhere_is_refused(bare: Path, tmp_path: Path, kind: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    if kind == "file":
        (work / ".git").write_text(f"gitdir: {bare}\n")
    else:
        (work / ".git").symlink_to(bare if kind == "link" else "nowhere")
    with pytest.raises(SnapshotError, match=r"its \.git is a (file|symbolic link)"):
        open_snapshot(str(work))


@pytest.mark.parametrize("name", ["objects/info/alternates", "commondir"])
def test_borrowed_objects_are_refused(bare: Path, tmp_path: Path, name: str) -> None:
    other = new_repository(tmp_path / "other.git")
    (other / name).write_text(f"{bare}/objects\n")
    with pytest.raises(SnapshotError, match=r"another repository|linked work tree"):
        open_snapshot(str(other))


@pytest.mark.parametrize(
    "name", ["HEAD", "objects", "refs", "refs/heads/main", "packed-refs", "objects/pack/x.pack"]
)
def test_links_inside_the_git_directory_are_refused(bare: Path, tmp_path: Path, name: str) -> None:
    aside = tmp_path / "aside"
    target = bare / name
    if target.exists():
        target.rename(aside)
    else:
        aside.write_text("")
    target.symlink_to(aside)
    with pytest.raises(SnapshotError, match="link"):
        open_snapshot(str(bare))


def test_a_pipe_among_the_objects_does_not_hang(bare: Path) -> None:
    os.mkfifo(bare / "objects" / "pack" / "pack-1.idx")
    with pytest.raises(SnapshotError, match="no regular file"):
        open_snapshot(str(bare))


def test_missing_objects_are_never_fetched(tmp_path: Path) -> None:
    repository = repository_with(tmp_path / "r.git", FILES)
    hostile.remove_object(repository, hostile.blob_id(FILES["src/model.py"]))
    with raw_server(silent) as (address, seen):
        for key, value in {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.url": f"{address}/r.git",
            "remote.origin.promisor": "true",
        }.items():
            git(repository, "config", key, value)
        snapshot = open_snapshot(str(repository))
        assert list(skipped(snapshot)) == ["src/model.py"]
        assert snapshot.read("README.md") == b"# n\n"
        assert seen == []
