"""What the templates show: the document with its derived figures, and pairs side by side."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codesim.report.document import EvidenceRecord, PairRecord, ResultDocument, SnapshotRecord
from codesim.report.html import firstscreen, overview
from codesim.report.html.beside import beside
from codesim.report.html.canonical import NameMap
from codesim.report.html.highlight import Line, highlight
from codesim.report.html.plots import PlotView, plot_view
from codesim.report.html.shown import Beside
from codesim.report.result import encode
from codesim.report.spans import SideTotals, line_count, pair_lines, totals
from codesim.report.words import disguise, extent

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class PairView:
    """One row of the ranked table. ``shown`` is False for a pair that is only listed."""

    number: int
    kind: str
    record: PairRecord
    left_lines: int
    right_lines: int
    extent: str
    disguise: str
    shown: bool
    text_lines: int


@dataclass(frozen=True, slots=True)
class KindView:
    """One kind of evidence; ``number`` makes its anchors."""

    number: int
    record: EvidenceRecord
    left: SideTotals
    right: SideTotals
    pairs: Sequence[PairView]
    plots: Sequence[PlotView]
    items: Sequence[firstscreen.Item]
    overview: overview.Overview

    @property
    def has_section(self) -> bool:
        """Whether there is more to show than the summary."""
        record = self.record
        return bool(
            self.pairs or record.renames or record.plots or self.tables or self.overview.has_own
        )

    @property
    def tables(self) -> Sequence[object]:
        return [table for table in self.record.tables if table.rows]


@dataclass(frozen=True, slots=True)
class Page:
    document: ResultDocument
    kinds: Sequence[KindView]
    parameters: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    sha256: str
    size: int

    @property
    def pairs(self) -> list[PairView]:
        """The pairs that are shown side by side, in order."""
        return [pair for kind in self.kinds for pair in kind.pairs if pair.shown]


def page_of(document: ResultDocument, top: int) -> Page:
    """Everything the page shows, with the ``top`` most telling pairs of each kind side by side."""
    data = encode(document)
    return Page(
        document=document,
        kinds=list(_kinds(document, top)),
        parameters=parameter_rows(document.parameters),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )


def _kinds(document: ResultDocument, top: int) -> Iterator[KindView]:
    first = 1
    for number, record in enumerate(document.evidence, 1):
        pairs = [
            _pair(pair, first + place, record.kind, document, place < top)
            for place, pair in enumerate(record.pairs)
        ]
        first += len(pairs)
        yield KindView(
            number,
            record,
            totals(record, "left", document),
            totals(record, "right", document),
            pairs,
            [plot_view(plot) for plot in record.plots],
            firstscreen.items(record, [(pair.left_lines, pair.right_lines) for pair in pairs]),
            overview.overview(record, document, [pair.number for pair in pairs]),
        )


def _pair(
    pair: PairRecord, number: int, kind: str, document: ResultDocument, shown: bool
) -> PairView:
    left, right = pair_lines(pair, document)
    texts = (document.sources.left.get(pair.left.path), document.sources.right.get(pair.right.path))
    return PairView(
        number=number,
        kind=kind,
        record=pair,
        left_lines=left,
        right_lines=right,
        extent=extent(pair, left, right),
        disguise=disguise(pair),
        shown=shown,
        text_lines=sum(map(line_count, filter(None, texts))) if None not in texts else 0,
    )


class SideBySide:
    """Pairs laid out one after the other; each file is coloured once."""

    def __init__(self, document: ResultDocument) -> None:
        self._sources = {"left": document.sources.left, "right": document.sources.right}
        self._lines: dict[tuple[str, str], list[Line]] = {}
        self._names = {
            each.kind: NameMap((r.left, r.right, r.votes) for r in each.renames)
            for each in document.evidence
        }

    def of(self, pair: PairView, with_text: bool = True) -> Beside:
        """The matches and, where both texts are known, the rows of one pair."""
        if not with_text and pair.text_lines:
            return beside(pair.record, pair.number, ([], []), self._names[pair.kind])
        texts = (
            self._side("left", pair.record.left.path),
            self._side("right", pair.record.right.path),
        )
        return beside(pair.record, pair.number, texts, self._names[pair.kind])

    def _side(self, side: str, path: str) -> list[Line] | None:
        text = self._sources[side].get(path)
        if text is None:
            return None
        if (side, path) not in self._lines:
            self._lines[side, path] = highlight(path, text)
        return self._lines[side, path]


def citation(snapshot: SnapshotRecord, path: str) -> str:
    """``repository@revision:path``, to which a citation adds the lines."""
    revision = f"@{snapshot.revision}" if snapshot.revision else ""
    return f"{snapshot.name}{revision}:{path}"


def swhid(snapshot: SnapshotRecord) -> str:
    """The Software Heritage id of a Git commit; empty where there is none."""
    commit = snapshot.revision or ""
    return f"swh:1:rev:{commit}" if _COMMIT.fullmatch(commit) else ""


def parameter_rows(parameters: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Parameters by kind as (name, JSON value) rows."""
    return [
        (kind, [(str(name), _json(value)) for name, value in sorted(values.items())])
        if isinstance(values, dict)
        else (kind, [("", _json(values))])
        for kind, values in sorted(parameters.items())
    ]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
