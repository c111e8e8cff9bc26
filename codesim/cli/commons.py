"""``codesim commons``: the table of common public code, made anew and looked at."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codesim.cli.console import Console
from codesim.cli.options import examples, verbosity
from codesim.cli.tables import KINDS, maker
from codesim.errors import CodesimError
from codesim.text import display

if TYPE_CHECKING:
    from codesim.cli.packages import Pin
    from codesim.commons import Commons, Contribution
    from codesim.commons.frequency import Values

# What ships with the package stays below this.
_MOST_BYTES = 6_000_000


_kind = click.option(
    "--kind",
    type=click.Choice(KINDS),
    default=KINDS[0],
    show_default=True,
    help="Which table: of code, or of settings in configuration files.",
)


@click.group(
    epilog=examples(
        "codesim commons info",
        "codesim commons build --output table.bin",
    ),
)
@verbosity
def commons() -> None:
    """How common code and settings are among public projects.

    codesim ships tables of what public model libraries have in common, so that what everybody
    writes weighs little, and a shared upstream is named.
    """


@commons.command(
    epilog=examples(
        "codesim commons build --output table.bin",
        "codesim commons build --kind config --output settings.bin",
        "codesim commons build --from projects.txt --output table.bin --workers 4",
    )
)
@_kind
@click.option(
    "--from", "listed", metavar="LIST", help="Packages to read, one NAME==VERSION a line."
)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write the table.")
@click.option("--packages", metavar="FOLDER", help="Where fetched packages are kept.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    metavar="N",
    help="Processes that read packages side by side.",
)
@verbosity
@click.pass_obj
def build(
    console: Console,
    /,
    kind: str,
    listed: str | None,
    output: str,
    packages: str | None,
    workers: int,
) -> int:
    """Make the table anew from pinned public packages.

    Packages are fetched from the package index once, read, and neither installed nor run. The same
    packages give the same bytes. Without LIST the packages of the shipped table are read.
    """
    from codesim import commons as table
    from codesim.cli.packages import read_pins
    from codesim.report import write_atomically

    pins = read_pins(Path(listed) if listed else table.lookup.DATA / "projects.txt")
    folder = Path(packages) if packages else _kept_packages()
    wheels = [(pin, _fetched(pin, folder, console)) for pin in pins]
    made = maker(kind)
    found = _contributions(kind, wheels, workers, console)
    data = table.build(found, made.canonicaliser(), least=made.least)
    write_atomically(output, data)
    console.note(f"wrote {output}: {len(pins)} packages, {len(data):,} bytes")
    if len(data) > _MOST_BYTES:
        console.note(f"the shipped table may have {_MOST_BYTES:,} bytes; this one is larger")
    return 0


@commons.command(
    epilog=examples(
        "codesim commons info",
        "codesim commons info --kind config",
        "codesim commons info table.bin",
    )
)
@click.argument("file", required=False)
@_kind
@verbosity
@click.pass_obj
def info(console: Console, /, kind: str, file: str | None) -> int:
    """Show what a table holds: the shipped one, or the one in FILE."""
    from codesim.commons import load

    found = _read(Path(file)) if file else load(kind)
    if found.problem:
        raise CodesimError(f"{found.problem}. To make it anew: codesim commons build --kind {kind}")
    console.result("\n".join(_description(kind, found)))
    return 0


def _read(path: Path) -> Commons:
    from codesim.commons import DamagedError, read

    try:
        return read(path)
    except OSError as error:
        raise CodesimError(f"cannot read {path}: {error.strerror}") from None
    except DamagedError as error:
        raise CodesimError(f"{path} cannot be used: {error}") from None


def _description(kind: str, found: Commons) -> Iterator[str]:
    made = maker(kind)
    same = found.canonicaliser == made.canonicaliser()
    least = {1: "one", 2: "two"}[made.least]
    yield f"version        {found.version}"
    yield f"canonicaliser  {found.canonicaliser} ({'this' if same else 'NOT that of this'} codesim)"
    yield f"fingerprints   {found.entries:,} in {least} or more projects"
    yield f"projects       {len(found.projects)}"
    width = max((len(f"{p.name} {p.version}") for p in found.projects), default=0)
    for project in found.projects:
        title = f"{project.name} {project.version}"
        yield f"  {title:<{width}}  {project.fingerprints:>9,}  {display(project.licence)}"


def _kept_packages() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("codesim")) / "packages"


def _fetched(pin: Pin, folder: Path, console: Console) -> Path:
    from codesim.cli.packages import fetch

    console.progress(f"Fetching {pin} ...")
    return fetch(pin, folder)


def _contributions(
    kind: str, wheels: list[tuple[Pin, Path]], workers: int, console: Console
) -> Iterator[Contribution]:
    from codesim.cli.packages import licence_of
    from codesim.commons import Contribution

    # The largest first, so that no process is left alone with it at the end.
    wheels = sorted(wheels, key=lambda each: (-each[1].stat().st_size, each[0].name))
    values = _all_fingerprints([(kind, wheel, str(pin)) for pin, wheel in wheels], workers)
    for (pin, wheel), found in zip(wheels, values, strict=True):
        console.progress(f"{pin}: {len(found):,} fingerprints")
        yield Contribution(pin.name, pin.version, licence_of(wheel), found)


def _all_fingerprints(wheels: list[tuple[str, Path, str]], workers: int) -> Iterator[Values]:
    if workers == 1:
        yield from (_fingerprints(wheel) for wheel in wheels)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned, since a fork would copy whatever threads hold at that moment.
    with ProcessPoolExecutor(workers, get_context("spawn"), _leave_interrupts) as pool:
        try:
            yield from pool.map(_fingerprints, wheels)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; the first one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Profiles of whole libraries would push everything else out of the cache.
    os.environ["CODESIM_CACHE"] = "off"


def _fingerprints(wheel: tuple[str, Path, str]) -> Values:
    kind, path, name = wheel
    return maker(kind).fingerprints(path, name)
