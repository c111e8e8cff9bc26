"""Writing a report: complete or absent, and the old one survives."""

from __future__ import annotations

import os
import stat

import pytest

from codesim.errors import CodesimError
from codesim.report import write_atomically


def test_writes_and_replaces(tmp_path):
    target = tmp_path / "report.html"
    write_atomically(target, b"one")
    write_atomically(str(target), b"two")
    assert target.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["report.html"]


def test_mode_follows_the_umask_and_then_the_old_file(tmp_path):
    target = tmp_path / "report.html"
    previous = os.umask(0o027)
    try:
        write_atomically(target, b"one")
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        target.chmod(0o604)
        write_atomically(target, b"two")
        assert stat.S_IMODE(target.stat().st_mode) == 0o604
    finally:
        os.umask(previous)


@pytest.mark.parametrize("failing", ["fsync", "replace", "fchmod"])
def test_old_report_survives_a_failure(tmp_path, monkeypatch, failing):
    target = tmp_path / "report.html"
    target.write_bytes(b"old")

    def fail(*_args, **_keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(CodesimError, match=r"No space left.*unchanged"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["report.html"]


def test_interrupt_leaves_no_litter(tmp_path, monkeypatch):
    def interrupt(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "report.html", b"new")
    assert os.listdir(tmp_path) == []


def test_missing_folder_and_folder_as_file(tmp_path):
    with pytest.raises(CodesimError, match="No such file"):
        write_atomically(tmp_path / "no" / "report.html", b"x")
    with pytest.raises(CodesimError, match="directory"):
        write_atomically(tmp_path, b"x")


def test_message_is_safe_for_a_terminal(tmp_path):
    with pytest.raises(CodesimError) as caught:
        write_atomically(tmp_path / "no\x1b[31m" / "r", b"x")
    assert str(caught.value).isprintable()


def test_follows_a_link_to_its_file(tmp_path):
    real = tmp_path / "real.html"
    real.write_bytes(b"old")
    link = tmp_path / "link.html"
    link.symlink_to(real)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_device_is_written_to():
    write_atomically("/dev/null", b"x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
