"""The key of an anonymised report: kept apart, readable by its owner alone, never replaced."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from codesim.errors import CodesimError

if TYPE_CHECKING:
    from codesim.report.anonymise import Key

_OPTION = "--anonymise"
_ELSEWHERE = f"Name a file in another folder: {_OPTION} FOLDER/key.json"


def check_key(name: str, reports: Iterable[str]) -> None:
    """Refuse, before the work, a place where the key would be lost, read or passed on.

    ``reports`` are the files that the same run writes. Raises CodesimError.
    """
    if name == "-":
        raise CodesimError(
            f"{_OPTION} -: the key goes to a file, or it would stand beside what it is a key to. "
            f"{_ELSEWHERE}"
        )
    place = Path(os.path.realpath(name))
    _check_place(name, place)
    for report in reports:
        path = Path(os.path.realpath(report))
        if path == place:
            raise CodesimError(f"{_OPTION} {name}: a report would be written there. {_ELSEWHERE}")
        # A device is no place from which a folder is passed on.
        if path.parent == place.parent and (path.is_file() or not path.exists()):
            raise CodesimError(
                f"{_OPTION} {name}: the key would lie beside {report}, and is then easily passed "
                f"on with it. {_ELSEWHERE}"
            )


def check_key_outside(name: str, folder: str) -> None:
    """The same where the report is a folder, which is passed on with all that lies in it."""
    check_key(name, ())
    place, report = Path(os.path.realpath(name)), Path(os.path.realpath(folder))
    if place == report or report in place.parents:
        raise CodesimError(
            f"{_OPTION} {name}: the key would lie in the folder of the report, and is then passed "
            f"on with it. {_ELSEWHERE}"
        )


def write_key(name: str, key: Key) -> None:
    """Write the key, for its owner alone to read. Raises CodesimError."""
    from codesim.report import write_atomically

    _refuse_existing(name)
    write_atomically(Path(name), key.encode(), mode=0o600)


def _check_place(name: str, place: Path) -> None:
    _refuse_existing(name)
    if not place.parent.is_dir():
        raise CodesimError(
            f"cannot write {_OPTION} {name}: there is no folder {place.parent.name!r}. Make it "
            "first, or name another file."
        )
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise CodesimError(
            f"cannot write {_OPTION} {name}: the folder {place.parent.name!r} is not writable. "
            f"{_ELSEWHERE}"
        )


def _refuse_existing(name: str) -> None:
    if not name or os.path.isdir(name):
        raise CodesimError(f"cannot write {_OPTION} {name}: it is a folder. {_ELSEWHERE}")
    if os.path.lexists(name) and (os.path.isfile(name) or os.path.islink(name)):
        raise CodesimError(
            f"{_OPTION} {name}: there is such a file, and a key is never replaced: without the old "
            "one earlier reports could not be read. Name another file, or move that one away."
        )
