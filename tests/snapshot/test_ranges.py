"""Parts of files, also of files that are too large to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codesim.errors import SnapshotError
from codesim.snapshot import Limits, open_snapshot, open_weights, snapshot_of


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(b"head")
        file.truncate(size)


def test_a_large_file_gives_its_header(tmp_path: Path) -> None:
    sparse(tmp_path / "model.safetensors", 1 << 40)
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    snapshot = open_snapshot(str(tmp_path))
    small, large = snapshot.entries
    assert (small.readable, large.readable, large.size) == (True, False, 1 << 40)
    assert snapshot.read_range("model.safetensors", 0, 4) == b"head"
    assert snapshot.read_range("model.safetensors", (1 << 40) - 2, 100) == b"\0\0"
    assert snapshot.read_range("a.py", 2, 3) == b"= 1"
    assert snapshot.read_range("a.py", 100, 3) == b""
    with pytest.raises(SnapshotError, match="files over"):
        snapshot.read("model.safetensors")


@pytest.mark.parametrize("name", ["m.gguf", "M.SAFETENSORS", "pytorch_model.bin"])
def test_one_large_checkpoint(tmp_path: Path, name: str) -> None:
    sparse(tmp_path / name, 1 << 40)
    snapshot = open_snapshot(str(tmp_path / name))
    assert [(e.path, e.readable) for e in snapshot.entries] == [(name, False)]
    assert snapshot.read_range(name, 0, 4) == b"head"
    assert [skipped.what for skipped in snapshot.skipped] == [name]


def test_one_large_text_is_refused(tmp_path: Path) -> None:
    sparse(tmp_path / "a.py", 1 << 40)
    with pytest.raises(SnapshotError, match="is larger than"):
        open_snapshot(str(tmp_path / "a.py"))


def test_without_ranges_a_part_is_cut_from_the_whole() -> None:
    snapshot = snapshot_of({"a": b"0123456789"})
    assert snapshot.ranges is None
    assert snapshot.read_range("a", 2, 3) == b"234"
    with pytest.raises(SnapshotError):
        snapshot.read_range("b", 0, 1)


def test_what_is_no_file_stays_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"1")
    (tmp_path / "link.bin").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.bin")
    snapshot = open_snapshot(str(tmp_path))
    for name in ("link.bin", "pipe.bin", "../a.py", "missing"):
        with pytest.raises(SnapshotError):
            snapshot.read_range(name, 0, 1)
    with pytest.raises(ValueError, match="no range"):
        snapshot.read_range("a.py", -1, 1)


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    sparse(tmp_path / "m.bin", 5_000)
    snapshot = open_snapshot(str(tmp_path), limits=Limits(file=1_000))
    (tmp_path / "m.bin").unlink()
    (tmp_path / "m.bin").symlink_to("/etc/passwd")
    with pytest.raises(SnapshotError):
        snapshot.read_range("m.bin", 0, 1)


def test_a_folder_of_a_directory_keeps_its_ranges(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    sparse(tmp_path / "sub" / "m.bin", 5_000)
    snapshot = open_snapshot(f"{tmp_path}#sub", limits=Limits(file=1_000))
    assert snapshot.read_range("sub/m.bin", 0, 4) == b"head"


def test_only_who_reads_no_values_is_told_that_they_are_not_read(tmp_path: Path) -> None:
    sparse(tmp_path / "model.safetensors", 1 << 30)
    sparse(tmp_path / "notes.txt", 1 << 30)
    for spec in (tmp_path, tmp_path / "model.safetensors"):
        told = [each.reason for each in open_snapshot(str(spec)).skipped]
        assert any(reason.startswith("values not read") for reason in told)
        told = [each.reason for each in open_weights(str(spec)).skipped]
        assert not any(reason.startswith("values not read") for reason in told)
    assert [each.what for each in open_weights(str(tmp_path)).skipped] == ["notes.txt"]
