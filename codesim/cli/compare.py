"""``codesim compare``: two repositories in, evidence out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from codesim.cli.console import Console
from codesim.cli.extent import check_extent, extent, is_screen
from codesim.cli.options import STRENGTHS, examples, outputs, strength, top, unknown, verbosity
from codesim.cli.outputs import Outputs
from codesim.cli.running import all_opened, compared, exit_code, note_same, refuse_result
from codesim.errors import CodesimError, DetectorUnavailable
from codesim.model import Detector, Ranker


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
    "--weights",
    is_flag=True,
    help="Also compare the values of the weights, which takes a while and needs PyTorch.",
)
@extent
@click.option(
    "--cohort",
    metavar="SOURCE",
    multiple=True,
    help="With --weights: a model known to be unrelated, to show what chance gives. May be"
    " repeated.",
)
@click.option(
    "--fail-over",
    callback=strength,
    metavar="STRENGTH",
    help=f"Exit 1 when the overall strength is this or more: {', '.join(STRENGTHS)}.",
)
@click.option("--strict", is_flag=True, help="Exit 3 when anything was skipped.")
@top("File pairs")
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
    files = Outputs.of(options)
    files.check()
    sources = [("left", left), ("right", right), *(("base", base) for base in options["base"])]
    sources += [("cohort", member) for member in options["cohort"]]
    for _, source in sources:
        refuse_result(source)
    note_same(console, left, right)
    if options["no_cache"]:
        os.environ["CODESIM_CACHE"] = "off"
    check_extent(options["screen"], options["whole"])
    detectors = _chosen(options["only"], options["weights"])
    weights = any(detector.kind == "weights" for detector in detectors)
    if not weights and (options["screen"] or options["whole"]):
        raise CodesimError("--screen and --whole are about weights; add --weights")
    if options["cohort"] and not any(isinstance(detector, Ranker) for detector in detectors):
        raise CodesimError(
            "--cohort shows what chance gives where weights are compared; add --weights"
        )
    snapshots = all_opened(console, sources, weights=weights and _can_run(detectors))
    if weights:
        screen = is_screen(
            console, snapshots, options["screen"], options["whole"], options["cohort"]
        )
        detectors = [_screening(detector, screen) for detector in detectors]
    document = compared(console, snapshots, detectors, len(options["cohort"]))
    files.show(document, console, options["top"])
    return exit_code(document, options["fail_over"], options["strict"])


def _can_run(detectors: Sequence[Detector[Any]]) -> bool:
    """Whether weights on a server are worth asking for."""
    from codesim.detectors.weights import WeightsDetector

    try:
        for detector in detectors:
            if isinstance(detector, WeightsDetector):
                detector.require()
    except DetectorUnavailable:
        return False
    return True


def _screening(detector: Detector[Any], screen: bool) -> Detector[Any]:
    """The detector of weights for a screen or for the whole; any other as it is."""
    from codesim.detectors.weights import WeightsDetector

    return replace(detector, screen=screen) if isinstance(detector, WeightsDetector) else detector


def _chosen(only: Sequence[str], weights: bool) -> Sequence[Detector[Any]]:
    """The table, and the values of the weights where they are asked for: they may be large."""
    from codesim.detectors import DETECTORS
    from codesim.detectors.weights import WeightsDetector

    usual = {detector.kind: detector for detector in DETECTORS}
    table: dict[str, Detector[Any]] = {"weights": WeightsDetector(), **usual}
    known = tuple(usual | table)
    for kind in only:
        if kind not in known:
            raise CodesimError(
                f"--only {kind}: {unknown(kind, known)} The kinds are: {', '.join(known)}."
            )
    wanted = {*(only or usual), *(["weights"] if weights else [])}
    return [table[kind] for kind in known if kind in wanted]
