"""How much of the weights on servers is read: all, or enough for a screen; and saying so before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from codesim.cli.console import Console
from codesim.errors import CodesimError

if TYPE_CHECKING:
    from codesim.model import Snapshot

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

# Some minutes on a line of 100 Mbit/s. More than this is read from servers only when asked for.
_MOST_UNASKED = 2_000_000_000


def extent(command: Decorated) -> Decorated:
    """``--screen`` and ``--whole``."""
    for name, text in (
        ("whole", "Read the weights from end to end, also gigabytes from a server."),
        ("screen", "Look into some tensors only: a quick answer, which says less."),
    ):
        command = click.option(f"--{name}", is_flag=True, help=text)(command)
    return command


def check_extent(screen: bool, whole: bool) -> None:
    """Raise CodesimError where both are asked for."""
    if screen and whole:
        raise CodesimError("--screen and --whole exclude each other; leave out one of them")


def is_screen(
    console: Console,
    snapshots: Sequence[Snapshot],
    screen: bool,
    whole: bool,
    cohort: Sequence[str] = (),
) -> bool:
    """Whether to look into the weights only: as asked, else where too much lies on servers. A rank
    in a cohort needs the whole: raises CodesimError where a screen is asked for with one.
    """
    if cohort:
        if screen:
            raise CodesimError("--cohort ranks what was read as a whole; leave out --screen")
        whole = True
    from codesim.detectors.weights.files import far_bytes

    far = sum(far_bytes(snapshot) for snapshot in snapshots)
    chosen = screen or (far > _MOST_UNASKED and not whole)
    if not far:
        return chosen
    if not chosen:
        console.note(f"Weights on servers: {_size(far)}, which will be read from end to end.")
    elif screen:
        console.note(f"Weights on servers: {_size(far)}, of which a few MB will be read.")
    else:
        console.note(
            f"Weights on servers: {_size(far)}, of which a few MB will be read, for a screen; "
            "to read them from end to end: --whole"
        )
    return chosen


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 999_950_000 else f"{count / 1e6:,.1f} MB"
