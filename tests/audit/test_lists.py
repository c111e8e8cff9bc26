"""Tables and lists of sources, as organisers and forms write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import contents, reasons, written, zipped

from codesim import CodesimError
from codesim.audit.submissions import Roster, Submission, open_submission, read_roster
from codesim.errors import SnapshotError


def table(folder: Path, text: str | bytes, name: str = "list.csv") -> Roster:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_roster(str(path))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_in_any_order_and_case(delimiter: str, tmp_path: Path) -> None:
    rows = [
        ["Submitted  At", "E-mail", "REVISION", "Name", "Url", "Team"],
        ["2024-05-31 17:00", "a@b", "main", "Ada", "https://github.com/ada/nano", "Reds"],
        ["31/05/2024", "", "", "Bob", "github.com/bob/tiny", ""],
        ["", "", "", "", "", ""],
        ["", "", "", "Carol", "", ""],
    ]
    roster = table(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert roster.submissions == (
        Submission("Ada", ("https://github.com/ada/nano",), "Reds", "2024-05-31T17:00", "main"),
        Submission("Bob", ("github.com/bob/tiny",)),
    )
    assert reasons(roster) == {
        "column 'e-mail'": "not used",
        "line 3: time": "'31/05/2024' is not ISO 8601 (2024-05-31T17:00); not used",
        "line 5": "names no source",
    }


def test_a_list_of_lines(tmp_path: Path) -> None:
    written(tmp_path, {"local/a.py": b"1", "odd # name.py": b"2"})
    text = (
        "# the finalists\n"
        "https://github.com/ada/nano@v1#src   # with a comment\r\n"
        "\n  local \n"
        "hf:bob/tiny\nodd # name.py\nlocal\n"
    )
    roster = table(tmp_path, text, "list.txt")
    assert {s.name: s.sources for s in roster.submissions} == {
        "ada/nano": ("https://github.com/ada/nano@v1#src",),
        "bob/tiny": ("hf:bob/tiny",),
        "local": (str(tmp_path / "local"),),
        "odd": (str(tmp_path / "odd"),),
    }
    assert reasons(roster) == {"line 7": "the same as line 4"}


def test_paths_are_relative_to_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "lists", {"ada/a.py": b"1"})
    (tmp_path / "lists" / "all.txt").write_text("ada\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    (submission,) = read_roster("lists/all.txt").submissions
    assert submission.sources == (str(tmp_path / "lists" / "ada"),)
    assert contents(open_submission(submission)) == {"a.py": b"1"}


def test_what_is_missing_is_told_alike_however_the_list_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "lists", {"all.txt": b"missing.zip\nx/missing\n"})
    monkeypatch.chdir(tmp_path)
    told = []
    for name in ("lists/all.txt", str(tmp_path / "lists" / "all.txt")):
        for submission in read_roster(name).submissions:
            with pytest.raises(SnapshotError) as said:
                open_submission(submission)
            told.append(str(said.value))
    assert set(told) == {"there is no such file or directory; check the path"}


def test_the_last_of_several_files_is_told_by_moments(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": b"1", "b.py": b"2"})
    text = "name,path,time\nAda,a.py,2024-01-01T10:00:00+05:00\nAda,b.py,2024-01-01T09:00:00\n"
    (submission,) = table(tmp_path, text).submissions
    assert submission.time == "2024-01-01T09:00:00"


def test_several_files_of_one_name_are_one_submission(tmp_path: Path) -> None:
    written(
        tmp_path, {"a.py": b"1", "b.ipynb": b"{}", "c.py": b"3", "d.zip": zipped({"d.py": b""})}
    )
    text = (
        "name,path,time\nAda,a.py,2024-01-01\nAda,b.ipynb,2024-01-03\nBob,c.py,\n"
        "Ada,d.zip,\nAda,https://github.com/ada/nano,\n"
    )
    roster = table(tmp_path, text)
    assert {s.name: (len(s.sources), s.time) for s in roster.submissions} == {
        "Ada (a.py)": (2, "2024-01-03"),
        "Ada (d.zip)": (1, ""),
        "Ada (ada/nano)": (1, ""),
        "Bob": (1, ""),
    }
    assert contents(open_submission(roster.submissions[0])) == {"a.py": b"1", "b.ipynb": b"{}"}


def test_namesakes_are_told_apart_by_team_then_source_then_number(tmp_path: Path) -> None:
    text = (
        "name,team,url\n"
        "Ada,Reds,https://github.com/a/x\nada,Blues,https://github.com/b/x\n"
        "Bob,,https://github.com/c/x\nBob,,https://github.com/d/x\n"
        "Eve,,https://github.com/e/x@v1\nEve,,https://github.com/e/x@v2\n"
    )
    assert [s.name for s in table(tmp_path, text).submissions] == [
        "Ada (Reds)", "Bob (c/x)", "Bob (d/x)",
        "Eve (https://github.com/e/x@v1)", "Eve (https://github.com/e/x@v2)",
        "ada (Blues)",
    ]  # fmt: skip


def test_a_team_is_a_name_where_there_is_none(tmp_path: Path) -> None:
    text = "team,url\nReds,https://github.com/a/x\n,https://github.com/b/y.git\n"
    assert [s.name for s in table(tmp_path, text).submissions] == ["Reds", "b/y"]


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("cp1252", "Windows-1252")],
)
def test_encodings_of_spreadsheets(encoding: str, note: str | None, tmp_path: Path) -> None:
    text = "name,url\r\nZoë Müller,https://github.com/z/m\r\n"
    roster = table(tmp_path, text.encode(encoding))
    assert [s.name for s in roster.submissions] == ["Zoë Müller"]
    assert (note or "") in str(roster.skipped)
    assert bool(roster.skipped) is bool(note)


def test_quotes_line_breaks_and_formulas_are_text(tmp_path: Path) -> None:
    text = (
        'name;url\n"=HYPERLINK(""http://x"";""y"")";https://github.com/a/x\n'
        '"two\nlines";https://github.com/b/x\n+1;"=cmd|x"\n'
    )
    roster = table(tmp_path, text)
    assert [s.name for s in roster.submissions] == [
        '+1', '=HYPERLINK("http://x";"y")', "two lines"
    ]  # fmt: skip
    with pytest.raises(CodesimError, match="no such file"):
        open_submission(roster.submissions[0])


def test_a_cell_without_end_costs_its_row(tmp_path: Path) -> None:
    text = (
        f'name,url\nAda,https://github.com/a/x\nBob,"{"x" * 200_000}"\nEve,https://github.com/e/x'
    )
    roster = table(tmp_path, text)
    assert [s.name for s in roster.submissions] == ["Ada", "Eve"]
    assert "field larger than field limit" in reasons(roster)["line 3"]


def test_what_participants_type_leads_nowhere_else(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret", {"s.py": b"1"})
    inside = written(tmp_path / "course", {"ada/a.py": b"1"})
    (inside / "link").symlink_to(secret)
    sources = ["../secret", str(secret), secret.as_uri(), "link", "../secret#x", "..", "ada", "new"]
    rows = [f"n{number},{source}" for number, source in enumerate(sources)]
    roster = table(inside, "\n".join(["name,url", *rows]))
    assert [s.name for s in roster.submissions] == ["n6", "n7"]
    assert len(roster.skipped) == 6
    assert all("leads out of the folder" in item.reason for item in roster.skipped)
    trusted = table(inside, "\n".join(["name,path", *rows]))
    assert len(trusted.submissions) == len(sources)
    assert contents(open_submission(trusted.submissions[2])) == {"s.py": b"1"}


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("git@github.com:ada/nano.git", "https://github.com/ada/nano.git"),
        ("http://github.com/ada/nano", "https://github.com/ada/nano"),
        ("https://gitlab.com/a/b/", "https://gitlab.com/a/b/"),
        ("ext::sh -c touch x", "ext::sh -c touch x"),
        ("--upload-pack=x", "/--upload-pack=x"),
        ("git@evil.org:ada/nano", "/git@evil.org:ada/nano"),
    ],
)
def test_addresses_as_people_type_them(typed: str, source: str, tmp_path: Path) -> None:
    (submission,) = table(tmp_path, f"url,name\n{typed},Ada").submissions
    assert submission.sources[0].removeprefix(str(tmp_path)) == source


def test_a_table_without_the_ending(tmp_path: Path) -> None:
    text = "name\turl\nAda\thttps://github.com/ada/nano\n"
    assert [s.name for s in table(tmp_path, text, "list.txt").submissions] == ["Ada"]


def test_a_huge_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CodesimError, match="larger than 16,000,000 bytes"):
        table(tmp_path, b"github.com/a/b\n" * 1_100_000, "list.txt")
    monkeypatch.setattr("codesim.audit.submissions.table.MOST", 100)
    rows = "\n".join(f"github.com/a/r{n}" for n in range(101))
    with pytest.raises(CodesimError, match="more than 100 submissions"):
        table(tmp_path, rows, "list.txt")
