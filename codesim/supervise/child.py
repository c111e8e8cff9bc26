"""The child: ``python -m codesim.supervise.child MODULE:FUNCTION SECONDS MEMORY LIFELINE``.

Reads one input after the other and answers each. Everything it prints goes nowhere. It ends when
the parent closes the pipe or is gone, and the kernel ends it when a task takes too long, also where
the parent can no longer do so and the interpreter no longer runs.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import math
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType

from codesim.errors import CodesimError
from codesim.supervise import frames

Task = Callable[[bytes], bytes]

# The largest file written: what one fetch or one unpacked archive may take up, with some room.
_FILE = 1 << 30
_HANDLES = 512
# The parent kills first. The alarm is for when it cannot.
_GRACE = 5.0
_RESERVE = 1 << 20
# So many objects are made before a search for cycles.
_YOUNG = 100_000


@dataclass(frozen=True, slots=True)
class _Channel:
    """The two ends that were standard input and output, out of reach of anything that prints."""

    inputs: int
    answers: int

    @classmethod
    def taken(cls) -> _Channel:
        channel = cls(os.dup(0), os.dup(1))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
        os.close(nowhere)
        return channel

    def say(self, message: bytes) -> None:
        left = memoryview(message)
        while left:
            left = left[os.write(self.answers, left) :]

    def read(self) -> bytes | None:
        """The next input; None when the parent has closed the pipe or died in the middle of one."""
        head = self._exactly(frames.HEAD)
        return self._exactly(frames.length_of(head)) if head else None

    def _exactly(self, size: int) -> bytes | None:
        data = bytearray()
        while len(data) < size:
            piece = os.read(self.inputs, min(size - len(data), 1 << 20))
            if not piece:
                return None
            data += piece
        return bytes(data)


def main(task: str, seconds: float, memory: int, lifeline: int) -> None:
    """Serve until the parent closes the pipe."""
    channel = _Channel.taken()
    _die_with(lifeline)
    reserve = [bytes(_RESERVE)]
    sys.excepthook = _last_words(channel, reserve, _message)
    _bound(memory)
    function = _found(task, channel)
    # What was imported stays, and a task makes many lists and few cycles.
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 50)
    sys.excepthook = _last_words(channel, reserve, _place)
    channel.say(frames.framed(frames.READY))
    while (data := channel.read()) is not None:
        with _watched(seconds):
            try:
                message = frames.framed(frames.DONE, function(data))
            except CodesimError as error:
                message = frames.text_frame(frames.FAILED, str(error))
        channel.say(message)


def _die_with(lifeline: int) -> None:
    """Be ended by the kernel as soon as the parent is gone, whatever runs at that moment.

    The parent holds the other end of this pipe and never writes to it: the one thing that can
    happen to it is that it closes, and Linux then sends SIGIO, whose default action is to end.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):  # it is open: nothing to read
        os.read(lifeline, 1)
        raise SystemExit  # it was closed before the kernel knew whom to tell


def _found(task: str, channel: _Channel) -> Task:
    module, _, name = task.partition(":")
    function: Task = getattr(importlib.import_module(module), name)
    if "CODESIM_FAULT" in os.environ:
        from codesim.supervise.fault import faulty

        return faulty(function, os.environ["CODESIM_FAULT"], channel.say)
    return function


def _bound(memory: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _FILE),
        (resource.RLIMIT_NOFILE, _HANDLES),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS refuses a bound on address space
            resource.setrlimit(what, (least, least))


@contextlib.contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """While a task runs: an alarm and a bound on processor time.

    Both act in the kernel, with the default action of their signals, so that a library which never
    comes back to the interpreter is stopped as well.
    """
    spent = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = math.ceil(spent.ru_utime + spent.ru_stime + seconds + _GRACE)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _last_words(
    channel: _Channel, reserve: list[bytes], said: Callable[[BaseException], str]
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What goes to the parent in place of a traceback when an exception ends the process."""
    memory = frames.framed(frames.MEMORY)

    def say(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        reserve.clear()
        out_of_memory = issubclass(kind, MemoryError)
        message = memory if out_of_memory else frames.text_frame(frames.CRASHED, said(error))
        with contextlib.suppress(OSError):  # the parent is gone
            channel.say(message)

    return say


def _message(error: BaseException) -> str:
    """Before there is any input: in full."""
    return f"{type(error).__name__}: {error}"


def _place(error: BaseException) -> str:
    """Kind and innermost line of ours; neither a path nor a text that may come from an input."""
    places, trace = [], error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        places.append((module, f"line {trace.tb_lineno} of {module}"))
        trace = trace.tb_next
    ours = [place for module, place in places if module.startswith("codesim.")]
    place = (ours or [place for _, place in places] or ["an unknown place"])[-1]
    return f"{type(error).__name__} at {place}"


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
