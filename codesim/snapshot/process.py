"""Git as a subprocess: fixed options, an environment from scratch, its own process group, a quota,
and a total deadline after which the whole group is killed.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from codesim.errors import SnapshotError
from codesim.snapshot.bare import Bare
from codesim.snapshot.limits import Deadline, Limits

_OPTIONS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.pager": "cat",
    "credential.helper": "",
    "gc.auto": "0",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "20",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "transfer.fsckObjects": "true",
}
# Faults of old but honest histories. Nothing is ever checked out, so they do no harm here.
_TOLERATED = (
    "badDate", "badEmail", "badName", "badTimezone", "gitattributesBlob", "gitattributesLarge",
    "gitattributesLineLength", "gitmodulesBlob", "gitmodulesLarge", "gitmodulesName",
    "gitmodulesParse", "gitmodulesPath", "gitmodulesUpdate", "gitmodulesUrl", "missingEmail",
    "missingNameBeforeEmail", "missingSpaceBeforeDate", "missingSpaceBeforeEmail",
    "multipleAuthors", "zeroPaddedDate", "zeroPaddedFilemode",
)  # fmt: skip
# The way to the network may lie through a proxy or a company's certificates.
_PASSED_ON = (
    "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "all_proxy", "http_proxy", "https_proxy",
    "no_proxy", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CERT_DIR",
    "SSL_CERT_FILE",
)  # fmt: skip
_OUTPUT = 64_000_000  # a list of 500,000 remote references fits
_MESSAGES = 16_000
_CHUNK = 1 << 16


class GitError(SnapshotError):
    """Git ended with an error in the middle of its output."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: exit status (negative: signal), output, and what Git said."""

    status: int
    output: bytes
    messages: str


@dataclass(frozen=True, slots=True)
class Git:
    """Git, started for one private repository under one budget."""

    bare: Bare
    limits: Limits
    deadline: Deadline

    def run(
        self,
        *arguments: str,
        options: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Ended:
        """Run to the end. ``options`` adds configuration, ``extra`` environment variables (the
        place for secrets). ``progress`` hears the bytes on disk about once a second.
        """
        out_path, err_path = self.bare.root / "output", self.bare.root / "messages"
        with out_path.open("w+b") as out, err_path.open("w+b") as err:
            process = self._start(arguments, options or {}, extra or {}, out.fileno(), err.fileno())
            try:
                self._watch(process, arguments[0], progress)
            finally:
                _kill(process)
            out.seek(0)
            err.seek(0)
            text = err.read(_MESSAGES).decode("utf-8", "replace")
            return Ended(process.returncode, out.read(_OUTPUT), text)

    def stream(self, *arguments: str) -> Generator[bytes, None, None]:
        """Output in pieces as it comes; the process is killed when the caller stops listening."""
        process = self._start(arguments, {}, {}, subprocess.PIPE, subprocess.DEVNULL)
        assert process.stdout is not None
        try:
            while True:
                ready, _, _ = select.select([process.stdout], [], [], max(0, self.deadline.left))
                if not ready:
                    self.deadline.check(f"git {arguments[0]}")
                    continue
                chunk = os.read(process.stdout.fileno(), _CHUNK)
                if not chunk:
                    break
                yield chunk
                self.deadline.check(f"git {arguments[0]}")
            if process.wait() != 0:
                raise GitError(f"git {arguments[0]} failed; the repository may be damaged")
        finally:
            process.stdout.close()
            _kill(process)

    def _start(
        self,
        arguments: tuple[str, ...],
        options: Mapping[str, str],
        extra: Mapping[str, str],
        out: int,
        err: int,
    ) -> subprocess.Popen[bytes]:
        settings = {**_OPTIONS, **{f"fetch.fsck.{name}": "ignore" for name in _TOLERATED}}
        pairs = [f"{key}={value}" for key, value in {**settings, **options}.items()]
        argv = [git_executable(), *(part for pair in pairs for part in ("-c", pair))]
        argv += [f"--git-dir={self.bare.git_dir}", *arguments]
        process = subprocess.Popen(  # noqa: S603 - fixed program, no shell, operands after --
            argv,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=self.bare.root,
            env={**environment(self.bare), **extra},
            start_new_session=True,
        )
        with contextlib.suppress(OSError, AttributeError, ValueError):
            # Where the system has it: no single file of Git's may outgrow the quota.
            bound = (self.limits.disk, self.limits.disk)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, bound)
        return process

    def _watch(
        self,
        process: subprocess.Popen[bytes],
        doing: str,
        progress: Callable[[int], None] | None,
    ) -> None:
        heard = time.monotonic()
        while True:
            try:
                process.wait(min(0.25, max(0.01, self.deadline.left)))
                return
            except subprocess.TimeoutExpired:
                self.deadline.check(f"git {doing}")
            size = _size(self.bare.root)
            if size > self.limits.disk:
                raise SnapshotError(
                    f"the repository needs more than {self.limits.disk // 1_000_000:,} MB and was "
                    "given up; name a smaller branch or give a local copy"
                )
            if progress and time.monotonic() - heard >= 1:
                heard = time.monotonic()
                progress(size)


def git_executable() -> str:
    """The absolute path of Git, or SnapshotError."""
    found = shutil.which("git")
    if not found:
        raise SnapshotError("Git is needed to read a repository and was not found; install git")
    return os.path.abspath(found)


def environment(bare: Bare) -> dict[str, str]:
    """The whole environment of a Git process that may not touch the network."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(bare.root),
        "XDG_CONFIG_HOME": str(bare.root),
        "LANG": "C",
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "GIT_DIR": str(bare.git_dir),
        "GIT_OBJECT_DIRECTORY": str(bare.objects),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "0",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "SSH_ASKPASS": "/bin/false",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }


def network_environment(scheme: str, loopback: bool) -> dict[str, str]:
    """What a Git process needs on top to fetch over one protocol."""
    proxies = {} if loopback else {k: os.environ[k] for k in _PASSED_ON if k in os.environ}
    return {"GIT_ALLOW_PROTOCOL": scheme, **proxies}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group, whether or not its leader has ended already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _size(root: Path) -> int:
    total = 0
    for folder, _, names in os.walk(root):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(folder, name)).st_size
    return total
