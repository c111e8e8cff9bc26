"""What a task may use, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["done", "crashed", "hung", "out of memory", "garbage", "failed"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one task.

    seconds: after which its process is killed, counted from when it receives its input.
    memory: bytes of address space of its process (RLIMIT_AS), libraries included.
    answer: the most bytes that an answer may have.
    """

    seconds: float
    memory: int
    answer: int

    def __post_init__(self) -> None:
        for name in ("seconds", "memory", "answer"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task. ``reason`` is one sentence without process ids or measured times.

    ``failed`` is the task's own CodesimError, in its words; ``crashed`` any other end without an
    answer; ``garbage`` an answer that is none.
    """

    state: State
    answer: bytes = b""
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return self.state == "done"
