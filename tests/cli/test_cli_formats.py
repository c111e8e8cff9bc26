"""What holds for every format in the table: stdout, unwritable places, full disks, quiet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codesim.report import FORMATS

NAMES = [form.name for form in FORMATS]
COMMANDS = ("compare", "weights", "report", "demo")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small result."""
    import codesim
    from codesim.report import document_of, encode

    text = b"def total(items, scale):\n    return sum(x * scale for x in items) / len(items)\n"
    left, right = (codesim.snapshot_of({f"{n}.py": text}, n) for n in ("alice", "bob"))
    path = tmp_path_factory.mktemp("stored") / "result.json"
    path.write_bytes(encode(document_of(codesim.compare(left, right))))
    return path


def fresh(*arguments, **options):
    """A process of its own, for what happens below Python's own streams."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "codesim", *map(str, arguments)]
    return subprocess.run(
        command, capture_output="stdout" not in options, env=environment, check=False, **options
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_offers_every_format(codesim_run, command, name):
    assert f"--{name} FILE" in codesim_run(command, "--help").out


@pytest.mark.parametrize("name", NAMES)
def test_a_file_and_stdout_hold_the_same_bytes(stored, tmp_path, name):
    written = fresh("report", stored, f"--{name}", tmp_path / "out")
    shown = fresh("report", stored, f"--{name}", "-")
    assert (written.returncode, written.stdout) == (0, b"")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert shown.stdout == (tmp_path / "out").read_bytes()
    assert b"alice" in shown.stdout


@pytest.mark.parametrize("name", NAMES)
def test_quiet_says_nothing(codesim_run, stored, tmp_path, name):
    ended = codesim_run("report", stored, f"--{name}", tmp_path / "out", "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (tmp_path / "out").stat().st_size > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_refused_before_the_work_with_a_name_to_use(codesim_run, tmp_path, name):
    [suffix] = [form.suffix for form in FORMATS if form.name == name]
    ended = codesim_run("compare", "nowhere", "nowhere", f"--{name}", tmp_path)
    assert ended.code == 2
    assert f"report{suffix}" in ended.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_an_error_and_no_report(stored, name):
    with open("/dev/full", "wb") as full:
        ended = fresh("report", stored, f"--{name}", "-", stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert b"cannot write to standard output: no space left" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_disk_that_fills_up_leaves_the_old_report(
    codesim_run, stored, tmp_path, monkeypatch, name
):
    (tmp_path / "out").write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    ended = codesim_run("report", stored, f"--{name}", tmp_path / "out")
    assert ended.code == 2
    assert "No space left" in ended.err
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out", "old")]


def test_the_same_result_gives_the_same_bytes(stored, tmp_path):
    for number in ("1", "2"):
        options = [f"--{name}={tmp_path / f'{name}{number}'}" for name in NAMES]
        environment = {**os.environ, "PYTHONHASHSEED": number}
        main = f"main({['report', str(stored), *options]!r})"
        code = f"import sys; from codesim.cli import main; sys.exit({main})"
        subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True
        )
    for name in NAMES:
        assert (tmp_path / f"{name}1").read_bytes() == (tmp_path / f"{name}2").read_bytes()
