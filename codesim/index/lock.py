"""One writer at a time, and no reader while it writes."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codesim.errors import CodesimError
from codesim.text import display

# One addition is written in seconds; after this somebody must look.
PATIENCE = 60.0
_PAUSE = 0.05


@contextmanager
def locked(path: Path, write: bool, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of the index at ``path``: alone to write, with other readers to read.

    The lock is on a file beside the index and is the kernel's, so that it is free again when its
    holder ends, however it ends. Where that file cannot be made, as in a folder that is read-only,
    nobody writes either, and reading needs no lock. Raises CodesimError after ``patience`` seconds.
    """
    real = Path(os.path.realpath(path))  # one lock, whatever link leads to the index
    lock = real.with_name(f".{real.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        if write:
            raise CodesimError(
                f"cannot write {display(str(path))}: {error.strerror} in its folder. "
                "Name an index in a folder that exists and is writable."
            ) from None
        yield
        return
    try:
        _wait(handle, fcntl.LOCK_EX if write else fcntl.LOCK_SH, path, patience)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, kind: int, path: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR):
                raise CodesimError(
                    f"cannot lock {display(str(path))}: {error.strerror}. Keep the index on a file "
                    "system with locks, such as a local disk."
                ) from None
            if time.monotonic() >= end:
                raise CodesimError(
                    f"{display(str(path))} is in use by another codesim, for {patience:.0f} s by "
                    "now. Run the same command again when that one has finished."
                ) from None
        time.sleep(_PAUSE)
