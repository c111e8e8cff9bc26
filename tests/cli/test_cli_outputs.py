"""Places for reports are checked before the work starts."""

from __future__ import annotations

import os

import pytest

from codesim.cli.outputs import Outputs
from codesim.errors import CodesimError


def _refused(**names: str) -> str:
    with pytest.raises(CodesimError) as caught:
        Outputs(names).check()
    return str(caught.value)


def test_a_folder_is_no_file(tmp_path):
    said = _refused(html=str(tmp_path))
    assert "it is a folder" in said
    assert "report.html" in said


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_is_a_folder_is_no_file(name):
    assert "it is a folder" in _refused(json=name)


def test_a_missing_folder_is_named(tmp_path):
    assert "no folder 'missing'" in _refused(json=str(tmp_path / "missing" / "r.json"))


def test_a_device_takes_a_report():
    Outputs({"markdown": os.devnull}).check()


def test_a_folder_that_refuses_files_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "not writable" in _refused(html=str(tmp_path / "r.html"))


@pytest.mark.parametrize("name", ["-", "same.out"])
def test_two_reports_do_not_share_one_place(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    said = _refused(html=name, json=name if name == "-" else f"./{name}")
    assert "--html and --json would both write" in said


def test_good_places_pass_and_nothing_is_created(tmp_path):
    existing = tmp_path / "old.json"
    existing.write_text("old")
    Outputs({"html": str(tmp_path / "new.html"), "json": str(existing), "markdown": "-"}).check()
    assert [p.name for p in tmp_path.iterdir()] == ["old.json"]
    assert existing.read_text() == "old"


@pytest.mark.parametrize("command", [["compare", "left", "right"], ["report", "r"], ["demo"]])
def test_every_command_checks_first(codesim_run, tmp_path, command):
    ended = codesim_run(*command, "--html", tmp_path)
    assert ended.code == 2
    assert ended.out == ""
    assert "it is a folder" in ended.err
