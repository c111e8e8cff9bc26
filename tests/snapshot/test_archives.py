"""Archives: streamed once, never extracted; every bomb is bounded and every loss is said."""

from __future__ import annotations

import gc
import gzip
import io
import os
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hostile import blob_id

from codesim import Snapshot, SnapshotError, open_snapshot
from codesim.snapshot import Limits

FILES = {"README.md": b"# n\n", "src/model.py": b"x = 1\n" * 10, "src/a/b.py": b"y\n"}


def skipped(snapshot: Snapshot) -> dict[str, str]:
    return {item.what: item.reason for item in snapshot.skipped}


def tar(path: Path, files: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize("suffix", ["zip", "tar", "tar.gz", "tgz", "tar.bz2", "tar.xz"])
def test_every_kind(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"n.{suffix}"
    if suffix == "zip":
        zipped(path, FILES)
    else:
        tar(path, FILES, "w:" + {"tgz": "gz", "tar": ""}.get(suffix, suffix[4:]))
    snapshot = open_snapshot(str(path))
    path.unlink()
    assert {e.path: snapshot.read(e.path) for e in snapshot.entries} == FILES
    assert {e.path: e.blob_id for e in snapshot.entries} == {
        name: blob_id(data) for name, data in FILES.items()
    }
    assert (snapshot.origin, snapshot.revision, snapshot.skipped) == (f"file:n.{suffix}", None, ())
    assert sorted(tmp_path.iterdir()) == []


def test_the_name_does_not_decide_the_compression(tmp_path: Path) -> None:
    path = tar(tmp_path / "n.tar.gz", FILES, "w:xz")
    assert open_snapshot(str(path)).read("README.md") == b"# n\n"


def test_the_top_folder_of_a_code_host_is_left_off(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"n-main/{name}": data for name, data in FILES.items()})
    assert [e.path for e in open_snapshot(str(path)).entries] == sorted(FILES)
    assert [e.path for e in open_snapshot(f"{path}#src/a").entries] == ["src/a/b.py"]
    package = zipped(tmp_path / "b.zip", {"pkg/__init__.py": b"", "pkg/a.py": b"1"})
    paths = [e.path for e in open_snapshot(str(package)).entries]
    assert paths == ["pkg/__init__.py", "pkg/a.py"]


def test_members_that_are_no_files(tmp_path: Path) -> None:
    path = tmp_path / "n.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind in {
            "link.py": tarfile.SYMTYPE, "hard.py": tarfile.LNKTYPE, "pipe": tarfile.FIFOTYPE,
            "device": tarfile.CHRTYPE, "folder": tarfile.DIRTYPE,
        }.items():  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("../evil.py", "/abs.py", "./here.py", ".git/config", "twice.py", "twice.py"):
            archive.addfile(tarfile.TarInfo(name))
    snapshot = open_snapshot(str(path))
    leads_out = "its name leads out of the archive; not read"
    assert skipped(snapshot) == {
        "../evil.py": leads_out,
        ".git": "Git's own data; not read",
        "/abs.py": leads_out,
        "device": "device or pipe; not read",
        "hard.py": "hard link inside the archive; not followed",
        "link.py": "symbolic link; not followed",
        "pipe": "device or pipe; not read",
        "twice.py": "stands 2 times in the archive; only the last one is read",
    }
    assert [e.path for e in snapshot.entries if e.readable] == ["here.py", "twice.py"]
    with pytest.raises(SnapshotError, match="symbolic link"):
        snapshot.read("link.py")
    assert not (tmp_path.parent / "evil.py").exists()


def test_zip_with_a_link_and_odd_names(tmp_path: Path) -> None:
    path = tmp_path / "n.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../x.py", "1")
        archive.writestr("new\nline.py", "2")
    snapshot = open_snapshot(str(path))
    assert skipped(snapshot) == {
        "../x.py": "its name leads out of the archive; not read",
        "link.py": "symbolic link; not followed",
    }
    assert snapshot.read("new\nline.py") == b"2"


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_stands_twice_counts_once(tmp_path: Path, kind: str) -> None:
    path, names = tmp_path / f"n.{kind}", [("r/a.py", b"old"), ("./r/a.py", b"new"), ("../b", b"")]
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in names:
                archive.writestr(name, data)
    else:
        with tarfile.open(path, "w") as archive:
            for name, data in names:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    snapshot = open_snapshot(str(path))
    assert {e.path: snapshot.read(e.path) for e in snapshot.entries} == {"a.py": b"new"}
    assert set(skipped(snapshot)) == {"../b", "r/a.py"}
    with pytest.raises(SnapshotError, match="it has no folders at all"):
        open_snapshot(f"{path}#nope")


def test_a_zip_bomb_stops_at_the_file_limit(tmp_path: Path) -> None:
    path = zipped(tmp_path / "n.zip", {"bomb.py": b"\0" * 30_000_000, "a.py": b"1"})
    limits = Limits(file=1_000_000)
    snapshot = open_snapshot(str(path), limits=limits)
    assert skipped(snapshot) == {"bomb.py": "over 1,000,000 bytes; not read"}
    assert snapshot.read("a.py") == b"1"
    # The same with a directory that lies about the size.
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\1\2", 0, data.rindex(b"PK\1\2"))
    struct.pack_into("<L", data, at + 24, 10)
    path.write_bytes(data)
    snapshot = open_snapshot(str(path), limits=limits)
    assert "bomb.py" in skipped(snapshot)
    assert snapshot.read("a.py") == b"1"


@pytest.mark.parametrize("suffix", ["zip", "tar.gz"])
def test_the_total_is_bounded_and_the_rest_is_said(tmp_path: Path, suffix: str) -> None:
    files = {"a.py": b"1", **{f"{n}.bin": b"\0" * 3_000_000 for n in range(9)}}
    path = tmp_path / f"n.{suffix}"
    zipped(path, files) if suffix == "zip" else tar(path, files, "w:gz")
    snapshot = open_snapshot(str(path))
    assert "10,000,000 bytes after decompression" in skipped(snapshot)["rest of the archive"]
    assert 2 <= len(snapshot.entries) <= 4
    assert snapshot.read("a.py") == b"1"


def test_a_bomb_of_compressed_nothing(tmp_path: Path) -> None:
    path = tmp_path / "n.tar.gz"
    info = tarfile.TarInfo("huge.bin")
    info.size = 8 << 30
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(info.tobuf() + b"\0" * 40_000_000)
    snapshot = open_snapshot(str(path))
    assert "huge.bin" in skipped(snapshot)
    assert "rest of the archive" in skipped(snapshot)


def test_too_many_members(tmp_path: Path) -> None:
    files = {f"{n:03}.py": b"" for n in range(200)}
    for path in (tar(tmp_path / "n.tar", files), zipped(tmp_path / "n.zip", files)):
        snapshot = open_snapshot(str(path), limits=Limits(members=50))
        assert len(snapshot.entries) == 50
        assert skipped(snapshot) == {"rest of the archive": "more than 50 members"}
        with_tiny = Limits(members=1)
        if path.suffix == ".zip":
            with pytest.raises(SnapshotError, match="lists more than 1 members"):
                open_snapshot(str(path), limits=with_tiny)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_headers_that_would_fill_the_memory(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 400_000_000
    path = tmp_path / "n.tar"
    with path.open("wb") as file:
        file.write(info.tobuf())
        file.truncate(400_001_024)
    with pytest.raises(SnapshotError, match="impossible size"):
        open_snapshot(str(path))


def test_negative_size_does_not_loop(tmp_path: Path) -> None:
    block = bytearray(tarfile.TarInfo("x").tobuf())
    block[124:136] = b"\xff" * 11 + b"\x00"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    (tmp_path / "n.tar").write_bytes(bytes(block) + b"\0" * 1024)
    with pytest.raises(SnapshotError, match="not a readable archive"):
        open_snapshot(str(tmp_path / "n.tar"))


def test_a_chain_of_long_names_does_not_crash(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1
    (tmp_path / "n.tar").write_bytes((info.tobuf() + b"a" * 512) * 5000)
    with pytest.raises(SnapshotError, match="not a readable archive"):
        open_snapshot(str(tmp_path / "n.tar"))


def test_encrypted_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "n.zip", {"a.py": b"1" * 50, "b.py": b"2" * 50})
    data = bytearray(path.read_bytes())
    begin = 0
    for count in (1, 2):
        begin = data.index(b"PK\1\2", begin) + 8
        data[begin] |= 1
        path.write_bytes(data)
        if count == 1:
            assert skipped(open_snapshot(str(path))) == {"a.py": "encrypted; not read"}
    with pytest.raises(SnapshotError, match="is encrypted; give an archive without a password"):
        open_snapshot(str(path))


@pytest.mark.parametrize("suffix", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
@pytest.mark.parametrize("content", [b"", b"not an archive at all\n" * 40, bytes(range(256)) * 8])
def test_not_an_archive(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"n.{suffix}"
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=r"archive|holds no files"):
        open_snapshot(str(path))


@pytest.mark.parametrize("suffix", ["tar.zst", "7z", "rar"])
def test_kinds_that_are_not_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"n.{suffix}"
    path.write_bytes(b"\x28\xb5\x2f\xfd")
    with pytest.raises(SnapshotError, match=r"give a \.zip or \.tar\.gz"):
        open_snapshot(str(path))


def test_cut_off_archives_keep_what_came_before(tmp_path: Path) -> None:
    files = {f"{n}.bin": os.urandom(50_000) for n in range(4)}
    path = tar(tmp_path / "n.tar.gz", files, "w:gz")
    path.write_bytes(path.read_bytes()[:120_000])
    snapshot = open_snapshot(str(path))
    assert snapshot.read("0.bin") == files["0.bin"]
    assert len(snapshot.entries) < 4 or not all(e.readable for e in snapshot.entries)
    assert "damaged" in str(skipped(snapshot))
    damaged = bytearray(zipped(tmp_path / "n.zip", files).read_bytes())
    damaged[60_000:60_100] = b"\0" * 100
    (tmp_path / "n.zip").write_bytes(damaged)
    snapshot = open_snapshot(str(tmp_path / "n.zip"))
    assert skipped(snapshot)["1.bin"].startswith("damaged")
    assert snapshot.read("3.bin") == files["3.bin"]


def test_nested_archives_stay_closed(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.py": b"1"}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"inner.zip": inner})
    snapshot = open_snapshot(str(path))
    assert [e.path for e in snapshot.entries] == ["inner.zip"]
    assert snapshot.read("inner.zip") == inner


def test_no_handle_is_left(tmp_path: Path) -> None:
    path = tar(tmp_path / "n.tar.gz", FILES, "w:gz")
    handles = len(os.listdir("/proc/self/fd"))
    snapshot = open_snapshot(str(path))
    assert len(os.listdir("/proc/self/fd")) == handles + 1
    del snapshot
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == handles


def test_revision_of_an_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "n.zip", FILES)
    with pytest.raises(SnapshotError, match="is a file, and @REVISION is for Git"):
        open_snapshot(f"{path}@main")
