"""Tasks handed out to children one at a time, and every ending of a child survived."""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from codesim.errors import CodesimError
from codesim.supervise import frames, keeper
from codesim.supervise.keeper import Child
from codesim.supervise.outcome import Limits, Outcome
from codesim.supervise.remains import Room

# How often the parent looks whether a child has died without its pipe being closed.
_TICK = 0.25
# Children that fail to start in a row, after which starting another is no use.
_STARTS = 3


def supervised(
    task: str,
    inputs: Sequence[bytes],
    workers: int,
    limits: Limits,
    done: Callable[[int, Outcome], None] | None = None,
) -> list[Outcome]:
    """Apply a function to every input, each within limits, in up to ``workers`` processes.

    ``task`` is ``module:function``, a function of ours from bytes to bytes; only its inputs are
    distrusted. Outcomes are in the order of the inputs and the same for any number of workers, but
    for tasks near a limit of time. ``done`` hears of each as it ends, by the number of its input.

    A task is tried once more, in a new process, when its process had served others before or died,
    as that may have been killed from outside; the second outcome counts. No process outlives this
    call, also when it is interrupted. Raises CodesimError when no process can be started at all,
    ValueError for less than one worker.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    room = Room.opened()
    pool = _Pool(task, inputs, workers, limits, room, done)
    try:
        while pool.is_unfinished:
            pool.staff()
            pool.hand_out()
            pool.listen()
    finally:
        pool.close()
        room.close()
    return [pool.outcomes[number] for number in range(len(inputs))]


@dataclass(slots=True)
class _Pool:
    task: str
    inputs: Sequence[bytes]
    workers: int
    limits: Limits
    room: Room
    done: Callable[[int, Outcome], None] | None
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    waiting: deque[int] = field(init=False)
    again: deque[int] = field(default_factory=deque)
    tried: set[int] = field(default_factory=set)
    children: list[Child] = field(default_factory=list)
    failed_starts: int = 0

    def __post_init__(self) -> None:
        self.waiting = deque(range(len(self.inputs)))

    @property
    def is_unfinished(self) -> bool:
        return len(self.outcomes) < len(self.inputs)

    def staff(self) -> None:
        """As many children as there is work for; none that has nothing left to do."""
        for child in list(self.children):
            if child.is_idle and not self.waiting and (child.served or not self.again):
                self._dismiss(child)
        while len(self.children) < min(self.workers, len(self.inputs) - len(self.outcomes)):
            try:
                self.children.append(Child.started(self.task, self.limits, self.room))
            except OSError as error:
                if self.children:
                    return
                raise CodesimError(
                    f"no worker process can be started: {error.strerror}; use fewer workers"
                ) from None

    def hand_out(self) -> None:
        """Give every idle child a task; what failed before goes to new children only."""
        for child in self.children:
            if not child.is_idle:
                continue
            if self.again and not child.served:
                number = self.again.popleft()
            elif self.waiting:
                number = self.waiting.popleft()
            else:
                continue
            child.give(number, self.inputs[number])

    def listen(self) -> None:
        """Wait until something happens, then deal with it."""
        with selectors.DefaultSelector() as selector:
            for child in self.children:
                selector.register(child.reads, selectors.EVENT_READ, child)
                if child.unsent:
                    selector.register(child.writes, selectors.EVENT_WRITE, child)
            nearest = min(child.left for child in self.children)
            happened = selector.select(max(0, min(_TICK, nearest)))
        speaking = {key.data for key, event in happened if event & selectors.EVENT_READ}
        for key, event in happened:
            if event & selectors.EVENT_WRITE:
                key.data.send()
        for child in list(self.children):
            if child in speaking:
                self._hear(child)
            elif child.is_dead():
                self._lost(child, child.failed(EOFError()))
            if child in self.children and child.left <= 0:
                self._lost(child, child.hung())

    def close(self) -> None:
        """End every child."""
        while self.children:
            self._dismiss(self.children[-1])

    def _hear(self, child: Child) -> None:
        try:
            message = child.receive()
            if message is None:
                return
            if not child.is_ready and message[0] == frames.READY:
                child.is_ready, self.failed_starts = True, 0
                return
            outcome = keeper.outcome_of(*message, self.limits)
            if child.is_idle:
                raise frames.GarbageError("it speaks unasked")
        except (frames.GarbageError, EOFError) as error:
            self._lost(child, child.failed(error))
            return
        if outcome.state in ("done", "failed"):
            self._served(child, outcome)
        else:
            child.end()
            self._lost(child, outcome)

    def _served(self, child: Child, outcome: Outcome) -> None:
        assert child.number is not None
        number, child.number = child.number, None
        child.served += 1
        self._settle(number, outcome)

    def _lost(self, child: Child, outcome: Outcome) -> None:
        """A child is gone; its task gets a second chance or this outcome."""
        self.children.remove(child)
        if not child.is_ready:
            self.failed_starts += 1
            if self.failed_starts >= _STARTS:
                raise keeper.start_failed(outcome, self.limits)
        if child.number is None:
            return
        doubtful = child.served > 0 or outcome.state == "crashed"
        if doubtful and child.number not in self.tried:
            self.tried.add(child.number)
            self.again.append(child.number)
        else:
            self._settle(child.number, outcome)

    def _settle(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = outcome
        if self.done:
            self.done(number, outcome)

    def _dismiss(self, child: Child) -> None:
        child.end()
        self.children.remove(child)
