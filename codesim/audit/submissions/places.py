"""Where submissions lie one beside the other: a folder, or an archive. Only listed, never read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

from codesim.audit.submissions.gradescope import LARGEST, METADATA
from codesim.audit.submissions.nouns import Found
from codesim.errors import CodesimError, SnapshotError
from codesim.model import Skipped
from codesim.snapshot.limits import Limits
from codesim.snapshot.nested import Listed, list_archive, read_member
from codesim.text.display import display

# What operating systems and office programs put beside the files of a person.
_LITTER = {"__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
# More than any course; a folder of more is not a folder of submissions.
MOST = 100_000
MEMBER = "!"


@dataclass(frozen=True, slots=True)
class Place:
    """What was found, what was left out, and the metadata of the platform where there is any."""

    found: list[Found]
    skipped: list[Skipped]
    metadata: Callable[[], bytes] | None = None


def in_folder(path: str) -> Place:
    """The folders and files directly in a folder. Raises CodesimError."""
    found, skipped, metadata = [], [], None
    for name, mode in _listed(path):
        source = os.path.join(path, name)
        reason = refusal(name) or _kind(mode)
        if name in METADATA and stat.S_ISREG(mode):
            metadata = _reader(source)
        elif reason:
            skipped.append(Skipped(display(_text(name)), reason))
        else:
            found.append(_found(name, source, stat.S_ISDIR(mode)))
    return Place(found, skipped, metadata)


def in_archive(path: str) -> Place:
    """The folders and files at the top of an archive, or in the one folder that holds all of it.

    Raises CodesimError.
    """
    try:
        listed, skipped = list_archive(path, Limits())
    except SnapshotError as error:
        raise CodesimError(f"{display(path)}: {error}") from None
    top = _top_folder(listed)
    found: dict[str, Found] = {}
    metadata = None
    for each in listed:
        inside = each.path[len(top) :] if each.path.startswith(top) else each.path
        name, _, rest = inside.partition("/")
        source = f"{path}{MEMBER}{top}{name}"
        reason = refusal(name)
        if name in METADATA and not rest:
            metadata = _member_reader(path, top + name)
        elif reason:
            skipped.append(Skipped(display(_text(name)), reason))
        elif rest:
            found[name] = _found(name, source + "/", True)
        else:
            found.setdefault(name, _found(name, source, False))
    if len(found) > MOST:
        raise CodesimError(f"{display(path)}: holds more than {MOST:,} files and folders")
    return Place([found[name] for name in sorted(found)], _once(skipped), metadata)


def refusal(name: str) -> str:
    """Why a thing of this name is no submission; empty when it may be one."""
    if name.lower() in _LITTER or name.startswith(("._", "~$")):
        return "put there by the operating system; no submission"
    return "hidden; no submission" if name.startswith(".") else ""


def _found(name: str, source: str, is_folder: bool) -> Found:
    """Whoever handed in what no text can name is to be listed too."""
    text = _text(name)
    refused = "" if text == name else "its name is not valid UTF-8; rename it"
    return Found(text, _text(source), is_folder, refused)


def _listed(path: str) -> list[tuple[str, int]]:
    listed: list[tuple[str, int]] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if len(listed) >= MOST:
                    raise CodesimError(
                        f"{display(path)}: holds more than {MOST:,} files and folders; give a "
                        "folder with one for each submission"
                    )
                listed.append((entry.name, entry.stat(follow_symlinks=False).st_mode))
    except OSError as error:
        raise CodesimError(f"{display(path)}: cannot be read: {error.strerror}") from None
    return sorted(listed)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "symbolic link; not followed"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "neither a file nor a folder"


def _top_folder(listed: list[Listed]) -> str:
    """The folders that all submissions lie in, with a ``/``: such as ``export/week 1/``."""
    top = ""
    while True:
        inside = [each.path[len(top) :].partition("/") for each in listed]
        names = {name for name, _, _ in inside if not refusal(name)}
        if len(names) != 1 or any(name in names and not slash for name, slash, _ in inside):
            return top if len(names) > 1 else ""
        top += f"{names.pop()}/"
        listed = [each for each in listed if each.path.startswith(top)]


def _reader(path: str) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with open(path, "rb") as file:
                return file.read(LARGEST)
        except OSError as error:
            raise SnapshotError(f"cannot be read: {error.strerror}") from None

    return read


def _member_reader(path: str, member: str) -> Callable[[], bytes]:
    return lambda: read_member(path, member, Limits(file=LARGEST))


def _once(skipped: list[Skipped]) -> list[Skipped]:
    return sorted(set(skipped), key=lambda item: (item.what, item.reason))


def _text(name: str) -> str:
    """The name with what is no text as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
