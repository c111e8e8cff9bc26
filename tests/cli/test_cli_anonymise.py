"""``--anonymise KEY``: names are gone from everything, and the key is kept apart."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from codesim.report import FORMATS

TEXT = '''\
# Author: Ilsebet Quandorff
def total(items, scale):
    """Sum of brumblezot."""
    return sum(x * scale for x in items) / len(items)
'''


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders to compare, a folder for reports and one for keys, as the working directory."""
    for folder in ("brumblezot", "vexlumina", "reports", "keys"):
        (tmp_path / folder).mkdir()
    (tmp_path / "brumblezot" / "a.py").write_text(TEXT)
    (tmp_path / "vexlumina" / "b.py").write_text(TEXT.replace("total", "mean"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMPARE = ("compare", "brumblezot", "vexlumina", "--anonymise", "keys/key.json")


def test_no_name_in_any_report_or_summary(codesim_run, place):
    files = [f"--{form.name}=reports/r.{form.name}" for form in FORMATS]
    ended = codesim_run(*COMPARE, *files)
    assert ended.code == 0
    assert "project1" in ended.out
    shown = [ended.out, *(path.read_text("utf-8") for path in Path("reports").iterdir())]
    assert len(shown) == 1 + len(FORMATS)
    for text in shown:
        assert not [
            name for name in ("brumblezot", "vexlumina", "uandorff") if name in text.lower()
        ]
    names = [
        each["name"]
        for each in json.loads(Path("keys/key.json").read_bytes())["pseudonyms"].values()
    ]
    assert {"brumblezot", "vexlumina", "Ilsebet Quandorff"} <= set(names)
    assert "Wrote keys/key.json, the key: keep it apart from the reports" in ended.err


def test_without_the_option_names_stay(codesim_run, place):
    assert "brumblezot" in codesim_run("compare", "brumblezot", "vexlumina").out


def test_only_its_owner_can_read_the_key(codesim_run, place):
    before = os.umask(0)
    try:
        assert codesim_run(*COMPARE).code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("keys/key.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("form", [form.name for form in FORMATS])
def test_a_report_on_stdout_is_anonymous_and_without_the_key(codesim_run, place, form):
    ended = codesim_run(*COMPARE, f"--{form}", "-", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    assert "project1" in ended.out
    assert "brumblezot" not in ended.out


def test_a_result_is_anonymised_later_too(codesim_run, place):
    codesim_run("compare", "brumblezot", "vexlumina", "--json", "r.json")
    ended = codesim_run("report", "r.json", "--html", "reports/r.html", "--anonymise", "keys/k")
    assert ended.code == 0
    assert "brumblezot" not in Path("reports/r.html").read_text("utf-8")
    assert "brumblezot" in codesim_run("report", "r.json").out
    shown = codesim_run("report", "r.json", "--anonymise", "keys/other")
    assert "brumblezot" not in shown.out
    assert Path("keys/other").read_bytes() == Path("keys/k").read_bytes()


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("-", "the key goes to a file"),
        ("reports/r.html", "a report would be written there"),
        ("reports/key.json", "would lie beside reports/r.html"),
        ("./reports/../reports/key.json", "would lie beside reports/r.html"),
        ("link/key.json", "would lie beside reports/r.html"),
        ("keys", "it is a folder"),
        ("", "it is a folder"),
        ("missing/key.json", "no folder 'missing'"),
        ("keys/old", "a key is never replaced"),
        ("keys/dangling", "a key is never replaced"),
    ],
)
def test_a_bad_place_is_refused_before_the_work(codesim_run, place, monkeypatch, key, says):
    monkeypatch.setattr("codesim.open_snapshot", lambda *_, **__: pytest.fail("opened"))
    Path("keys/old").write_text("old")
    Path("keys/dangling").symlink_to("nowhere")
    Path("link").symlink_to("reports")
    ended = codesim_run(
        "compare", "brumblezot", "vexlumina", "--html", "reports/r.html", "--anonymise", key
    )
    assert ended.code == 2
    assert says in ended.err
    assert list(Path("reports").iterdir()) == []
    assert Path("keys/old").read_text() == "old"


def test_a_folder_that_takes_no_key_is_named(codesim_run, place, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    ended = codesim_run(*COMPARE)
    assert ended.code == 2
    assert "the folder 'keys' is not writable" in ended.err


def test_a_report_in_a_device_leaves_the_key_where_it_may_be(codesim_run, place):
    ended = codesim_run(*COMPARE[:3], "--html", os.devnull, "--anonymise", "keys/key.json")
    assert ended.code == 0


def test_a_key_that_cannot_be_written_is_an_error(codesim_run, place, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    ended = codesim_run(*COMPARE)
    assert ended.code == 2
    assert "cannot write keys/key.json: No space left on device" in ended.err
    assert list(Path("keys").iterdir()) == []
