"""What was handed in as one snapshot, and every reason for which it cannot be."""

from __future__ import annotations

import io
import os
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from handed_in import contents, opened, reasons, written, zipped

from codesim import SnapshotError
from codesim.audit.submissions import open_submission, read_roster
from codesim.snapshot import Limits

CODE = b"x = 1\n"


def test_the_snapshot_bears_the_name_of_the_submission(tmp_path: Path) -> None:
    for name, data in {"m.py": CODE, "m.zip": zipped({"top/m.py": CODE})}.items():
        (tmp_path / name).write_bytes(data)
        snapshot = opened(tmp_path / name)
        assert (snapshot.name, snapshot.origin, snapshot.revision) == ("Ada", "file:Ada", None)
        assert contents(snapshot) == {"m.py": CODE}
        assert str(tmp_path) not in repr(snapshot)


def test_several_sources_are_one_snapshot(tmp_path: Path) -> None:
    written(tmp_path, {"a/m.py": b"1", "b/m.py": b"2", "m.py": b"3", "x/m.py": b"4"})
    (tmp_path / "c.zip").write_bytes(zipped({"t/m.py": b"5"}))
    parts = ["a", "b", "m.py", "c.zip", "x/m.py"]
    snapshot = opened(*(tmp_path / part for part in parts))
    assert contents(snapshot) == {
        "a/m.py": b"1", "b/m.py": b"2", "m.py": b"3", "c.zip/m.py": b"5", "m.py (2)": b"4"
    }  # fmt: skip
    assert snapshot.read_range("m.py (2)", 0, 9) == b"4"
    with pytest.raises(SnapshotError, match="no such file"):
        snapshot.read("m.py (3)")


def test_one_source_that_fails_is_skipped(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": CODE, "b.zip": b"no zip"})
    snapshot = opened(tmp_path / "a.py", tmp_path / "b.zip", tmp_path / "gone.py")
    assert contents(snapshot) == {"a.py": CODE}
    assert set(reasons(snapshot)) == {"b.zip", "gone.py"}
    with pytest.raises(SnapshotError, match=r"b\.zip \(is not a zip archive.*and 1 more"):
        opened(tmp_path / "b.zip", tmp_path / "gone.py")


def test_archives_inside_are_opened_one_level_deep(tmp_path: Path) -> None:
    third = zipped({"deep.py": b"3"})
    second = zipped({"p/a.py": b"2", "p/third.zip": third})
    written(tmp_path / "s", {"main.py": b"1", "hw/second.zip": second, "bad.zip": b"?"})
    snapshot = opened(tmp_path / "s")
    assert contents(snapshot) == {
        "main.py": b"1", "hw/second.zip/a.py": b"2", "hw/second.zip/third.zip": third,
        "bad.zip": b"?",
    }  # fmt: skip
    assert reasons(snapshot)["bad.zip"].startswith("archive inside: is not a zip archive")
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "project.zip").write_bytes(second)
    assert set(contents(opened(tmp_path / "only"))) == {"a.py", "third.zip"}


def test_a_large_archive_inside_is_read_in_place(tmp_path: Path) -> None:
    data = zipped({"a.py": CODE, "weights.bin": os.urandom(30_000)})
    written(tmp_path / "s", {"main.py": CODE, "large.zip": data})
    snapshot = opened(tmp_path / "s", limits=Limits(file=20_000))
    assert set(contents(snapshot)) == {"main.py", "large.zip/a.py"}
    assert set(reasons(snapshot)) == {"large.zip/weights.bin"}


def test_archives_inside_share_one_budget(tmp_path: Path) -> None:
    bomb = zipped({"zeros.bin": bytes(900_000)})
    files = {f"{n}.zip": bomb for n in range(60)} | {"main.py": CODE}
    written(tmp_path / "s", files)
    snapshot = opened(tmp_path / "s", limits=Limits(inflated=2_000_000))
    assert "main.py" in contents(snapshot)
    assert sum(entry.size or 0 for entry in snapshot.entries) < 2_100_000
    assert len(reasons(snapshot)) >= 57
    many = opened(tmp_path / "s")
    assert reasons(many)["9.zip"] == "archive inside: only the first 50 are opened"


def test_what_macos_adds_is_left_out_and_what_only_looks_like_it_is_not(tmp_path: Path) -> None:
    files = {
        "ada/model.py": CODE, "ada/._model.py": b"\0\5\x16\7" + bytes(100),
        "ada/._hidden.py": b"code = 1\n", "__MACOSX/ada/._model.py": b"\0\5\x16\7",
    }  # fmt: skip
    (tmp_path / "a.zip").write_bytes(zipped(files))
    snapshot = opened(tmp_path / "a.zip")
    assert contents(snapshot) == {"model.py": CODE, "._hidden.py": b"code = 1\n"}
    assert set(reasons(snapshot)) == {"__MACOSX", "._*"}


def test_links_lead_nowhere(tmp_path: Path) -> None:
    written(tmp_path / "s", {"a.py": CODE})
    (tmp_path / "secret.py").write_bytes(b"secret")
    (tmp_path / "s" / "b.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "s" / "c").symlink_to(tmp_path)
    (tmp_path / "s" / "d.zip").symlink_to(tmp_path / "x.zip")
    (tmp_path / "x.zip").write_bytes(zipped({"x.py": b"secret"}))
    snapshot = opened(tmp_path / "s")
    assert contents(snapshot) == {"a.py": CODE}
    link = "symbolic link; not followed"
    assert reasons(snapshot) == {"b.py": link, "c": link, "d.zip": link}


def _encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[changed.rindex(b"PK\1\2") + 8] |= 1
    return bytes(changed)


def _lying() -> bytes:
    data = bytearray(zipped({"a.py": bytes(5_000_000)}))
    struct.pack_into("<L", data, data.rindex(b"PK\1\2") + 24, 10)
    return bytes(data)


def _tar_of_a_link() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        link = tarfile.TarInfo("a.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.zip", b"", "is not a zip archive"),
        ("a.zip", b"text", "is not a zip archive"),
        ("a.zip", zipped({}), "holds no files"),
        ("a.zip", zipped({"a.py": CODE})[:-30], "is not a zip archive"),
        ("a.zip", _encrypted(zipped({"a.py": CODE})), "is encrypted; give an archive without"),
        ("a.zip", zipped({"../a.py": CODE}), r"nothing that can be read: \.\./a\.py \(its name"),
        ("a.zip", zipped({".git/HEAD": b""}), r"nothing that can be read: \.git"),
        ("a.tar", _tar_of_a_link(), r"a\.py \(symbolic link; not followed\)"),
        ("a.tar.gz", b"\x1f\x8b\x08\0damaged", "is not a readable archive"),
        ("a.rar", b"Rar!", "archives of this kind are not read"),
        ("a", None, "holds no files"),
    ],
)
def test_unreadable_submissions_say_why(
    name: str, data: bytes | None, message: str, tmp_path: Path
) -> None:
    """Directly, and as a member of an archive of archives: the same words."""
    path = tmp_path / name
    path.mkdir() if data is None else path.write_bytes(data)
    with pytest.raises(SnapshotError, match=message) as direct:
        opened(path)
    assert str(tmp_path) not in str(direct.value)
    if data is not None:
        outer = tmp_path / "outer.zip"
        outer.write_bytes(zipped({f"t/{name}": data, "t/b.py": b""}))
        first, _ = read_roster(str(outer)).submissions
        with pytest.raises(SnapshotError) as inside:
            open_submission(first)
        assert str(inside.value) == str(direct.value)


def test_a_bomb_inside_an_archive_of_archives(tmp_path: Path) -> None:
    bombs = {"a.zip": _lying(), "b.zip": zipped({"b.bin": bytes(30_000_000), "b.py": CODE})}
    (tmp_path / "all.zip").write_bytes(zipped(bombs))
    first, second = read_roster(str(tmp_path / "all.zip")).submissions
    limits = Limits(file=1_000_000)
    assert "a.py" in reasons(open_submission(first, limits=limits))
    assert contents(open_submission(second, limits=limits)) == {"b.py": CODE}


def test_a_member_that_grew_beyond_all_budgets(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({"a.zip": bytes(30_000_000), "b.py": CODE}))
    first, second = read_roster(str(tmp_path / "all.zip")).submissions
    with pytest.raises(SnapshotError, match="is not read: more than 10,000,000 bytes"):
        open_submission(first)
    assert contents(open_submission(second)) == {"b.py": CODE}


def test_a_submission_of_very_many_files(tmp_path: Path) -> None:
    written(tmp_path / "s", {f"{n:04}.py": b"" for n in range(300)})
    snapshot = opened(tmp_path / "s", limits=Limits(entries=100))
    assert len(snapshot.entries) == 100
    assert reasons(snapshot) == {"rest of the directory": "more than 100 files"}
    (tmp_path / "s.zip").write_bytes(zipped({f"{n:04}.py": b"" for n in range(300)}))
    zipped_one = opened(tmp_path / "s.zip", limits=Limits(members=100))
    assert reasons(zipped_one) == {"rest of the archive": "more than 100 members"}


def _gone(path: Path) -> None:
    """Nothing there."""


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "message"),
    [(_gone, "no such file"), (_pipe, "neither a file nor a folder"), (_loop, "neither a file")],
)
def test_what_is_no_file(make: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    make(tmp_path / "x")
    with pytest.raises(SnapshotError, match=message) as caught:
        opened(tmp_path / "x")
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("name", ["s", "s.py", "s.zip"])
def test_what_may_not_be_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / name
    path.mkdir() if name == "s" else path.write_bytes(CODE)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(SnapshotError, match="Permission denied") as caught:
        opened(path)
    assert str(tmp_path) not in str(caught.value)


def test_an_address_that_is_dead_costs_one(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:9/ada/nano", "ext::sh -c x", "ssh://h/x", "https://h"):
        with pytest.raises(SnapshotError) as caught:
            opened(address)
        assert len(str(caught.value)) > 20


def test_sources_that_no_list_holds() -> None:
    for odd in ("a\0b", "a" * 5000, "x!y", "!", "", " ", "-x"):
        with pytest.raises(SnapshotError):
            opened(odd)
