"""The cache behind the code detector: faster, and never different."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import codesim.detectors.code.reader as reader_module
import codesim.detectors.code.stored as stored_module
from codesim import SnapshotError, compare, open_snapshot, snapshot_of
from codesim.cache import user_cache
from codesim.detectors.code import CodeDetector
from codesim.detectors.code.commonness import public_code
from codesim.detectors.code.reader import Limits, read_profile
from codesim.detectors.code.stored import FileRecord, Stored
from codesim.formats.blob import blob_id_of
from codesim.model import Entry, Snapshot
from codesim.report import document_of, encode

CASES = Path(__file__).resolve().parents[3] / "fixtures"
LIMITS = Limits(100_000, 100_000, 500_000, 150)
NOTEBOOK = b'{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "print(x + 2)"]}]}'
BODY = """
def spread(tensor, width, *, keep=True):
    total = 0
    for row in range(width):
        total += tensor[row].softmax(dim=-1).mean() / width
        if total > 3:
            tensor = tensor.permute(0, 2, 1)
    return total if keep else tensor
"""
LEFT = {
    "a.py": BODY.encode(),
    "b/deep.py": b"(" * 400 + b")" * 400,
    "c.ipynb": NOTEBOOK,
    "d.ipynb": b"no notebook",
    "e.py": b"x = 1\n" * 30_000,
    "f.py": b"def f(:\n    return ((\n",
    "h.py": b"",
}
RIGHT = {"m.py": BODY.replace("tensor", "values").encode(), "n.ipynb": NOTEBOOK, "o.py": b"y = 2"}


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """An empty store for each test."""
    monkeypatch.setenv("CODESIM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("CODESIM_CACHE", raising=False)
    return user_cache()


@pytest.fixture
def parsed(monkeypatch):
    """The texts that were parsed."""
    texts = []
    parse = reader_module.parse

    def counting(source, *limits):
        texts.append(source)
        return parse(source, *limits)

    monkeypatch.setattr(reader_module, "parse", counting)
    return texts


def _files(cache):
    return sorted(path for path in cache.folder.glob("??/*"))


def _result(left, right, base=()):
    """result.json of the code detector alone."""
    detector = CodeDetector(max_bytes=LIMITS.max_bytes)
    return encode(document_of(compare(left, right, base, detectors=[detector])))


def _in_memory():
    return snapshot_of(LEFT, "left"), snapshot_of(RIGHT, "right")


def _without(monkeypatch, function):
    with monkeypatch.context() as patch:
        patch.setenv("CODESIM_CACHE", "off")
        return function()


def test_the_same_result_without_cold_and_warm(monkeypatch, cache, parsed):
    _without(monkeypatch, public_code)  # reads a probe of its own, once per process
    parsed.clear()
    without = _without(monkeypatch, lambda: _result(*_in_memory()))
    assert not cache.folder.exists() or not _files(cache)
    count = len(parsed)
    assert count > 0
    cold = _result(*_in_memory())
    assert sorted(parsed[count:]) == sorted(set(parsed[:count])), "each content once"
    parsed.clear()
    warm = _result(*_in_memory())
    assert parsed == [], "a warm run parses nothing"
    assert cold == without
    assert warm == without
    assert cache.problem == ""


@pytest.mark.parametrize("case", ["disguised_copy", "into_notebook", "shared_upstream"])
def test_the_same_result_for_folders(monkeypatch, case, parsed):
    sides = [str(CASES / case / side) for side in ("left", "right")]
    base = [str(path) for path in (CASES / case / "base",) if path.is_dir()]

    def run():
        return _result(*map(open_snapshot, sides), [open_snapshot(path) for path in base])

    without = _without(monkeypatch, run)
    assert run() == without
    parsed.clear()
    assert run() == without
    assert parsed == []


def test_evidence_made_from_kept_profiles_is_the_same(monkeypatch, parsed):
    """Without the shortcut for evidence: profiles that were read back go through the detector."""
    without = _without(monkeypatch, lambda: _result(*_in_memory(), [snapshot_of(RIGHT)]))
    monkeypatch.setattr("codesim.detectors.code.detector.recalled", lambda *given: given[2]())
    _result(*_in_memory(), [snapshot_of(RIGHT)])
    parsed.clear()
    assert _result(*_in_memory(), [snapshot_of(RIGHT)]) == without
    assert parsed == []


def test_every_kind_of_damage_gives_the_same_result(cache):
    small = {"a.py": b"x = f(1)", "b.ipynb": NOTEBOOK}, {"c.py": b"x = f(2)"}

    def run():
        return _result(*map(snapshot_of, small))

    whole = run()
    before = {path: path.read_bytes() for path in _files(cache)}
    assert len(before) == 6, "three files, two profiles, one comparison"
    # Every byte is flipped once in test_cache; here some go all the way, in all values at once.
    for at in (*range(64), *range(64, max(map(len, before.values())), 37)):
        for path, data in before.items():
            n = at % len(data)
            path.write_bytes(data[:n] + bytes([data[n] ^ 0x10]) + data[n + 1 :])
        assert run() == whole
        assert {path: path.read_bytes() for path in before} == before, "written over"
    for path, data in before.items():
        path.write_bytes(data[: len(data) // 2])
    assert run() == whole
    assert cache.problem == ""


def test_a_store_that_cannot_be_written_changes_nothing(monkeypatch, tmp_path):
    without = _without(monkeypatch, lambda: _result(*_in_memory()))
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CODESIM_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert _result(*_in_memory()) == without
    assert user_cache().problem


# -- what is kept under what ----------------------------------------------------------------------


def test_one_changed_file_is_parsed_alone(parsed):
    read_profile(snapshot_of(LEFT), LIMITS)
    parsed.clear()
    changed = {**LEFT, "a.py": b"import torch", "moved/h.py": LEFT["h.py"]}
    found = read_profile(snapshot_of(changed), LIMITS)
    assert parsed == [b"import torch"]
    assert "moved/h.py" in [file.path for file in found.files]


def test_the_name_of_a_snapshot_is_its_own(parsed):
    one = read_profile(snapshot_of(RIGHT, "one"), LIMITS)
    parsed.clear()
    two = read_profile(snapshot_of(RIGHT, "two"), LIMITS)
    assert (one.name, two.name, parsed) == ("one", "two", [])


def test_skipped_files_are_part_of_the_profile():
    cold = read_profile(snapshot_of(LEFT), LIMITS)
    warm = read_profile(snapshot_of(LEFT), LIMITS)
    assert cold.skipped == warm.skipped
    assert [path for path, _ in warm.skipped] == ["b/deep.py", "d.ipynb", "e.py", "f.py"]


def test_other_limits_are_another_profile():
    read_profile(snapshot_of(LEFT), LIMITS)
    wider = read_profile(snapshot_of(LEFT), replace(LIMITS, max_depth=900, max_bytes=10**6))
    assert [path for path, _ in wider.skipped] == ["d.ipynb", "f.py"]


def test_the_same_bytes_as_module_and_as_notebook():
    read_profile(snapshot_of({"x.ipynb": NOTEBOOK}), LIMITS)
    found = read_profile(snapshot_of({"x.py": NOTEBOOK}), LIMITS)
    assert [unit.role for unit in found.units] == ["module"]
    assert found.files[0].cells == ()


def test_a_record_without_graph_comes_back(cache):
    stored = Stored(LIMITS, cache)
    record = FileRecord(None, ((1, 2, 3),), "not a notebook: no")
    stored.keep_record("x.ipynb", "id", "id", record)
    assert stored.record("y.ipynb", "id") == record
    assert stored.record("x.py", "id") is None
    assert stored.record("x.ipynb", "other") is None


def test_new_code_finds_nothing_of_the_old(monkeypatch, parsed):
    read_profile(snapshot_of(RIGHT), LIMITS)
    parsed.clear()
    monkeypatch.setattr(stored_module, "canonicaliser", lambda: "another")
    read_profile(snapshot_of(RIGHT), LIMITS)
    assert len(parsed) == 3


# -- what is never kept ---------------------------------------------------------------------------


def test_what_a_clock_decided_is_not_kept(monkeypatch, cache):
    files = {"long.py": b"x = [1, 2, 3]\n" * 9_000}  # only long files are timed
    limits = replace(LIMITS, max_bytes=10**6)
    with monkeypatch.context() as patch:
        patch.setattr("codesim.detectors.code.syntax._SOFT_SECONDS", -1.0)
        late = read_profile(snapshot_of(files), limits)
    assert late.skipped[0][1].startswith("parsing took more than")
    assert _files(cache) == []
    assert read_profile(snapshot_of(files), limits).skipped == ()


def _snapshot(entries, read):
    return Snapshot("made", "memory:made", None, tuple(entries), read)


@pytest.mark.parametrize("length", [40, 64])
def test_a_content_under_a_false_id_is_not_kept(length, cache):
    """An object store may be damaged or forged: an id is believed only once it was checked."""
    honest = b"honest = 1\n"
    blob_id = blob_id_of(honest, like="0" * length)
    assert len(blob_id) == length
    entry = Entry("a.py", blob_id, len(honest))
    read_profile(_snapshot([entry], lambda _: b"forged = 1\n"), LIMITS)
    assert _files(cache) == []
    found = read_profile(_snapshot([entry], lambda _: honest), LIMITS)
    assert "honest" in found.words
    assert "forged" not in found.words
    assert found.files[0].blob_id == blob_id
    assert len(_files(cache)) == 2


def test_a_missing_object_is_missed_once(cache):
    entry = Entry("a.py", blob_id_of(b"x = 1"), 5)

    def missing(path):
        raise SnapshotError("object is missing")

    assert read_profile(_snapshot([entry], missing), LIMITS).skipped
    assert _files(cache) == []
    assert read_profile(_snapshot([entry], lambda _: b"x = 1"), LIMITS).skipped == ()


def test_files_without_an_id_beyond_the_budget_are_read_again(monkeypatch):
    monkeypatch.setattr(reader_module, "_MAX_HELD", 10)
    files = {f"{name}.py": f"{name} = 1\n".encode() for name in "abc"}
    reads = []

    def read(path):
        reads.append(path)
        return files[path]

    found = read_profile(_snapshot([Entry(path) for path in files], read), LIMITS)
    assert sorted(reads) == ["a.py", "b.py", "b.py", "c.py", "c.py"]
    assert {file.path: file.blob_id for file in found.files} == {
        path: blob_id_of(data) for path, data in files.items()
    }
