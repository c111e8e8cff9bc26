"""Which submissions a folder or an archive holds; nothing is opened, and nothing is lost."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from handed_in import contents, reasons, written, zipped

from codesim import CodesimError
from codesim.audit.submissions import joined, open_submission, read_roster
from codesim.errors import SnapshotError

CODE = b"x = 1\n"


def names(folder: Path | str, pattern: str = "") -> list[str]:
    return [submission.name for submission in read_roster(str(folder), pattern).submissions]


def test_one_folder_archive_file_or_notebook_each(tmp_path: Path) -> None:
    files = {
        "ada/model.py": CODE, "bob.zip": zipped({"m.py": CODE}), "carol.py": CODE,
        "dan.ipynb": b"{}", "eve.tar.gz": b"", "frank.v2/": b"",
    }  # fmt: skip
    roster = read_roster(str(written(tmp_path, files)))
    assert [s.name for s in roster.submissions] == ["ada", "bob", "carol", "dan", "eve", "frank.v2"]
    assert [s.sources for s in roster.submissions][:2] == [
        (str(tmp_path / "ada"),), (str(tmp_path / "bob.zip"),)
    ]  # fmt: skip
    assert roster.skipped == ()
    assert not any(s.team or s.time or s.revision or s.old for s in roster.submissions)
    assert all(s.old for s in read_roster(str(tmp_path), old=True).submissions)


def test_what_is_no_submission_is_said(tmp_path: Path) -> None:
    files = {
        ".hidden/a.py": CODE, ".DS_Store": b"", "Thumbs.db": b"", "__MACOSX/x": b"", "._a.py": b"",
        "~$notes.docx": b"", "ada/a.py": CODE, "grades.csv": b"", "README": b"", "bob.py": CODE,
    }  # fmt: skip
    written(tmp_path, files)
    (tmp_path / "link").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    roster = read_roster(str(tmp_path))
    assert [s.name for s in roster.submissions] == ["ada", "bob"]
    system = "put there by the operating system; no submission"
    other = "a file of another kind beside folders and archives; no submission"
    assert reasons(roster) == {
        ".DS_Store": "hidden; no submission", ".hidden": "hidden; no submission", "._a.py": system,
        "Thumbs.db": system, "__MACOSX": system, "~$notes.docx": system,
        "link": "symbolic link; not followed", "pipe": "neither a file nor a folder",
        "grades.csv": other, "README": other,
    }  # fmt: skip


def test_where_all_are_files_each_is_a_submission(tmp_path: Path) -> None:
    assert names(written(tmp_path, {"a.py": b"", "b.java": b"", "c": b""})) == ["a", "b", "c"]


def test_namesakes_keep_their_full_names(tmp_path: Path) -> None:
    files = {"ada.zip": b"", "ada/a.py": CODE, "ada.py": b"", "Bob.py": b"", "bob.ipynb": b""}
    assert names(written(tmp_path, files)) == [
        "Bob.py", "ada", "ada.py", "ada.zip", "bob.ipynb"
    ]  # fmt: skip


def test_the_roster_is_the_same_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "here", {"b/x": b"", "a/x": b""})
    monkeypatch.chdir(tmp_path)
    assert [s.sources for s in read_roster("here/").submissions] == [("here/a",), ("here/b",)]


def test_a_zip_of_zips(tmp_path: Path) -> None:
    inner = zipped({"main/model.py": CODE, "main/b.py": CODE})
    outer = tmp_path / "all.zip"
    outer.write_bytes(zipped({
        "week 1/ada.zip": inner, "week 1/bob/src/m.py": CODE, "week 1/bob/n.py": b"2",
        "week 1/carol.py": b"3", "week 1/.DS_Store": b"", "__MACOSX/week 1/._ada.zip": b"",
    }))  # fmt: skip
    roster = read_roster(str(outer))
    assert {s.name: s.sources for s in roster.submissions} == {
        "ada": (f"{outer}!week 1/ada.zip",),
        "bob": (f"{outer}!week 1/bob/",),
        "carol": (f"{outer}!week 1/carol.py",),
    }
    assert set(reasons(roster)) == {".DS_Store", "__MACOSX"}
    opened = [contents(open_submission(s)) for s in roster.submissions]
    assert opened == [
        {"model.py": CODE, "b.py": CODE}, {"src/m.py": CODE, "n.py": b"2"}, {"carol.py": b"3"}
    ]  # fmt: skip


def test_a_zip_of_one_submission_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({"ada/main.py": CODE}))
    assert names(tmp_path / "all.zip") == ["ada"]


def test_a_tar_of_submissions(tmp_path: Path) -> None:
    written(tmp_path / "in", {"ada/a.py": CODE, "bob.zip": zipped({"b.py": CODE})})
    with tarfile.open(tmp_path / "all.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "in", "in")
    roster = read_roster(str(tmp_path / "all.tar.gz"))
    assert [contents(open_submission(s)) for s in roster.submissions] == [
        {"a.py": CODE}, {"b.py": CODE}
    ]  # fmt: skip


def test_members_that_lead_out_or_link_are_no_submissions(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        for name in ("../evil.py", "/abs/evil.py", "ada/a.py", "bob/b.py"):
            archive.addfile(tarfile.TarInfo(name))
        link = tarfile.TarInfo("carol")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    roster = read_roster(str(tmp_path / "all.tar"))
    assert [s.name for s in roster.submissions] == ["ada", "bob"]
    out = "its name leads out of the archive; not read"
    assert reasons(roster) == {
        "../evil.py": out, "/abs/evil.py": out, "carol": "symbolic link; not followed"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.mkdir(), "holds no submission"),
        (lambda path: written(path, {".git/HEAD": b""}), r"left out: \.git \(hidden"),
        (lambda path: None, "there is no such file or folder"),
    ],
    ids=["an empty folder", "nothing but hidden", "nothing at all"],
)
def test_nothing_to_audit(make, message: str, tmp_path: Path) -> None:
    make(tmp_path / "in")
    with pytest.raises(CodesimError, match=message):
        read_roster(str(tmp_path / "in"))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("all.zip", b"no zip", "is not a zip archive"),
        ("all.zip", zipped({}), "holds no submission"),
        ("all.7z", b"7z", "give a .zip or .tar.gz"),
        ("all.tar.gz", b"\x1f\x8b\x08 damaged", "is not a readable archive"),
        ("model.py", CODE, "is one file; give a folder"),
        ("list.txt", bytes(range(256)), "is no list"),
        ("list.csv", b"PK\3\4" + bytes(100), "is no list"),
        ("list.txt", b"# nothing\n\n", "holds no submission"),
        ("list.csv", b"", "names no column of sources.*it has: nothing"),
        ("list.csv", b"who,where\nada,x\n", "names no column of sources.*it has: who, where"),
    ],
)
def test_unusable_files(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CodesimError, match=message):
        read_roster(str(tmp_path / name))


def test_an_address_is_no_folder() -> None:
    with pytest.raises(CodesimError, match="addresses are read from a list"):
        read_roster("https://github.com/ada/nano")


def test_names_that_are_no_text_or_cannot_be_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"b\xff")).mkdir()
    (tmp_path / "a\x1b[31m\n\u202eb").mkdir()
    (tmp_path / ("l" * 150)).mkdir()
    roster = read_roster(str(tmp_path))
    odd, refused, _ = roster.submissions
    assert [s.name for s in roster.submissions] == [odd.name, "b\\udcff", "l" * 99 + "…"]
    assert odd.name == "a\\x1b[31m \\u202eb"
    with pytest.raises(SnapshotError, match=r"^its name is not valid UTF-8; rename it$"):
        open_submission(refused)


def test_old_and_new_are_joined_and_new_ones_keep_their_names(tmp_path: Path) -> None:
    new = read_roster(str(written(tmp_path / "new", {"ada/x": b"", "bob/x": b""})))
    old = read_roster(str(written(tmp_path / "old", {"Ada/x": b"", "eve/x": b""})), old=True)
    older = read_roster(str(written(tmp_path / "older", {"ada/x": b""})), old=True)
    both = joined([new, old, older])
    assert [(s.name, s.old) for s in both.submissions] == [
        ("Ada (past)", True), ("ada", False), ("ada (past) (2)", True), ("bob", False),
        ("eve", True),
    ]  # fmt: skip
