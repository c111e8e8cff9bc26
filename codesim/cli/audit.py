"""``codesim audit``: many submissions in, a folder with a report out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from codesim.cli.anonymity import check_key_outside, write_key
from codesim.cli.auditfolder import COMPLETE, KEYLESS, check_apart, check_output, write_report
from codesim.cli.console import Console
from codesim.cli.options import STRENGTHS, examples, strength, top, verbosity
from codesim.cli.running import FAILED_OVER, SKIPPED
from codesim.model import Strength

if TYPE_CHECKING:
    from codesim.audit import Audited, Options, Roster
    from codesim.audit.progress import Progress
    from codesim.report.audit import AuditDocument


@click.command(
    epilog=examples(
        "codesim audit submissions/ -o report/",
        "codesim audit submissions.zip --base starter/ -o report/",
        "codesim audit teams.csv --archive last-year/ -o report/",
        "codesim audit submissions/ --pattern moodle --fail-over strong -o report/",
    )
)
@click.argument("submissions")
@click.option(
    "-o", "--output", metavar="FOLDER", required=True,
    help="Where the report goes: index.html, audit.json, pairs.csv and a page for each pair.",
)  # fmt: skip
@click.option(
    "--base", metavar="SOURCE", multiple=True,
    help="Starter code, or anything that everybody may share. May be repeated.",
)  # fmt: skip
@click.option(
    "--archive", metavar="SUBMISSIONS", multiple=True,
    help="Earlier submissions: new ones are compared with them, they not with each other. "
    "May be repeated.",
)  # fmt: skip
@click.option(
    "--pattern", metavar="PATTERN", default="",
    help="How file names tell who submitted: moodle, canvas, gradescope, or a regular expression "
    "with the groups name, team and time.",
)  # fmt: skip
@click.option(
    "--min-strength", callback=strength, metavar="STRENGTH", default="weak", show_default=True,
    help=f"List pairs of at least this strength: {', '.join(STRENGTHS)}.",
)  # fmt: skip
@click.option(
    "--pages", type=click.IntRange(min=0), default=100, show_default=True, metavar="N",
    help="Pairs that get a page with the files side by side.",
)  # fmt: skip
@click.option(
    "--anonymise", metavar="KEY",
    help="Replace the names of people, teams and repositories by pseudonyms and leave out times; "
    "write who is who to KEY, which may not lie in FOLDER.",
)  # fmt: skip
@click.option("--markdown", is_flag=True, help="Write audit.md too, for an issue or a chat.")
@click.option(
    "--fail-over", callback=strength, metavar="STRENGTH",
    help="Exit 1 when a pair has this strength or more, listed or not.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit 3 when anything was skipped.")
@top("Pairs of submissions")
@click.option(
    "--engine", metavar="ENGINE", default="auto", show_default=True,
    help="What joins fingerprints: numpy, duckdb, or the address of a Spark master.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, metavar="N",
    help="Processes that read and compare; as many as there are processors by default.",
)  # fmt: skip
@click.option("--no-cache", is_flag=True, help="Keep nothing for a later run.")
@verbosity
@click.pass_obj
def audit(console: Console, /, submissions: str, **options: Any) -> int:
    """Compare many submissions with each other and with those of earlier years.

    SUBMISSIONS is a folder or zip archive with one folder, archive, file or notebook for each
    submission, or a list: a CSV file with the columns source, name, team, time and revision, or a
    text file with one source in each line. What --base explains, and what everybody wrote, counts
    for nothing. What was read and compared is kept, so that an audit that was interrupted goes on
    where it ended, and the next one with a few new submissions takes a moment.

    Exit codes: 0 finished, however similar; 1 at or above --fail-over; 2 usage or unusable input;
    3 something was skipped, under --strict; 4 internal error; 130 interrupted.
    """
    from codesim.audit import Store, anonymous
    from codesim.audit import audit as run
    from codesim.candidates import check_engine

    check_engine(options["engine"])
    check_output(options["output"], submissions, options["base"], options["archive"])
    if options["anonymise"] is not None:
        check_key_outside(options["anonymise"], options["output"])
    roster = _roster(submissions, options)
    check_apart(options["output"], roster)
    chosen = _options(options)
    nameless = options["anonymise"] is not None
    with _store(options["no_cache"]) as store:
        audited = run(roster, options["base"], store, chosen, _progress(console), nameless)
        key = None
        if nameless:
            audited, key = anonymous(audited, Store(store), chosen, _progress(console))
        _write(console, audited, store, chosen, options)
    if key is not None:
        write_key(options["anonymise"], key)
        console.so_far = COMPLETE
        console.note(f"Wrote {options['anonymise']}, the key: keep it apart from the report")
    return _finish(console, audited.document, options)


def _progress(console: Console) -> Progress:
    return lambda step, done, total: console.progress(f"{step} {done:,} of {total:,}")


def _roster(submissions: str, options: dict[str, Any]) -> Roster:
    from codesim.audit import joined, read_past, read_roster

    found = [read_roster(submissions, options["pattern"])]
    return joined([*found, *read_past(options["archive"], options["pattern"])])


def _options(options: dict[str, Any]) -> Options:
    from codesim.audit import Options

    return Options(
        workers=options["workers"],
        engine=options["engine"],
        min_strength=options["min_strength"],
        top=options["pages"],
    )


@contextmanager
def _store(no_cache: bool) -> Iterator[str]:
    """The folder for what is kept; one that goes away with the run where nothing shall be kept."""
    from codesim.cache import user_folder

    folder = None if no_cache else user_folder()
    if folder is not None:
        yield str(folder)
        return
    with tempfile.TemporaryDirectory(prefix="codesim-audit-") as temporary:
        yield temporary


def _write(
    console: Console, audited: Audited, store: str, chosen: Options, options: dict[str, Any]
) -> None:
    from codesim.audit import Store, pages

    console.progress("Writing the report ...")
    shown = pages(audited.tasks, Store(store), chosen, _progress(console))
    so_far = COMPLETE if options["anonymise"] is None else KEYLESS
    write_report(console, options["output"], audited.document, shown, options["markdown"], so_far)


def _finish(console: Console, document: AuditDocument, options: dict[str, Any]) -> int:
    from codesim.report.audit import render_audit_text

    console.result(render_audit_text(document, console.width, console.color, options["top"]))
    reached = Strength[document.strength.replace(" ", "_").upper()]
    if options["fail_over"] is not None and reached >= options["fail_over"]:
        if not any(pair.strength == document.strength for pair in document.pairs):
            console.note(f"A pair is {document.strength}, which --min-strength does not list")
        return FAILED_OVER
    partly = any(each.state != "read" for each in document.submissions)
    return SKIPPED if options["strict"] and (partly or document.skipped) else 0
