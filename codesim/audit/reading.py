"""Every submission is profiled in a supervised child, and a bad file costs itself alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from codesim.audit.messages import (
    Known,
    Listed,
    ListTask,
    Profiled,
    ProfileTask,
    Where,
    decoded,
)
from codesim.audit.options import Options
from codesim.audit.progress import Progress, counted, silent
from codesim.audit.submissions import Submission
from codesim.supervise import Limits, Outcome, supervised

PROFILE = "codesim.audit.profiling:profile"
LIST = "codesim.audit.profiling:list_files"
# Messages of a submission of 100,000 files stay below this.
_MOST_ANSWER = 32_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """A submission and what became of it: what is known of it, or why it is unreadable."""

    submission: Submission
    profiled: Profiled | None = None
    reason: str = ""


@dataclass(slots=True)
class _Broken:
    """A submission whose child failed, on the way to the files that are to blame."""

    number: int
    reason: str
    suspects: list[tuple[str, ...]] = field(default_factory=list)
    culprits: list[tuple[str, str]] = field(default_factory=list)


def read_all(
    submissions: Sequence[Submission],
    base: Sequence[Known],
    where: Where,
    options: Options,
    progress: Progress = silent,
) -> list[Read]:
    """Every submission, in order."""
    tasks = [ProfileTask(where, submission, base=tuple(base)) for submission in submissions]
    limits = Limits(options.seconds, options.memory, _MOST_ANSWER)
    outcomes = _run(PROFILE, [task.encoded() for task in tasks], limits, options, progress)
    found = [_read(s, outcome) for s, outcome in zip(submissions, outcomes, strict=True)]
    broken = [
        _Broken(number, outcome.reason)
        for number, outcome in enumerate(outcomes)
        if outcome.state not in ("done", "failed")
    ]
    _find_culprits(broken, tasks, options)
    again = [each for each in broken if each.culprits]
    repeated = [replace_hidden(tasks[each.number], each.culprits).encoded() for each in again]
    for each, outcome in zip(again, _run(PROFILE, repeated, limits, options), strict=True):
        found[each.number] = _read(submissions[each.number], outcome)
    return found


def shuffled(reads: Sequence[Read]) -> list[Read]:
    """In an order that says nothing of names: by a digest that only who has all contents can make.

    Sides of pairs and numbers of stand-ins follow it where names are hidden.
    """
    contents = sorted(read.profiled.known.content for read in reads if read.profiled)
    secret = hashlib.blake2b("\n".join(contents).encode(), digest_size=32).digest()
    return sorted(reads, key=lambda read: _order(read.submission.name, secret))


def _order(name: str, secret: bytes) -> bytes:
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), key=secret).digest()


def replace_hidden(task: ProfileTask, culprits: Sequence[tuple[str, str]]) -> ProfileTask:
    """The task without the files that made a child fail."""
    return ProfileTask(task.where, task.submission, tuple(sorted(culprits)), None, task.base)


def _run(
    task: str,
    inputs: Sequence[bytes],
    limits: Limits,
    options: Options,
    progress: Progress = silent,
) -> list[Outcome]:
    if not inputs:
        return []
    note = counted(progress, "reading", len(inputs))
    return supervised(task, inputs, options.workers, limits, note)


def _read(submission: Submission, outcome: Outcome) -> Read:
    if outcome.state != "done":
        return Read(submission, reason=outcome.reason)
    try:
        return Read(submission, decoded(Profiled, outcome.answer))
    except ValueError as error:
        return Read(submission, reason=f"its child gave an answer that makes no sense: {error}")


def _find_culprits(
    broken: Sequence[_Broken], tasks: Sequence[ProfileTask], options: Options
) -> None:
    """Halve the files of every broken submission until those are left that fail alone."""
    limits = Limits(options.probe_seconds, options.memory, _MOST_ANSWER)
    listing = [ListTask(tasks[each.number].submission).encoded() for each in broken]
    for each, outcome in zip(broken, _run(LIST, listing, limits, options), strict=True):
        if outcome.state == "done":
            paths = decoded(Listed, outcome.answer).paths
            each.suspects = _halves(paths) or [paths] * bool(paths)
    while True:
        asked = [(each, group) for each in broken for group in _asked(each, options)]
        if not asked:
            return
        probes = [_probe(tasks[each.number], group).encoded() for each, group in asked]
        for each in broken:
            each.suspects = []
        for (each, group), outcome in zip(
            asked, _run(PROFILE, probes, limits, options), strict=True
        ):
            if outcome.state in ("done", "failed"):
                continue
            if len(group) > 1:
                each.suspects += _halves(group)
            else:
                each.culprits.append((group[0], _told(outcome)))


def _asked(each: _Broken, options: Options) -> list[tuple[str, ...]]:
    room = options.most_culprits - len(each.culprits)
    return each.suspects[: max(0, room)]


def _probe(task: ProfileTask, group: tuple[str, ...]) -> ProfileTask:
    return ProfileTask(task.where, task.submission, (), group, (), probe=True)


def _told(outcome: Outcome) -> str:
    return f"left out, since reading it ended its process: {outcome.reason}"


def _halves(paths: tuple[str, ...]) -> list[tuple[str, ...]]:
    middle = len(paths) // 2
    return [paths[:middle], paths[middle:]] if middle else []
