"""How far an audit is, for those who wait."""

from __future__ import annotations

from collections.abc import Callable

from codesim.audit.store import StoreError
from codesim.supervise import Outcome

Progress = Callable[[str, int, int], None]
"""Hears a step, how many of its tasks are done, and how many there are."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody listens."""


def counted(
    progress: Progress, step: str, total: int, done: int = 0
) -> Callable[[int, Outcome], None]:
    """A function that tells of one more finished task whenever it hears of its outcome.

    It raises StoreError where that is the end of all of them.
    """
    finished = done

    def note(_number: int, outcome: Outcome) -> None:
        nonlocal finished
        if outcome.state != "done":
            StoreError.check(outcome.reason)
        finished += 1
        progress(step, finished, total)

    return note
