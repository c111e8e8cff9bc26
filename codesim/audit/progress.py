"""How far an audit is, for those who wait."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Hears a step, how many of its tasks are done, and how many there are."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Nobody listens."""


def counted(progress: Progress, step: str, total: int, done: int = 0) -> Callable[..., None]:
    """A function that tells of one more finished task whenever it is called."""
    finished = done

    def note(*_: object) -> None:
        nonlocal finished
        finished += 1
        progress(step, finished, total)

    return note
