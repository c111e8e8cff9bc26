"""Where nothing can be kept an audit says so, before the work or at once, and blames nobody."""

from __future__ import annotations

import pytest

from codesim.audit import store as module
from codesim.audit.progress import counted, silent
from codesim.audit.store import Store, StoreError
from codesim.errors import SnapshotError
from codesim.supervise import Outcome

SAYS = r"^what was read cannot be kept: .*No space left.*Free some space there, .*TMPDIR"


@pytest.fixture
def full(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    store = Store(str(tmp_path))
    monkeypatch.setattr("codesim.cache._replace", fail)
    yield store
    module._cache.cache_clear()


def test_what_a_later_step_reads_must_be_kept(full):
    with pytest.raises(StoreError, match=SAYS):
        full.check()
    with pytest.raises(StoreError, match=SAYS):
        full.keep_bytes(b"profile", "profile")
    full.write(b"page", "page")  # made again when it is wanted again


def test_what_is_too_large_costs_itself_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_LARGEST", 10)
    store = Store(str(tmp_path / "other"))
    with pytest.raises(SnapshotError, match="too large to be kept"):
        store.keep_bytes(bytes(11), "profile")
    store.keep_bytes(bytes(10), "profile")
    assert store.read("profile") == bytes(10)


def test_a_child_that_could_not_keep_ends_the_audit(full):
    with pytest.raises(StoreError) as said:
        full.check()
    heard = counted(silent, "reading", 2)
    heard(0, Outcome("failed", reason="is no archive"))
    with pytest.raises(StoreError, match=SAYS):
        heard(1, Outcome("failed", reason=str(said.value)))


def test_a_cache_that_cannot_be_is_told_before_the_work(codesim_run, tmp_path, monkeypatch):
    monkeypatch.setenv("CODESIM_CACHE_DIR", "/proc/nothing")
    for name in ("ann", "bob"):
        (tmp_path / "subs" / name).mkdir(parents=True)
        (tmp_path / "subs" / name / "main.py").write_text("x = 1\n")
    ended = codesim_run("audit", tmp_path / "subs", "-o", tmp_path / "report")
    assert ended.code == 2
    assert "what was read cannot be kept: /proc/nothing" in ended.err
    assert "CODESIM_CACHE_DIR" in ended.err
    assert "unreadable" not in ended.err
