"""Children: whatever happens to one task costs that one, and nothing is left behind."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path

import pytest

import codesim
from codesim import CodesimError
from codesim.supervise import Limits, Outcome, supervised

LIMITS = Limits(seconds=20.0, memory=1 << 30, answer=100_000)
QUICK = Limits(seconds=1.0, memory=1 << 30, answer=100_000)


def run(task: str, *inputs: bytes, workers: int = 1, limits: Limits = LIMITS) -> list[Outcome]:
    return supervised(f"supervised_tasks:{task}", inputs, workers, limits)


def test_answers_are_in_the_order_of_the_inputs() -> None:
    inputs = [b"%d" % number for number in range(30)]
    for workers in (1, 2, 8):
        outcomes = run("double", *inputs, workers=workers)
        assert outcomes == [Outcome("done", data * 2) for data in inputs]


def test_no_input_no_process() -> None:
    assert supervised("no.such.module:anything", [], 4, LIMITS) == []


def test_done_hears_of_each_task_once() -> None:
    heard: dict[int, Outcome] = {}
    inputs = [b"a", b"", b"b" * 70_000]
    outcomes = supervised("supervised_tasks:echo", inputs, 2, LIMITS, heard.__setitem__)
    assert [heard[number] for number in range(3)] == outcomes
    assert [outcome.answer for outcome in outcomes] == inputs


def test_a_large_input_and_answer_pass_whole() -> None:
    data = os.urandom(1 << 20) * 5
    (outcome,) = run("echo", data, limits=Limits(20.0, 1 << 30, len(data)))
    assert outcome.answer == data


def test_the_largest_answer_is_the_limit() -> None:
    limits = Limits(20.0, 1 << 30, 100)
    fits, over = run("echo", b"x" * 100, b"x" * 101, limits=limits)
    assert fits.is_done
    assert (over.state, over.answer) == ("garbage", b"")
    assert (
        over.reason == "the answer of its process was refused: its answer is larger than 100 bytes"
    )


def test_an_error_of_the_task_is_its_outcome_in_one_plain_line() -> None:
    outcomes = run("refuse", b"one", b"two")
    assert outcomes == [
        Outcome("failed", reason=f"no: {name} and\\x1b[31m red") for name in ("one", "two")
    ]


def test_noise_reaches_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("noisy", b"1", b"2") == [Outcome("done", b"read: ")] * 2
    assert capfd.readouterr() == ("", "")


def test_a_process_serves_many_tasks() -> None:
    assert [o.answer for o in run("served_before", b"", b"", b"")] == [b"1", b"2", b"3"]


def test_limits_of_the_process() -> None:
    (outcome,) = run("limits_of_process", b"")
    found = {"AS": LIMITS.memory, "CORE": 0, "FSIZE": 1 << 30, "NOFILE": 512}
    assert outcome.answer.decode() == repr(found)


def test_environment_of_the_process(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "kept")
    names = [b"OMP_NUM_THREADS", b"OPENBLAS_NUM_THREADS", b"GITHUB_TOKEN", b"TMPDIR"]
    *fixed, folder = (outcome.answer.decode() for outcome in run("environment", *names))
    assert fixed == ["1", "1", "kept"]
    assert Path(folder).parent.parent == private


def test_modules_come_from_where_the_parent_has_them_and_not_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("codesim", "json", "supervised_tasks"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    (outcome,) = run("where_from", b"")
    assert repr(codesim.__file__) in outcome.answer.decode()
    assert repr(str(tmp_path)) == outcome.answer.decode().rpartition(", ")[2].rstrip("]")
    assert not (tmp_path / "ran").exists()


def test_files_of_a_task_are_removed_with_its_process() -> None:
    (outcome,) = run("litter", b"")
    assert not Path(outcome.answer.decode()).exists()


def test_what_a_killed_parent_left_goes_with_the_next_run(private: Path) -> None:
    left, used, new, foreign = (
        private / name
        for name in ("codesim-children-a", "codesim-children-b", "codesim-children-c", "other")
    )
    for folder in (left, used, new, foreign):
        folder.mkdir(mode=0o700)
        (folder / "file").touch()
        if folder != new:
            os.utime(folder, (0, 0))
    handle = os.open(used, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert run("echo", b"x") == [Outcome("done", b"x")]
    assert sorted(private.iterdir()) == sorted([used, new, foreign])
    os.close(handle)
    for folder in (used, new, foreign):
        shutil.rmtree(folder)


def test_memory_is_limited() -> None:
    inputs = [b"1000", b"2000000000", b"2000"]
    outcomes = run("fills_memory_unless_small", *inputs)
    assert outcomes == [
        Outcome("done", b"1000"),
        Outcome("out of memory", reason="it needs more than 1,073,741,824 bytes"),
        Outcome("done", b"2000"),
    ]


def test_a_task_inside_a_library_is_killed_at_its_deadline() -> None:
    hung = Outcome("hung", reason="it did not end within 1 s")
    assert run("spin", b"", limits=QUICK) == [hung]


def test_a_slow_task_within_its_time_is_waited_for_longer_than_the_others() -> None:
    outcomes = run("sleep", b"1.2", b"0", b"0", workers=2, limits=Limits(5.0, 1 << 30, 100))
    assert outcomes == [Outcome("done", b"slept")] * 3


def test_each_task_has_its_own_time() -> None:
    outcomes = run("sleep", *[b"0.4"] * 5, limits=Limits(1.0, 1 << 30, 100))
    assert outcomes == [Outcome("done", b"slept")] * 5


def test_one_that_is_always_about_to_answer_hangs() -> None:
    assert [o.state for o in run("trickles", b"", limits=QUICK)] == ["hung"]


def test_one_that_closes_its_pipes() -> None:
    (outcome,) = run("closes", b"")
    assert outcome.state == "crashed"
    assert outcome.reason == "its process closed the pipe and answered nothing"


def test_two_answers_are_none() -> None:
    (outcome,) = run("answers_twice", b"x")
    assert (outcome.state, outcome.answer) == ("garbage", b"")


@pytest.mark.parametrize(("task", "kind"), [("deep", "RecursionError"), ("no_bytes", "TypeError")])
def test_an_error_of_ours_is_named_without_its_text(task: str, kind: str) -> None:
    (outcome,) = run(task, b"secret")
    assert outcome.state == "crashed"
    assert outcome.reason.startswith(f"an error in codesim: {kind} at line ")
    assert "secret" not in outcome.reason


def test_a_task_that_dies_of_what_came_before_is_tried_in_a_new_process() -> None:
    inputs = [b"a", b"b", b"c", b"d"]
    assert run("second_dies", *inputs) == [Outcome("done", data) for data in inputs]
    assert run("second_dies", *inputs, workers=2) == [Outcome("done", data) for data in inputs]


@pytest.mark.parametrize("task", ["no_such_module:task", "supervised_tasks:no_such_task"])
def test_a_task_that_cannot_be_imported_stops_the_run(task: str) -> None:
    with pytest.raises(CodesimError, match=r"do not start \(crashed: .*no_such"):
        supervised(task, [b""], 2, LIMITS)


def test_too_little_memory_to_start_is_said() -> None:
    with pytest.raises(CodesimError, match="allow them more than 10,000,000 bytes"):
        supervised("numpy:array", [b""], 1, Limits(5.0, 10_000_000, 100))


def test_no_processes_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(CodesimError, match="no worker process can be started: No such file"):
        run("echo", b"")


@pytest.mark.parametrize("bad", [(0.0, 1, 1), (1.0, 0, 1), (1.0, 1, -1), (float("nan"), 1, 1)])
def test_limits_must_be_above_zero(bad: tuple[float, int, int]) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        Limits(*bad)


def test_workers_must_be_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        run("echo", b"", workers=0)


def test_what_done_raises_stops_everything() -> None:
    def disk_full(number: int, outcome: Outcome) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        supervised("supervised_tasks:echo", [b""] * 9, 4, LIMITS, disk_full)
