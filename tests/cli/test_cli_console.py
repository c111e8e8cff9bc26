"""What reaches the terminal, and in which form."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from codesim.cli.console import Console, wants_color


class _Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("environment", "terminal", "colored"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR_FORCE": "0"}, False, False),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_color_is_for_those_who_want_it(monkeypatch, environment, terminal, colored):
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_color(_Stream(terminal)) is colored


@pytest.fixture
def stderr(monkeypatch):
    def replaced(terminal: bool) -> _Stream:
        stream = _Stream(terminal)
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return replaced


def test_progress_is_silent_where_nobody_watches(stderr):
    stream = stderr(terminal=False)
    Console().progress("Opening left ...")
    assert stream.getvalue() == ""


def test_progress_is_a_line_under_verbose(stderr):
    stream = stderr(terminal=False)
    Console(verbose=True).progress("Opening left ...")
    assert stream.getvalue() == "Opening left ...\n"


def test_progress_on_a_terminal_leaves_no_trace(stderr, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    stream = stderr(terminal=True)
    console = Console()
    console.progress("x" * 100)
    console.progress("second")
    console.result("done")
    assert stream.getvalue() == "\r\x1b[2K" + "x" * 39 + "\r\x1b[2Ksecond\r\x1b[2K"
    assert capsys.readouterr().out == "done\n"


def test_quiet_keeps_errors_only(stderr):
    stream = stderr(terminal=True)
    console = Console(quiet=True, verbose=True)
    console.progress("step")
    console.note("note")
    console.error("what went wrong")
    assert "what went wrong" in stream.getvalue()
    assert "step" not in stream.getvalue()
    assert "note" not in stream.getvalue()


def test_foreign_text_cannot_drive_the_terminal(stderr):
    stream = stderr(terminal=False)
    console = Console(verbose=True)
    for show in (console.note, console.progress, console.error, console.trace):
        show("a\x1b[2Jb\rc\u202ed\x9be\x00")
    assert stream.getvalue().count("\\x1b[2Jb\\rc\\u202ed\\x9be\\x00\n") == 4
    assert not set("\x1b\r\u202e\x9b\x00") & set(stream.getvalue())


@pytest.mark.parametrize(("columns", "width"), [("20", 40), ("60", 60), ("90", 90), ("400", 120)])
def test_width_stays_within_what_reads_well(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    assert Console().width == width


def test_a_stream_that_cannot_encode_gets_escapes():
    run = _script("Console().result('naïve → 日本')", PYTHONIOENCODING="ascii")
    assert run.stdout == "na\\xefve \\u2192 \\u65e5\\u672c\n"


def test_a_reader_that_leaves_is_no_error():
    read, write = os.pipe()
    os.close(read)
    script = "c = Console(); c.result('x' * 100000); c.document(b'y'); c.note('still here')"
    run = _script(script, stdout=write)
    os.close(write)
    assert (run.returncode, run.stderr) == (0, "still here\n")


@pytest.mark.parametrize("arguments", [["--help"], ["demo"], ["compare", "--help"]])
def test_a_full_disk_is_no_mistake_of_ours(arguments):
    with open("/dev/full", "w") as full:
        run = _codesim(*arguments, stdout=full)
    said = "Error: cannot write to standard output: no space left on device\n"
    assert (run.returncode, run.stderr) == (2, said)


@pytest.mark.parametrize("arguments", [["demo"], ["demo", "--json", "-"]])
def test_a_closed_stdout_is_no_mistake_of_ours(arguments):
    run = _codesim(*arguments, stdout=None, before="os.close(1)")
    said = "Error: cannot write to standard output: it is closed\n"
    assert (run.returncode, run.stderr) == (2, said)


@pytest.mark.parametrize("before", ["os.close(2)", "os.dup2(os.open('/dev/full', 1), 2)"])
def test_the_exit_code_tells_where_stderr_cannot(before):
    run = _codesim("--verbose", "compare", "/nowhere", "/nowhere", before=before)
    assert (run.returncode, run.stdout) == (2, "")


def test_a_closed_stdin_is_said():
    run = _codesim("report", "-", before="os.close(0)")
    assert (run.returncode, run.stderr) == (
        2,
        "Error: cannot read standard input: it is closed\n",
    )


def _codesim(*arguments: str, stdout=subprocess.PIPE, before: str = "0"):
    """The command line in a process whose streams were changed before it started."""
    start = f"import os, sys; {before}; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    return subprocess.run(
        [sys.executable, "-c", start, "-m", "codesim", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def _script(body: str, stdout: int = subprocess.PIPE, **environment: str):
    return subprocess.run(
        [sys.executable, "-c", "from codesim.cli.console import Console\n" + body],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        text=True,
        check=False,
    )
