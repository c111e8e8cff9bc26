"""Adding, listing and removing repositories, and handing their fingerprints on."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from codesim.errors import CodesimError
from codesim.index.content import Content, Repository
from codesim.index.store import Database, quoted, reading, writing
from codesim.model import Snapshot
from codesim.text import display

# Origins that only name a folder or file: another one may be called the same.
_LOCAL = "file:"


class Added(StrEnum):
    """What adding a repository came to."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


def known(path: Path, snapshot: Snapshot, profiles: bool) -> str:
    """The name in the index of an address at this revision, so that it need not be read again;
    empty where it is not there, or without the profiles that are wanted.
    """
    if snapshot.revision is None or snapshot.origin.startswith(_LOCAL) or not path.exists():
        return ""
    with reading(path) as database:
        found = database.run(
            "SELECT name FROM kept.main.repositories r WHERE origin = $origin"
            " AND revision = $revision AND (NOT $profiles OR EXISTS"
            " (SELECT 1 FROM kept.main.profiles WHERE repository = r.id))",
            origin=snapshot.origin,
            revision=snapshot.revision,
            profiles=profiles,
        )
    return str(found[0][0]) if found else ""


def add(path: Path, content: Content) -> tuple[Added, str]:
    """Put a repository into the index; what was done, and the name that it has there.

    What is there with the same content stays as it is. An address has one entry: another revision
    takes the place of the one before. A folder or file is known by its content alone, since
    another one may have its name; a name that is taken gets a number. Raises CodesimError.
    """
    repository = content.repository
    with writing(path) as database, database.transaction():
        there = _there(database, repository)
        for _, name, revision, digest, profiles in there:
            same = (revision, digest) == (repository.revision, repository.digest)
            if same and (profiles or not content.kept):
                return Added.UNCHANGED, str(name)
        _remove(database, [each[0] for each in there])
        name = str(there[0][1]) if there else _free_name(database, repository.name)
        _insert(database, replace(content, repository=replace(repository, name=name)))
    return (Added.REPLACED if there else Added.ADDED), name


def _there(database: Database, repository: Repository) -> list[tuple[Any, ...]]:
    """Number, name, revision, digest, and whether profiles are kept, of what a repository would
    replace.
    """
    return database.run(
        "SELECT id, name, revision, digest, EXISTS"
        " (SELECT 1 FROM kept.main.profiles WHERE repository = r.id)"
        " FROM kept.main.repositories r WHERE CASE WHEN $address THEN origin = $origin"
        " ELSE digest = $digest AND starts_with(origin, $local) END ORDER BY id",
        address=not repository.origin.startswith(_LOCAL),
        origin=repository.origin,
        digest=repository.digest,
        local=_LOCAL,
    )


def repositories(path: Path) -> list[Repository]:
    """What is in the index, by name."""
    with reading(path, same=False) as database:
        rows = database.run(
            "SELECT name, origin, revision, digest, files, lines FROM kept.main.repositories"
            " ORDER BY name, id"
        )
    return [Repository(*row) for row in rows]


def remove(path: Path, names: Sequence[str]) -> None:
    """Take repositories out, all of them or none. Raises CodesimError for a name not there."""
    if not path.exists():
        raise CodesimError(f"there is no index {display(str(path))}")
    with writing(path, same=False) as database, database.transaction():
        found = dict(database.run("SELECT name, id FROM kept.main.repositories"))
        for name in names:
            if name not in found:
                close = get_close_matches(name, found, n=1)
                hint = f" Did you mean {display(close[0])}?" if close else ""
                raise CodesimError(
                    f"{display(name)} is not in {display(str(path))}; nothing was removed.{hint} "
                    f"To see what is: codesim index list {display(str(path))}"
                )
        _remove(database, [found[name] for name in names])


def export(path: Path, folder: Path) -> int:
    """Write ``fingerprints/`` and ``repositories.parquet`` into a new folder, for Spark.

    The columns of the first are document, kind, value and weight, as ``stored_pairs`` reads them;
    the second says which document is which repository. Returns how many there are. The folder is
    complete or absent. Raises CodesimError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CodesimError(f"{display(str(folder))} exists already; name a new folder")
    temporary = folder.with_name(f".{folder.name}-{os.getpid()}.tmp")
    try:
        try:
            (temporary / "fingerprints").mkdir(parents=True)
        except OSError as error:
            raise CodesimError(f"cannot write {display(str(folder))}: {error.strerror}") from None
        with reading(path, outlet=temporary, same=False) as database:
            count = _copy(database, temporary)
        temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return count


def _copy(database: Database, folder: Path) -> int:
    for query, file in (
        (
            "SELECT repository AS document, kind, value, weight FROM kept.main.fingerprints",
            folder / "fingerprints" / "part-0.parquet",
        ),
        (
            "SELECT id AS document, * EXCLUDE (id) FROM kept.main.repositories ORDER BY id",
            folder / "repositories.parquet",
        ),
    ):
        database.run(f"COPY ({query}) TO {quoted(file)} (FORMAT parquet)")
    return int(database.run("SELECT count(*) FROM kept.main.repositories")[0][0])


def _free_name(database: Database, wanted: str) -> str:
    taken = {row[0] for row in database.run("SELECT name FROM kept.main.repositories")}
    names = (f"{wanted} ({number})" if number > 1 else wanted for number in range(1, 2**31))
    return next(name for name in names if name not in taken)


def _remove(database: Database, numbers: Iterable[int]) -> None:
    for number in numbers:
        for statement in (
            "DELETE FROM kept.main.repositories WHERE id = ?",
            "DELETE FROM kept.main.fingerprints WHERE repository = ?",
            "DELETE FROM kept.main.totals WHERE repository = ?",
            "DELETE FROM kept.main.profiles WHERE repository = ?",
        ):
            database.run(statement, number)


def _insert(database: Database, content: Content) -> None:
    """All rows of a repository under a new number."""
    found = content.fingerprints
    number = int(database.run("SELECT coalesce(max(id), -1) + 1 FROM kept.main.repositories")[0][0])
    database.run(
        "INSERT INTO kept.main.repositories VALUES (?, ?, ?, ?, ?, ?, ?)",
        number,
        *astuple(content.repository),
    )
    columns = {"kind": found.kind, "value": found.value.view(np.int64), "weight": found.weight}
    with database.given("fresh", columns):
        database.run(
            "INSERT INTO kept.main.fingerprints SELECT ?, kind, value, weight FROM fresh", number
        )
        database.run(
            "INSERT INTO kept.main.totals SELECT ?, kind, count(*), sum(weight) FROM fresh"
            " GROUP BY kind",
            number,
        )
    if content.kept:
        digest = checksum(content.kept)
        database.run(
            "INSERT INTO kept.main.profiles VALUES (?, ?, ?)", number, digest, content.kept
        )


def checksum(data: bytes) -> str:
    """Tells a profile that was kept from one that was changed since."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
