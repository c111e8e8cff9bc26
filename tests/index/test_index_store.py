"""Files that are no index, or one that is damaged, foreign, in use or without room."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from repositories import content, need_duckdb, snapshot

from codesim.errors import CodesimError
from codesim.index import lock, store
from codesim.index.keeping import add, remove, repositories
from codesim.index.search import search
from codesim.index.store import reading, writing

need_duckdb()
import duckdb  # noqa: E402 - only where it is installed


@pytest.fixture
def path(tmp_path):
    """An index of three repositories."""
    made = tmp_path / "known.index"
    for number in range(3):
        add(made, content(number))
    return made


def _listed(path: Path) -> list[str]:
    return [each.name for each in repositories(path)]


def _text(path: Path) -> None:
    path.write_text("hello\n" * 5000)


def _sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE repositories (id)")


def _other_duckdb(path: Path) -> None:
    with closing(duckdb.connect(str(path))) as database:
        database.execute("CREATE TABLE repositories (id INTEGER)")


NOT_AN_INDEX = {
    "an empty file": Path.touch,
    "a text": _text,
    "a database of SQLite": _sqlite,
    "another database of DuckDB": _other_duckdb,
    "a folder": Path.mkdir,
}


@pytest.mark.parametrize("make", NOT_AN_INDEX.values(), ids=NOT_AN_INDEX)
def test_what_is_no_index_is_refused_and_left_as_it_is(tmp_path, make):
    path = tmp_path / "known.index"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    for action in (_listed, lambda it: add(it, content(1)), lambda it: search(it, snapshot(1))):
        with pytest.raises(CodesimError, match="known"):
            action(path)
    assert (path.read_bytes() if path.is_file() else b"") == before
    beside = {each.name for each in tmp_path.iterdir()} - {"known.index"}
    assert beside <= ({".known.index.lock"} if before[8:12] == b"DUCK" else set())


def test_making_an_index_removes_its_own_litter_and_nothing_else(tmp_path):
    kept = (
        ".known-hosts", ".known-x.lock", ".known-1-0123abcd.tmp.bak", ".known-more-1-0123abcd.tmp",
        ".Known-1-0123abcd.tmp", "known-1-0123abcd.tmp",
    )  # fmt: skip
    for name in (*kept, ".known-1-0123abcd.tmp", ".known-1-0123abcd.tmp.wal"):
        (tmp_path / name).touch()
    (tmp_path / ".known-2-0123abcd.tmp").mkdir()
    add(tmp_path / "known", content(1))
    assert {each.name for each in tmp_path.iterdir()} == {
        *kept, ".known-2-0123abcd.tmp", "known", ".known.lock",
    }  # fmt: skip


def test_an_interrupt_within_a_statement_is_an_interrupt(path):
    """DuckDB would make a RuntimeError of it, as if we had made a mistake."""
    timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt), reading(path) as database:
        database.run("SELECT sum(a.range * b.range) FROM range(20000) a, range(20000) b")
    timer.join()
    assert len(_listed(path)) == 3


def test_where_there_is_none(tmp_path):
    path = tmp_path / "known.index"
    with pytest.raises(CodesimError, match="codesim index add"):
        _listed(path)
    with pytest.raises(CodesimError, match="there is no index"):
        remove(path, ["a"])
    with pytest.raises(CodesimError, match="Name an index in a folder that exists"):
        add(tmp_path / "no" / "known.index", content(1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_an_index_that_is_cut_off(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(CodesimError, match=r"damaged|not an index"):
        search(path, snapshot(1))


def test_a_flipped_byte_is_noticed_or_harmless(path):
    """Wherever it is: an answer is the true one, or there is none."""
    data = path.read_bytes()
    truth = _listed(path)
    noticed = 0
    for place in range(0, len(data), len(data) // 40):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x5A]) + data[place + 1 :])
        try:
            found = (_listed(path), search(path, snapshot(1), top=1).answers[0].identical)
        except CodesimError:
            noticed += 1
        else:
            assert found == (truth, True)
    assert noticed > 0


def _change(path: Path, statement: str) -> None:
    with closing(duckdb.connect(str(path))) as database:
        database.execute(statement)


def test_an_index_of_another_version_says_how_to_go_on(path):
    _change(path, "UPDATE about SET value = 'older' WHERE name = 'fingerprints'")
    for action in (lambda: add(path, content(1)), lambda: search(path, snapshot(1))):
        with pytest.raises(CodesimError, match=r"another version .* Make a new index"):
            action()
    assert len(_listed(path)) == 3


FOREIGN = {
    "a view that reads files": (
        "DROP TABLE totals",
        "CREATE VIEW totals AS SELECT 1 AS repository, 1::SMALLINT AS kind, 1 AS fingerprints,"
        " length(content)::BIGINT AS weight FROM read_text('{secret}')",
    ),
    "a further table": ("CREATE TABLE more (a INTEGER)",),
    "another column": ("ALTER TABLE totals ADD COLUMN more INTEGER",),
}


@pytest.mark.parametrize("statements", FOREIGN.values(), ids=FOREIGN)
def test_what_an_index_may_not_define(path, tmp_path, statements):
    (tmp_path / "secret").write_text("canary")
    for statement in statements:
        _change(path, statement.format(secret=tmp_path / "secret"))
    with pytest.raises(CodesimError, match="not an index of codesim"):
        search(path, snapshot(1))


def test_functions_of_an_index_are_not_called(path):
    """Names that our statements use, defined by the file: they mean what they always mean."""
    for macro in (
        "count(x) AS 1000", "ln(x) AS 0", "least(a, b) AS 0",
        "duckdb_tables() AS TABLE SELECT 'x' AS table_name, 'kept' AS database_name",
    ):  # fmt: skip
        _change(path, f"CREATE MACRO {macro}")
    found = search(path, snapshot(1), top=1)
    assert (found.among, found.answers[0].identical) == (3, True)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM 'https://127.0.0.1:9/a.parquet'",
        "COPY (SELECT 1) TO '{file}.out'",
        "ATTACH '{file}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET autoload_known_extensions = true",
    ],
)
def test_an_open_index_reaches_nothing_else(path, tmp_path, statement):
    (tmp_path / "secret").write_text("canary")
    with writing(path) as database, pytest.raises(duckdb.Error):
        database.run(statement.format(file=tmp_path / "secret"))
    assert not list(tmp_path.glob("secret.*"))


def test_a_reader_cannot_write(path):
    with pytest.raises(CodesimError, match="known"), reading(path) as database:
        database.run("DELETE FROM kept.main.repositories")
    assert len(_listed(path)) == 3


# 8 MB may be written: less than the index would grow to.
_FULL = """
import resource, signal, sys
from pathlib import Path
from codesim.errors import CodesimError
from codesim.index.keeping import add, repositories
from repositories import content
from dataclasses import replace
import os
path = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
room = os.path.getsize(path) + 8_000_000
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    for number in range(100, 140):
        add(path, replace(content(number), kept=os.urandom(1_000_000)))
        print(number, flush=True)
except CodesimError as error:
    print("refused:", error, flush=True)
"""


def test_a_full_disk_leaves_what_was_there(path):
    run = subprocess.run(
        [sys.executable, "-c", _FULL, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    )
    *done, last = run.stdout.splitlines()
    assert last.startswith("refused:")
    assert "there is no room to write" in last
    assert "What was in the index before is still there; free some space" in last
    assert _listed(path) == sorted(
        [f"repository{number}" for number in range(3)] + [f"repository{each}" for each in done]
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}


def test_somebody_else_is_writing(path, monkeypatch):
    monkeypatch.setattr(lock, "_PAUSE", 0.001)
    with lock.locked(path, write=True):
        with (
            pytest.raises(CodesimError, match=r"in use by another codesim.*Run the same command"),
            writing(path, patience=0.02),
        ):
            raise AssertionError("two writers at a time")
        with (
            pytest.raises(CodesimError, match="in use"),
            lock.locked(path, write=False, patience=0.02),
        ):
            raise AssertionError("a reader beside a writer")
    with lock.locked(path, write=False), lock.locked(path, write=False, patience=0.02):
        assert len(_listed(path)) == 3


def test_reading_where_no_lock_can_be_made(path, monkeypatch):
    """As in a folder that is read-only."""

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock.os, "open", refuse)
    assert len(_listed(path)) == 3
    with pytest.raises(CodesimError, match=r"cannot write .*Permission denied"):
        remove(path, ["repository1"])


def test_without_duckdb(path, monkeypatch):
    monkeypatch.setattr(store, "find_spec", lambda name: None)
    for action in (_listed, lambda it: add(it, content(1)), lambda it: search(it, snapshot(1))):
        with pytest.raises(CodesimError, match=r"pip install 'codesim\[scale\]'$"):
            action(path)
