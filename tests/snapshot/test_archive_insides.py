"""Archives as systems write them, parts of archives, and several snapshots as one."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from codesim import SnapshotError, open_snapshot, snapshot_of
from codesim.snapshot import Limits
from codesim.snapshot.nested import list_archive, open_part, opened_up
from codesim.snapshot.spec import Source
from codesim.snapshot.union import union

ABOUT = Source(name="n", origin="file:n")


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def test_what_macos_adds_is_left_out(tmp_path: Path) -> None:
    names = ["n/a.py", "__MACOSX/n/._a.py", "__MACOSX/b"]
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([(name, b"1") for name in names]))
    snapshot = open_snapshot(str(path))
    assert [e.path for e in snapshot.entries] == ["a.py"]
    assert [item.what for item in snapshot.skipped] == ["__MACOSX"]


def test_an_error_of_the_system_names_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/secret/place")

    path = tmp_path / "a.zip"
    path.write_bytes(zipped([("a.py", b"1")]))
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(SnapshotError, match=r"a readable archive: Permission denied$"):
        open_snapshot(str(path))


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_member_that_stands_twice_is_the_last_one(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"all.{kind}"
    members = [("a.py", b"first"), ("./a.py", b"last"), ("b/c.py", b"1"), ("b/c.py", b"2")]
    if kind == "zip":
        with pytest.warns(UserWarning, match="Duplicate name"):
            path.write_bytes(zipped(members))
    else:
        with tarfile.open(path, "w") as archive:
            for name, data in members:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    assert open_part(ABOUT, str(path), "a.py", Limits()).read("a.py") == b"last"
    assert open_part(ABOUT, str(path), "b/", Limits()).read("c.py") == b"2"
    listed, skipped = list_archive(str(path), Limits())
    assert [each.path for each in listed] == ["a.py", "a.py", "b/c.py", "b/c.py"]
    assert skipped == []


@pytest.mark.parametrize("part", ["gone.py", "b", "../a.py", "a.py/"])
def test_a_part_that_is_not_there(part: str, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(zipped([("a.py", b"1"), ("b/c.py", b"2")]))
    if part.endswith("/"):
        assert open_part(ABOUT, str(path), part, Limits()).entries == ()
    else:
        with pytest.raises(SnapshotError, match="no longer in the archive"):
            open_part(ABOUT, str(path), part, Limits())


def test_an_outer_archive_may_list_more_than_one_submission_may_hold(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(zipped([(f"{n % 2}/{n}.py", b"") for n in range(200)]))
    tight = Limits(members=50)
    assert len(list_archive(str(path), tight)[0]) == 200
    part = open_part(ABOUT, str(path), "1/", tight)
    assert len(part.entries) == 50
    assert [item.reason for item in part.skipped] == ["more than 50 members"]


def test_a_damaged_outer_archive_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "all.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("a.py", "b.py"):
            info = tarfile.TarInfo(name)
            info.size = 50_000
            archive.addfile(info, io.BytesIO(os.urandom(50_000)))
    path.write_bytes(path.read_bytes()[:60_000])
    listed, skipped = list_archive(str(path), Limits())
    assert listed[0].path == "a.py"
    assert [item.what for item in skipped] == ["rest of the archive"]
    assert skipped[0].reason.startswith("damaged")


def test_an_archive_that_is_all_there_is_leaves_no_trace() -> None:
    data = zipped([("a.py", b"x = 1\n" * 1000), ("b.py", b"")])
    opened = opened_up(snapshot_of({"z.zip": data}), Limits())
    assert {e.path: opened.read(e.path) for e in opened.entries} == {
        "a.py": b"x = 1\n" * 1000, "b.py": b""
    }  # fmt: skip


def test_a_union_loses_nothing() -> None:
    left, right = snapshot_of({"a": b"1", "b/c": b"2"}), snapshot_of({"a": b"3", "a (2)": b"4"})
    both = union("both", "here", None, [("", left), ("", right), ("b/", right)])
    assert {e.path: both.read(e.path) for e in both.entries} == {
        "a": b"1", "a (2)": b"3", "a (2) (2)": b"4", "b/a": b"3", "b/a (2)": b"4", "b/c": b"2"
    }  # fmt: skip
    assert [e.path for e in both.entries] == sorted(e.path for e in both.entries)
    with pytest.raises(SnapshotError, match="both: gone: no such file"):
        both.read("gone")
