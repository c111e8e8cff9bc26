"""What commands that compare have in common: opening, comparing, and how the run ends."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codesim.cli.console import Console
from codesim.errors import CodesimError
from codesim.model import Detector, Snapshot, Strength

if TYPE_CHECKING:
    from codesim.report import ResultDocument

FAILED_OVER = 1
SKIPPED = 3


@dataclass(frozen=True)
class _Clock:
    start: float

    def __str__(self) -> str:
        return f"{time.monotonic() - self.start:.1f} s"


def all_opened(
    console: Console,
    sources: Sequence[tuple[str, str]],
    as_it_stands: bool = False,
    weights: bool = False,
) -> list[Snapshot]:
    """Every source, in the order given. The quick ones are opened first: errors come early.

    ``as_it_stands`` is for sources of weights alone: the files of a folder, also where it is a Git
    repository, and parts of what is on a server. ``weights`` adds the latter to a repository.
    """
    from codesim.snapshot import effort, told_apart

    opened: dict[int, Snapshot] = {}
    for number in sorted(range(len(sources)), key=lambda each: effort(sources[each][1])):
        opened[number] = _opened(console, *sources[number], as_it_stands, weights)
    specs = [source for _, source in sources]
    return told_apart(specs, [opened[number] for number in range(len(sources))])


def _opened(
    console: Console, role: str, source: str, as_it_stands: bool, weights: bool
) -> Snapshot:
    # The source as typed is never shown: it may carry a credential that opening will refuse.
    from codesim import open_snapshot
    from codesim.snapshot import open_weights, with_weights

    clock = _Clock(time.monotonic())
    console.progress(f"Opening {role} ...")
    read = open_weights if as_it_stands else open_snapshot

    def said(step: str) -> None:
        console.progress(f"{role}: {step}")

    snapshot = read(source, progress=said)
    if weights:
        snapshot = with_weights(snapshot, source, progress=said)
    revision = f" @ {snapshot.revision[:12]}" if snapshot.revision else ""
    size = sum(entry.size or 0 for entry in snapshot.entries) / 1e6
    console.progress(
        f"{role}: {snapshot.name}{revision}  {len(snapshot.entries)} files  {size:.1f} MB  {clock}"
    )
    return snapshot


def compared(
    console: Console,
    snapshots: Sequence[Snapshot],
    detectors: Sequence[Detector[Any]],
    cohort: int = 0,
) -> ResultDocument:
    """Left, right, their bases and the last so many as a cohort compared, as the document that
    reports are made from.
    """
    import codesim
    from codesim.report import document_of

    console.progress(f"Comparing {', '.join(detector.kind for detector in detectors)} ...")
    left, right, *others = snapshots
    bases, members = others[: len(others) - cohort], others[len(others) - cohort :]
    return document_of(
        codesim.compare(left, right, base=bases, detectors=detectors, cohort=members)
    )


def refuse_result(source: str) -> None:
    """A result is a plausible slip here, and as a one-file snapshot it would compare as nothing."""
    if source.endswith(".json") and os.path.isfile(source):
        with open(source, "rb") as file:
            if b'"codesim/result/' in file.read(300):
                raise CodesimError(
                    f"{source} is a result of codesim, not a repository. "
                    f"To show it: codesim report {source}"
                )


def note_same(console: Console, left: str, right: str) -> None:
    """The same place twice is a plausible slip, and agrees in everything."""
    if left == right or (
        os.path.exists(left) and os.path.realpath(left) == os.path.realpath(right)
    ):
        console.note("Note: left and right are the same source")


def exit_code(document: ResultDocument, fail_over: Strength | None, strict: bool) -> int:
    """How a run that compared ends."""
    strength = Strength[document.overall.strength.replace(" ", "_").upper()]
    if fail_over is not None and strength >= fail_over:
        return FAILED_OVER
    if strict and document.all_skipped:
        return SKIPPED
    return 0
