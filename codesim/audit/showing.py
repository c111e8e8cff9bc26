"""Pairs side by side: one report for each that is listed high enough."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator, Sequence

from codesim.audit.messages import ShowTask
from codesim.audit.options import Options
from codesim.audit.progress import Progress, silent
from codesim.audit.store import Store, drawn_by
from codesim.supervise import Limits, supervised

SHOW = "codesim.audit.pairing:show"
# A report of the largest size, in one file.
_MOST_PAGE = 64_000_000


def pages(
    tasks: Sequence[ShowTask],
    store: Store,
    options: Options,
    progress: Progress = silent,
) -> Iterator[bytes]:
    """The report of each pair, in order. A few are made at a time, so that memory stays small;
    those of an earlier run are taken as they are. One that cannot be made says why.
    """
    step = max(1, 4 * options.workers)
    for first in range(0, len(tasks), step):
        yield from _some(tasks[first : first + step], store, options)
        progress("showing", min(first + step, len(tasks)), len(tasks))


def _some(tasks: Sequence[ShowTask], store: Store, options: Options) -> list[bytes]:
    keys = [("page", drawn_by(), _name(task)) for task in tasks]
    found = [store.read(*key) for key in keys]
    for number, task in enumerate(tasks):
        if task.unshown:
            found[number] = _instead(task, task.unshown)
    missing = [number for number, page in enumerate(found) if page is None]
    limits = Limits(options.seconds, options.memory, _MOST_PAGE)
    inputs = [tasks[number].encoded() for number in missing]
    outcomes = supervised(SHOW, inputs, options.workers, limits) if inputs else []
    for number, outcome in zip(missing, outcomes, strict=True):
        if outcome.state == "done":
            found[number] = outcome.answer
            store.write(outcome.answer, *keys[number])
        else:
            found[number] = _instead(tasks[number], outcome.reason)
    return [page for page in found if page is not None]


def _instead(task: ShowTask, reason: str) -> bytes:
    """A page that says why a pair cannot be shown; it is not kept."""
    called = task.called if task.people else (task.left.name, task.right.name)
    # The reason may tell names of files.
    told = "" if task.people and not task.unshown else f": {html.escape(reason)}"
    names = " ~ ".join(map(html.escape, called))
    why = f"This pair could not be shown side by side{told}."
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>{names}</title>\n'
        f"<h1>{names}</h1>\n<p>{why}</p>\n"
        "<p>What was found stands in the overview. Run the audit again to try once more.</p>\n"
    )
    return page.encode("utf-8", "backslashreplace")


def _name(task: ShowTask) -> str:
    return hashlib.blake2b(task.encoded(), digest_size=20).hexdigest()
