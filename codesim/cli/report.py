"""``codesim report``: a result, rendered again."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from codesim.cli.console import Console
from codesim.cli.options import examples, outputs, top, verbosity
from codesim.cli.outputs import STDOUT, Outputs
from codesim.errors import CodesimError

if TYPE_CHECKING:
    from codesim.report import ResultDocument

# Sixteen million characters of text, up to six bytes each, and as much again for the evidence.
_MOST_BYTES = 256 << 20
_STDIN = "standard input"


@click.command(
    epilog=examples(
        "codesim report result.json",
        "codesim report result.json --html again.html",
        "codesim report result.json --markdown - | gh issue comment 12 --body-file -",
        "codesim report report/audit.json --html report/index.html",
    )
)
@click.argument("result")
@outputs
@top("File pairs")
@verbosity
@click.pass_obj
def report(console: Console, /, result: str, top: int, **files: Any) -> int:
    """Render a result again, in any format.

    RESULT is a file that "codesim compare --json FILE" wrote, the audit.json of an audit, or - for
    standard input. Neither the repositories nor the network are needed. Without an option the
    summary is shown.
    """
    asked = Outputs.of(files)
    asked.check()
    data = _piped() if result == STDOUT else _bytes(result)
    if _is_audit(data):
        from codesim.cli.audited import show_audit

        show_audit(data, result, asked, console, top)
    else:
        document = _decoded(data, _STDIN if result == STDOUT else result)
        _note_bare(document, asked, console)
        asked.show(document, console, None if asked.asked else top)
    return 0


def _note_bare(document: ResultDocument, asked: Outputs, console: Console) -> None:
    """Who asks for files side by side is told where a result has the text of none."""
    pairs = [pair for evidence in document.evidence for pair in evidence.pairs]
    has_lines = any(match.left.start for pair in pairs for match in pair.matches)
    has_text = document.sources.left or document.sources.right
    if "html" in asked.asked and has_lines and not has_text:
        console.note(
            "Note: this result holds no text of files, so the report shows no pair side by side. "
            "A result that codesim compare --json writes has the text"
        )


def _is_audit(data: bytes) -> bool:
    from codesim.report.audit import is_audit

    return is_audit(data)


def _decoded(data: bytes, result: str) -> ResultDocument:
    from codesim.report import decode

    try:
        return decode(data)
    except CodesimError as error:
        raise CodesimError(f"{result}: {error}") from error


def _piped() -> bytes:
    if sys.stdin is None:
        raise CodesimError(f"cannot read {_STDIN}: it is closed")
    return _bounded(sys.stdin.buffer, _STDIN)


def _bytes(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return _bounded(file, name)
    except IsADirectoryError:
        raise CodesimError(
            f"{name} is a folder, and a result is one JSON file. "
            f"To compare folders: codesim compare {name} OTHER"
        ) from None
    except FileNotFoundError:
        raise CodesimError(f"there is no file {name}.{_near(Path(name))}") from None
    except (OSError, ValueError) as error:
        raise CodesimError(f"cannot read {name}: {error}") from None


def _bounded(file: BinaryIO, name: str) -> bytes:
    """All of a file, which may be a device without an end."""
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise CodesimError(
            f"{name} has more than {_MOST_BYTES:,} bytes, and no result is so large. "
            "Is it the file that --json wrote?"
        )
    return data


def _near(path: Path) -> str:
    folder = path.parent
    names = sorted(p.name for p in folder.glob("*.json")) if folder.is_dir() else []
    close = get_close_matches(path.name, names, n=1)
    if close:
        return f" Did you mean {folder / close[0]}?"
    return " To make one: codesim compare LEFT RIGHT --json result.json"
