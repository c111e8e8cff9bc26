"""``codesim audit -o``: what lies where the report would go is not lost, and never read as one."""

from __future__ import annotations

from pathlib import Path

import pytest

REPORT = '{"schema": "codesim/audit/1"}'


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Submissions, starter code and an earlier report, in the current folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("subs/ann", "subs/bob", "starter", "old/eve"):
        Path(name).mkdir(parents=True)
        Path(name, "main.py").write_text("x = 1\n")
    Path("course/subs/ann").mkdir(parents=True)
    Path("course/audit.json").write_text(REPORT)
    Path("list.csv").write_text("path\nsubs/ann\nsubs/bob\n")
    Path("link").symlink_to("subs")
    return tmp_path


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


REFUSED = {
    "submissions in an earlier report": ("course/subs", "course", "course/subs lies in it"),
    "the submissions themselves": ("subs", "subs", "SUBMISSIONS subs lies in it"),
    "in the submissions": ("subs", "subs/report", r"it would lie in SUBMISSIONS subs"),
    "by a link": ("subs", "link/report", r"it would lie in SUBMISSIONS subs"),
    "in a base": ("subs --base starter", "starter/out", "it would lie in --base starter"),
    "in a folder of a base": ("subs --base starter#a", "starter", "--base starter#a lies in it"),
    "around an archive": ("subs --archive old/eve", "old", "--archive old/eve lies in it"),
    "around the list": ("list.csv", ".", "SUBMISSIONS list.csv lies in it"),
    "in a submission of a list": ("list.csv", "subs/bob/out", "it would lie in the submission bob"),
}


@pytest.mark.parametrize(("arguments", "output", "says"), REFUSED.values(), ids=REFUSED)
def test_inputs_and_the_report_lie_apart(codesim_run, course, arguments, output, says):
    before = everything(course)
    ended = codesim_run("audit", *arguments.split(), "-o", output)
    assert ended.code == 2
    assert says in ended.err
    assert "Name a folder" in ended.err
    assert everything(course) == before


def test_a_report_in_the_folder_of_submissions_says_where_else(codesim_run, course, monkeypatch):
    monkeypatch.chdir(course / "subs")
    ended = codesim_run("audit", ".", "-o", "report")
    assert "be read as a part of it the next time" in ended.err
    assert "such as ../report." in ended.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ((), "interrupted; the report is complete."),
        (("--anonymise", "key.json"), "the report is complete, but its key was not written."),
    ],
)
def test_an_interrupt_after_the_report_says_that_it_is_there(
    codesim_run, course, monkeypatch, more, says
):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("codesim.cli.audit._finish", interrupt)
    monkeypatch.setattr("codesim.cli.audit.write_key", interrupt)
    ended = codesim_run("audit", "subs", "-o", "report", *more)
    assert ended.code == 130
    assert says in ended.err
    assert Path("report/index.html").is_file()
