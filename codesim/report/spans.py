"""Line arithmetic shared by the renderers. Never loops over a range that an input names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from codesim.report.document import (
    EvidenceRecord,
    FragmentRecord,
    PairRecord,
    ResultDocument,
    Side,
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SideTotals:
    """What one kind of evidence covers on one side.

    ``lines`` are distinct matched lines in ``files`` distinct files; ``text_lines`` is the length
    of those files together, None when the text of one of them is not in the document.
    """

    files: int
    lines: int
    text_lines: int | None


def line_count(text: str) -> int:
    """Lines as an editor counts them; only LF ends a line."""
    return text.count("\n") + (not text.endswith("\n") and text != "")


def span_of(fragment: FragmentRecord, total: int | None) -> Span | None:
    """First and last line, held inside a file of ``total`` lines; None when nothing is left."""
    if fragment.start is None or fragment.end is None:
        return (1, total) if total else None
    end = fragment.end if total is None else min(fragment.end, total)
    return (fragment.start, end) if fragment.start <= end else None


def union_length(spans: Iterable[Span]) -> int:
    """Number of distinct lines in ``spans``."""
    covered = 0
    reached = 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start - 1, reached))
        reached = max(reached, end)
    return covered


def own_lengths(spans: Sequence[Span]) -> list[int]:
    """For each span the lines of which it is the shortest that covers them, the first of equals."""
    starts = sorted(range(len(spans)), key=lambda at: spans[at][0])
    edges = sorted({edge for start, end in spans for edge in (start, end + 1)})
    lengths = [0] * len(spans)
    covering: list[tuple[int, int]] = []  # a heap of (length, span); those that ended leave late
    reached = 0
    for line, following in pairwise(edges):
        while reached < len(starts) and spans[starts[reached]][0] == line:
            start, end = spans[starts[reached]]
            heappush(covering, (end - start, starts[reached]))
            reached += 1
        while covering and spans[covering[0][1]][1] < line:
            heappop(covering)
        if covering:
            lengths[covering[0][1]] += following - line
    return lengths


def pair_lines(pair: PairRecord, document: ResultDocument) -> tuple[int, int]:
    """Distinct matched lines on the left and on the right."""
    return (
        union_length(_spans(pair, "left", document)),
        union_length(_spans(pair, "right", document)),
    )


def totals(evidence: EvidenceRecord, side: Side, document: ResultDocument) -> SideTotals:
    """Matched files and lines of one side, each line counted once."""
    by_path: dict[str, list[Span]] = {}
    for pair in evidence.pairs:
        by_path.setdefault(getattr(pair, side).path, []).extend(_spans(pair, side, document))
    texts = getattr(document.sources, side)
    known = all(path in texts for path in by_path)
    return SideTotals(
        files=len(by_path),
        lines=sum(union_length(spans) for spans in by_path.values()),
        text_lines=sum(line_count(texts[path]) for path in by_path) if known else None,
    )


def _spans(pair: PairRecord, side: Side, document: ResultDocument) -> list[Span]:
    text = getattr(document.sources, side).get(getattr(pair, side).path)
    total = None if text is None else line_count(text)
    spans = (span_of(getattr(match, side), total) for match in pair.matches)
    return [span for span in spans if span is not None]
