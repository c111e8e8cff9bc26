"""What is read from an audit's report, and how a command is measured and ended."""

from __future__ import annotations

import json
import sys
import time

import pytest

from benchmarks.audit_planted import _broken, _others, _planted, read, told
from benchmarks.cohorts import Cohort, Link
from benchmarks.cohorts.broken import ALL
from benchmarks.tree import Most, ran

_PAIRS = (
    "left,right,strength,code,leftovers,left_coverage,right_coverage,code_strength,"
    "leftovers_strength,reason,page\r\n"
    "s001,s002,very strong,900,3,1,1,very strong,weak,because,a.html\r\n"
    "s003,s001,moderate,40,1,0.2,0.1,moderate,none,because,\r\n"
    "s004,s005,strong,10,30,0,0,none,strong,because,\r\n"
)
_RECORDS = [
    {"name": "s006", "state": "unreadable", "reason": "holds no files", "unread": []},
    {
        "name": "s007", "state": "in part", "reason": "",
        "unread": [{"what": "a.py", "reason": "does not parse"}],
    },
    {"name": "s008", "state": "read", "reason": "", "unread": []},
]  # fmt: skip


@pytest.fixture
def report(tmp_path):
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "pairs.csv").write_text(_PAIRS, "utf-8")
    (folder / "audit.json").write_text(json.dumps({"submissions": _RECORDS}), "utf-8")
    return folder


@pytest.fixture
def cohort(tmp_path):
    submissions = tmp_path / "submissions"
    for number in range(1, 10):
        (submissions / f"s{number:03d}").mkdir(parents=True)
    kinds = {kind.kind: kind for kind in ALL}
    return Cohort(
        submissions,
        tmp_path / "starter",
        tmp_path / "list.csv",
        [Link("s001", "s002", 4, "copy"), Link("s001", "s003", 2, "merge")],
        {
            "s006": kinds["empty folder"], "s007": kinds["empty archive"],
            "s008": kinds["utf-16"], "s009": kinds["syntax errors"],
        },
    )  # fmt: skip


def _row(table, first):
    return next(row for row in table.rows if row[0] == first)


def test_planted_pairs_are_counted_by_kind_and_the_missed_ones_named(cohort, report):
    table = _planted(cohort, read(report))
    assert _row(table, "copy") == ("copy", "L4", 1, 1, 0, 0, 0, 0, 1)
    assert _row(table, "merge") == ("merge", "L2", 1, 0, 0, 0, 1, 0, 0)
    assert _row(table, "all")[2:4] == (2, 1)
    assert [note for note in table.notes if note.startswith("below strong")] == [
        "below strong: s001 and s003 (merge, L2)"
    ]


def test_pairs_that_nobody_planted_are_counted_with_the_kind_that_says_so(cohort, report):
    table = _others(cohort, read(report))
    assert _row(table, "strong") == ("strong", 1, 1 / 34, "s004 s005 (leftovers)")
    assert _row(table, "very strong")[1] == 0
    assert _row(table, "moderate")[1] == 0


def test_a_broken_submission_has_to_be_told_as_much_as_is_expected(cohort, report):
    rows = {row[0]: row[1:4] for row in _broken(cohort, read(report)).rows}
    assert rows == {
        "empty folder": ("unreadable", "unreadable", "yes"),
        "empty archive": ("unreadable", "named", "NO"),
        "utf-16": ("listed", "listed", "yes"),
        "syntax errors": ("named", "missing", "NO"),
    }


def test_a_submission_that_is_not_in_the_document_is_missing():
    assert told(None) == ("missing", "")
    assert told({"state": "read"}) == ("listed", "")


def test_memory_is_that_of_all_processes_together(tmp_path):
    child = "x = bytearray(40 << 20); import time; time.sleep(3)"
    code = (
        "import subprocess, sys\n"
        f"both = [subprocess.Popen([sys.executable, '-c', {child!r}]) for _ in range(2)]\n"
        "print([each.wait() for each in both])"
    )
    done = ran([sys.executable, "-c", code], tmp_path, Most(60), {})
    assert (done.code, done.output) == (0, "[0, 0]\n")
    assert done.megabytes > 80


def test_a_command_over_its_limit_is_ended_with_its_children(tmp_path):
    mark, begun = tmp_path / "mark", tmp_path / "begun"
    child = f"import time; open({str(begun)!r}, 'w'); time.sleep(9); open({str(mark)!r}, 'w')"
    code = (
        "import subprocess, sys\n"
        f"command = [sys.executable, '-c', {child!r}]\n"
        "subprocess.Popen(command, start_new_session=True).wait()"
    )
    start = time.monotonic()
    done = ran([sys.executable, "-c", code], tmp_path, Most(4), {})
    assert done.code is None
    assert begun.exists()
    time.sleep(max(0, start + 14 - time.monotonic()))
    assert not mark.exists()


def test_a_command_that_takes_too_much_memory_is_ended(tmp_path):
    code = "x = bytearray(200 << 20); import time; time.sleep(30)"
    done = ran([sys.executable, "-c", code], tmp_path, Most(60, megabytes=100), {})
    assert done.code is None
    assert done.seconds < 30
