"""Files are complete or absent: the old report survives every failure."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from codesim.errors import CodesimError
from codesim.text import display


def write_atomically(path: str | Path, data: bytes, mode: int = 0o666) -> None:
    """Write ``data`` beside ``path``, flush it to disk, then put it in the place of ``path``.

    A new file has ``mode`` less the umask, as any other program would create it. Follows a
    symbolic link to the file it names and keeps the mode of a file that it replaces.
    A device or pipe is written to directly. Raises CodesimError; no temporary file is left.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            _write_into(target, data)
        else:
            _replace(target, data, mode)
    except OSError as error:
        raise CodesimError(
            f"cannot write {display(str(path))}: {error.strerror or error}. "
            "A report that was there before is unchanged; name a file in a folder that exists, "
            "is writable and has room."
        ) from None


def _write_into(target: Path, data: bytes) -> None:
    with target.open("wb") as stream:
        stream.write(data)


def _replace(target: Path, data: bytes, mode: int) -> None:
    temporary = target.parent / f".codesim-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            if target.exists():
                os.fchmod(descriptor, target.stat().st_mode & 0o777)
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
