"""A submission of which nothing can be compared is unreadable, and no member of the cohort."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from handed_in import written, zipped

from codesim.audit.messages import Profiled, ProfileTask, Where, decoded
from codesim.audit.profiling import profile
from codesim.audit.submissions import Submission
from codesim.errors import SnapshotError
from codesim.model import Entry, Skipped, Snapshot

CODE = b"def step(values, rate):\n    return [value * rate for value in values]\n"
TENSORS = {"model.layers.0.w": {"dtype": "F32", "shape": [8, 8], "data_offsets": [0, 256]}}


def checkpoint() -> bytes:
    header = json.dumps(TENSORS).encode()
    return struct.pack("<Q", len(header)) + header + bytes(256)


def profiled(submission: Submission, store: Path) -> Profiled:
    return decoded(Profiled, profile(ProfileTask(Where(str(store)), submission).encoded()))


@pytest.fixture(autouse=True)
def _own_store(monkeypatch, tmp_path):
    monkeypatch.setenv("CODESIM_CACHE_DIR", str(tmp_path / "store"))


INNER = zipped({"inner.zip": zipped({"a.py": CODE})})
SOMETHING = {
    "code": {"main.py": CODE},
    "code that cannot be parsed beside code": {"main.py": CODE, "broken.ipynb": b"{"},
    "code with a slip in it": {"main.py": CODE + b"def (:\n"},
    "prose alone": {"notes.txt": b"later\n"},
    "a setting": {"config.json": b'{"hidden_size": 64}'},
    "a checkpoint": {"model.safetensors": checkpoint()},
}
NOTHING = {
    "a broken notebook": {"main.ipynb": b'{"cells": [' + b"1," * 500},
    "a notebook that is none": {"main.ipynb": b"[]"},
    "archives in archives": {"all.zip": INNER},
}


@pytest.mark.parametrize("files", SOMETHING.values(), ids=SOMETHING)
def test_what_can_be_compared_in_part_is_a_member(tmp_path, files):
    found = profiled(
        Submission("ada", (str(written(tmp_path / "ada", files)),)), tmp_path / "store"
    )
    assert found.files >= len(files)


@pytest.mark.parametrize("files", NOTHING.values(), ids=NOTHING)
def test_what_cannot_be_compared_is_no_member(tmp_path, files):
    submission = Submission("ada", (str(written(tmp_path / "ada", files)),))
    with pytest.raises(SnapshotError, match=r"^holds nothing that can be read: \S+.* \(.+\)$"):
        profiled(submission, tmp_path / "store")


def given(monkeypatch, entry: Entry) -> Submission:
    """A submission that holds one file, which cannot be read."""
    snapshot = Snapshot("ada", "", None, (entry,), lambda _: b"", (Skipped(entry.path, "missing"),))
    monkeypatch.setattr("codesim.audit.profiling.open_submission", lambda _: snapshot)
    return Submission("ada", ("ada",))


def test_a_file_that_is_too_large_is_nothing(tmp_path, monkeypatch):
    submission = given(monkeypatch, Entry("big.py", None, 300_000_000, readable=False))
    with pytest.raises(SnapshotError, match=r"big\.py \(missing\)$"):
        profiled(submission, tmp_path / "store")


def test_what_is_known_by_its_digest_alone_counts(tmp_path, monkeypatch):
    submission = given(monkeypatch, Entry("model.bin", "ab" * 20, 300_000_000, readable=False))
    assert profiled(submission, tmp_path / "store").unread_files == 1
