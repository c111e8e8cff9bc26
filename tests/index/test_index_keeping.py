"""What is in an index after adding, adding again, replacing, removing and handing on."""

from __future__ import annotations

import json

import numpy as np
import pytest
from repositories import content, need_duckdb, snapshot

from codesim.candidates import Policy, Rows, candidate_pairs, engines, stored_pairs
from codesim.errors import CodesimError
from codesim.index.content import content_of
from codesim.index.keeping import Added, add, export, known, remove, repositories
from codesim.index.store import reading

need_duckdb()
HOME = "https://example.org/alice/nano"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "known.index"


def _names(path):
    return [each.name for each in repositories(path)]


def _rows(path, table):
    with reading(path) as database:
        return database.run(f"SELECT count(*) FROM kept.main.{table}")[0][0]


def test_what_is_added_is_listed(path):
    assert add(path, content(2, name="beta")) == (Added.ADDED, "beta")
    assert add(path, content(1, name="alpha")) == (Added.ADDED, "alpha")
    first, second = repositories(path)
    assert (first.name, first.origin, first.revision) == ("alpha", "file:alpha", "")
    assert (first.files, first.lines) == (2, 11)
    assert first.digest != second.digest


def test_the_same_content_again_changes_nothing(path):
    add(path, content(1, name="alpha"))
    before = _rows(path, "fingerprints")
    assert before > 5
    assert add(path, content(1, name="renamed")) == (Added.UNCHANGED, "alpha")
    assert (_names(path), _rows(path, "fingerprints")) == (["alpha"], before)


def test_another_folder_of_the_same_name_is_another_entry(path):
    for number in (1, 2, 3):
        add(path, content(number, name="alpha"))
    assert _names(path) == ["alpha", "alpha (2)", "alpha (3)"]


def test_a_new_revision_of_an_address_replaces_the_one_before(path):
    add(path, content(1, name="nano", origin=HOME, revision="a" * 40))
    add(path, content(3, name="other"))
    done = add(path, content(2, name="nano", origin=HOME, revision="b" * 40))
    assert done == (Added.REPLACED, "nano")
    assert _names(path) == ["nano", "other"]
    assert [each.revision for each in repositories(path)] == ["b" * 40, ""]
    assert _rows(path, "profiles") == 2
    assert add(path, content(2, origin=HOME, revision="b" * 40))[0] is Added.UNCHANGED


def test_a_mirror_with_the_same_content_is_an_entry_of_its_own(path):
    add(path, content(1, name="nano", origin=HOME, revision="a" * 40))
    add(path, content(1, name="nano", origin=HOME + "-mirror", revision="a" * 40))
    add(path, content(1, name="nano"))
    assert _names(path) == ["nano", "nano (2)", "nano (3)"]


def test_a_known_revision_need_not_be_read_again(path):
    first = snapshot(1, name="nano", origin=HOME, revision="a" * 40)
    second = snapshot(1, name="nano", origin=HOME, revision="b" * 40)
    assert known(path, first, profiles=True) == ""
    add(path, content_of(first, profiles=False))
    assert known(path, first, profiles=False) == "nano"
    assert known(path, first, profiles=True) == ""
    assert known(path, second, profiles=False) == ""
    assert known(path, snapshot(1, revision="a" * 40), profiles=False) == ""


def test_profiles_are_added_to_what_had_none(path):
    add(path, content_of(snapshot(1), profiles=False))
    assert _rows(path, "profiles") == 0
    assert add(path, content(1))[0] is Added.REPLACED
    assert _rows(path, "profiles") == 1
    assert add(path, content_of(snapshot(1), profiles=False))[0] is Added.UNCHANGED


def test_removing(path):
    for number in (1, 2, 3):
        add(path, content(number))
    remove(path, ["repository1", "repository3"])
    assert _names(path) == ["repository2"]
    assert _rows(path, "totals") == 2
    with reading(path) as database:
        left = database.run("SELECT DISTINCT repository FROM kept.main.fingerprints")
    assert left == [(1,)]


def test_removing_what_is_not_there_removes_nothing(path):
    add(path, content(1))
    with pytest.raises(CodesimError, match=r"nothing was removed. Did you mean repository1\?"):
        remove(path, ["repository1", "repositry1"])
    assert _names(path) == ["repository1"]


def test_the_same_repositories_give_the_same_index(path, tmp_path):
    """Whatever the order of hashing and of files: rows are compared, the file has free blocks."""
    other = tmp_path / "other.index"
    rows = []
    for each in (path, other):
        for number in (1, 2):
            add(each, content(number))
        with reading(each) as database:
            rows.append(database.run("SELECT * FROM kept.main.fingerprints"))
    assert rows[0] == rows[1]
    assert rows[0] == sorted(rows[0], key=lambda row: (row[0], row[1], row[2] % 2**64))


@pytest.mark.skipif(not engines.has_duckdb(), reason="needs codesim[scale]")
def test_handing_on_to_the_join(path, tmp_path):
    contents = [content(number // 2, name=f"r{number}") for number in range(8)]
    for each in contents:
        add(path, each)
    assert export(path, tmp_path / "out") == 4
    policy = Policy(most_documents=10, least_shared=1, keep=5)
    found = [each.fingerprints for each in contents[::2]]
    rows = Rows(
        np.repeat(np.arange(4, dtype=np.int32), [len(each.value) for each in found]),
        np.concatenate([each.kind for each in found]),
        np.concatenate([each.value for each in found]),
        np.concatenate([each.weight for each in found]),
    )
    expected = candidate_pairs(rows, np.zeros(4, dtype=bool), policy, "numpy")
    pairs = stored_pairs(tmp_path / "out" / "fingerprints", policy)
    assert len(expected) > 0
    for name in ("kind", "left", "right", "shared", "weight"):
        assert getattr(pairs, name).tolist() == getattr(expected, name).tolist()


def test_handing_on_into_a_folder_that_is_there(path, tmp_path):
    add(path, content(1))
    (tmp_path / "out").mkdir()
    assert export(path, tmp_path / "out") == 1
    with pytest.raises(CodesimError, match="exists already"):
        export(path, tmp_path / "out")
    with pytest.raises(CodesimError, match="cannot write"):
        export(path, tmp_path / "known.index" / "out")
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        ".known.index.lock", "known.index", "out",
    ]  # fmt: skip


def test_names_that_want_to_break_out(path):
    for number, name in enumerate(["x'; DROP TABLE about; --", "\x1b[31m\n", "ü" * 300]):
        add(path, content(number, name=name))
    assert len(_names(path)) == 3
    remove(path, ["x'; DROP TABLE about; --"])
    assert json.dumps(_names(path)[0]) == '"\\u001b[31m\\n"'
