"""Git repositories that were handed in: the files as they stand, and nothing of them is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from handed_in import contents, opened, reasons

from codesim import SnapshotError

sys.path.append(str(Path(__file__).parents[1] / "snapshot"))
from hostile import commit, git, nested, new_repository

CODE = b"x = 1\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A work tree whose file differs from the committed one."""
    bare = new_repository(tmp_path / "work" / ".git")
    commit(bare, nested(bare, {"a.py": b"committed\n"}))
    git(bare, "tag", "v1")
    (tmp_path / "work" / "a.py").write_bytes(b"as it stands\n")
    return tmp_path / "work"


def test_a_repository_is_read_as_it_stands(repository: Path) -> None:
    snapshot = opened(repository)
    assert contents(snapshot) == {"a.py": b"as it stands\n"}
    assert reasons(snapshot) == {".git": "Git's own data; not read"}


def test_a_repository_with_a_revision_or_without_files_is_read_by_its_commits(
    repository: Path,
) -> None:
    by_revision = opened(repository, revision="v1")
    assert contents(by_revision) == {"a.py": b"committed\n"}
    assert by_revision.revision is not None
    assert contents(opened(f"{repository}@v1")) == {"a.py": b"committed\n"}
    (repository / "a.py").unlink()
    assert contents(opened(repository)) == {"a.py": b"committed\n"}
    assert contents(opened(repository / ".git")) == {"a.py": b"committed\n"}


@pytest.mark.parametrize("revision", ["gone", "--help", "a..b", "v1;x", "../../x", "\x1b"])
def test_revisions_that_are_none(revision: str, repository: Path) -> None:
    with pytest.raises(SnapshotError, match="revision") as caught:
        opened(repository, revision=revision)
    assert str(repository) not in str(caught.value)


def test_folders_named_like_those_of_git_hide_no_code(tmp_path: Path) -> None:
    bare = new_repository(tmp_path / "s")
    commit(bare, nested(bare, {"harmless.py": b""}))
    assert contents(opened(bare)) == {"harmless.py": b""}
    (bare / "model.py").write_bytes(CODE)
    assert contents(opened(bare))["model.py"] == CODE


def test_nothing_in_a_repository_is_run(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    config = (repository / ".git" / "config").read_text("utf-8")
    extra = f'[core]\nfsmonitor = "touch {mark}"\nsshCommand = "touch {mark}"\n'
    (repository / ".git" / "config").write_text(config + extra, "utf-8")
    opened(repository)
    opened(repository, revision="v1")
    assert not mark.exists()
