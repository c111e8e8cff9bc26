"""``codesim index`` and ``codesim search`` as a person types them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from codesim.index import store

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
COPY = FIXTURES / "disguised_copy"
duckdb = pytest.importorskip("duckdb", reason="needs DuckDB: pip install 'codesim[scale]'")


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_add_list_search_remove(codesim_run, place):
    added = codesim_run("index", "add", "known.index", COPY / "left", FIXTURES / "identical/left")
    assert (added.code, added.out) == (0, "")
    assert "added disguised_copy/left: 17 files, 1,149 lines" in added.err
    listed = codesim_run("index", "list", "known.index")
    assert [line.split()[0] for line in listed.out.splitlines()] == [
        "name", "disguised_copy/left", "identical/left",
    ]  # fmt: skip
    found = codesim_run("search", COPY / "right", "--index", "known.index", "--top", "1")
    assert found.code == 0
    assert "1.  VERY STRONG  disguised_copy/left" in found.out
    assert "mossgate/condenser.py ~ fernlight/resampler.py" in found.out
    removed = codesim_run("index", "remove", "known.index", "identical/left")
    assert (removed.code, removed.err) == (0, "removed identical/left\n")
    assert len(codesim_run("index", "list", "known.index").out.splitlines()) == 2


def test_the_same_again_and_a_list(codesim_run, place):
    Path("list.txt").write_text(
        f"# known\n  # more\n{COPY / 'left'}  # ours\n\n{FIXTURES / 'identical/left'}\n"
    )
    first = codesim_run("index", "add", "known.index", "--from", "list.txt")
    again = codesim_run("index", "add", "known.index", "--from", "list.txt")
    assert [line.split()[0] for line in first.err.splitlines()] == ["added", "added"]
    assert [line.split()[0] for line in again.err.splitlines()] == ["unchanged", "unchanged"]


def test_one_bad_source_does_not_keep_the_others_out(codesim_run, place):
    Path("broken.zip").write_bytes(b"PK\x03\x04 and nothing more")
    ended = codesim_run("index", "add", "known.index", "broken.zip", "absent", COPY / "left")
    assert ended.code == 2
    assert ended.err.count("it was not added") == 2
    assert "2 of 3 sources could not be added; all others were" in ended.err
    assert "absent: absent" not in ended.err
    assert "left" in codesim_run("index", "list", "known.index").out


def test_one_source_alone_has_no_others(codesim_run, place):
    ended = codesim_run("index", "add", "known.index", "absent")
    assert ended.err.endswith("Error: 1 of 1 source could not be added\n")


def test_the_same_content_under_another_name_says_so(codesim_run, place):
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(name, "a.py").write_text("def f(a):\n    return [b * 2 for b in a]\n")
    assert codesim_run("index", "add", "known.index", "one").err.startswith("added one: ")
    ended = codesim_run("index", "add", "known.index", "two")
    assert ended.err == "unchanged one: two has the same content\n"


def test_what_can_be_no_source_is_named_unless_it_may_be_secret(codesim_run, place):
    ended = codesim_run("index", "add", "known.index", ".", "odd\x01name")
    assert (ended.code, Path("known.index").exists()) == (2, False)
    assert r"odd\x01name: the source contains control characters. Nothing was added" in ended.err
    ended = codesim_run("index", "add", "known.index", "ann:s3cret@host/a")
    assert "source 1: " in ended.err
    assert "s3cret" not in ended.err


def test_a_source_that_crashes_its_reader_costs_itself_alone(codesim_run, place, monkeypatch):
    monkeypatch.setenv("CODESIM_FAULT", "segv@identical/left")
    for workers in ("1", "2"):
        index = f"{workers}.index"
        ended = codesim_run(
            "index", "add", index, "--workers", workers,
            COPY / "left", FIXTURES / "identical/left", FIXTURES / "same_tutorial/left",
        )  # fmt: skip
        assert ended.code == 2
        assert [line.split()[0] for line in ended.err.splitlines()] == [
            "added", "Error:", "added", "Error:",
        ]  # fmt: skip
        assert "its process was ended by SIGSEGV; it was not added" in ended.err
        listed = codesim_run("index", "list", index).out
        assert [line.split()[0] for line in listed.splitlines()[1:]] == [
            "disguised_copy/left", "same_tutorial/left",
        ]  # fmt: skip


def test_a_git_repository_keeps_its_revision(codesim_run, place):
    git = ["git", "-C", "repository", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "-q", "repository"], check=True)
    Path("repository/model.py").write_text("def f(a):\n    return [a * 2 + 1 for a in range(a)]\n")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "first"], check=True)
    assert codesim_run("index", "add", "known.index", "repository").code == 0
    (entry,) = json.loads(codesim_run("index", "list", "known.index", "--json", "-").out)
    assert (entry["name"], len(entry["revision"])) == ("repository", 40)
    assert entry["origin"] == "file:repository"


def test_fingerprints_only(codesim_run, place):
    codesim_run("index", "add", "known.index", COPY / "left", "--fingerprints-only")
    found = codesim_run("search", COPY / "right", "--index", "known.index")
    assert "told by shared fingerprints alone" in found.out


def test_answers_as_json(codesim_run, place):
    codesim_run("index", "add", "known.index", COPY / "left")
    to_stdout = codesim_run("search", COPY / "right", "--index", "known.index", "--json", "-")
    document = json.loads(to_stdout.out)
    assert document["schema"] == "codesim/search/1"
    assert document["answers"][0]["repository"]["name"] == "left"
    to_file = codesim_run("search", COPY / "right", "--index", "known.index", "--json", "a.json")
    assert Path("a.json").read_text("utf-8") == to_stdout.out
    assert "VERY STRONG" in to_file.out


def test_exporting(codesim_run, place):
    codesim_run("index", "add", "known.index", COPY / "left")
    ended = codesim_run("index", "export", "known.index", "--parquet", "out")
    assert (ended.code, ended.err) == (0, "wrote out: fingerprints of 1 repository\n")
    rows = duckdb.sql("SELECT count(*) FROM 'out/fingerprints/*.parquet'").fetchall()
    assert rows[0][0] > 100


UNUSABLE = {
    "no index": (("index", "list", "absent.index"), "there is no index absent.index"),
    "no index to search": (("search", ".", "--index", "absent.index"), "there is no index"),
    "no source": (("index", "add", "known.index"), "name at least one SOURCE"),
    "no list": (("index", "add", "known.index", "--from", "no.txt"), "cannot read no.txt"),
    "not an index": (("index", "list", "text.index"), "text.index is not an index of codesim"),
    "a folder": (("index", "add", "empty", "."), "empty is a folder, and an index is one file"),
    "a folder to list": (("index", "list", "empty"), "empty is a folder, and an index is one"),
    "no folder": (("index", "add", "no/known.index", "."), "a folder that exists"),
    "a name that is not there": (("index", "remove", "absent.index", "x"), "there is no index"),
    "nowhere to write": (
        ("search", ".", "--index", "text.index", "--json", "no/a.json"), "there is no folder 'no'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used(codesim_run, place, arguments, says):
    Path("text.index").write_text("hello\n" * 1000)
    Path("empty").mkdir()
    ended = codesim_run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert sorted(each.name for each in place.iterdir()) == ["empty", "text.index"]


def test_an_interrupt_says_how_to_see_what_was_added(codesim_run, place, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("codesim.index.reading.read_all", interrupt)
    ended = codesim_run("index", "add", "known.index", COPY / "left")
    assert ended.code == 130
    assert "interrupted; each source was added whole or not at all" in ended.err
    assert "codesim index list known.index." in ended.err


def test_without_the_extra_one_line_says_what_to_install(codesim_run, place, monkeypatch):
    monkeypatch.setattr(store, "find_spec", lambda name: None)
    for arguments in (
        ("index", "add", "known.index", "."), ("index", "list", "known.index"),
        ("search", ".", "--index", "known.index"),
    ):  # fmt: skip
        ended = codesim_run(*arguments)
        assert ended.code == 2
        expected = "Error: an index needs DuckDB; to add it: pip install 'codesim[scale]'\n"
        assert ended.err == expected


def test_no_credential_reaches_an_index(codesim_run, place):
    ended = codesim_run("index", "add", "known.index", "https://user:s3cret@127.0.0.1/a/b")
    assert ended.code == 2
    assert "s3cret" not in ended.err
    assert not Path("known.index").exists()
