"""A folder read as it stands, also where it is a Git repository."""

from __future__ import annotations

import pytest

from codesim.errors import SnapshotError
from codesim.snapshot import open_folder


@pytest.fixture
def clone(tmp_path):
    """What ``git clone`` leaves when large files were fetched and not committed whole."""
    folder = tmp_path / "clone"
    (folder / ".git" / "objects").mkdir(parents=True)
    (folder / ".git" / "refs").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    return folder


def test_files_are_there_and_git_is_left_out(clone):
    snapshot = open_folder(str(clone))
    assert [entry.path for entry in snapshot.entries] == ["model.safetensors"]
    assert snapshot.revision is None
    assert [each.what for each in snapshot.skipped] == [".git"]
    assert snapshot.read_range("model.safetensors", 8, 2) == b"{}"


def test_progress_is_told(clone):
    heard = []
    open_folder(str(clone), progress=heard.append)
    assert heard == ["listing files"]


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(SnapshotError, match="holds no files"):
        open_folder(str(tmp_path))
