"""From the nouns of a comparison to the result document."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from codesim.model import (
    Comparison,
    Evidence,
    Excluded,
    Fact,
    FilePair,
    Fragment,
    Match,
    Plot,
    Rename,
    Series,
    Skipped,
    Snapshot,
    Strength,
    Table,
)
from codesim.report import document as doc
from codesim.report.sources import Shown, gather

# Six digits are more than any figure here deserves, and hide the last bits that differ between
# processors.
_DIGITS = 6
_SLACK = 1e-6
SHOWN_PAIRS = 20


def document_of(comparison: Comparison, top: int = SHOWN_PAIRS) -> doc.ResultDocument:
    """The result document, with the text of the files in the first ``top`` pairs of each kind."""
    pairs = [p for e in comparison.evidence for p in e.pairs[:top] if _has_text(p)]
    texts, unread = gather(
        Shown("left", comparison.left, [pair.left.path for pair in pairs]),
        Shown("right", comparison.right, [pair.right.path for pair in pairs]),
    )
    return doc.ResultDocument(
        schema="codesim/result/1",
        codesim=scrub(comparison.version),
        parameters=plain(comparison.parameters),
        overall=doc.OverallRecord(_word(comparison.strength), scrub(comparison.reason)),
        left=snapshot_record(comparison.left),
        right=snapshot_record(comparison.right),
        base=tuple(snapshot_record(base) for base in comparison.base),
        evidence=tuple(evidence_record(evidence) for evidence in comparison.evidence),
        skipped=_skipped((*comparison.skipped, *unread)),
        sources=doc.Sources(
            {scrub(path): scrub(text) for path, text in texts["left"].items()},
            {scrub(path): scrub(text) for path, text in texts["right"].items()},
        ),
    )


def _has_text(pair: FilePair) -> bool:
    """False where every match names parts that have no lines, as tensors in a file of weights."""
    sides = [side for match in pair.matches for side in (match.left, match.right)]
    return not sides or any(side.lines is not None or not side.label for side in sides)


def scrub(text: str) -> str:
    """Text that UTF-8 can hold: lone surrogates become visible, distinct escapes."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text


def snapshot_record(snapshot: Snapshot) -> doc.SnapshotRecord:
    """A snapshot as every document names it."""
    revision = None if snapshot.revision is None else scrub(snapshot.revision)
    date = None if snapshot.date is None else scrub(snapshot.date)
    return doc.SnapshotRecord(
        scrub(snapshot.name), scrub(snapshot.origin), revision, len(snapshot.entries), date
    )


def evidence_record(evidence: Evidence) -> doc.EvidenceRecord:
    """One kind of evidence as every document holds it."""
    return doc.EvidenceRecord(
        kind=scrub(evidence.kind),
        strength=_word(evidence.strength),
        score=_finite(evidence.score),
        summary=scrub(evidence.summary),
        pairs=tuple(_pair(pair) for pair in evidence.pairs),
        renames=tuple(_rename(rename) for rename in evidence.renames),
        excluded=tuple(_excluded(excluded) for excluded in evidence.excluded),
        skipped=_skipped(evidence.skipped),
        tables=tuple(_table(table) for table in evidence.tables),
        facts={scrub(name): _fact(evidence.facts[name]) for name in sorted(evidence.facts)},
        plots=tuple(_plot(plot) for plot in evidence.plots),
    )


def _table(table: Table) -> doc.TableRecord:
    for row in table.rows:
        if len(row) != len(table.columns):
            raise ValueError(f"{table.title}: a row has {len(row)} of {len(table.columns)} cells")
    return doc.TableRecord(
        scrub(table.title),
        tuple(map(scrub, table.columns)),
        tuple(tuple(map(scrub, row)) for row in table.rows),
        scrub(table.note),
    )


def _plot(plot: Plot) -> doc.PlotRecord:
    return doc.PlotRecord(
        scrub(plot.title),
        plot.kind,
        scrub(plot.x),
        scrub(plot.y),
        tuple(_series(series) for series in plot.series),
        scrub(plot.note),
    )


def _series(series: Series) -> doc.SeriesRecord:
    return doc.SeriesRecord(
        scrub(series.name), tuple((_figure(x), _figure(y)) for x, y in series.points)
    )


def _fact(value: Fact) -> Fact:
    if isinstance(value, str):
        return scrub(value)
    return _figure(value) if isinstance(value, float) else value


def _pair(pair: FilePair) -> doc.PairRecord:
    return doc.PairRecord(
        left=doc.FileRecord(scrub(pair.left.path)),
        right=doc.FileRecord(scrub(pair.right.path)),
        similarity=_share(pair.similarity),
        left_coverage=_share(pair.left_coverage),
        right_coverage=_share(pair.right_coverage),
        matches=tuple(_match(match) for match in pair.matches),
    )


def _match(match: Match) -> doc.MatchRecord:
    return doc.MatchRecord(
        left=_fragment(match.left),
        right=_fragment(match.right),
        clone_type=int(match.clone_type),  # type: ignore[arg-type]
        similarity=_share(match.similarity),
        why=scrub(match.why),
        names=tuple((scrub(left), scrub(right)) for left, right in match.names),
    )


def _fragment(fragment: Fragment) -> doc.FragmentRecord:
    start, end = (None, None) if fragment.lines is None else map(int, fragment.lines)
    return doc.FragmentRecord(scrub(fragment.path), start, end, scrub(fragment.label))


def _rename(rename: Rename) -> doc.RenameRecord:
    return doc.RenameRecord(
        scrub(rename.left),
        scrub(rename.right),
        int(rename.votes),
        _share(rename.consistency),
        scrub(rename.role),
    )


def _excluded(excluded: Excluded) -> doc.ExcludedRecord:
    return doc.ExcludedRecord(scrub(excluded.what), scrub(excluded.amount), scrub(excluded.reason))


def _skipped(skipped: Iterable[Skipped]) -> tuple[doc.SkippedRecord, ...]:
    return tuple(doc.SkippedRecord(scrub(each.what), scrub(each.reason)) for each in skipped)


def _word(strength: Strength) -> doc.StrengthWord:
    return strength.word  # type: ignore[return-value]


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"a result holds only finite numbers, not {value}")
    return round(float(value), _DIGITS) + 0.0  # no negative zero


def _figure(value: float) -> float:
    """Six digits after the point, and six that count where the number is smaller than one."""
    return float(f"{value:.{_DIGITS}g}") + 0.0 if abs(value) < 1 else _finite(value)


def _share(value: float) -> float:
    if not -_SLACK <= value <= 1 + _SLACK:
        raise ValueError(f"a share lies between 0 and 1, not {value}")
    return _finite(min(max(value, 0.0), 1.0))


def plain(value: Any) -> Any:
    """Parameters as JSON values: sorted maps and sets, enums by name."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, str):
        return scrub(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {scrub(str(key)): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"a parameter cannot be written as JSON: {type(value).__name__}")
