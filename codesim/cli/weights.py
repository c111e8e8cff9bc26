"""``codesim weights``: two models in, the relation of their weights out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from codesim.cli.console import Console
from codesim.cli.extent import check_extent, extent, is_screen
from codesim.cli.options import STRENGTHS, examples, outputs, strength, top, verbosity
from codesim.cli.outputs import Outputs
from codesim.cli.running import all_opened, compared, exit_code, note_same, refuse_result


@click.command(
    epilog=examples(
        "codesim weights left.safetensors right.safetensors",
        "codesim weights ./left ./right --html report.html --json result.json",
        "codesim weights ./owner ./copy --base ./llama --fail-over strong",
        "codesim weights ./owner ./copy --cohort ./unrelated --cohort ./another",
        "codesim weights left.gguf ./right --device cpu",
        "codesim weights hf:alice/large hf:bob/large --screen",
        "codesim weights ./left https://example.org/model.safetensors",
    )
)
@click.argument("left")
@click.argument("right")
@outputs
@click.option(
    "--base",
    metavar="SOURCE",
    multiple=True,
    help="A model that both may come from; what it explains does not count. May be repeated.",
)
@click.option(
    "--cohort",
    metavar="SOURCE",
    multiple=True,
    help="A model known to be unrelated, best of the same architecture: it shows what chance gives."
    " May be repeated.",
)
@click.option(
    "--device",
    metavar="DEVICE",
    default="",
    help="Where to compute, such as cpu or cuda:1; a GPU where there is one by default.",
)
@click.option(
    "--fail-over",
    callback=strength,
    metavar="STRENGTH",
    help=f"Exit 1 when the strength is this or more: {', '.join(STRENGTHS)}.",
)
@click.option("--strict", is_flag=True, help="Exit 3 when anything was skipped.")
@extent
@top("File pairs")
@verbosity
@click.pass_obj
def weights(console: Console, /, left: str, right: str, **options: Any) -> int:
    """Was the checkpoint RIGHT made from LEFT, or LEFT from RIGHT?

    LEFT and RIGHT are a checkpoint file (safetensors, GGUF, or PyTorch, of which nothing is run), a
    folder that holds one, or any other source that `codesim compare` reads. A folder is read as
    it stands, also where it is a Git repository, since weights are seldom committed whole. Of
    hf:OWNER/NAME[@REVISION][#FOLDER], and of a checkpoint or its index at an https address, the
    parts that are needed are read from the server and nothing is stored; over 2 GB there are only
    looked into, as with --screen, unless --whole is given. Tensors are aligned by their values, so
    that names do not matter.

    To reject that two models were initialised independently is not to say that one was copied:
    a common base explains as much. Name it with --base. Where neurons had to be matched first,
    other models say what chance matches: name some with --cohort.

    Exit codes: 0 finished, whatever was found; 1 at or above --fail-over; 2 usage, unusable input,
    or PyTorch is missing; 3 something was skipped, under --strict; 4 internal error; 130
    interrupted.
    """
    from codesim.detectors.weights import WeightsDetector

    check_extent(options["screen"], options["whole"])
    detector = WeightsDetector(device=options["device"])
    files = Outputs.of(options)
    files.check()
    detector.require()
    sources = [("left", left), ("right", right), *(("base", base) for base in options["base"])]
    sources += [("cohort", member) for member in options["cohort"]]
    for _, source in sources:
        refuse_result(source)
    note_same(console, left, right)
    snapshots = all_opened(console, sources, as_it_stands=True)
    screen = is_screen(console, snapshots, options["screen"], options["whole"], options["cohort"])
    chosen = replace(detector, screen=screen)
    document = compared(console, snapshots, [chosen], len(options["cohort"]))
    files.show(document, console, options["top"])
    return exit_code(document, options["fail_over"], options["strict"])
