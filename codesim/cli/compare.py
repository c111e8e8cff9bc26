"""``codesim compare``: two repositories in, evidence out."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from codesim.cli.console import Console
from codesim.cli.options import STRENGTHS, examples, outputs, strength, top, unknown, verbosity
from codesim.cli.outputs import Outputs, show
from codesim.errors import CodesimError
from codesim.model import Detector, Snapshot, Strength

if TYPE_CHECKING:
    from codesim.report import ResultDocument

FAILED_OVER = 1
SKIPPED = 3


@click.command(
    epilog=examples(
        "codesim compare https://github.com/alice/nano https://github.com/bob/tiny",
        "codesim compare ./left ./right@v1.2 --html report.html --json result.json",
        "codesim compare left.zip hf:bob/tiny#src --base github.com/upstream/frame",
        "codesim compare ./left ./right --fail-over strong --strict",
        "codesim compare ./left ./right --json - | python -m json.tool",
    )
)
@click.argument("left")
@click.argument("right")
@outputs
@click.option(
    "--base",
    metavar="SOURCE",
    multiple=True,
    help="Set aside what this source explains, such as a shared upstream. May be repeated.",
)
@click.option(
    "--only",
    metavar="KIND",
    multiple=True,
    help="Look for this kind of evidence only. May be repeated.",
)
@click.option(
    "--fail-over",
    callback=strength,
    metavar="STRENGTH",
    help=f"Exit 1 when the overall strength is this or more: {', '.join(STRENGTHS)}.",
)
@click.option("--strict", is_flag=True, help="Exit 3 when anything was skipped.")
@top
@click.option("--no-cache", is_flag=True, help="Neither read nor write stored profiles.")
@verbosity
@click.pass_obj
def compare(console: Console, /, left: str, right: str, **options: Any) -> int:
    """Compare two repositories and show what matches, side by side.

    LEFT and RIGHT are an https Git address, github.com/owner/name, hf:owner/name, file://, a
    local Git repository (its committed state), a folder, one file, or a zip or tar archive.
    SOURCE@REVISION picks a branch, tag or commit of a Git repository; SOURCE#FOLDER narrows to
    one folder. Both sides are treated alike; the order only decides the columns.

    Exit codes: 0 finished, however similar; 1 at or above --fail-over; 2 usage or unusable input;
    3 something was skipped, under --strict; 4 internal error; 130 interrupted.
    """
    files = Outputs(options["html"], options["json"], options["markdown"])
    files.check()
    for source in (left, right, *options["base"]):
        _refuse_result(source)
    if options["no_cache"]:
        os.environ["CODESIM_CACHE"] = "off"
    detectors = _chosen(options["only"])
    sources = [("left", left), ("right", right), *(("base", base) for base in options["base"])]
    snapshots = _all_opened(console, sources)
    document = _compared(console, snapshots, detectors)
    show(console, document, files, options["top"])
    return _exit_code(document, options["fail_over"], options["strict"])


@dataclass(frozen=True)
class _Clock:
    start: float

    def __str__(self) -> str:
        return f"{time.monotonic() - self.start:.1f} s"


def _all_opened(console: Console, sources: Sequence[tuple[str, str]]) -> list[Snapshot]:
    """Every source, in the order given. The quick ones are opened first: errors come early."""
    from codesim.snapshot import effort, told_apart

    opened: dict[int, Snapshot] = {}
    for number in sorted(range(len(sources)), key=lambda each: effort(sources[each][1])):
        opened[number] = _opened(console, *sources[number])
    specs = [source for _, source in sources]
    return told_apart(specs, [opened[number] for number in range(len(sources))])


def _opened(console: Console, role: str, source: str) -> Snapshot:
    # The source as typed is never shown: it may carry a credential that opening will refuse.
    from codesim import open_snapshot

    clock = _Clock(time.monotonic())
    console.progress(f"Opening {role} ...")
    snapshot = open_snapshot(source, progress=lambda step: console.progress(f"{role}: {step}"))
    revision = f" @ {snapshot.revision[:12]}" if snapshot.revision else ""
    size = sum(entry.size or 0 for entry in snapshot.entries) / 1e6
    console.progress(
        f"{role}: {snapshot.name}{revision}  {len(snapshot.entries)} files  {size:.1f} MB  {clock}"
    )
    return snapshot


def _compared(
    console: Console, snapshots: Sequence[Snapshot], detectors: Sequence[Detector[Any]]
) -> ResultDocument:
    import codesim
    from codesim.report import document_of

    console.progress(f"Comparing {', '.join(detector.kind for detector in detectors)} ...")
    left, right, *bases = snapshots
    return document_of(codesim.compare(left, right, base=bases, detectors=detectors))


def _chosen(only: Sequence[str]) -> Sequence[Detector[Any]]:
    from codesim.detectors import DETECTORS

    known = tuple(detector.kind for detector in DETECTORS)
    for kind in only:
        if kind not in known:
            raise CodesimError(
                f"--only {kind}: {unknown(kind, known)} The kinds are: {', '.join(known)}."
            )
    return [detector for detector in DETECTORS if not only or detector.kind in only]


def _refuse_result(source: str) -> None:
    """A result is a plausible slip here, and as a one-file snapshot it would compare as nothing."""
    if source.endswith(".json") and os.path.isfile(source):
        with open(source, "rb") as file:
            if b'"codesim/result/' in file.read(300):
                raise CodesimError(
                    f"{source} is a result of codesim, not a repository. "
                    f"To show it: codesim report {source}"
                )


def _exit_code(document: ResultDocument, fail_over: Strength | None, strict: bool) -> int:
    strength = Strength[document.overall.strength.replace(" ", "_").upper()]
    if fail_over is not None and strength >= fail_over:
        return FAILED_OVER
    if strict and document.all_skipped:
        return SKIPPED
    return 0
