"""One child process as its parent sees it: started, given a task, listened to, ended."""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from codesim.errors import CodesimError
from codesim.supervise import frames
from codesim.supervise.outcome import Limits, Outcome
from codesim.supervise.remains import Room, clear, end_group

# To start Python and import the task: under a second, also on a busy machine.
_START = 120.0
_CHUNK = 1 << 16
# How long a process whose pipe is closed may take to end by itself.
_DYING = 0.5
_ONE_THREAD = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "RAYON_NUM_THREADS",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Child:
    """A process that serves one task at a time; ``number`` is the task that it works on."""

    process: subprocess.Popen[bytes]
    folder: str
    lifeline: int
    limits: Limits
    inbox: frames.Inbox
    deadline: float
    unsent: memoryview = field(default_factory=lambda: memoryview(b""))
    number: int | None = None
    is_ready: bool = False
    served: int = 0

    @classmethod
    def started(cls, task: str, limits: Limits, room: Room) -> Child:
        """A new process. Raises OSError where the system has none to give."""
        folder = room.private_folder()
        held, lifeline = os.pipe()
        argv = [sys.executable, "-P", "-m", "codesim.supervise.child"]
        argv += [task, repr(limits.seconds), str(limits.memory), str(held)]
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=_environment(folder),
                pass_fds=(held,),
                start_new_session=True,
            )
        except BaseException:
            os.close(lifeline)
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            os.close(held)
        inbox = frames.Inbox(limits.answer)
        child = cls(process, folder, lifeline, limits, inbox, _now() + _START)
        for handle in (child.reads, child.writes):
            os.set_blocking(handle, False)
        return child

    @property
    def reads(self) -> int:
        """The handle that answers come from."""
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    @property
    def writes(self) -> int:
        """The handle that inputs go to."""
        assert self.process.stdin is not None
        return self.process.stdin.fileno()

    def give(self, number: int, data: bytes) -> None:
        """Begin a task; its time begins now."""
        self.number = number
        self.unsent = memoryview(frames.framed(frames.INPUT, data))
        self.deadline = _now() + self.limits.seconds
        self.send()

    def send(self) -> None:
        """Write what the pipe takes now."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):  # an end is met when reading
            while self.unsent:
                self.unsent = self.unsent[os.write(self.writes, self.unsent[: 1 << 20]) :]

    def receive(self) -> tuple[bytes, bytes] | None:
        """A message, None while it is incomplete. Raises GarbageError, and EOFError at the end."""
        try:
            data = os.read(self.reads, _CHUNK)
        except BlockingIOError:
            return None
        if not data:
            raise EOFError
        self.inbox.add(data)
        return self.inbox.message()

    @property
    def is_idle(self) -> bool:
        return self.is_ready and self.number is None

    @property
    def left(self) -> float:
        """Seconds until its deadline, below 0 after it; one that is idle has none."""
        return math.inf if self.is_idle else self.deadline - _now()

    def is_dead(self) -> bool:
        """Whether the process has ended; it stays to be reaped, so that its number is not reused.

        False where the system cannot tell: there its closed pipe is what shows it.
        """
        if not hasattr(os, "waitid"):
            return False
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, how) is not None

    def end(self) -> int:
        """Kill it and all that it started, remove its files; its exit status, negative a signal."""
        end_group(self.process.pid)
        status = self.process.wait()
        os.close(self.lifeline)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        clear(self.folder)
        return status

    def failed(self, error: Exception) -> Outcome:
        """End it after an error while listening, and say what became of its task."""
        if isinstance(error, frames.GarbageError):
            self.end()
            return Outcome("garbage", reason=f"the answer of its process was refused: {error}")
        patience = _now() + _DYING
        while not self.is_dead() and _now() < patience:
            time.sleep(0.005)
        by_itself = self.is_dead()
        status = self.end()
        if status == -signal.SIGKILL and not by_itself:
            return _CLOSED
        return _ending(status, self.limits)

    def hung(self) -> Outcome:
        """End it at its deadline."""
        self.end()
        return _hung(self.limits)


_CLOSED = Outcome("crashed", reason="its process closed the pipe and answered nothing")


def outcome_of(kind: bytes, payload: bytes, limits: Limits) -> Outcome:
    """What a message of a working child says of its task. Raises GarbageError."""
    if kind == frames.DONE:
        return Outcome("done", payload)
    if kind == frames.FAILED:
        return Outcome("failed", reason=frames.plain(payload))
    if kind == frames.MEMORY:
        return Outcome("out of memory", reason=f"it needs more than {limits.memory:,} bytes")
    if kind == frames.CRASHED:
        return Outcome("crashed", reason=f"an error in codesim: {frames.plain(payload)}")
    raise frames.GarbageError("it answers what nobody asked")


def _ending(status: int, limits: Limits) -> Outcome:
    """What an exit status says of the task that ran."""
    if status >= 0:
        return Outcome("crashed", reason=f"its process ended with status {status} and no answer")
    if -status in (signal.SIGALRM, signal.SIGXCPU):
        return _hung(limits)
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return Outcome("crashed", reason=f"its process was ended by {name}")


def _hung(limits: Limits) -> Outcome:
    return Outcome("hung", reason=f"it did not end within {limits.seconds:g} s")


def _environment(folder: str) -> dict[str, str]:
    """The parent's, with its own temporary folder, one thread, and modules from where the parent
    has them and nowhere else: the current folder may hold a submission.
    """
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
    fixed = dict.fromkeys(_ONE_THREAD, "1")
    fixed |= {"PYTHONPATH": path, "PYTHONHASHSEED": "0", "TMPDIR": folder}
    return {**os.environ, **fixed}


def start_failed(outcome: Outcome, limits: Limits) -> CodesimError:
    """Why no child can start, for the person at the terminal."""
    return CodesimError(
        f"worker processes do not start ({outcome.state}: {outcome.reason}); if memory is short, "
        f"allow them more than {limits.memory:,} bytes or use fewer"
    )


def _now() -> float:
    return time.monotonic()
