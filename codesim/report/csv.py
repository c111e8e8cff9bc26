"""A table for spreadsheets: one row per file pair. No cell can become a formula."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from codesim.report.document import EvidenceRecord, PairRecord, ResultDocument
from codesim.report.spans import pair_lines
from codesim.report.words import CLONE_WORDS, disguise
from codesim.text import display

_COLUMNS = (
    "left repository", "right repository", "kind", "strength of kind", "rank",
    "left file", "right file", "similarity", "left coverage", "right coverage",
    "left lines matched", "right lines matched", "mostly", "matches",
    *(f"{word} matches" for word in CLONE_WORDS.values()),
)  # fmt: skip
# What a spreadsheet takes for the start of a formula, the full-width forms too. A spreadsheet that
# expects another separator starts a cell behind each one, so that is guarded as well.
_FORMULA = re.compile("(^|[;,|]\\s*[\"']*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")


def render_csv(document: ResultDocument) -> bytes:
    """All file pairs of all kinds as RFC 4180: UTF-8, CRLF, every cell in quotes.

    Shares are numbers from 0 to 1; ``rank`` is the place of a pair within its kind, most telling
    first. The last columns count matches by how alike they are.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for evidence in document.evidence:
        for rank, pair in enumerate(evidence.pairs, 1):
            writer.writerow(_cells(_row(document, evidence, rank, pair)))
    return stream.getvalue().encode("utf-8", "backslashreplace")


def cell(text: str) -> str:
    """A text as one inert line: no control character, and no start of a formula."""
    return _FORMULA.sub(r"\1'", display(text))


def _cells(row: Iterable[str | int | float]) -> Sequence[str | int | float]:
    return [cell(each) if isinstance(each, str) else each for each in row]


def _row(
    document: ResultDocument, evidence: EvidenceRecord, rank: int, pair: PairRecord
) -> tuple[str | int | float, ...]:
    alike: Counter[int] = Counter(match.clone_type for match in pair.matches)
    return (
        document.left.name,
        document.right.name,
        evidence.kind,
        evidence.strength,
        rank,
        pair.left.path,
        pair.right.path,
        pair.similarity,
        pair.left_coverage,
        pair.right_coverage,
        *pair_lines(pair, document),
        disguise(pair),
        len(pair.matches),
        *(alike[kind] for kind in CLONE_WORDS),
    )
