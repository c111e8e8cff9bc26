"""``codesim search``: which of the repositories in an index does this one come from?"""

from __future__ import annotations

from pathlib import Path

import click

from codesim.cli.console import Console
from codesim.cli.options import examples, verbosity
from codesim.cli.outputs import STDOUT, check_file, write_document
from codesim.cli.running import all_opened, refuse_result


@click.command(
    epilog=examples(
        "codesim search ./mine --index known.index",
        "codesim search github.com/bob/tiny --index known.index --top 3 --json -",
    )
)
@click.argument("repository", metavar="REPOSITORY")
@click.option("--index", "index_file", required=True, metavar="FILE", help="The index to search.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Answers to show, the best first.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write the answers with all matches.")
@verbosity
@click.pass_obj
def search(
    console: Console, /, repository: str, index_file: str, top: int, json_file: str | None
) -> int:
    """Which of the repositories in an index does REPOSITORY come from, or have part in?

    REPOSITORY is whatever `codesim compare` reads. Answers are ranked by what both share that is
    rare in the index and among public projects, and the best are compared. Strengths hold for the
    best of all repositories in the index, so they ask for more than a comparison of two.

    Exit codes: 0 finished, whatever was found; 2 usage, or an unusable input or index.
    """
    from codesim.index.search import search as searched
    from codesim.index.store import require_duckdb
    from codesim.index.text import render_search

    require_duckdb()
    if json_file is not None:
        check_file("json", json_file)
    refuse_result(repository)
    snapshot = all_opened(console, [("repository", repository)])[0]
    console.progress("Searching ...")
    found = searched(Path(index_file), snapshot, top)
    if json_file != STDOUT:
        console.result(render_search(found, console.width))
    if json_file is not None:
        from codesim.index.document import document_of, encode

        write_document(console, json_file, encode(document_of(found)))
    return 0
