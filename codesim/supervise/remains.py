"""What a child may leave behind: processes that it started, and files.

Every child has a private folder for temporary files. A process belongs to it that is in its process
group, or (where there is /proc) has that folder as its temporary folder or works in it: so those
that began a session of their own, as Git does under codesim, are found as well.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import stat
import tempfile
import time
from dataclasses import dataclass

_PREFIX = "codesim-children-"
# The moment between making a room and locking it is over by then.
_ABANDONED = 60.0
_ROUNDS = 10  # a process that forks faster than this is stopped by its limits


@dataclass(frozen=True, slots=True)
class Room:
    """A folder for the private folders of all children of one run, locked as long as it lasts: one
    whose lock is free was left by a parent that was killed, and goes with the next run.
    """

    folder: str
    handle: int

    @classmethod
    def opened(cls) -> Room:
        _sweep(tempfile.gettempdir())
        folder = tempfile.mkdtemp(prefix=_PREFIX)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return cls(folder, handle)

    def private_folder(self) -> str:
        """A new folder for the temporary files of one child."""
        return tempfile.mkdtemp(dir=self.folder)

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.handle)


def _sweep(place: str) -> None:
    """Remove the rooms of our own that nobody uses any more."""
    for name in os.listdir(place):
        if name.startswith(_PREFIX):
            with contextlib.suppress(OSError):
                _remove_if_free(os.path.join(place, name))


def _remove_if_free(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        about = os.fstat(handle)
        ours = about.st_uid == os.getuid() and not stat.S_IMODE(about.st_mode) & 0o077
        if ours and time.time() - about.st_mtime > _ABANDONED:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def end_group(leader: int) -> None:
    """Kill a process group whose leader has not been reaped yet, so that the number is its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def clear(folder: str) -> None:
    """End what still works in a private folder, then remove it."""
    for _ in range(_ROUNDS):
        found = _belonging(folder)
        for process in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        if not found:
            break
    shutil.rmtree(folder, ignore_errors=True)


def _belonging(folder: str) -> list[int]:
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    own = os.getpid()
    return [number for number in numbers if number != own and _belongs(number, folder)]


def _belongs(process: int, folder: str) -> bool:
    try:
        place = os.readlink(f"/proc/{process}/cwd")
        with open(f"/proc/{process}/environ", "rb") as file:
            variables = file.read().split(b"\0")
    except OSError:  # ended meanwhile, a zombie, or not ours to look at
        return False
    inside = os.path.realpath(folder)
    works_there = place == inside or place.startswith(inside + os.sep)
    return works_there or b"TMPDIR=" + os.fsencode(folder) in variables
