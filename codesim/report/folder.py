"""A report of many files: complete or absent, and an old one survives every failure."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from codesim.errors import CodesimError
from codesim.text import display

_BEGUN, _OLD = ".codesim-new-", ".codesim-old-"


def check_folder(folder: str, mark: str) -> None:
    """Fail now rather than after the work. Raises CodesimError where ``folder`` cannot become a
    report: it is a file, or holds anything else than a report, which has a file named ``mark``.
    """
    path = Path(os.path.realpath(folder))
    reason = ""
    if path.exists() and not path.is_dir():
        reason = "it is a file; name a folder"
    elif path.is_dir() and any(path.iterdir()) and not (path / mark).is_file():
        reason = f"it holds other files, and no {mark}; name a new folder, or an earlier report"
    elif not path.parent.is_dir():
        reason = f"there is no folder {display(path.parent.name)!r}; make it first"
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        reason = (
            f"the folder {display(path.parent.name)!r} is not writable; name a folder elsewhere"
        )
    if reason:
        raise CodesimError(f"cannot write the report to {display(folder)}: {reason}.")


def write_folder(folder: str, files: Iterable[tuple[str, bytes]]) -> None:
    """Write all files beside ``folder``, then put them in its place.

    Names are relative, with ``/`` between parts. Raises CodesimError; then the old folder is as it
    was, and nothing new is left.
    """
    target = Path(os.path.realpath(folder))
    try:
        with begun(target, files) as new, exchanged(new, target):
            pass
    except OSError as error:
        raise CodesimError(
            f"cannot write the report to {display(folder)}: {error.strerror or error}. A report "
            "that was there before is unchanged; name a folder that is writable and has room."
        ) from None


@contextmanager
def begun(target: Path, files: Iterable[tuple[str, bytes]]) -> Iterator[Path]:
    """A folder beside ``target`` with all files; gone afterwards unless it was renamed."""
    new = target.parent / f"{_BEGUN}{os.getpid()}-{secrets.token_hex(4)}"
    new.mkdir()
    try:
        for name, data in files:
            _write(new / _inside(name), data)
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"not a name inside the report: {name!r}")
    return path


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def exchanged(new: Path | None, target: Path) -> Iterator[None]:
    """The new folder, or none, under the name of the old one, which comes back if that fails or
    what is done with the new one fails.
    """
    old = None
    if target.exists():
        if new is not None:
            new.chmod(target.stat().st_mode & 0o777)
        old = target.parent / f"{_OLD}{os.getpid()}-{secrets.token_hex(4)}"
        target.rename(old)
    is_there = False
    try:
        if new is not None:
            new.rename(target)
            is_there = True
        yield
    except BaseException:
        if new is not None and is_there:
            target.rename(new)
        if old is not None:
            old.rename(target)
        raise
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)
