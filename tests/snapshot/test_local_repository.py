"""Local Git repositories: committed state, read without trusting anything in them."""

from __future__ import annotations

import gc
import os
import subprocess
from pathlib import Path

import hostile
import pytest
from gitserver import children
from hostile import ENVIRONMENT, blob, commit, git, nested, new_repository, repository_with, tree

from codesim import Snapshot, SnapshotError, open_snapshot
from codesim.snapshot import Limits

FILES = {"README.md": b"# n\n", "src/model.py": b"x = 1\n", "src/inner/deep.py": b"y = 2\n"}


def skipped(snapshot: Snapshot) -> dict[str, str]:
    return {item.what: item.reason for item in snapshot.skipped}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return repository_with(tmp_path / "thing.git", FILES)


def test_bare_repository(bare: Path, tmp_path: Path) -> None:
    snapshot = open_snapshot(str(bare))
    assert (snapshot.name, snapshot.origin) == ("thing", "file:thing")
    assert snapshot.revision == git(bare, "rev-parse", "HEAD")
    assert snapshot.date == "2023-11-14T22:13:20Z"
    assert {e.path: snapshot.read(e.path) for e in snapshot.entries} == FILES
    assert [e.path for e in snapshot.entries] == sorted(FILES)
    assert {e.path: e.blob_id for e in snapshot.entries} == {
        path: hostile.blob_id(data) for path, data in FILES.items()
    }
    assert snapshot.skipped == ()
    assert str(tmp_path) not in repr(snapshot)


def test_committed_state_of_a_work_tree_only(bare: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "-q", str(bare), str(work)], env=ENVIRONMENT, check=True)
    (work / "src" / "model.py").write_text("changed = True\n")
    (work / "src" / "new.py").write_text("")
    for spec in (str(work), f"file://{work}", str(work / ".git")):
        snapshot = open_snapshot(spec)
        assert snapshot.name == "work"
        assert {e.path: snapshot.read(e.path) for e in snapshot.entries} == FILES
    # A folder below a work tree is a plain directory: what lies there now.
    plain = open_snapshot(str(work / "src"))
    assert plain.revision is None
    assert plain.read("model.py") == b"changed = True\n"
    assert "new.py" in [e.path for e in plain.entries]


def test_revisions(bare: Path) -> None:
    first = git(bare, "rev-parse", "HEAD")
    root = nested(bare, {"second.py": b"2\n"})
    second = commit(bare, root, "feature/x", (first,))
    git(bare, "tag", "-a", "v1.0", "-m", "annotated", second)
    git(bare, "update-ref", "refs/remotes/origin/there", second)
    git(bare, "symbolic-ref", "refs/heads/alias", "refs/heads/feature/x")
    for packed in (False, True):
        if packed:
            git(bare, "pack-refs", "--all")
            git(bare, "repack", "-adq")
        names = ["feature/x", "v1.0", "refs/tags/v1.0", "there", "alias", second, second[:8]]
        for name in names:
            assert open_snapshot(f"{bare}@{name}").revision == second, name
        for name in ("main", "HEAD", "v1.0~1", "feature/x^", first):
            assert open_snapshot(f"{bare}@{name}").revision == first, name


@pytest.mark.parametrize("name", ["nope", "deadbeef", "f" * 40, "main~7"])
def test_unknown_revision_names_known_ones(bare: Path, name: str) -> None:
    with pytest.raises(SnapshotError, match=r"no revision .*it has main"):
        open_snapshot(f"{bare}@{name}")


@pytest.mark.parametrize("inner", [False, True], ids=["bare", "work tree"])
@pytest.mark.parametrize("lost", ["objects", "HEAD", "refs"])
def test_a_damaged_repository_is_no_plain_directory(
    bare: Path, tmp_path: Path, lost: str, inner: bool
) -> None:
    if inner:
        (tmp_path / "work").mkdir()
        (tmp_path / "work" / "a.py").write_text("1")
        bare = bare.rename(tmp_path / "work" / ".git")
    place = bare / lost
    place.rename(tmp_path / "elsewhere")
    (bare / "packed-refs").unlink(missing_ok=True)
    part = "references" if lost == "refs" else lost
    with pytest.raises(SnapshotError, match=f"looks like a Git repository but has no {part}"):
        open_snapshot(str(bare.parent if inner else bare))


def test_a_directory_with_git_like_names_is_plain(tmp_path: Path) -> None:
    for name in ("refs", "objects", "HEAD"):
        (tmp_path / "r" / name).mkdir(parents=True)
    (tmp_path / "r" / "objects" / "a.py").write_text("1")
    (tmp_path / "r" / "config").write_text("")
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "HEAD").write_text("")
    assert [e.path for e in open_snapshot(str(tmp_path / "s")).entries] == ["HEAD"]


def test_a_tag_on_a_file_is_no_revision(bare: Path) -> None:
    git(bare, "tag", "file", blob(bare, b"x"))
    with pytest.raises(SnapshotError, match="no revision 'file'"):
        open_snapshot(f"{bare}@file")


def test_detached_head(bare: Path) -> None:
    oid = git(bare, "rev-parse", "HEAD")
    (bare / "HEAD").write_text(oid + "\n")
    assert open_snapshot(str(bare)).revision == oid


def test_empty_and_unborn(tmp_path: Path, bare: Path) -> None:
    empty = new_repository(tmp_path / "empty.git")
    with pytest.raises(SnapshotError, match="empty repository"):
        open_snapshot(str(empty))
    (bare / "HEAD").write_text("ref: refs/heads/gone\n")
    with pytest.raises(SnapshotError, match=r"names no commit; add @REVISION: it has main"):
        open_snapshot(str(bare))


def test_commit_without_files(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r.git")
    commit(repository, tree(repository, []))
    with pytest.raises(SnapshotError, match="holds no files"):
        open_snapshot(str(repository))


def test_folder(bare: Path) -> None:
    snapshot = open_snapshot(f"{bare}#src/inner")
    assert [e.path for e in snapshot.entries] == ["src/inner/deep.py"]
    assert snapshot.origin == "file:thing#src/inner"
    assert [e.path for e in open_snapshot(f"{bare}@main#README.md").entries] == ["README.md"]
    with pytest.raises(SnapshotError, match=r"no folder 'sr'; it has src"):
        open_snapshot(f"{bare}#sr")


def test_sha256_repository_is_refused_with_a_way_out(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "wide.git", "--object-format=sha256")
    commit(repository, nested(repository, {"a.py": b"1\n"}))
    with pytest.raises(SnapshotError, match="SHA-256 object ids"):
        open_snapshot(str(repository))


def test_what_cannot_be_read_is_listed_with_a_reason(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r.git")
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 9\n"
    here, link = blob(repository, b"ok = 1\n"), blob(repository, b"/etc/passwd")
    missing, damaged = blob(repository, b"missing"), blob(repository, b"d" * 5000)
    small = blob(repository, b"s" * 500)
    rows = [
        ("100755", b"a.py", here),
        ("100644", b"big.bin", blob(repository, b"b" * 20_000)),
        ("100644", b"damaged.py", damaged),
        ("100644", b"damaged_small.py", small),
        ("120000", b"link.py", link),
        ("100644", b"missing.py", missing),
        ("160000", b"module", "1" * 40),
        ("100644", b"weights.bin", blob(repository, pointer)),
        ("100644", b"z.py", here),
    ]
    commit(repository, tree(repository, rows))
    hostile.remove_object(repository, missing)
    hostile.damage_object(repository, damaged, 5000)
    hostile.damage_object(repository, small, 500)
    snapshot = open_snapshot(str(repository), limits=Limits(file=10_000))
    assert skipped(snapshot) == {
        "big.bin": "20,000 bytes; files over 10,000 are not read",
        "damaged_small.py": f"object {small[:12]} is missing or damaged",
        "link.py": "symbolic link; not followed",
        "missing.py": "its object is missing or damaged",
        "module": "submodule; not fetched",
        "weights.bin": "Git LFS pointer; content not fetched",
    }
    assert [e.path for e in snapshot.entries] == [row[1].decode() for row in rows]
    by_path = {e.path: e for e in snapshot.entries}
    assert by_path["missing.py"].blob_id == missing
    assert by_path["missing.py"].size is None
    for path in ("big.bin", "damaged.py", "link.py", "missing.py", "module", "nowhere"):
        with pytest.raises(SnapshotError):
            snapshot.read(path)
    # After every failure the next file is the right one.
    assert snapshot.read("z.py") == b"ok = 1\n"
    assert snapshot.read("weights.bin") == pointer


def test_missing_folder_object_is_said(tmp_path: Path) -> None:
    repository = repository_with(tmp_path / "r.git", {"a.py": b"1", "m/b.py": b"2", "z.py": b"3"})
    hostile.remove_object(repository, git(repository, "rev-parse", "HEAD:m"))
    snapshot = open_snapshot(str(repository))
    assert snapshot.read("a.py") == b"1"
    assert "missing or damaged" in skipped(snapshot)["rest of the repository"]


def test_the_environment_of_the_caller_does_not_leak_in(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository_with(tmp_path / "other.git", {"other.py": b"other"})
    monkeypatch.setenv("GIT_DIR", str(other))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / "objects"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.pager'='touch /nowhere'")
    assert open_snapshot(str(bare)).read("README.md") == b"# n\n"


def test_nothing_is_left_when_the_snapshot_is_gone(bare: Path, private: Path) -> None:
    handles = len(os.listdir("/proc/self/fd"))
    snapshot = open_snapshot(str(bare))
    snapshot.read("README.md")
    assert len(list(private.iterdir())) == 1
    assert len(children()) == 1
    del snapshot
    gc.collect()
    assert list(private.iterdir()) == []
    assert children() == []
    assert len(os.listdir("/proc/self/fd")) == handles


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_reading_in_a_forked_child_leaves_the_parent_alone(bare: Path) -> None:
    snapshot = open_snapshot(str(bare))
    assert snapshot.read("README.md") == b"# n\n"
    child = os.fork()
    if child == 0:
        right = snapshot.read("src/model.py") == b"x = 1\n"
        del snapshot
        gc.collect()
        os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert snapshot.read("src/inner/deep.py") == b"y = 2\n"


def test_git_is_needed(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SnapshotError, match="install git"):
        open_snapshot(str(bare))
