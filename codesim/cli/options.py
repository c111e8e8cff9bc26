"""Options that several commands share, and how examples are shown."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from codesim.cli.console import Console
from codesim.model import Strength
from codesim.report import FORMATS

STRENGTHS = tuple(s.word.replace(" ", "-") for s in Strength if s is not Strength.NONE)
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def examples(*lines: str) -> str:
    """An epilog that keeps its lines as they are."""
    return "\b\nExamples:\n" + "\n".join("  " + line for line in lines)


def verbosity(command: Decorated) -> Decorated:
    """``-v``, ``-q`` and ``--debug``, before or after the name of the command."""
    for names, text in (
        (("--debug",), "Show a traceback when something fails."),
        (("-q", "--quiet"), "Results and errors only."),
        (("-v", "--verbose"), "Show progress also when stderr is not a terminal."),
    ):
        command = click.option(
            *names, is_flag=True, expose_value=False, callback=_remember, help=text
        )(command)
    return command


def outputs(command: Decorated) -> Decorated:
    """One option for each format in the table, such as ``--html``, and ``--anonymise``."""
    command = click.option(
        "--anonymise",
        metavar="KEY",
        help="Replace the names of people and repositories; KEY is a file that tells who is who.",
    )(command)
    for form in reversed(FORMATS):
        command = click.option(f"--{form.name}", metavar="FILE", help=form.help)(command)
    return command


def top(what: str) -> Callable[[Decorated], Decorated]:
    """``--top``, which bounds how many of ``what`` the summary shows."""
    return click.option(
        "--top",
        type=click.IntRange(min=0),
        default=10,
        show_default=True,
        metavar="N",
        help=f"{what} to show in the summary.",
    )


def strength(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Strength | None:
    """A strength by its word, in any spelling. Every result would be at or above ``none``."""
    if value is None:
        return None
    word = value.lower().replace("_", "-").replace(" ", "-")
    if word in STRENGTHS:
        return Strength[word.replace("-", "_").upper()]
    known = f"The strengths are: {', '.join(STRENGTHS)}."
    raise click.BadParameter(f"{unknown(value, STRENGTHS)} {known}", context, parameter)


def unknown(word: str, known: tuple[str, ...]) -> str:
    """One sentence for a word that is not in a table, with what was probably meant."""
    close = get_close_matches(word, known, n=1)
    return f"{word!r} is not known." + (f" Did you mean {close[0]!r}?" if close else "")


def _remember(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and param.name and isinstance(ctx.obj, Console):
        setattr(ctx.obj, param.name, True)
