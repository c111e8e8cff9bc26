"""What the templates show: the document with its derived figures, and pairs side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codesim.report.document import EvidenceRecord, PairRecord, ResultDocument
from codesim.report.html.beside import Beside, Budget, beside
from codesim.report.html.highlight import Line, highlight
from codesim.report.html.plots import PlotView, plot_view
from codesim.report.result import encode
from codesim.report.spans import SideTotals, pair_lines, totals
from codesim.report.words import disguise, extent


@dataclass(frozen=True, slots=True)
class PairView:
    """One row of the ranked table. ``beside`` is None for a pair that is only listed."""

    number: int
    record: PairRecord
    left_lines: int
    right_lines: int
    extent: str
    disguise: str
    beside: Beside | None


@dataclass(frozen=True, slots=True)
class KindView:
    """One kind of evidence; ``number`` makes its anchors."""

    number: int
    record: EvidenceRecord
    left: SideTotals
    right: SideTotals
    pairs: Sequence[PairView]
    plots: Sequence[PlotView]


@dataclass(frozen=True, slots=True)
class Page:
    document: ResultDocument
    kinds: Sequence[KindView]
    parameters: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    sha256: str
    size: int


def page_of(document: ResultDocument, top: int) -> Page:
    """Everything the page shows, with the ``top`` most telling pairs of each kind side by side."""
    data = encode(document)
    return Page(
        document=document,
        kinds=list(_kinds(document, top)),
        parameters=_parameters(document),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )


def _kinds(document: ResultDocument, top: int) -> Iterator[KindView]:
    texts = _Texts(document)
    budget = Budget()
    first_pair = 1
    for number, record in enumerate(document.evidence, 1):
        pairs = [
            _pair(pair, place, document, texts if place < first_pair + top else None, budget)
            for place, pair in enumerate(record.pairs, first_pair)
        ]
        first_pair += len(pairs)
        yield KindView(
            number,
            record,
            totals(record, "left", document),
            totals(record, "right", document),
            pairs,
            [plot_view(plot) for plot in record.plots],
        )


def _pair(
    pair: PairRecord, number: int, document: ResultDocument, texts: _Texts | None, budget: Budget
) -> PairView:
    left, right = pair_lines(pair, document)
    return PairView(
        number=number,
        record=pair,
        left_lines=left,
        right_lines=right,
        extent=extent(pair, left, right),
        disguise=disguise(pair),
        beside=beside(pair, number, texts.of(pair), budget) if texts else None,
    )


class _Texts:
    """The coloured lines of shown files, each file once."""

    def __init__(self, document: ResultDocument) -> None:
        self._sources = {"left": document.sources.left, "right": document.sources.right}
        self._lines: dict[tuple[str, str], list[Line]] = {}

    def of(self, pair: PairRecord) -> tuple[list[Line] | None, list[Line] | None]:
        return self._side("left", pair.left.path), self._side("right", pair.right.path)

    def _side(self, side: str, path: str) -> list[Line] | None:
        text = self._sources[side].get(path)
        if text is None:
            return None
        if (side, path) not in self._lines:
            self._lines[side, path] = highlight(path, text)
        return self._lines[side, path]


def _parameters(document: ResultDocument) -> list[tuple[str, list[tuple[str, str]]]]:
    """Parameters by kind as (name, JSON value) rows."""
    return [
        (kind, [(str(name), _json(value)) for name, value in sorted(values.items())])
        if isinstance(values, dict)
        else (kind, [("", _json(values))])
        for kind, values in sorted(document.parameters.items())
    ]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
