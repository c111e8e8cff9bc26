"""Several writers, and writers that are killed: the index holds what was completed, and opens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from repositories import content, need_duckdb, snapshot

from codesim.index.content import unpacked_profiles
from codesim.index.keeping import add, checksum, repositories
from codesim.index.search import search
from codesim.index.store import reading

need_duckdb()

# Adds repositories, and says of each that it is in the index before it goes on.
_WRITER = """
import sys
from pathlib import Path
from codesim.index.keeping import add
from repositories import content
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    add(Path(sys.argv[1]), content(number))
    print(f"repository{number}", flush=True)
"""


def _start(path: Path, first: int, last: int) -> subprocess.Popen[str]:
    own = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path), str(first), str(last)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": own},
    )


def _whole(path: Path) -> list[str]:
    """The names in the index, after every part of each has been found complete."""
    with reading(path) as database:
        numbers = dict(database.run("SELECT name, id FROM kept.main.repositories"))
        for name, number in numbers.items():
            rows = database.run(
                "SELECT kind, count(*), sum(weight) FROM kept.main.fingerprints"
                " WHERE repository = ? GROUP BY kind ORDER BY kind", number,
            )  # fmt: skip
            totals = database.run(
                "SELECT kind, fingerprints, weight FROM kept.main.totals WHERE repository = ?"
                " ORDER BY kind", number,
            )  # fmt: skip
            assert rows == totals != [], name
            ((digest, data),) = database.run(
                "SELECT digest, data FROM kept.main.profiles WHERE repository = ?", number
            )
            assert checksum(data) == digest
            assert unpacked_profiles(data).graphs
        for table in ("fingerprints", "totals", "profiles"):
            owners = database.run(f"SELECT DISTINCT repository FROM kept.main.{table}")
            assert {owner for (owner,) in owners} == set(numbers.values()), table
    return sorted(numbers)


def test_two_writers_at_a_time(tmp_path):
    path = tmp_path / "known.index"
    writers = [_start(path, 0, 8), _start(path, 6, 14)]
    said = [writer.communicate(timeout=300)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert [len(each) for each in said] == [8, 8]
    assert _whole(path) == sorted(f"repository{number}" for number in range(14))


def test_searching_while_somebody_adds(tmp_path):
    path = tmp_path / "known.index"
    add(path, content(0))
    writer = _start(path, 1, 8)
    seen = []
    while writer.poll() is None:
        found = search(path, snapshot(0), top=1)
        assert found.answers[0].identical
        seen.append(found.among)
    writer.communicate()
    assert seen == sorted(seen)
    assert len(_whole(path)) == 8


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_writer_leaves_what_it_had_completed(tmp_path, seed):
    """SIGKILL at three moments: in the middle of an addition, or of the making of the index."""
    path = tmp_path / "known.index"
    chance = random.Random(seed)
    completed: set[str] = set()
    for turn in range(3):
        first = 20 * turn
        writer = _start(path, first, first + 20)
        awaited = chance.randrange(4)
        heard = [writer.stdout.readline().strip() for _ in range(awaited)]
        time.sleep(chance.random() * 0.3)
        writer.send_signal(signal.SIGKILL)
        heard += writer.communicate()[0].split()
        completed |= {name for name in heard if name}
        there = set(_whole(path)) if path.exists() else set()
        # What was said is there; the one after it may be, when it was killed before it could say.
        assert completed <= there
        assert len(there - completed) <= 1
        completed = there
    add(path, content(500))
    assert set(_whole(path)) == completed | {"repository500"}
    assert [each.name for each in repositories(path)] == _whole(path)
    assert {each.name for each in tmp_path.iterdir()} <= {
        "known.index", ".known.index.lock", "known.index.wal",
    }  # fmt: skip
