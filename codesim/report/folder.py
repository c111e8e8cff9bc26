"""A report of many files: complete or absent, and an old one survives every failure."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from codesim.errors import CodesimError
from codesim.steady import held, is_abandoned, steadily
from codesim.text import display

_BEGUN, _OLD = ".codesim-new-", ".codesim-old-"
# What a file manager puts into every folder that it shows.
_LITTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """What a report of one kind consists of, so that nothing else is ever replaced.

    Each one has a file ``mark``, which holds ``says`` near its begin. ``files`` matches the
    relative path of every file that may be in one, ``folders`` names what these lie in.
    """

    mark: str
    says: bytes
    files: re.Pattern[str]
    folders: frozenset[str] = frozenset()

    def is_in(self, folder: Path) -> bool:
        """Whether there is a report of this kind in a folder."""
        mark = folder / self.mark
        if mark.is_symlink() or not mark.is_file():
            return False
        with mark.open("rb") as stream:
            return self.says in stream.read(300)

    def foreign(self, folder: Path) -> list[str]:
        """Relative paths of what is in a folder and no part of such a report."""
        return sorted(self._foreign(folder, ""))

    def _foreign(self, folder: Path, inside: str) -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in entries:
                path = inside + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if path in self.folders:
                        yield from self._foreign(folder / entry.name, f"{path}/")
                    else:
                        yield f"{path}/"
                elif not entry.is_file(follow_symlinks=False) or not self._may_hold(path):
                    yield path

    def _may_hold(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return name in _LITTER or self.files.fullmatch(path) is not None


def check_folder(folder: str, layout: Layout) -> None:
    """Fail now rather than after the work. Raises CodesimError where ``folder`` cannot become a
    report: it is a file, or holds anything else than an earlier report.
    """
    path = Path(os.path.realpath(folder))
    try:
        reason = _refusal(path, layout)
    except OSError as error:
        reason = f"{error.strerror}; name another folder"
    if reason:
        raise CodesimError(f"cannot write the report to {display(folder)}: {reason}.")


def _refusal(path: Path, layout: Layout) -> str:
    """Why no report can stand there; empty where it can."""
    with suppress(FileNotFoundError, NotADirectoryError):
        if not stat.S_ISDIR(path.stat().st_mode):
            return "it is a file; name a folder"
        return _in_the_way(path, layout) or _unwritable(path.parent)
    if not path.parent.is_dir():
        return f"there is no folder {display(path.parent.name)!r}; make it first"
    return _unwritable(path.parent)


def _unwritable(parent: Path) -> str:
    if os.access(parent, os.W_OK | os.X_OK):
        return ""
    return f"the folder {display(parent.name)!r} is not writable; name a folder elsewhere"


def _in_the_way(path: Path, layout: Layout) -> str:
    there = {entry.name for entry in path.iterdir()} - _LITTER
    if not layout.is_in(path):
        other = f"it holds other files, and no {layout.mark} of codesim; name a new folder, or an "
        return f"{other}earlier report" if there else ""
    foreign = layout.foreign(path)
    if not foreign:
        return ""
    more = f" and {len(foreign) - _NAMED:,} more" if len(foreign) > _NAMED else ""
    return (
        f"beside an earlier report it holds {', '.join(map(display, foreign[:_NAMED]))}{more}, "
        "which would be lost with it; move that away, or name another folder"
    )


def _nothing() -> None:
    pass


def write_folder(
    folder: str,
    files: Iterable[tuple[str, bytes]],
    layout: Layout,
    done: Callable[[], None] = _nothing,
) -> None:
    """Write all files beside ``folder``, then put them in its place; ``done`` is called as soon as
    they are there.

    Names are relative, with ``/`` between parts. Raises CodesimError; then the old folder is as it
    was, and nothing new is left.
    """
    target = Path(os.path.realpath(folder))
    try:
        with begun(target, files) as new:
            check_folder(folder, layout)  # the work took its time, and others may have been here
            with steadily(), exchanged(new, target):
                done()
    except OSError as error:
        raise CodesimError(
            f"cannot write the report to {display(folder)}: {error.strerror or error}. A report "
            "that was there before is unchanged; name a folder that is writable and has room."
        ) from None


@contextmanager
def begun(target: Path, files: Iterable[tuple[str, bytes]]) -> Iterator[Path]:
    """A folder beside ``target`` with all files; gone afterwards unless it was renamed."""
    new = _beside(target, _BEGUN)
    try:
        new.mkdir()
        with held(new):
            for name, data in files:
                _write(new / _inside(name), data)
            yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _beside(target: Path, mark: str) -> Path:
    """A new name beside ``target`` that tells whose it is; see ``_sweep``."""
    return target.parent / f"{mark}{_digest(target)}-{os.getpid()}-{secrets.token_hex(4)}"


def _digest(target: Path) -> str:
    """Stands for a name, which may be as long as a name can be."""
    return hashlib.blake2b(os.fsencode(target.name), digest_size=8).hexdigest()


def _sweep(target: Path) -> None:
    """Remove what runs that were killed while they wrote ``target`` left beside it."""
    name = re.compile(
        f"(?:{re.escape(_BEGUN)}|{re.escape(_OLD)}){_digest(target)}-([0-9]+)-[0-9a-f]{{8}}"
    )
    with suppress(OSError):
        for each in list(target.parent.iterdir()):
            ours = name.fullmatch(each.name)
            if ours and is_abandoned(each, int(ours[1])):
                shutil.rmtree(each, ignore_errors=True)


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
    old = _beside(target, _OLD)
    try:
        with steadily():
            if target.exists():
                if new is not None:
                    new.chmod(target.stat().st_mode & 0o777)
                target.rename(old)
            if new is not None:
                new.rename(target)
        yield
    except BaseException:
        with steadily():
            _put_back(new, target, old)
        raise
    shutil.rmtree(old, ignore_errors=True)
    _sweep(target)


def _put_back(new: Path | None, target: Path, old: Path) -> None:
    """Undo an exchange as far as it came, which the disk tells. Raises CodesimError where the old
    folder cannot have its name again.
    """
    try:
        if new is not None and not new.exists():
            target.rename(new)
        if old.exists():
            old.rename(target)
    except OSError as error:
        raise CodesimError(
            f"the new report could not be put in place, and {display(target.name)} could not be "
            f"put back: {error.strerror}. What was there is in {display(old.name)}, beside it."
        ) from None
