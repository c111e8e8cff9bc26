"""What a child may leave behind: processes that it started, and files.

Every child has a private folder for temporary files. A process belongs to it that is in its process
group, or (where there is /proc) has that folder as its temporary folder or works in it: so those
that began a session of their own, as Git does under codesim, are found as well.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile

_ROUNDS = 10  # a process that forks faster than this is stopped by its limits


def private_folder() -> str:
    """A new folder for the temporary files of one child."""
    return tempfile.mkdtemp(prefix="codesim-child-")


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
