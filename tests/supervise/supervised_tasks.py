"""Tasks that children run in the tests: honest ones and some that misbehave."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from codesim.errors import CodesimError

_SERVED = []


def echo(data: bytes) -> bytes:
    return data


def double(data: bytes) -> bytes:
    return data * 2


def refuse(data: bytes) -> bytes:
    raise CodesimError(f"no: {data.decode()}\nand\x1b[31m red")


def served_before(data: bytes) -> bytes:
    _SERVED.append(data)
    return str(len(_SERVED)).encode()


def second_dies(data: bytes) -> bytes:
    """Any task but the first of a process dies."""
    _SERVED.append(data)
    if len(_SERVED) > 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    return data


def noisy(data: bytes) -> bytes:
    print("noise of print")
    sys.stderr.write("noise of stderr\n")
    os.write(1, b"noise of a library")
    os.write(2, b"noise of a library")
    os.system("echo noise of a program; echo noise >&2")
    return b"read: " + os.read(0, 10)


def limits_of_process(_: bytes) -> bytes:
    found = {
        name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))[0]
        for name in ("AS", "CORE", "FSIZE", "NOFILE")
    }
    return repr(found).encode()


def environment(data: bytes) -> bytes:
    return os.environ.get(data.decode(), "").encode()


def where_from(data: bytes) -> bytes:
    import codesim

    return repr([codesim.__file__, sys.path, os.getcwd()]).encode()


def spin(data: bytes) -> bytes:
    """Holds the interpreter inside C code, where no Python handler of a signal ever runs."""
    return b"%d" % len(str(7 ** (10**9)))


def sleep(data: bytes) -> bytes:
    time.sleep(float(data))
    return b"slept"


def forks(data: bytes) -> bytes:
    """Starts a process of another session that outlives it and holds every handle."""
    started = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        start_new_session=b"session" in data,
        close_fds=False,
    )
    Path(data.decode().split()[0]).write_text(str(started.pid), "utf-8")
    if b"die" in data:
        os.kill(os.getpid(), signal.SIGSEGV)
    return b"forked"


def forks_itself(data: bytes) -> bytes:
    """As above without a new program, so that even the answer pipe stays open."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        time.sleep(600)
        os._exit(0)
    Path(data.decode()).write_text(str(pid), "utf-8")
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def litter(data: bytes) -> bytes:
    folder = Path(tempfile.mkdtemp())
    (folder / "large").write_bytes(bytes(100_000))
    return str(folder).encode()


def closes(_: bytes) -> bytes:
    """Closes everything, and waits."""
    os.closerange(0, 100)
    time.sleep(600)
    return b""


def _answers() -> int:
    """The handle that answers go to, as code that writes where it should not would find it."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            link = os.readlink(f"/proc/self/fd/{name}")
            writes = fcntl.fcntl(int(name), fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
            if link.startswith("pipe:") and writes:
                return int(name)
    raise LookupError("no such handle")


def trickles(_: bytes) -> bytes:
    """Always about to answer."""
    answers = _answers()
    os.write(answers, b"D" + (1000).to_bytes(8, "big"))
    while True:
        os.write(answers, b".")
        time.sleep(0.01)


def answers_twice(data: bytes) -> bytes:
    one = b"D" + (1).to_bytes(8, "big") + b"1"
    os.write(_answers(), one + one)
    return data


def own_pid(path: bytes) -> bytes:
    Path(path.decode()).write_text(str(os.getpid()), "utf-8")
    time.sleep(600)
    return b""


def fills_memory_unless_small(data: bytes) -> bytes:
    held = bytearray(int(data))
    return b"%d" % len(held)


def deep(data: bytes) -> bytes:
    return deep(data)


def no_bytes(data: bytes) -> bytes:
    return "text"  # type: ignore[return-value]


def spin_after_pid(path: bytes) -> bytes:
    Path(path.decode()).write_text(str(os.getpid()), "utf-8")
    return spin(path)


def killed_once(path: bytes) -> bytes:
    """As if the system, short of memory, had chosen this process the first time."""
    mark = Path(path.decode())
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return b"second time"
