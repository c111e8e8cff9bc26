"""The command group, and the table of how a run can end."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from types import FrameType

import click

from codesim import __version__
from codesim.cli.audit import audit
from codesim.cli.commons import commons
from codesim.cli.compare import compare
from codesim.cli.console import Console, unwritable
from codesim.cli.demo import demo
from codesim.cli.index import index
from codesim.cli.options import examples, verbosity
from codesim.cli.report import report
from codesim.cli.search import search
from codesim.cli.weights import weights
from codesim.errors import CodesimError

USAGE = 2
INTERNAL = 4
INTERRUPTED = 130
TERMINATED = 143


class _Terminated(SystemExit):
    """Somebody asked this process to end."""


class _Commands(click.Group):
    """A group that says what was probably meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word.startswith("-") or self.get_command(ctx, word):
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"there is no command {word!r}. {self._meant(word)}", ctx)

    def _meant(self, word: str) -> str:
        close = get_close_matches(word, self.commands, n=1, cutoff=0.5)
        if close:
            return f"Did you mean {close[0]!r}?"
        if "/" in word or ":" in word or os.path.exists(word):
            return "To compare two repositories: codesim compare LEFT RIGHT"
        return f"The commands are: {', '.join(self.commands)}."


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "codesim demo",
        "codesim compare github.com/alice/nano hf:bob/tiny",
        "codesim compare ./left ./right --html report.html --json result.json",
        "codesim report result.json --html report.html",
    ),
)
@click.version_option(__version__, prog_name="codesim", message="%(prog)s %(version)s")
@verbosity
def cli() -> None:
    """Did this model repository come from that one?

    Compares two model repositories and shows what matches, where, how rare that is, what a shared
    upstream explains, and which names were exchanged. Nothing from a compared repository is ever
    run. Similarity is evidence for a person to judge, not proof of copying.
    """


for command in (compare, audit, weights, search, index, report, demo, commons):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 finished, however similar; 1 at or above ``--fail-over``; 2 usage or unusable input; 3
    something was skipped, under ``--strict``; 4 a mistake of ours; 130 interrupted; 143 terminated.
    """
    console = Console()
    given = list(sys.argv[1:] if arguments is None else arguments)
    _end_cleanly_on_terminate()
    try:
        return _invoke(given, console)
    except click.ClickException as error:
        return _refused(error, console, given)
    except CodesimError as error:
        _trace(console)
        console.error(_discreet(str(error), given))
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        console.error(f"interrupted; {console.so_far}.")
        return INTERRUPTED
    except _Terminated:
        console.error(f"terminated; {console.so_far}.")
        return TERMINATED
    except BrokenPipeError:
        console.reader_gone()
        return 0
    # The one place that may: it gives our own mistakes their exit code and hides nothing.
    except Exception as error:
        if not (isinstance(error, OSError) and _was_printing(error)):
            return _crashed(error, console)
        console.error(str(unwritable(error)))
        return USAGE


def _invoke(arguments: Sequence[str], console: Console) -> int:
    if "_CODESIM_COMPLETE" in os.environ:
        cli.main(prog_name="codesim")
    try:
        with cli.make_context("codesim", list(arguments), obj=console) as context:
            return int(cli.invoke(context) or 0)
    except click.exceptions.Exit as ending:
        return ending.exit_code


def _refused(error: click.ClickException, console: Console, given: Sequence[str]) -> int:
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        console.note(error.format_message())
        return USAGE
    context = getattr(error, "ctx", None)
    if context is not None:
        console.note(context.get_usage())
        console.note(f"For help: {context.command_path} --help\n")
    console.error(_discreet(error.format_message(), given))
    return USAGE


def _crashed(error: BaseException, console: Console) -> int:
    from codesim.snapshot.redact import redact

    _trace(console)
    console.error(
        f"internal error: {redact(f'{type(error).__name__}: {error}')}\n"
        "This is a mistake in codesim, not in your input. Run the same command with --debug to\n"
        "see where it happened, and report it together with that output."
    )
    return INTERNAL


def _was_printing(error: OSError) -> bool:
    """Whether click failed to print its help, which is all that it prints for us."""
    return traceback.extract_tb(error.__traceback__)[-1].name == "echo"


def _trace(console: Console) -> None:
    from codesim.snapshot.redact import redact

    if console.debug:
        console.trace(redact(traceback.format_exc()))


def _discreet(text: str, given: Sequence[str]) -> str:
    """A message that quotes what was typed, without the credentials that were typed."""
    from codesim.snapshot.redact import redact

    for argument in given:
        for typed in filter(None, (argument, argument.partition("=")[2])):
            text = text.replace(typed, redact(typed))
    return text


def _end_cleanly_on_terminate() -> None:
    """Let SIGTERM unwind the stack, so that temporary folders and child processes go too."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise _Terminated(TERMINATED)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
