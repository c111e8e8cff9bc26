"""Faults on purpose, for tests: ``CODESIM_FAULT=KIND@TEXT`` makes a child fail on an input that
contains TEXT. Several, separated by blanks, may be given. KIND is segv, kill, hang, oom, exit,
raise, garbage, partial or huge. Loaded in children only, and only where the variable is set.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from codesim.supervise import frames

Task = Callable[[bytes], bytes]
Say = Callable[[bytes], None]


def faulty(function: Task, faults: str, say: Callable[[bytes], None]) -> Task:
    """The function, failing on the inputs that the faults name; ``say`` writes to the parent.

    Raises ValueError for an unknown fault.
    """
    planned = [_planned(fault) for fault in faults.split()]

    def task(data: bytes) -> bytes:
        for kind, text in planned:
            if text in data:
                _FAULTS[kind](say)
        return function(data)

    return task


def _planned(fault: str) -> tuple[str, bytes]:
    kind, _, text = fault.partition("@")
    if kind not in _FAULTS or not text:
        raise ValueError(f"CODESIM_FAULT: {fault!r} is not KIND@TEXT, KIND of {', '.join(_FAULTS)}")
    return kind, text.encode()


def _hang(_: Say) -> None:
    while True:
        time.sleep(60)


def _exhaust(_: Say) -> None:
    held = []
    while True:
        held.append(bytearray(1 << 24))


def _leave(_: Say) -> None:
    raise SystemExit(3)


def _raise(_: Say) -> None:
    raise LookupError("on purpose")


def _half(say: Say) -> None:
    say(frames.framed(frames.DONE, bytes(100))[:50])
    raise SystemExit(3)


_FAULTS: dict[str, Callable[[Say], None]] = {
    "segv": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "hang": _hang,
    "oom": _exhaust,
    "exit": _leave,
    "raise": _raise,
    "garbage": lambda say: say(b"\xffno answer at all"),
    "partial": _half,
    "huge": lambda say: say(frames.DONE + b"\x7f" * 8),
}
