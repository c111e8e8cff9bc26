"""``codesim index``: fingerprints of known repositories, kept in one file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codesim.cli.console import Console
from codesim.cli.options import examples, verbosity
from codesim.cli.outputs import STDOUT, check_file, write_document
from codesim.cli.running import refuse_result
from codesim.errors import CodesimError, SnapshotError
from codesim.model import Snapshot
from codesim.text import display

if TYPE_CHECKING:
    from codesim.index.content import Content
    from codesim.index.reading import Order

UNUSABLE = 2
_index = click.argument("index", metavar="INDEX")


@click.group(
    epilog=examples(
        "codesim index add known.index ./starter github.com/alice/nano",
        "codesim search ./mine --index known.index",
    ),
)
@verbosity
def index() -> None:
    """Keep fingerprints of known repositories, to search them with `codesim search`.

    An index is one file. It needs DuckDB: pip install 'codesim[scale]'.
    """


@index.command(
    epilog=examples(
        "codesim index add known.index ./starter github.com/alice/nano hf:bob/tiny@v1.2",
        "codesim index add known.index --from list.txt --fingerprints-only",
    )
)
@_index
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("--from", "listed", metavar="LIST", help="Also add the sources in LIST, one a line.")
@click.option(
    "--fingerprints-only",
    is_flag=True,
    help="Keep no profiles: a small fraction of the size, and answers without matches or strength.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    metavar="N",
    help="Processes that read side by side; one for each processor by default.",
)
@verbosity
@click.pass_obj
def add(console: Console, /, index: str, sources: Sequence[str], **options: Any) -> int:
    """Add repositories to INDEX, which is made where there is none.

    SOURCE is whatever `codesim compare` reads. The same content again changes nothing. An address
    has one entry, and its newest revision replaces the one before; a folder, file or archive of
    other content is another entry. A source that cannot be read, or crashes or hangs what reads it,
    is named, and the others are added.

    Exit codes: 0 all are in the index; 2 usage, or something could not be added.
    """
    from codesim.index.store import require_duckdb
    from codesim.report.words import count

    require_duckdb()
    every = [*sources, *(_listed(options["listed"]) if options["listed"] else ())]
    if not every:
        raise click.UsageError("name at least one SOURCE, or a list with --from")
    failed = _add_all(console, Path(index), list(_ordered(index, every, options)), options)
    if failed:
        others = "; all others were" if failed < len(every) else ""
        console.error(f"{failed} of {count(len(every), 'source')} could not be added{others}")
    return UNUSABLE if failed else 0


@index.command(name="list", epilog=examples("codesim index list known.index --json -"))
@_index
@click.option("--json", "json_file", metavar="FILE", help="Write the list as JSON; - for stdout.")
@verbosity
@click.pass_obj
def list_(console: Console, /, index: str, json_file: str | None) -> int:
    """Show what INDEX holds."""
    from codesim.index.keeping import repositories
    from codesim.index.text import render_list

    if json_file is not None:
        check_file("json", json_file)
    found = repositories(Path(index))
    if json_file != STDOUT:
        console.result(render_list(found, console.width) if found else "The index is empty.")
    if json_file is not None:
        from codesim.index.document import encode, repository_record

        write_document(console, json_file, encode([repository_record(each) for each in found]))
    return 0


@index.command(epilog=examples("codesim index remove known.index nano starter"))
@_index
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@verbosity
@click.pass_obj
def remove(console: Console, /, index: str, names: Sequence[str]) -> int:
    """Take repositories out of INDEX, by the names that `codesim index list` shows."""
    from codesim.index.keeping import remove as take_out

    take_out(Path(index), names)
    console.note(f"removed {', '.join(names)}")
    return 0


@index.command(epilog=examples("codesim index export known.index --parquet folder"))
@_index
@click.option("--parquet", "folder", required=True, metavar="FOLDER", help="A new folder to write.")
@verbosity
@click.pass_obj
def export(console: Console, /, index: str, folder: str) -> int:
    """Write the fingerprints of INDEX as Parquet files, which Spark and others read."""
    from codesim.index.keeping import export as hand_on
    from codesim.report.words import count

    number = count(hand_on(Path(index), Path(folder)), "repository", "repositories")
    console.note(f"wrote {folder}: fingerprints of {number}")
    return 0


def _listed(name: str) -> Iterator[str]:
    from codesim.text.listed import listed

    try:
        text = Path(name).read_text("utf-8-sig")
    except OSError as error:
        raise CodesimError(f"cannot read {display(name)}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CodesimError(f"{display(name)} is not a text file with one source a line") from None
    yield from (source for _, source in listed(text))


def _ordered(index: str, sources: Sequence[str], options: Mapping[str, Any]) -> Iterator[Order]:
    """Each source with a name that tells it from the others.

    Raises CodesimError for one that cannot be a source: that is a slip, and nothing is done yet.
    """
    from codesim.index.reading import Order
    from codesim.snapshot import told_apart
    from codesim.snapshot.redact import redact
    from codesim.snapshot.spec import parse_source

    parsed = []
    for number, source in enumerate(sources, 1):
        refuse_result(source)
        try:
            parsed.append(parse_source(source))
        except SnapshotError as error:
            # What stands before an @ may be a secret.
            told = f"source {number}" if "@" in source else redact(display(source))
            raise CodesimError(
                f"{told}: {error}. Nothing was added; leave it out, or write it in another way"
            ) from None
    snapshots = [Snapshot(each.name, each.origin, None, (), lambda _: b"") for each in parsed]
    for source, named in zip(sources, told_apart(sources, snapshots), strict=True):
        yield Order(index, source, named.name, named.origin, not options["fingerprints_only"])


def _add_all(
    console: Console, index: Path, orders: Sequence[Order], options: Mapping[str, Any]
) -> int:
    """Add every source as it has been read; how many could not be."""
    from codesim.index.keeping import add as keep
    from codesim.index.reading import Answer, read_all

    failed = 0
    console.so_far = (
        "each source was added whole or not at all; to see which: codesim index list "
        f"{display(str(index))}"
    )

    def done(order: Order, answer: Answer) -> None:
        nonlocal failed
        if answer.content is not None:
            kept, name = keep(index, answer.content)
            console.note(_said(kept, name, order.name, answer.content))
        elif answer.unchanged:
            console.note(f"unchanged {answer.unchanged}")
        else:
            failed += 1
            reason = answer.reason.removeprefix(f"{order.name}: ")
            console.error(f"{order.name}: {reason}; it was not added")

    console.progress(f"Reading {len(orders):,} sources ...")
    read_all(orders, options["workers"], done)
    return failed


def _said(done: str, name: str, given: str, content: Content) -> str:
    from codesim.report.words import count

    if done == "unchanged" and name != given:
        return f"unchanged {name}: {given} has the same content"
    repository = content.repository
    skipped = f", {content.skipped:,} skipped" if content.skipped else ""
    files = count(repository.files, "file")
    return f"{done} {name}: {files}, {count(repository.lines, 'line')}{skipped}"
