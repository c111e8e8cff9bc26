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


_AGAIN = "Write it again with `codesim compare LEFT RIGHT --json FILE`."


def _changed(**fields):
    """Spoils a result by other values of its fields."""
    return lambda data: json.dumps({**json.loads(data), **fields}).encode()


def _without(name):
    def spoil(data):
        document = json.loads(data)
        del document[name]
        return json.dumps(document).encode()

    return spoil


@pytest.mark.parametrize(
    ("spoiled", "says"),
    [
        (lambda data: b"", "it is empty"),
        (lambda data: b"{", f"it ends after 1 byte, in the middle of the JSON. {_AGAIN}"),
        (lambda data: data[: len(data) // 2], "the result file was cut short: it ends after"),
        (lambda data: data[:-3], f"in the middle of the JSON. {_AGAIN}"),
        (lambda data: data + data, "is malformed: trailing characters (byte "),
        (lambda data: b"<!doctype html>", "a web page, perhaps what --html wrote"),
        (lambda data: b"hello\n", "damaged or is not JSON: JSON is malformed: invalid character"),
        (lambda data: bytes(99), "damaged or is not JSON: JSON is malformed: invalid character"),
        (lambda data: b"{'schema': 1}", f"object keys must be strings (byte 1). {_AGAIN}"),
        (lambda data: b"[]", f"Expected `object`, got `array`. {_AGAIN}"),
        (lambda data: b"null", f"Expected `object`, got `null`. {_AGAIN}"),
        (_changed(schema="codesim/result/2"),
         "format codesim/result/2, this codesim reads codesim/result/1. Install the newer codesim"),
        (_changed(schema="codesim/result/0"),
         f"format 'codesim/result/0', this codesim reads codesim/result/1. {_AGAIN}"),
        (_changed(schema="other/1"),
         f"format 'other/1', this codesim reads codesim/result/1. {_AGAIN}"),
        (_without("schema"), f"missing required field `schema`. {_AGAIN}"),
        (_without("evidence"), f"missing required field `evidence`. {_AGAIN}"),
        (_changed(later=1), f"unknown field `later`. {_AGAIN}"),
        (_changed(sources={"left": {"a.py": "x = 1\n"}, "right": {}}),
         "contradicts itself: left a.py: line 6 is past the end, line 1"),
        (lambda data: b"\xff\xfe", "it is UTF-16 text, and a result is UTF-8"),
        (lambda data: b"[" * 200_000, f"Expected `object`, got `array`. {_AGAIN}"),
        (lambda data: b'{"parameters": ' + b"[" * 200_000, f"nested too deeply to read. {_AGAIN}"),
    ],
    ids=range(21),
)  # fmt: skip
@pytest.mark.parametrize("piped", [False, True])
def test_what_is_no_result_is_refused(
    codesim_run, stored, tmp_path, monkeypatch, spoiled, says, piped
):
    path, old = tmp_path / "broken.json", tmp_path / "old.html"
    data = spoiled(stored.read_bytes())
    path.write_bytes(data)
    old.write_text("old")
    if piped:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    ended = codesim_run("report", "-" if piped else path, "--html", old)
    assert ended.code == 2
    assert ended.err.startswith(f"Error: {'standard input' if piped else path}: ")
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert old.read_text() == "old"


def _sources(left, right):
    """A result with the texts of these paths only."""

    def strip(data):
        document = json.loads(data)
        sources = document["sources"]
        kept = {
            side: {path: text for path, text in sources[side].items() if path in wanted}
            for side, wanted in (("left", left), ("right", right))
        }
        return json.dumps({**document, "sources": kept}).encode()

    return strip


@pytest.mark.parametrize(
    ("stripped", "misses", "noted"),
    [
        (_sources((), ()), "The left and right text is not available.", True),
        (_sources(("a.py",), ()), "The right text is not available.", False),
        (_sources((), ("b.py",)), "The left text is not available.", False),
    ],
)
def test_a_result_without_texts_renders_and_says_so(
    codesim_run, stored, tmp_path, stripped, misses, noted
):
    path, html = tmp_path / "bare.json", tmp_path / "r.html"
    path.write_bytes(stripped(stored.read_bytes()))
    ended = codesim_run("report", path, "--html", html)
    assert ended.code == 0
    assert misses in html.read_text("utf-8")
    assert ("Note: this result holds no text of files" in ended.err) is noted
    assert codesim_run("report", path).out == codesim_run("report", stored).out
    assert "Note:" not in codesim_run("report", path, "--csv", tmp_path / "r.csv").err


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
