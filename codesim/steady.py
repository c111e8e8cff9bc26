"""Steps that no interrupt may tear apart, and folders whose writer may have been killed."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def steadily() -> Iterator[None]:
    """What would end the run waits until this is over: for a few renames, which take no time."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
        return
    waiting: list[int] = []
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    try:
        for each in _SIGNALS:
            signal.signal(each, lambda number, _frame: waiting.append(number))
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler if handler is not None else signal.SIG_DFL)
        for number in waiting[:1]:
            signal.raise_signal(number)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Say that somebody works in a folder; it is the kernel's to say so no more when that ends."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a file system without locks: the number of the process must do
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def is_abandoned(folder: Path, process: int) -> bool:
    """Whether nobody works in a folder that a process of that number made. A process of another
    machine or container has a number that means nothing here, and holds the folder.
    """
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        pass
    except (OSError, OverflowError):
        return False
    else:
        return False
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
