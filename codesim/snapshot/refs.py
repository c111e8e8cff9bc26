"""Names of commits in a local repository, read without starting Git in it.

Git would read the repository's configuration, and that is input. The formats are small: `HEAD`
and files below `refs` hold an id or `ref: NAME`; `packed-refs` holds one `ID NAME` per line.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from codesim.errors import SnapshotError
from codesim.text.display import display

_ID = re.compile(r"^([0-9a-f]{40}|[0-9a-f]{64})$")
_NAME = re.compile(r"^refs(/(?!\.)[^/\x00-\x20\x7f~^:?*\[\\]+)+$")
_LARGEST = 64_000_000
_LOOSE = 50_000
_HOPS = 5  # Git's own limit for symbolic references


class Refs:
    """All references of one Git directory, as a mapping from full name to commit or tag id."""

    def __init__(self, git_dir: Path) -> None:
        self.git_dir = git_dir
        self.ids = {**self._packed(), **self._loose()}

    def head(self) -> str | None:
        """The id that HEAD leads to, or None while its branch has no commit."""
        return self._follow((self._text("HEAD") or "").strip())

    def find(self, name: str) -> str | None:
        """The id of a branch, tag or full reference name, in Git's order."""
        if name == "HEAD":
            return self.head()
        for prefix in ("", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/",
                       "refs/remotes/origin/"):  # fmt: skip
            if prefix + name in self.ids:
                return self._follow(self.ids[prefix + name])
        return None

    def short_names(self) -> list[str]:
        """Branches and tags as a person writes them."""
        found = set()
        for prefix in ("refs/heads/", "refs/tags/", "refs/remotes/origin/"):
            found |= {name[len(prefix) :] for name in self.ids if name.startswith(prefix)}
        return sorted(found - {"HEAD"})

    def _follow(self, value: str) -> str | None:
        for _ in range(_HOPS):
            if not value.startswith("ref:"):
                break
            value = self.ids.get(value[4:].strip(), "")
        return value if _ID.match(value) else None

    def _packed(self) -> dict[str, str]:
        found = {}
        for line in (self._text("packed-refs") or "").splitlines():
            oid, _, name = line.partition(" ")
            if _ID.match(oid) and _NAME.match(name):
                found[name] = oid
        return found

    def _loose(self) -> dict[str, str]:
        found: dict[str, str] = {}
        waiting = ["refs"]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(self.git_dir / folder) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except FileNotFoundError:
                continue
            for entry in listed:
                name = f"{folder}/{entry.name}"
                if entry.is_symlink():
                    raise SnapshotError(f"'{display(name)}' in its Git directory is a link")
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(name)
                elif _NAME.match(name) and not name.endswith(".lock"):
                    found[name] = (self._text(name) or "").strip()
                if len(found) + len(waiting) > _LOOSE:
                    raise SnapshotError(f"the repository has more than {_LOOSE:,} loose references")
        return found

    def _text(self, name: str) -> str | None:
        data = read_plain(self.git_dir / name, _LARGEST if name == "packed-refs" else 1_000)
        return None if data is None else data.decode("utf-8", "replace")


def read_plain(path: Path, largest: int) -> bytes | None:
    """Bytes of a small regular file inside a Git directory; None where there is no such file.

    Raises SnapshotError for a link, a device or a file over ``largest`` bytes.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SnapshotError(f"'{path.name}' in its Git directory: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise SnapshotError(f"'{path.name}' in its Git directory is not a regular file")
        data = file.read(largest + 1)
    if len(data) > largest:
        raise SnapshotError(f"'{path.name}' in its Git directory is over {largest:,} bytes")
    return data
