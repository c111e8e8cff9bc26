"""Every fault a child can have, on purpose: it costs the task that it is in and no other."""

from __future__ import annotations

import pytest

from codesim import CodesimError
from codesim.supervise import Limits, Outcome, supervised

LIMITS = Limits(seconds=3.0, memory=1 << 28, answer=1000)
REFUSED = "the answer of its process was refused: "
EXPECTED = {
    "segv": ("crashed", "its process was ended by SIGSEGV"),
    "kill": ("crashed", "its process was ended by SIGKILL"),
    "hang": ("hung", "it did not end within 3 s"),
    "oom": ("out of memory", "it needs more than 268,435,456 bytes"),
    "exit": ("crashed", "its process ended with status 3 and no answer"),
    "raise": ("crashed", "an error in codesim: LookupError at line "),
    "garbage": ("garbage", REFUSED + "what it wrote is no answer"),
    "partial": ("crashed", "its process ended with status 3 and no answer"),
    "huge": ("garbage", REFUSED + "its answer is larger than 1,000 bytes"),
}


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_costs_one_task(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = [b"a", b"bad", b"c", b"d"]
    clean = supervised("supervised_tasks:double", inputs, 1, LIMITS)
    monkeypatch.setenv("CODESIM_FAULT", f"{fault}@bad")
    outcomes = supervised("supervised_tasks:double", inputs, 1, LIMITS)
    state, reason = EXPECTED[fault]
    assert (outcomes[1].state, outcomes[1].answer) == (state, b"")
    assert outcomes[1].reason.startswith(reason)
    assert [outcomes[n] for n in (0, 2, 3)] == [clean[n] for n in (0, 2, 3)]


def test_a_hundred_tasks_of_which_three_die(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard pools lose the others: 94 of 100, or all, waiting for ever."""
    monkeypatch.setenv("CODESIM_FAULT", "segv@:17: kill@:50: exit@:99:")
    inputs = [b":%d:" % number for number in range(100)]
    runs = [supervised("supervised_tasks:double", inputs, workers, LIMITS) for workers in (1, 2, 8)]
    assert runs[0] == runs[1] == runs[2]
    lost = {n: o.reason for n, o in enumerate(runs[0]) if o.state != "done"}
    assert lost == {
        17: "its process was ended by SIGSEGV",
        50: "its process was ended by SIGKILL",
        99: "its process ended with status 3 and no answer",
    }
    assert all(
        o == Outcome("done", d * 2) for d, o in zip(inputs, runs[0], strict=True) if o.answer
    )
    assert sum(o.is_done for o in runs[0]) == 97


def test_nothing_but_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESIM_FAULT", "segv@a garbage@b exit@c oom@d")
    inputs = [b"a", b"b", b"c", b"d"] * 3
    outcomes = supervised("supervised_tasks:echo", inputs, 3, LIMITS)
    assert [o.state for o in outcomes] == ["crashed", "garbage", "crashed", "out of memory"] * 3


def test_a_misspelt_fault_is_no_silent_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESIM_FAULT", "sgev@a")
    with pytest.raises(CodesimError, match="'sgev@a' is not KIND@TEXT"):
        supervised("supervised_tasks:echo", [b"a"], 1, LIMITS)
