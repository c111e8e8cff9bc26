"""The file of an index: a DuckDB database that is opened as something a stranger may have made.

The file is attached to an empty database in memory, under a name of ours: what it defines (views,
functions, settings) is out of reach of our statements. Before one of them runs, DuckDB is cut off
from all other files, the network and extensions, and its settings are locked.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codesim.errors import CodesimError
from codesim.index.content import version
from codesim.index.lock import PATIENCE, locked
from codesim.steady import steadily
from codesim.text import display

FORMAT = "1"
_MEMORY = "1GB"
# Columns by table, as DuckDB names their types. Values of fingerprints are signed, as in Parquet
# files for Spark. No key is declared: an index over the keys of DuckDB would have to be in memory.
TABLES = {
    "about": "name VARCHAR, value VARCHAR",
    "repositories": (
        "id INTEGER, name VARCHAR, origin VARCHAR, revision VARCHAR, digest VARCHAR, "
        "files INTEGER, lines INTEGER"
    ),
    "fingerprints": "repository INTEGER, kind SMALLINT, value BIGINT, weight INTEGER",
    "totals": "repository INTEGER, kind SMALLINT, fingerprints INTEGER, weight BIGINT",
    "profiles": "repository INTEGER, digest VARCHAR, data BLOB",
}  # fmt: skip


class Database:
    """An open index; ``run`` takes SQL in which the tables are those of ``kept``."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, statement: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; values stand for ``?`` in it, or for ``$name``."""
        given = named or values
        # DuckDB makes another error of an interrupt, or none; between two statements it is itself.
        with steadily():
            found: list[tuple[Any, ...]] = self._connection.execute(statement, given).fetchall()
        return found

    @contextmanager
    def given(self, name: str, columns: dict[str, Any]) -> Iterator[None]:
        """Numpy arrays as a table that statements may name."""
        self._connection.register(name, columns)
        try:
            yield
        finally:
            self._connection.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside, or none of them."""
        self.run("BEGIN")
        try:
            yield
        except BaseException:
            with steadily():
                self._connection.rollback()
            raise
        self.run("COMMIT")

    def about(self) -> dict[str, str]:
        """What made the index: its format and the version of its fingerprints."""
        return dict(self.run("SELECT name, value FROM kept.main.about"))


def require_duckdb() -> None:
    """Raises CodesimError, with what to install, where there is no DuckDB."""
    if find_spec("duckdb") is None:
        raise CodesimError("an index needs DuckDB; to add it: pip install 'codesim[scale]'")


@contextmanager
def reading(path: Path, outlet: Path | None = None, same: bool = True) -> Iterator[Database]:
    """The index in a file. Nothing can be written, save into the folder ``outlet``.

    ``same`` refuses an index whose fingerprints are not those of this version. Raises CodesimError.
    """
    require_duckdb()
    if not path.exists():
        raise CodesimError(
            f"there is no index {display(str(path))}. To make one: codesim index add "
            f"{display(str(path))} SOURCE..."
        )
    _check_magic(path)
    with locked(path, write=False), _told(path), _attached(path, True, outlet) as database:
        _check(path, database, same)
        yield database


@contextmanager
def writing(path: Path, patience: float = PATIENCE, same: bool = True) -> Iterator[Database]:
    """The index in a file, alone and to be changed; an empty one is made where there is none.

    Raises CodesimError. What a transaction did not commit is not in the file afterwards, also where
    the process was killed.
    """
    require_duckdb()
    if path.exists():
        _check_magic(path)
    with locked(path, write=True, patience=patience), _told(path):
        if not path.exists():
            _create(path)
        with _attached(path, False, None) as database:
            _check(path, database, same)
            yield database


def _check_magic(path: Path) -> None:
    """Raises CodesimError for a file of another kind, before anything is put beside it."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except IsADirectoryError:
        raise CodesimError(
            f"{display(str(path))} is a folder, and an index is one file. Name the file first, "
            "then the sources: codesim index add FILE SOURCE..."
        ) from None
    except OSError as error:
        raise CodesimError(f"{display(str(path))} cannot be read: {error.strerror}") from None
    if start[8:] != b"DUCK":
        raise CodesimError(f"{display(str(path))} is not an index of codesim")


def _create(path: Path) -> None:
    """An empty index, complete or absent: made under another name and then put in place."""
    path = Path(os.path.realpath(path))
    ours = re.compile(rf"\.{re.escape(path.name)}-[0-9]+-[0-9a-f]{{8}}\.tmp(\.wal)?")
    for litter in [each for each in path.parent.iterdir() if ours.fullmatch(each.name)]:
        with suppress(OSError):
            litter.unlink()  # of a writer that was killed here: nobody else holds the lock
    temporary = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with _attached(temporary, False, None) as database, database.transaction():
            for table, columns in TABLES.items():
                database.run(f"CREATE TABLE kept.main.{table}({columns})")
            for pair in (("format", FORMAT), ("fingerprints", version())):
                database.run("INSERT INTO kept.main.about VALUES (?, ?)", *pair)
        temporary.replace(path)
    finally:
        for litter in (temporary, temporary.with_name(temporary.name + ".wal")):
            with suppress(OSError):
                litter.unlink(missing_ok=True)


@contextmanager
def _attached(path: Path, read_only: bool, outlet: Path | None) -> Iterator[Database]:
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": _MEMORY,
            "temp_directory": "",
        },
    )
    database = Database(connection)
    try:
        mode = ", READ_ONLY" if read_only else ""
        database.run(f"ATTACH {quoted(path)} AS kept (TYPE duckdb{mode})")
        if outlet is not None:
            database.run(f"SET allowed_directories = [{quoted(outlet)}]")
        database.run("SET enable_external_access = false")
        database.run("SET lock_configuration = true")
        yield database
    finally:
        with steadily():
            connection.close()


def quoted(path: Path) -> str:
    """A file name for a statement; it begins with a slash, so that it is no address."""
    return "'" + os.path.abspath(path).replace("'", "''") + "'"


def _check(path: Path, database: Database, same: bool) -> None:
    """Raises CodesimError for a database that is not an index, or not one of this version."""
    found = database.run(
        "SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index)"
        " FROM duckdb_columns() WHERE database_name = 'kept' AND schema_name = 'main' GROUP BY ALL"
    )
    tables = database.run("SELECT table_name FROM duckdb_tables() WHERE database_name = 'kept'")
    if dict(found) != TABLES or len(tables) != len(TABLES):
        raise CodesimError(f"{display(str(path))} is a database, but not an index of codesim")
    about = database.about()
    if about.get("format") != FORMAT or (same and about.get("fingerprints") != version()):
        raise CodesimError(
            f"{display(str(path))} was made by another version of codesim, whose fingerprints are "
            "not those of this one. Make a new index with codesim index add; codesim index list "
            f"{display(str(path))} shows what this one holds, and where each came from"
        )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What DuckDB and the system say of a file, in words that help."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise CodesimError(_words(display(str(path)), error)) from None


def _is_full(error: Exception, said: str) -> bool:
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    texts = ("could not write all bytes", *(os.strerror(each).lower() for each in full))
    return getattr(error, "errno", None) in full or any(text in said for text in texts)


def _words(name: str, error: Exception) -> str:
    text = str(error.strerror if isinstance(error, OSError) and error.strerror else error)
    said = text.lower()
    if "not a valid duckdb" in said:
        return f"{name} is not an index of codesim"
    if any(word in said for word in ("corrupt", "checksum", "could not read enough", "seriali")):
        return (
            f"{name} is damaged, or was made by a newer DuckDB. Restore it from a copy, or make it "
            "anew with codesim index add"
        )
    if "could not set lock" in said:
        return f"{name} is in use by another program. Try again when that one has finished"
    if "permission denied" in said:
        return f"{name} cannot be read or written: permission denied"
    if _is_full(error, said):
        return (
            f"there is no room to write {name}: the disk is full, or a quota or limit is reached. "
            "What was in the index before is still there; free some space and run the same "
            "command again"
        )
    reason = next((line for line in text.splitlines() if line.strip()), type(error).__name__)
    return f"{name}: {display(reason.strip())}. What was in the index before is still there"
