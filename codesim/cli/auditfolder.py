"""The folder that an audit is written to: apart from all that it reads, and ours alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from codesim.cli.console import Console
from codesim.errors import CodesimError
from codesim.text import display

if TYPE_CHECKING:
    from codesim.audit import Roster
    from codesim.report.audit import AuditDocument
    from codesim.report.folder import Layout

COMPLETE = "the report is complete"
KEYLESS = (
    "the report is complete, but its key was not written. The same command makes both again; what "
    "was compared is kept"
)
_MARK, _INDEX, _TABLE, _MARKDOWN = "audit.json", "index.html", "pairs.csv", "audit.md"
_PAGES = "pairs"
_FILES = re.compile(r"index\.html|audit\.json|pairs\.csv|audit\.md|pairs/[0-9]{4,}\.html")


def check_output(
    output: str, submissions: str, bases: Sequence[str], archives: Sequence[str]
) -> None:
    """Refuse, before the work, a folder that holds anything but an earlier report, or that an
    input lies in or around. Raises CodesimError.
    """
    from codesim.report.folder import check_folder

    given = [("SUBMISSIONS", submissions)]
    given += [("--base", each) for each in bases]
    given += [("--archive", each) for each in archives]
    _check_against(output, ((f"{role} {display(each)}", each) for role, each in given))
    check_folder(output, _layout())


def check_apart(output: str, roster: Roster) -> None:
    """The same for everything that a list names. Raises CodesimError."""
    _check_against(
        output,
        (
            (f"the submission {display(submission.name)}", source)
            for submission in roster.submissions
            for source in submission.sources
        ),
    )


def write_report(
    console: Console,
    output: str,
    document: AuditDocument,
    pages: Iterable[bytes],
    markdown: bool,
    so_far: str = COMPLETE,
) -> None:
    """Write all of it, or nothing: an earlier report stays until the new one is complete.

    ``so_far`` is what there is to say from then on, should the run be interrupted.
    """
    from codesim.report.folder import write_folder

    def done() -> None:
        console.so_far = so_far
        console.note(f"Wrote {os.path.join(output, _INDEX)}")

    write_folder(output, _files(document, pages, markdown), _layout(), done)


def _layout() -> Layout:
    from codesim.report.folder import Layout

    return Layout(_MARK, b'"codesim/audit/', _FILES, frozenset((_PAGES,)))


def _files(
    document: AuditDocument, pages: Iterable[bytes], markdown: bool
) -> Iterator[tuple[str, bytes]]:
    from codesim.report.audit import encode_audit, render_audit_markdown, render_pairs_csv
    from codesim.report.html.audit import render_audit_html

    if markdown:
        yield _MARKDOWN, _encoded(render_audit_markdown(document))
    yield _MARK, encode_audit(document)
    yield _TABLE, _encoded(render_pairs_csv(document))
    yield _INDEX, _encoded(render_audit_html(document))
    for pair, page in zip(document.pairs, pages, strict=False):
        yield pair.page, page


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _check_against(output: str, inputs: Iterable[tuple[str, str]]) -> None:
    place = os.path.realpath(output)
    for told, source in inputs:
        path = _path_of(source)
        if path is None:
            continue
        real = os.path.realpath(path)
        if _lies_in(real, place):
            raise CodesimError(
                f"cannot write the report to {display(output)}: {told} lies in it and would be "
                "replaced by it. Name a folder of its own for the report."
            )
        if _lies_in(place, real):
            raise CodesimError(
                f"cannot write the report to {display(output)}: it would lie in {told}, and be "
                "read as a part of it the next time. Name a folder outside of that, such as "
                f"{display(_beside(real))}."
            )


def _path_of(source: str) -> str | None:
    """Where a source lies on this machine; None for one on a server, and for no source at all."""
    from codesim.snapshot.spec import parse_source

    if os.path.lexists(source):
        return source
    try:
        return parse_source(source).path
    except CodesimError:  # said where it is opened
        return None


def _lies_in(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)


def _beside(folder: str) -> str:
    return os.path.join(os.path.relpath(os.path.dirname(folder)), "report")
