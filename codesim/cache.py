"""A content-addressed store of small and large values under the user's cache directory.

One file per value, named by the digest of its key: a killed writer leaves at most a temporary file,
and any number of processes may read and write at once. Whatever goes wrong, from a damaged file to
a full disk, reads as "not there"; ``Cache.problem`` then says why nothing is kept.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

Buffer: TypeAlias = bytes | memoryview

# 1 GB holds about twenty repositories of 100,000 lines.
LIMIT = 1 << 30
# One value may take this share of the limit, and the store may grow by it between two evictions.
_SHARE = 8
_OFF = frozenset(("off", "0", "no", "false"))
# The layout of a file: magic, checksum, value. 48 bytes, so that arrays inside stay aligned.
_MAGIC = b"codesim cache 1\n"
_CHECKSUM = 32
_HEADER = len(_MAGIC) + _CHECKSUM
# The unit in which the store counts what was written since the last eviction.
_BLOCK = 4096
_TALLY = "written"
_TEMPORARY = "new-"
_ABANDONED = 3600.0  # seconds after which a temporary file has lost its writer


def key_of(*parts: str) -> bytes:
    """The key of a value: a digest of everything that the value depends on, in order."""
    digest = hashlib.blake2b(digest_size=_CHECKSUM)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.digest()


class Cache:
    """Values by key in one folder; without a folder it holds nothing and keeps nothing."""

    def __init__(self, folder: Path | None, limit: int = LIMIT) -> None:
        self.folder = folder
        self.limit = limit
        self.problem = ""
        if folder is not None:
            self._prepare(folder)

    @property
    def enabled(self) -> bool:
        """False when nothing can be found here, so that making keys is a waste."""
        return self.folder is not None

    def get(self, key: bytes) -> memoryview | None:
        """The value last kept under a key; None when there is none or it is damaged."""
        if self.folder is None:
            return None
        try:
            data = _read(self._path(self.folder, key), self.limit)
        except OSError:
            return None
        view = memoryview(data)
        head, value = data[:_HEADER], view[_HEADER:]
        return value if head == _MAGIC + _checksum(key, (value,)) else None

    def put(self, key: bytes, value: Sequence[Buffer]) -> bool:
        """Keep a value, given in pieces. False when it is too large or cannot be kept."""
        size = _HEADER + sum(len(piece) for piece in value)
        if self.folder is None or self.problem or size > self.limit // _SHARE:
            return False
        try:
            _replace(self._path(self.folder, key), (_MAGIC, _checksum(key, value), *value))
            self._count(self.folder, size)
        except OSError as error:
            self.problem = f"{self.folder}: {error.strerror}"
            return False
        return True

    def _prepare(self, folder: Path) -> None:
        """Make the folder ours alone, or do without it: what others can write cannot be trusted."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            about = folder.lstat()
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
                raise PermissionError(0, "belongs to somebody else, or is no folder")
            if stat.S_IMODE(about.st_mode) & 0o077:
                folder.chmod(0o700)
        except OSError as error:
            self.folder, self.problem = None, f"{folder}: {error.strerror}"

    @staticmethod
    def _path(folder: Path, key: bytes) -> Path:
        name = key.hex()
        return folder / name[:2] / name[2:]

    def _count(self, folder: Path, size: int) -> None:
        """Note what was written, where every process sees it; evict when that is a lot."""
        with open(folder / _TALLY, "ab") as tally:
            tally.write(b"." * -(-size // _BLOCK))
            written = tally.tell() * _BLOCK
        if written > self.limit // _SHARE:
            os.truncate(folder / _TALLY, 0)
            _evict(folder, self.limit - 2 * (self.limit // _SHARE))


def user_cache() -> Cache:
    """The store of this user: ``CODESIM_CACHE=off`` disables it, ``CODESIM_CACHE_DIR`` moves it."""
    folder = user_folder()
    return _cache_in(None if folder is None else str(folder))


def user_folder() -> Path | None:
    """The folder for everything that is kept for this user; None where nothing shall be kept."""
    if os.environ.get("CODESIM_CACHE", "").strip().lower() in _OFF:
        return None
    chosen = os.environ.get("CODESIM_CACHE_DIR", "")
    if not chosen:
        import platformdirs

        chosen = platformdirs.user_cache_dir("codesim", appauthor=False)
    return Path(os.path.abspath(chosen))


@functools.lru_cache(maxsize=8)
def _cache_in(parent: str | None) -> Cache:
    # A folder of its own: the one above may hold other things and is left as it is.
    return Cache(Path(parent) / "values" if parent else None)


def _checksum(key: bytes, value: Sequence[Buffer]) -> bytes:
    digest = hashlib.blake2b(key, digest_size=_CHECKSUM)
    for piece in value:
        digest.update(piece)
    return digest.digest()


def _read(path: Path, limit: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(handle, "rb", buffering=0) as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > limit:
            raise OSError("not a value")
        data: bytes = file.readall()
        # The time of the last use decides what is evicted.
        with contextlib.suppress(OSError):
            os.utime(handle)
    return data


def _replace(path: Path, pieces: Sequence[Buffer]) -> None:
    """Write a file so that readers see all of it or nothing. Not synced: a checksum guards it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.writelines(pieces)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _evict(folder: Path, target: int) -> None:
    """Remove the values that were not used for longest until the rest fits ``target`` bytes."""
    files = sorted(_files(folder))
    total = sum(size for _, _, size in files)
    for _, path, size in files:
        if total <= target:
            break
        total -= size
        with contextlib.suppress(OSError):
            os.unlink(path)


def _files(folder: Path) -> Iterator[tuple[int, str, int]]:
    """Last use, path and size of every value; what killed writers left is removed on the way."""
    for inner in [entry.path for entry in os.scandir(folder) if entry.is_dir()]:
        for entry in list(os.scandir(inner)):
            with contextlib.suppress(OSError):
                about = entry.stat(follow_symlinks=False)
                late = time.time() - about.st_mtime > _ABANDONED
                if entry.name.startswith(_TEMPORARY) and late:
                    os.unlink(entry.path)
                else:
                    yield about.st_mtime_ns, entry.path, about.st_size
