"""``codesim report`` and ``codesim demo``."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of the demo, made once."""
    import codesim
    from codesim.report import document_of, encode

    left, right = (codesim.snapshot_of(files, name) for files, name in _tiny())
    path = tmp_path_factory.mktemp("stored") / "result.json"
    path.write_bytes(encode(document_of(codesim.compare(left, right))))
    return path


def _tiny():
    text = "def total(items, scale):\n    return sum(x * scale for x in items) / len(items)\n" * 3
    return ({"a.py": text.encode()}, "alice"), ({"b.py": text.encode()}, "bob")


def test_the_summary_without_an_option(codesim_run, stored):
    ended = codesim_run("report", stored)
    assert (ended.code, ended.err) == (0, "")
    assert "alice" in ended.out
    assert "not proof of copying" in ended.out


def test_a_result_renders_to_itself(codesim_run, stored, tmp_path):
    ended = codesim_run("report", stored, "--json", tmp_path / "again.json")
    assert ended.out == ""
    assert (tmp_path / "again.json").read_bytes() == stored.read_bytes()


def test_every_format(codesim_run, stored, tmp_path):
    html, markdown = tmp_path / "r.html", tmp_path / "r.md"
    assert codesim_run("report", stored, "--html", html, "--markdown", markdown).code == 0
    assert "alice" in html.read_text("utf-8")
    assert "alice" in markdown.read_text("utf-8")


def test_from_standard_input(codesim_run, stored, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stored.read_bytes())))
    assert "alice" in codesim_run("report", "-").out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Error: "),
        (b"{", "cut short"),
        (b"<!doctype html>", "a web page"),
        (b"[]", "result"),
        (b'{"schema": "codesim/result/99"}', "newer codesim"),
        (b"\xff\xfe", "Error: "),
        (b"[" * 200_000, "Error: "),
    ],
)
def test_what_is_no_result_is_refused(codesim_run, tmp_path, content, says):
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    ended = codesim_run("report", path)
    assert ended.code == 2
    assert says in ended.err
    assert "broken.json" in ended.err
    assert "Traceback" not in ended.err


def test_slips_are_understood(codesim_run, stored, monkeypatch):
    monkeypatch.chdir(stored.parent)
    assert "Did you mean result.json?" in codesim_run("report", "reslut.json").err
    assert "codesim compare LEFT RIGHT --json" in codesim_run("report", "elsewhere.html").err
    assert "To compare folders" in codesim_run("report", ".").err
    assert codesim_run("report", "a\0b").code == 2


def test_demo_tells_finds_and_leads_on(codesim_run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    start = time.monotonic()
    ended = codesim_run("demo")
    assert time.monotonic() - start < 20  # three seconds on a quiet machine
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Two small vision-language models")
    assert "fernlight" in ended.out
    assert "STRONG" in ended.out
    assert "codesim compare LEFT RIGHT" in ended.out


def test_demo_writes_reports(codesim_run, tmp_path):
    assert codesim_run("demo", "--html", tmp_path / "demo.html").code == 0
    assert "mossgate" in (tmp_path / "demo.html").read_text("utf-8")


def test_demo_leaves_nothing_behind(codesim_run, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("CODESIM_CACHE", "")
    assert codesim_run("demo").code == 0
    assert list(tmp_path.iterdir()) == []


def test_demo_on_stdout_is_only_the_report(codesim_run):
    assert json.loads(codesim_run("demo", "--json", "-").out)["left"]["name"] == "fernlight"


def test_demo_without_its_case_says_so(codesim_run, monkeypatch, tmp_path):
    monkeypatch.setattr(
        sys.modules["codesim.cli.demo"], "__file__", str(tmp_path / "a" / "b" / "c.py")
    )
    ended = codesim_run("demo")
    assert ended.code == 2
    assert "the bundled case is missing" in ended.err


def test_demo_ignores_what_an_installer_compiled(monkeypatch, tmp_path):
    (tmp_path / "left" / "__pycache__").mkdir(parents=True)
    (tmp_path / "left" / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"\0")
    (tmp_path / "left" / "a.py").write_text("x = 1\n")
    snapshot = sys.modules["codesim.cli.demo"]._side(tmp_path, "left")
    assert [entry.path for entry in snapshot.entries] == ["a.py"]
