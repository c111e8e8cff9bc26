"""A command with all its children: wall time, and the most memory that they hold together."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class Ran:
    """``megabytes`` is the highest sum over the process and its descendants, shared pages counted
    once (PSS), looked at five times a second. ``code`` is None when a limit ended it.
    """

    seconds: float
    megabytes: float
    code: int | None
    output: str


@dataclass(frozen=True)
class Most:
    """What a command may take at most."""

    seconds: float
    megabytes: float = math.inf


def ran(command: Sequence[str], cwd: Path, limit: Most, variables: Mapping[str, str]) -> Ran:
    """Run a command and wait for it, within the limit; nothing of it is left behind."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
        most = 0.0
        try:
            while (
                process.poll() is None
                and time.perf_counter() - start < limit.seconds
                and most < limit.megabytes
            ):
                most = max(most, sum(map(_megabytes, _descendants(process.pid))))
                time.sleep(_EVERY_SECONDS)
            seconds = time.perf_counter() - start
            code = process.poll()
        finally:
            _end(process)
        out.seek(0)
        return Ran(seconds, most, code, out.read())


def _descendants(root: int) -> set[int]:
    """A process and its children, their children and so on, from the table of processes."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parents.setdefault(_parent(entry), []).append(int(entry.name))
    found, open_ = {root}, [root]
    while open_:
        children = parents.get(open_.pop(), [])
        found.update(children)
        open_ += children
    return found


def _parent(entry: Path) -> int:
    try:
        # The name of the command may hold blanks and brackets; the state follows the last one.
        return int((entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except OSError:
        return -1


def _megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, and the children that it has now: they may have a session of their own."""
    if process.poll() is None:
        for each in sorted(_descendants(process.pid), reverse=True):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
    process.wait()
