"""Nothing outlives its parent or its task: no process, no folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codesim.supervise import Limits, Outcome, supervised

HERE = str(Path(__file__).parent)
LIMITS = Limits(seconds=30.0, memory=1 << 30, answer=1000)
PARENT = """
import sys
from codesim.supervise import Limits, supervised
paths = [path.encode() for path in sys.argv[2:]]
task = "supervised_tasks:" + sys.argv[1]
try:
    supervised(task, paths, 2, Limits(120.0, 1 << 30, 1000))
except KeyboardInterrupt:
    raise SystemExit(130)
"""


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def written_pid(path: Path) -> int:
    assert within(20, lambda: path.exists() and path.read_text("utf-8") != "")
    return int(path.read_text("utf-8"))


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a process that supervises two tasks which never end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(task: str, *paths: Path) -> subprocess.Popen[bytes]:
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        path = os.pathsep.join([HERE, *sys.path])
        process = subprocess.Popen(
            [sys.executable, "-c", PARENT, task, *map(str, paths)],
            env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_children_end_with_their_parent(
    how: signal.Signals, parent: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    process = parent("own_pid", *paths)
    pids = [written_pid(path) for path in paths]
    assert all(is_alive(pid) for pid in pids)
    process.send_signal(how)
    assert process.wait(10) == (130 if how == signal.SIGINT else -how)
    assert within(5, lambda: not any(is_alive(pid) for pid in pids))
    if how == signal.SIGINT:  # the others leave no time to tidy up
        assert list((tmp_path / "temporary").iterdir()) == []


def test_a_child_inside_a_library_ends_with_its_parent(
    parent: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """No handler of Python's ever runs there: only the kernel can end it."""
    process = parent("spin_after_pid", tmp_path / "a")
    pid = written_pid(tmp_path / "a")
    time.sleep(0.2)
    process.kill()
    assert within(5, lambda: not is_alive(pid))


def test_a_child_killed_from_outside_is_replaced(tmp_path: Path) -> None:
    """Once, and its task is done by the next one; twice, and it is the outcome."""
    once = tmp_path / "once"
    (outcome,) = supervised("supervised_tasks:killed_once", [str(once).encode()], 1, LIMITS)
    assert outcome == Outcome("done", b"second time")


@pytest.mark.parametrize("how", ["", " session", " die", " session die"])
def test_what_a_task_started_ends_with_its_process(how: str, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    (outcome,) = supervised("supervised_tasks:forks", [f"{pid_file}{how}".encode()], 1, LIMITS)
    assert outcome.state == ("crashed" if "die" in how else "done")
    assert not is_alive(written_pid(pid_file))


def test_a_copy_of_the_process_that_holds_its_pipe_hides_no_death(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    begun = time.monotonic()
    (outcome,) = supervised("supervised_tasks:forks_itself", [str(pid_file).encode()], 1, LIMITS)
    assert outcome == Outcome("crashed", reason="its process was ended by SIGSEGV")
    assert time.monotonic() - begun < LIMITS.seconds
    assert not is_alive(written_pid(pid_file))
