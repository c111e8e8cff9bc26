"""A folder of a report: only our own is ever replaced, whole, and whenever it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from codesim.errors import CodesimError
from codesim.report import folder as module
from codesim.report.folder import Layout, check_folder, write_folder

LAYOUT = Layout(
    "mark.json", b'"ours/', re.compile(r"mark\.json|a\.html|pairs/\d+\.html"), frozenset(("pairs",))
)
OLD = {"mark.json": b'{"schema": "ours/1"}', "a.html": b"old", "pairs/1.html": b"old"}
NEW = {"mark.json": b'{"schema": "ours/1"}', "a.html": b"new", "pairs/2.html": b"new"}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    made = tmp_path / "report"
    write_folder(str(made), OLD.items(), LAYOUT)
    return made


def test_an_earlier_report_is_replaced_whole(target):
    (target / ".DS_Store").touch()  # what looking at it leaves
    write_folder(str(target), NEW.items(), LAYOUT)
    assert tree(target) == NEW
    assert os.listdir(target.parent) == ["report"]


FOREIGN = {
    "a file": ("notes.txt",),
    "a file among pages": ("pairs/notes.txt",),
    "a folder": ("subs/ann/main.py",),
    "an empty folder": ("empty/",),
    "several": ("1.txt", "2.txt", "3.txt", "4.txt"),
}


@pytest.mark.parametrize("names", FOREIGN.values(), ids=FOREIGN)
def test_what_is_not_ours_is_named_and_never_lost(target, names):
    for name in names:
        place = target / name
        (place if name.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            place.write_text("mine")
    before = tree(target)
    first = names[0] if "pairs" in names[0] else names[0].split("/")[0]
    with pytest.raises(CodesimError, match=rf"it holds {first}.*would be lost.*another folder"):
        check_folder(str(target), LAYOUT)
    with pytest.raises(CodesimError, match="would be lost"):
        write_folder(str(target), NEW.items(), LAYOUT)
    assert tree(target) == before
    assert os.listdir(target.parent) == ["report"]


@pytest.mark.parametrize("name", ["mark.json", "a.html", "pairs/1.html"])
def test_a_link_in_the_place_of_a_file_is_not_ours(target, name):
    (target.parent / "mine").write_bytes(OLD["mark.json"])
    (target / name).unlink()
    (target / name).symlink_to(target.parent / "mine")
    with pytest.raises(CodesimError, match="holds"):
        check_folder(str(target), LAYOUT)


@pytest.mark.parametrize("held", [{"a.html": "my page"}, {"mark.json": "{}", "a.html": "mine"}])
def test_files_of_the_same_names_make_no_report(tmp_path, held):
    for name, text in held.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(CodesimError, match=r"other files, and no mark\.json"):
        check_folder(str(tmp_path), LAYOUT)


def test_a_name_that_is_too_long_is_told_before_the_work(tmp_path):
    with pytest.raises(CodesimError, match=r"File name too long; name another folder\.$"):
        check_folder(str(tmp_path / ("x" * 300)), LAYOUT)
    long = tmp_path / ("x" * 255)
    write_folder(str(long), OLD.items(), LAYOUT)
    assert tree(long) == OLD


STEPS = ("mkdir", "chmod", "rename")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", range(14))
def test_whenever_it_is_interrupted_one_report_is_whole(target, monkeypatch, moment, number):
    """A signal before and after each step that changes a name; told is what is there."""
    seen, told = [], []

    def tick():
        if len(seen) == moment:
            os.kill(os.getpid(), number)
        seen.append(None)

    def ticking(original):
        def step(*arguments, **keywords):
            tick()
            result = original(*arguments, **keywords)
            tick()
            return result

        return step

    def end(*_):
        raise KeyboardInterrupt

    before = signal.signal(number, end)
    try:
        with monkeypatch.context() as patch:
            for name in STEPS:
                patch.setattr(Path, name, ticking(getattr(Path, name)))
            with pytest.raises(KeyboardInterrupt):
                write_folder(str(target), NEW.items(), LAYOUT, lambda: told.append(True))
    finally:
        signal.signal(number, before)
    assert tree(target) == (NEW if told else OLD)
    assert os.listdir(target.parent) == ["report"]


@pytest.mark.parametrize("failing", [1, 2])
def test_a_rename_that_fails_leaves_the_old_one(target, monkeypatch, failing):
    calls = []
    rename = Path.rename

    def sometimes(self, other):
        calls.append(other)
        if len(calls) == failing:
            raise OSError(5, "Input/output error")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", sometimes)
    with pytest.raises(CodesimError, match="unchanged"):
        write_folder(str(target), NEW.items(), LAYOUT)
    assert tree(target) == OLD
    assert os.listdir(target.parent) == ["report"]


def test_what_cannot_be_put_back_is_named(target, monkeypatch):
    rename, calls = Path.rename, []

    def once(self, other):
        calls.append(other)
        if len(calls) > 1:
            raise OSError(5, "Input/output error")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(CodesimError, match=r"What was there is in \.codesim-old-\S+, beside it"):
        write_folder(str(target), NEW.items(), LAYOUT)


def _dead() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    return ended.pid


def test_what_killed_runs_left_goes_with_the_next_report_and_nothing_else(target):
    beside, ours = target.parent, module._digest(target)
    dead = _dead()
    litter = [f".codesim-{kind}-{ours}-{dead}-0123abcd" for kind in ("new", "old")]
    kept = [
        f".codesim-new-{ours}-{os.getpid()}-0123abcd",
        f".codesim-new-{'0' * 16}-{dead}-0123abcd",
        f".codesim-new-{ours}-{dead}-notes",
        ".codesim-new",
    ]
    for name in (*litter, *kept):
        (beside / name / "pairs").mkdir(parents=True)
    write_folder(str(target), NEW.items(), LAYOUT)
    assert sorted(os.listdir(beside)) == sorted([*kept, "report"])


def test_a_folder_that_somebody_elsewhere_still_writes_is_left(target):
    place = target.parent / f".codesim-new-{module._digest(target)}-{_dead()}-0123abcd"
    place.mkdir()
    with module.held(place):
        write_folder(str(target), NEW.items(), LAYOUT)
        assert place.exists()
    write_folder(str(target), NEW.items(), LAYOUT)
    assert not place.exists()
