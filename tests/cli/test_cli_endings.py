"""How a run can end: exit codes and last words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from codesim.errors import CodesimError, SnapshotError


def _opening(monkeypatch, error: BaseException) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("codesim.open_snapshot", fail)


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (CodesimError("no such thing. Try another."), 2, "Error: no such thing. Try another."),
        (SnapshotError("cannot fetch"), 2, "Error: cannot fetch"),
        (KeyboardInterrupt(), 130, "Error: interrupted; no report was written."),
        (ZeroDivisionError("division"), 4, "internal error: ZeroDivisionError: division"),
    ],
)
def test_each_ending_has_its_code_and_no_traceback(monkeypatch, codesim_run, error, code, says):
    _opening(monkeypatch, error)
    ended = codesim_run("compare", "left", "right")
    assert ended.code == code
    assert ended.out == ""
    assert says in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("arguments", [["--debug", "compare"], ["compare", "--debug"]])
@pytest.mark.parametrize("error", [SnapshotError("x"), ZeroDivisionError("x")])
def test_debug_shows_the_traceback(monkeypatch, codesim_run, arguments, error):
    _opening(monkeypatch, error)
    ended = codesim_run(*arguments, "left", "right")
    assert "Traceback" in ended.err
    assert "in fail" in ended.err


def test_last_words_are_escaped(monkeypatch, codesim_run):
    _opening(monkeypatch, SnapshotError("bad name \x1b]0;x\x07"))
    assert "\\x1b]0;x\\x07" in codesim_run("compare", "left", "right").err


def test_an_interrupted_run_leaves_the_old_report(monkeypatch, codesim_run, tmp_path):
    old = tmp_path / "report.html"
    old.write_text("old")
    _opening(monkeypatch, KeyboardInterrupt())
    assert codesim_run("compare", "left", "right", "--html", old).code == 130
    assert old.read_text() == "old"
    assert list(tmp_path.iterdir()) == [old]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "terminate"]
)
def test_signals_unwind_the_run(number, code, tmp_path):
    script = (
        "import codesim, pathlib, sys, time\n"
        "from codesim.cli import main\n"
        "def hang(*_, **__):\n"
        "    try:\n"
        "        pathlib.Path('started').touch(); time.sleep(20)\n"
        "    finally:\n"
        "        pathlib.Path('cleaned').touch()\n"
        "codesim.open_snapshot = hang\n"
        "sys.exit(main(['compare', 'left', 'right']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE, env=environment
    ) as process:
        deadline = time.monotonic() + 10
        while not (tmp_path / "started").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=10)
    assert process.returncode == code
    assert (tmp_path / "cleaned").exists()
    assert b"Traceback" not in said
