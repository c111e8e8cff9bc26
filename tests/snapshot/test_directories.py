"""Plain directories, single files, and files in memory."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import pytest
from hostile import blob_id

import codesim
from codesim import Snapshot, SnapshotError, open_snapshot, snapshot_of
from codesim.snapshot import Limits


def skipped(snapshot: Snapshot) -> dict[str, str]:
    return {item.what: item.reason for item in snapshot.skipped}


def test_directory(tmp_path: Path) -> None:
    root = tmp_path / "thing"
    (root / "b" / "c").mkdir(parents=True)
    (root / "a.py").write_bytes(b"1")
    (root / "b" / "c" / "d.py").write_bytes(b"2")
    (root / "b.py").write_bytes(b"3")
    snapshot = open_snapshot(str(root))
    assert (snapshot.name, snapshot.origin, snapshot.revision) == ("thing", "file:thing", None)
    assert [e.path for e in snapshot.entries] == ["a.py", "b.py", "b/c/d.py"]
    assert snapshot.read("b/c/d.py") == b"2"
    assert str(tmp_path) not in repr(snapshot)
    assert [e.path for e in open_snapshot(f"{root}#b").entries] == ["b/c/d.py"]
    with pytest.raises(SnapshotError, match=r"no folder 'x'; it has b"):
        open_snapshot(f"{root}#x")
    with pytest.raises(SnapshotError, match="is a plain directory, and @REVISION"):
        open_snapshot(f"{root}@main")


def test_the_current_directory_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "a.py").write_bytes(b"1")
    monkeypatch.chdir(tmp_path / "thing")
    assert open_snapshot(".").origin == "file:thing"


def test_what_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "r"
    (root / "vendored" / ".git").mkdir(parents=True)
    (root / "vendored" / ".git" / "config").write_text("")
    (root / ".venv" / "lib").mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").write_text("")
    (root / ".venv" / "lib" / "x.py").write_text("")
    (root / "a.py").write_text("1")
    (root / "big.bin").write_bytes(b"b" * 5000)
    (root / "passwd.py").symlink_to("/etc/passwd")
    (root / "loop").symlink_to(".")
    (root / "gone").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    snapshot = open_snapshot(str(root), limits=Limits(file=1000))
    link = "symbolic link; not followed"
    assert skipped(snapshot) == {
        ".venv/": "virtual environment; not looked into",
        "big.bin": "values not read: 5,000 bytes; its header is",
        "gone": link,
        "loop": link,
        "passwd.py": link,
        "pipe": "named pipe; not read",
        "vendored/.git": "Git's own data; not read",
    }
    assert [e.path for e in snapshot.entries if e.readable] == ["a.py"]
    with pytest.raises(SnapshotError, match="symbolic link"):
        snapshot.read("passwd.py")


@pytest.mark.parametrize("part", ["file", "folder"])
def test_a_link_put_in_place_after_listing_is_not_followed(tmp_path: Path, part: str) -> None:
    root, secret = tmp_path / "r", tmp_path / "secret"
    (root / "f").mkdir(parents=True)
    (root / "f" / "a.py").write_bytes(b"1")
    secret.mkdir()
    (secret / "a.py").write_bytes(b"secret")
    snapshot = open_snapshot(str(root))
    (root / "f" / "a.py").unlink()
    if part == "file":
        (root / "f" / "a.py").symlink_to(secret / "a.py")
    else:
        (root / "f").rmdir()
        (root / "f").symlink_to(secret)
    with pytest.raises(SnapshotError):
        snapshot.read("f/a.py")


def test_changes_after_listing(tmp_path: Path) -> None:
    for name in ("grown.py", "pipe.py", "gone.py"):
        (tmp_path / name).write_bytes(b"1")
    snapshot = open_snapshot(str(tmp_path), limits=Limits(file=100))
    (tmp_path / "grown.py").write_bytes(b"1" * 101)
    for name in ("pipe.py", "gone.py"):
        (tmp_path / name).unlink()
    os.mkfifo(tmp_path / "pipe.py")
    for name, reason in {
        "grown.py": "grew beyond", "pipe.py": "no longer a regular", "gone.py": "No such file",
    }.items():  # fmt: skip
        with pytest.raises(SnapshotError, match=reason):
            snapshot.read(name)


def test_odd_names(tmp_path: Path) -> None:
    names = [b"\xff.py", b"\\xff.py", b"new\nline.py", b"-rf", "naïve.py".encode()]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(name)
    snapshot = open_snapshot(str(tmp_path))
    paths = {e.path for e in snapshot.entries}
    assert paths == {"\\xff.py", "\\xff.py (2)", "new\nline.py", "-rf", "naïve.py"}
    assert {snapshot.read(path) for path in paths} == set(names)


def test_limits(tmp_path: Path) -> None:
    deep = tmp_path / "r"
    for _ in range(8):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.py").write_text("1")
    for number in range(6):
        (tmp_path / "r" / f"{number}.py").write_text("1")
    snapshot = open_snapshot(str(tmp_path / "r"), limits=Limits(entries=4))
    assert len(snapshot.entries) == 4
    assert skipped(snapshot) == {"rest of the directory": "more than 4 files"}
    shallow = open_snapshot(str(tmp_path / "r"), limits=Limits(depth=3))
    assert skipped(shallow) == {"d/d/d/d/": "folders nested too deeply; not looked into"}


def test_empty_directory(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="holds no files; there is nothing to compare"):
        open_snapshot(str(tmp_path))


def test_no_handle_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    handles = len(os.listdir("/proc/self/fd"))
    snapshot = open_snapshot(str(tmp_path))
    snapshot.read("a.py")
    del snapshot
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == handles


def test_single_file(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_bytes(b"x = 1\n")
    snapshot = open_snapshot(str(path))
    assert (snapshot.name, snapshot.origin) == ("model.py", "file:model.py")
    (entry,) = snapshot.entries
    assert (entry.path, entry.blob_id, entry.size) == ("model.py", blob_id(b"x = 1\n"), 6)
    assert snapshot.read("model.py") == b"x = 1\n"
    with pytest.raises(SnapshotError, match="is larger than 3 bytes"):
        open_snapshot(str(path), limits=Limits(file=3))


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero"])
def test_devices_are_refused(path: str) -> None:
    with pytest.raises(SnapshotError, match="neither a file nor a directory"):
        open_snapshot(path)


def test_memory() -> None:
    snapshot = snapshot_of({"b.py": b"2", "a.py": b"1"}, "mine")
    assert (snapshot.name, snapshot.origin, snapshot.revision) == ("mine", "memory:mine", None)
    assert [(e.path, e.blob_id, e.size) for e in snapshot.entries] == [
        ("a.py", blob_id(b"1"), 1),
        ("b.py", blob_id(b"2"), 1),
    ]
    assert snapshot.read("a.py") == b"1"
    with pytest.raises(SnapshotError, match="no such file in this snapshot"):
        snapshot.read("c.py")
    assert snapshot_of({}).entries == ()


@pytest.mark.parametrize(
    ("files", "error", "says"),
    [
        ({"a.py": "text"}, TypeError, "the content of 'a.py' must be bytes, not str"),
        ({"a.py": 5}, TypeError, "the content of 'a.py' must be bytes, not int"),
        ({3: b""}, TypeError, "a path must be a str, not int"),
        ({"": b""}, SnapshotError, "an empty path names nothing"),
    ],
)
def test_memory_refuses_what_is_no_file(files: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        snapshot_of(files)


@pytest.mark.parametrize("spec", [3, {"a.py": b""}, None, Path("left")])
def test_a_source_is_text(spec: Any) -> None:
    with pytest.raises(TypeError, match=f"spec must be a str .* not {type(spec).__name__}"):
        open_snapshot(spec)


def test_a_link_keeps_the_name_that_was_typed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"x = 1\n")
    (tmp_path / "link.py").symlink_to("real.txt")
    (tmp_path / "folder").symlink_to(".")
    snapshot = open_snapshot(str(tmp_path / "link.py"))
    assert (snapshot.name, snapshot.origin) == ("link.py", "file:link.py")
    assert {e.path: snapshot.read(e.path) for e in snapshot.entries} == {"link.py": b"x = 1\n"}
    for typed in ("folder", "folder/"):
        assert open_snapshot(f"{tmp_path}/{typed}").name == "folder"


def test_memory_keeps_odd_names_valid() -> None:
    snapshot = snapshot_of({chr(0xDCFF): b"1", chr(0xD800): b"2"})
    for entry in snapshot.entries:
        entry.path.encode("utf-8")
    assert len(snapshot.entries) == 2


def test_public_names() -> None:
    assert codesim.open_snapshot is open_snapshot
    assert codesim.snapshot_of is snapshot_of


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="mappings are told by Linux")
def test_many_small_files_take_no_mapping_each(tmp_path: Path) -> None:
    """A process may have 65,530 mappings, and a folder 100,000 files."""
    for number in range(400):
        (tmp_path / f"{number}.py").write_text(f"x = {number}\n")
    snapshot = open_snapshot(str(tmp_path))
    before = len(Path("/proc/self/maps").read_bytes().splitlines())
    held = [snapshot.read(entry.path) for entry in snapshot.entries]
    after = len(Path("/proc/self/maps").read_bytes().splitlines())
    assert len(held) == 400
    assert after - before < 100
