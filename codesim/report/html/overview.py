"""The pictures of one kind of evidence: files against files, what is covered, what is renamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from codesim.report.document import EvidenceRecord, ResultDocument, Side, TableRecord
from codesim.report.html import charts, drawings
from codesim.report.html.layout import Segment
from codesim.report.html.shown import Beside
from codesim.report.spans import Span, line_count, span_of
from codesim.report.words import percent

# Files drawn on each side; the table of pairs names all.
_MOST_STRIPS = 40
# Renames that are drawn: those of tensor names, where one part stands for a whole stack of layers.
_PART, _MOST_PARTS = "tensor segment", 24
# How a row of a table is to be read, and the look of each way.
STATES: Mapping[str, int] = {
    "same": 0, "renamed": 1, "changed": 2, "only left": 3, "only right": 4, "base": 5,
    "common": 5, "excluded": 5,
}  # fmt: skip
_OTHER_STATE = 5
_STATE = "state"


@dataclass(frozen=True, slots=True)
class Band:
    """A figure of this pair against what unrelated pairs reach, all 0..1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Overview:
    """Pictures of one kind; those without data are None or empty."""

    heat: charts.HeatMap | None
    more_files: int
    left: Sequence[charts.Strip]
    right: Sequence[charts.Strip]
    names: drawings.RenameMap | None
    timeline: drawings.Timeline | None
    band: Band | None

    @property
    def has_own(self) -> bool:
        """Whether there is a picture that stands for itself, without a table."""
        return self.timeline is not None or self.band is not None


def overview(
    evidence: EvidenceRecord, document: ResultDocument, numbers: Sequence[int]
) -> Overview:
    """``numbers`` are those of the pairs in the page, by which they are linked."""
    lefts = list(dict.fromkeys(pair.left.path for pair in evidence.pairs))
    rights = list(dict.fromkeys(pair.right.path for pair in evidence.pairs))
    heat = None
    # One pair is told by its line; a picture needs a choice.
    if len(evidence.pairs) > 1:
        heat = charts.heat_map(lefts, rights, _cells(evidence, numbers, lefts, rights))
    left, right = _strips(evidence, document, "left"), _strips(evidence, document, "right")
    more = max(len(lefts), len(rights)) - charts.MOST_CELLS
    return Overview(
        heat, max(more, 0), left, right, _renamed_parts(evidence), events(evidence), band(evidence)
    )


def _renamed_parts(evidence: EvidenceRecord) -> drawings.RenameMap | None:
    """Parts of tensor names: few, and each stands for many tensors."""
    found = [(each.left, each.right, each.votes) for each in evidence.renames if each.role == _PART]
    return drawings.rename_map(found[:_MOST_PARTS]) if found else None


def _cells(
    evidence: EvidenceRecord, numbers: Sequence[int], lefts: Sequence[str], rights: Sequence[str]
) -> list[charts.HeatCell]:
    row = {path: n for n, path in enumerate(lefts)}
    column = {path: n for n, path in enumerate(rights)}
    return [
        charts.HeatCell(
            row[pair.left.path],
            column[pair.right.path],
            pair.similarity,
            f"{pair.left.path} ~ {pair.right.path}: {percent(pair.similarity)} similar",
            f"#pair-{number}",
        )
        for pair, number in zip(evidence.pairs, numbers, strict=True)
    ]


def _strips(evidence: EvidenceRecord, document: ResultDocument, side: Side) -> list[charts.Strip]:
    """The files of one side, where their text and the lines of their matches are known."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for pair in evidence.pairs:
        path = getattr(pair, side).path
        text = getattr(document.sources, side).get(path)
        if text is None:
            continue
        found = (span_of(getattr(match, side), line_count(text)) for match in pair.matches)
        spans.setdefault(path, []).extend(span for span in found if span)
    texts = getattr(document.sources, side)
    return [
        charts.strip(path, line_count(texts[path]), found)
        for path, found in list(spans.items())[:_MOST_STRIPS]
    ]


def states(table: TableRecord) -> list[charts.Portion]:
    """How many rows are to be read in which way; empty where the table does not say."""
    if _STATE not in table.columns:
        return []
    at = table.columns.index(_STATE)
    counts = Counter(row[at] for row in table.rows)
    order = sorted(counts, key=lambda word: (state_look(word), -counts[word], word))
    return charts.portions([(word, counts[word], state_look(word)) for word in order])


def state_look(word: str) -> int:
    return STATES.get(word, _OTHER_STATE)


def events(evidence: EvidenceRecord) -> drawings.Timeline | None:
    """A timeline of the first table with the columns ``date`` (as 2024-05-01) and ``side``."""
    for table in evidence.tables:
        if {"date", "side"} <= set(table.columns):
            found = [_event(table.columns, row) for row in table.rows]
            known = [event for event in found if event]
            if known:
                return drawings.timeline(known)
    return None


def _event(columns: Sequence[str], row: Sequence[str]) -> drawings.Event | None:
    cells = dict(zip(columns, row, strict=False))
    try:
        day = date.fromisoformat(cells["date"][:10])
    except ValueError:
        return None
    rest = [cell for name, cell in cells.items() if name not in ("date", "side") and cell]
    return drawings.Event(day, cells["side"], ", ".join(rest))


def band(evidence: EvidenceRecord) -> Band | None:
    """From the facts ``overlap``, ``cohort_low`` and ``cohort_high``, where they are shares."""
    found = [evidence.facts.get(name) for name in ("overlap", "cohort_low", "cohort_high")]
    figures = [float(each) for each in found if isinstance(each, int | float) and 0 <= each <= 1]
    return Band(*figures) if len(figures) == len(found) else None


def minimap_of(beside: Beside) -> drawings.Minimap:
    """The rows of one pair that belong to matches, and what joins those that stand apart."""
    apart = (
        (
            row.match.look,
            span_of(row.match.record.left, beside.lengths[0]),
            span_of(row.match.record.right, beside.lengths[1]),
        )
        for row in beside.rows
        if row.match and row.first and row.side == "left"
    )
    rows = (
        (row.match.look if row.match else "unshown", _span(row.left), _span(row.right))
        for row in beside.rows
        if row.match or row.unshown
    )
    return drawings.minimap(chain(apart, rows), beside.lengths)


def _span(segment: Segment | None) -> Span | None:
    return (segment.start, segment.end) if segment else None
