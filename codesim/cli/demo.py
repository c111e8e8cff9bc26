"""``codesim demo``: the first thing to type."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codesim.cli.console import Console
from codesim.cli.options import examples, outputs, top, verbosity
from codesim.cli.outputs import Outputs
from codesim.errors import CodesimError

if TYPE_CHECKING:
    from codesim.model import Snapshot
    from codesim.report import ResultDocument

_NAMES = {"left": "fernlight", "right": "mossgate"}
_STORY = """\
Two small vision-language models, written for this demo and part of codesim
(fixtures/disguised_copy). The right one is a copy of the left one in disguise:
names exchanged, code reformatted and rewritten, files split, merged and renamed.

"""
_NEXT = """
Next
  codesim demo --html demo.html   the same, side by side, for a browser
  codesim compare LEFT RIGHT      your own two: addresses, folders or archives
  codesim compare --help          all that it can read, with examples
"""


@click.command(
    epilog=examples(
        "codesim demo",
        "codesim demo --html demo.html",
        "codesim demo --json - | python -m json.tool",
    )
)
@outputs
@top("File pairs")
@verbosity
@click.pass_obj
def demo(console: Console, /, top: int, **files: Any) -> int:
    """Compare a bundled pair of repositories, offline.

    It needs nothing, leaves nothing behind and takes a few seconds.
    """
    asked = Outputs.of(files)
    asked.check()
    os.environ["CODESIM_CACHE"] = "off"  # or profiles would be left behind
    if not asked.to_stdout:
        console.result(_STORY)
    console.progress("Comparing the bundled case ...")
    asked.show(_result(_case()), console, top)
    if not asked.to_stdout:
        console.result(_NEXT)
    return 0


def _result(case: Path) -> ResultDocument:
    import codesim
    from codesim.report import document_of

    return document_of(codesim.compare(_side(case, "left"), _side(case, "right")))


def _side(case: Path, side: str) -> Snapshot:
    """One side, by content only: an installer may have left compiled files between the sources."""
    from codesim import snapshot_of

    folder = case / side
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return snapshot_of(
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in files
            if "__pycache__" not in path.parts
        },
        name=_NAMES[side],
    )


def _case() -> Path:
    """The case in the installed package, or in the source tree that this file belongs to."""
    here = Path(__file__).resolve().parent
    for folder in (here / "demo_case", here.parents[1] / "fixtures" / "disguised_copy"):
        if (folder / "left").is_dir():
            return folder
    raise CodesimError(
        "the bundled case is missing from this installation. Install codesim again, or compare "
        "two repositories of your own: codesim compare LEFT RIGHT"
    )
