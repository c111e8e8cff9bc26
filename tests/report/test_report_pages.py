"""A report and its folder of pages: written together, replaced together, and nothing else lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codesim.errors import CodesimError
from codesim.report import pages
from codesim.report.pages import back_link, check_pages, pages_folder, report_path, write_pages


def page(text, report="r.html"):
    """The least that makes a page one of a report of ours."""
    head = '<meta name="generator" content="codesim 1"><a href="'
    return f'{head}{back_link(report)}#pair-1">{text}</a>'.encode()


def files(text, number=2, report="r.html"):
    made = {f"{Path(report).stem}_pairs/pair-{n}.html": page(text, report) for n in range(number)}
    return {report: text.encode(), **made}


def tree(folder):
    """Every file below a folder by its relative path."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.mark.parametrize("report", ["r.html", "my report#1%.html", "a.b.html", "päge", ".html"])
def test_file_and_folder_are_replaced_together(tmp_path, report):
    path = tmp_path / report
    assert write_pages(path, files("one", 3, report)) is False
    assert tree(tmp_path) == files("one", 3, report)
    assert write_pages(path, files("two", 2, report)) is True
    assert tree(tmp_path) == files("two", 2, report)
    assert write_pages(path, files("three", 0, report)) is True
    assert os.listdir(tmp_path) == [report]
    assert write_pages(path, files("four", 0, report)) is False


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "r_pairs").mkdir()
    write_pages(tmp_path / "r.html", files("one"))
    assert tree(tmp_path) == files("one")


def _foreign(folder, what):
    """Something in the place of the folder that is not ours to replace."""
    if what == "a file":
        folder.write_text("mine")
        return
    target = folder
    if what == "a link":
        target = folder.with_name("elsewhere")
        folder.symlink_to(target)
    target.mkdir()
    (target / "pair-1.html").write_bytes(page("old"))
    if what == "another file":
        (target / "notes.txt").write_text("mine")
    elif what == "another folder":
        (target / "pair-2.html").mkdir()
    elif what == "a page of somebody":
        (target / "pair-2.html").write_text("<title>mine</title>")
    elif what == "pages of another report":
        (target / "pair-1.html").write_bytes(page("old", "r.htm"))
    elif what == "a link among pages":
        (target / "pair-2.html").symlink_to(target / "pair-1.html")


@pytest.mark.parametrize(
    "what",
    ["a file", "a link", "another file", "another folder", "a page of somebody",
     "pages of another report", "a link among pages"],
)  # fmt: skip
@pytest.mark.parametrize("number", [0, 2])
def test_what_is_not_ours_is_never_replaced(tmp_path, what, number):
    (tmp_path / "r.html").write_text("old")
    _foreign(tmp_path / "r_pairs", what)
    before = tree(tmp_path)
    with pytest.raises(CodesimError, match=r"r_pairs beside it.*Name another file"):
        check_pages(tmp_path / "r.html")
    with pytest.raises(CodesimError, match=r"r_pairs beside it"):
        write_pages(tmp_path / "r.html", files("new", number))
    assert tree(tmp_path) == before


@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("had", [True, False])
@pytest.mark.parametrize(
    "failing", ["os.fsync", "codesim.report.pages.write_atomically", "pathlib.Path.rename"]
)
def test_a_failure_leaves_the_old_report_with_its_pages(
    tmp_path, monkeypatch, failing, had, number
):
    write_pages(tmp_path / "r.html", files("old", 2 if had else 0))
    before = tree(tmp_path)

    def fail(*_args, **_keywords):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(failing, fail)
        if failing == "pathlib.Path.rename" and not had and not number:
            write_pages(tmp_path / "r.html", files("new", number))  # nothing is renamed
            return
        with pytest.raises(CodesimError, match=r"No space left.*unchanged"):
            write_pages(tmp_path / "r.html", files("new", number))
    assert tree(tmp_path) == before
    assert {p.name for p in tmp_path.iterdir()} <= {"r.html", "r_pairs"}


def test_an_interrupt_leaves_the_old_report_with_its_pages(tmp_path, monkeypatch):
    write_pages(tmp_path / "r.html", files("old"))

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(pages, "write_atomically", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_pages(tmp_path / "r.html", files("new", 4))
    assert tree(tmp_path) == files("old")
    assert sorted(os.listdir(tmp_path)) == ["r.html", "r_pairs"]


def test_a_link_leads_to_where_the_report_is(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "real.html").write_text("old")
    (tmp_path / "r.html").symlink_to(tmp_path / "kept" / "real.html")
    path = report_path(str(tmp_path / "r.html"))
    assert pages_folder(path) == (tmp_path / "kept").resolve() / "real_pairs"
    write_pages(path, files("new", 1, "real.html"))
    assert tree(tmp_path / "kept") == files("new", 1, "real.html")
    assert (tmp_path / "r.html").is_symlink()


def test_a_plain_name_stays_as_it_was_given():
    assert pages_folder(report_path("reports/r.html")) == Path("reports/r_pairs")
