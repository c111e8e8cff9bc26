"""The one place that writes to the terminal: results on stdout, everything else on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TextIO

from codesim.errors import CodesimError
from codesim.text import display

_NARROWEST, _WIDEST = 40, 120
_ERASE = "\r\x1b[2K"
_RED, _PLAIN = "\x1b[31;1m", "\x1b[0m"


@dataclass
class Console:
    """What the person at the terminal asked to see. Every text that is not ours is escaped.

    ``so_far`` is what there is to say of the results where the run is interrupted.
    """

    verbose: bool = False
    quiet: bool = False
    debug: bool = False
    so_far: str = "no report was written"
    _transient: bool = False

    @property
    def width(self) -> int:
        """Columns for a summary: those of the terminal, within what reads well."""
        columns = shutil.get_terminal_size((_WIDEST, 24)).columns
        return min(max(columns, _NARROWEST), _WIDEST)

    @property
    def color(self) -> bool:
        """Whether results are coloured."""
        return wants_color(sys.stdout)

    def result(self, text: str) -> None:
        """A finished text on stdout. Renderers have already escaped what is foreign in it.

        Raises CodesimError where stdout takes nothing, as ``document`` does.
        """
        self._clear()
        try:
            _write(_open_stdout(), text if text.endswith("\n") else text + "\n")
        except OSError as error:
            raise unwritable(error) from None

    def document(self, data: bytes) -> None:
        """A whole document on stdout, byte for byte."""
        self._clear()
        stream = _open_stdout()
        try:
            stream.flush()
            stream.buffer.write(data)
            stream.buffer.flush()
        except BrokenPipeError:
            self.reader_gone()
        except OSError as error:
            raise unwritable(error) from None

    def note(self, text: str) -> None:
        """Something worth knowing that is not a result."""
        if not self.quiet:
            self._clear()
            _tell(_safe(text) + "\n")

    def progress(self, text: str) -> None:
        """What is going on now: replaced by the next one on a terminal, a line under ``-v``."""
        if self.quiet:
            return
        if self.verbose:
            self.note(text)
        elif sys.stderr is not None and sys.stderr.isatty():
            columns = shutil.get_terminal_size((80, 24)).columns
            _tell(_ERASE + display(text)[: columns - 1])
            self._transient = True

    def error(self, text: str) -> None:
        """Why the run ends. Shown even when quiet."""
        self._clear()
        head = f"{_RED}Error:{_PLAIN}" if wants_color(sys.stderr) else "Error:"
        _tell(f"{head} {_safe(text)}\n")

    def trace(self, text: str) -> None:
        """A traceback, under ``--debug``."""
        self._clear()
        _tell(_safe(text) + "\n")

    def reader_gone(self) -> None:
        """Nobody reads stdout any more (``| head``); go on without it."""
        _silence(sys.stdout)

    def _clear(self) -> None:
        if self._transient:
            _tell(_ERASE)
            self._transient = False


def wants_color(stream: TextIO | None) -> bool:
    """``NO_COLOR`` refuses, ``CLICOLOR_FORCE`` insists, else colour is for terminals."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _safe(text: str) -> str:
    return "\n".join(display(line) for line in text.split("\n"))


def _open_stdout() -> TextIO:
    """Stdout. Python has none where the caller closed it (``>&-``)."""
    if sys.stdout is None:
        raise CodesimError("cannot write to standard output: it is closed")
    return sys.stdout


def unwritable(error: OSError) -> CodesimError:
    """What to say when stdout takes nothing; it is not tried again."""
    _silence(sys.stdout)
    reason = error.strerror or str(error)
    return CodesimError(f"cannot write to standard output: {reason[:1].lower()}{reason[1:]}")


def _tell(text: str) -> None:
    """Write to stderr. Where nobody can be told, the exit code still tells."""
    if sys.stderr is None:
        return
    try:
        _write(sys.stderr, text)
    except OSError:
        _silence(sys.stderr)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Point the stream at nothing, so that flushing at exit cannot fail either."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
