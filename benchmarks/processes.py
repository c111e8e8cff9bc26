"""Fresh processes, measured: wall time, processor time and peak memory of each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.options import BenchmarkError

_LIMIT_SECONDS = 600


@dataclass(frozen=True)
class Measured:
    """One process from start to end; ``megabytes`` is its peak resident memory."""

    seconds: float
    processor_seconds: float
    megabytes: float
    output: str


def measured(
    command: Sequence[str], cwd: Path, cache: Path | None = None, accepted: Sequence[int] = (0,)
) -> Measured:
    """Run a command and wait for it. ``cache`` is where codesim keeps profiles, None: nowhere."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment["CODESIM_CACHE"] = "on" if cache else "off"
    environment["CODESIM_CACHE_DIR"] = str(cache or "")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if process.returncode not in accepted:
        raise BenchmarkError(
            f"{' '.join(command[:6])} ended with {process.returncode}:\n{text[-800:]}"
        )
    # Linux counts kilobytes, macOS bytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, text)


def codesim(*arguments: str | Path) -> list[str]:
    """A command line of codesim with this interpreter."""
    return [sys.executable, "-m", "codesim", *map(str, arguments)]


def python(code: str, *arguments: str | Path) -> list[str]:
    """A command line that runs some code with this interpreter."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a new folder."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder
