"""Sources read in supervised children: what crashes, hangs or fills the memory costs itself alone.

Answers of children are checked like anything foreign: packed data of known types, never pickle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from codesim.index.content import Content, content_of
from codesim.index.keeping import known
from codesim.packed import pack, unpack
from codesim.snapshot import open_snapshot
from codesim.supervise import Limits, Outcome, supervised

TASK = f"{__name__}:read"
# A fetch may take five minutes by itself; a repository of a million lines is read in one or two.
# NumPy, the parser and the tables take 0.4 GB of address space.
_LIMITS = Limits(seconds=900.0, memory=3 << 30, answer=400_000_000)
# Answers of so many sources for each worker are held at a time.
_BATCH = 8


@dataclass(frozen=True, slots=True)
class Order:
    """A source to be read for an index, under a name; see ``content_of`` for ``profiles``."""

    index: str
    source: str
    name: str
    origin: str
    profiles: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child read: a content, or the name of what is in the index already; or neither, and
    the ``reason``.
    """

    unchanged: str = ""
    content: Content | None = None
    reason: str = ""


def read_all(orders: Sequence[Order], workers: int, done: Callable[[Order, Answer], None]) -> None:
    """Read every source; ``done`` hears of each in the order given, as soon as that can be."""
    for begin in range(0, len(orders), _BATCH * workers):
        batch = orders[begin : begin + _BATCH * workers]
        inputs = [b"".join(pack(order)) for order in batch]
        supervised(TASK, inputs, workers, _LIMITS, _InOrder(batch, done))


class _InOrder:
    """Tells of outcomes in the order of their tasks, whichever ends first."""

    def __init__(self, orders: Sequence[Order], done: Callable[[Order, Answer], None]) -> None:
        self._orders = orders
        self._done = done
        self._waiting: dict[int, Outcome] = {}
        self._next = 0

    def __call__(self, number: int, outcome: Outcome) -> None:
        self._waiting[number] = outcome
        while self._next in self._waiting:
            outcome = self._waiting.pop(self._next)
            self._done(self._orders[self._next], _answer(outcome))
            self._next += 1


def read(data: bytes) -> bytes:
    """In a child: an order in, its answer out, both packed."""
    order = unpack(Order, data)
    snapshot = open_snapshot(order.source)
    there = known(Path(order.index), snapshot, order.profiles)
    if there:
        return b"".join(pack(Answer(unchanged=there)))
    content = content_of(snapshot, order.profiles)
    repository = replace(content.repository, name=order.name)
    if repository.origin.startswith("file:"):
        repository = replace(repository, origin=order.origin)
    return b"".join(pack(Answer(content=replace(content, repository=repository))))


def _answer(outcome: Outcome) -> Answer:
    if outcome.state != "done":
        return Answer(reason=outcome.reason)
    try:
        return unpack(Answer, outcome.answer)
    except ValueError as error:
        return Answer(reason=f"its child gave an answer that makes no sense: {error}")
