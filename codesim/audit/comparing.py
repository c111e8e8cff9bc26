"""Candidate pairs compared by every detector, in supervised children; what was found is kept."""

from __future__ import annotations

from collections.abc import Sequence

from codesim.audit.messages import Compared, CompareTask, decoded
from codesim.audit.options import Options
from codesim.audit.pairing import evidence_key
from codesim.audit.progress import Progress, counted
from codesim.audit.store import Store
from codesim.supervise import Limits, supervised

COMPARE = "codesim.audit.pairing:compare"
_MOST_ANSWER = 1 << 20


def compared(
    tasks: Sequence[CompareTask], store: Store, options: Options, progress: Progress
) -> list[Compared | str]:
    """What every pair has, in order, or why it could not be compared.

    Answers of an earlier run are taken as they are, so that an interrupted audit goes on.
    """
    found: list[Compared | str] = [_kept(store, task) or "" for task in tasks]
    # Those of one submission follow each other, as a child remembers what it had to look up.
    missing = sorted(
        (number for number, answer in enumerate(found) if not answer),
        key=lambda number: (tasks[number].left.name, tasks[number].left.content),
    )
    limits = Limits(options.seconds, options.memory, _MOST_ANSWER)
    note = counted(progress, "comparing", len(tasks), len(tasks) - len(missing))
    outcomes = supervised(
        COMPARE, [tasks[number].encoded() for number in missing], options.workers, limits, note
    )
    for number, outcome in zip(missing, outcomes, strict=True):
        if outcome.state != "done":
            found[number] = outcome.reason
            continue
        found[number] = decoded(Compared, outcome.answer)
        store.write(outcome.answer, "answer", *evidence_key(tasks[number]))
    return found


def _kept(store: Store, task: CompareTask) -> Compared | None:
    data = store.read("answer", *evidence_key(task))
    if data is None:
        return None
    try:
        return decoded(Compared, data)
    except ValueError:
        return None
