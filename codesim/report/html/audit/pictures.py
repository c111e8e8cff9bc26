"""The pictures of an audit: what pairs score against what chance scores, and who is like whom."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

from codesim.report.audit.document import AuditDocument, AuditPairRecord
from codesim.report.html import charts
from codesim.report.words import STRENGTHS, percent

# The kind whose scores are drawn, where the audit has it: every submission has code.
_DRAWN = "code"
# Edges in each power of ten, and the least score that has a bin of its own.
_UNITS = (1, 1.5, 2, 3, 5, 7)
_LEAST = 0.1


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one kind: those of listed pairs and those of chance, over the same axis.

    ``none`` are the pairs of either that score nothing and are not drawn, ``sampled`` the pairs of
    the cohort, and ``ends`` those of the axis, which is logarithmic: copies score a hundred times
    what chance does. ``furthest`` is how many per cent of the axis lie before the best score.
    """

    kind: str
    listed: charts.Histogram
    chance: charts.Histogram | None
    none: tuple[int, int]
    sampled: int
    ends: tuple[float, float]
    furthest: int


def scores(document: AuditDocument) -> Scores | None:
    """Of code, or else of the kind that most listed pairs score in; None where none does."""
    kind = _kind(document)
    if not kind:
        return None
    listed = [each.score for pair in document.pairs for each in pair.kinds if each.kind == kind]
    cohort = next((each for each in document.cohort if each.kind == kind), None)
    chance = list(cohort.scores) if cohort else []
    steps = _steps(cohort.steps if cohort else {})
    edges = _edges([score for score in [*listed, *chance, *(x for x, _ in steps)] if score > 0])
    return Scores(
        kind,
        charts.histogram(edges, _binned(edges, listed), steps),
        charts.histogram(edges, _binned(edges, chance), steps) if any(chance) else None,
        (sum(s <= 0 for s in listed), sum(s <= 0 for s in chance)),
        len(chance),
        (edges[0], edges[-1]),
        _furthest(edges[0], edges[-1], max(listed)),
    )


def _furthest(low: float, high: float, best: float) -> int:
    """The last place of the slider at which the best pair is still shown."""
    places = range(100, 0, -1)
    return next((n for n in places if float(f"{low * (high / low) ** (n / 100):.3g}") <= best), 1)


def _kind(document: AuditDocument) -> str:
    found = Counter(k.kind for pair in document.pairs for k in pair.kinds if k.score > 0)
    return _DRAWN if found[_DRAWN] else min(found, key=lambda k: (-found[k], k), default="")


def _steps(steps: Mapping[str, float]) -> list[tuple[float, str]]:
    """Steps of strength from the lowest; what a hand has added to a document is no strength."""
    return sorted((score, word) for word, score in steps.items() if word in STRENGTHS)


def _edges(scores: Sequence[float]) -> list[float]:
    """Edges about as far from each other on a logarithmic axis, around all positive ``scores``."""
    least, most = max(min(scores), _LEAST), max(scores)
    powers = range(floor(log10(least)), floor(log10(max(most, least))) + 2)
    edges = [float(f"{unit}e{power}") for power in powers for unit in _UNITS]
    return edges[bisect_right(edges, least) - 1 : bisect_right(edges, max(most, least)) + 1]


def _binned(edges: Sequence[float], values: Sequence[float]) -> list[int]:
    """How many of the positive ``values`` are from one edge up to the next."""
    counts = [0] * (len(edges) - 1)
    for value in values:
        if value > 0:
            counts[min(max(bisect_right(edges, value) - 1, 0), len(counts) - 1)] += 1
    return counts


def cohort_map(document: AuditDocument, most_pairs: int) -> tuple[charts.HeatMap | None, int]:
    """Submissions against submissions, of the strongest pairs, and how many have no room.

    A row says how much of its submission is in that of the column; members of a cluster stand side
    by side. Pairs whose code has no coverage are not drawn.
    """
    pairs = [(n, p) for n, p in enumerate(document.pairs[:most_pairs], 1) if _covered(p)]
    names = list(dict.fromkeys(name for _, p in pairs for name in (p.left, p.right)))
    if len(pairs) < 2:
        return None, 0
    cluster = {each.name: each.cluster or len(names) + 1 for each in document.submissions}
    shown = names[: charts.MOST_CELLS]
    order = {name: place for place, name in enumerate(shown)}
    shown.sort(key=lambda name: (cluster.get(name, len(names) + 1), order[name]))
    place = {name: n for n, name in enumerate(shown)}
    cells = [cell for n, pair in pairs for cell in _cells(n, pair, place)]
    return charts.heat_map(shown, shown, cells), len(names) - len(shown)


def _covered(pair: AuditPairRecord) -> bool:
    return bool(pair.left_coverage or pair.right_coverage)


def _cells(
    number: int, pair: AuditPairRecord, place: Mapping[str, int]
) -> Iterator[charts.HeatCell]:
    if pair.left not in place or pair.right not in place:
        return
    for of, inside, share in (
        (pair.left, pair.right, pair.left_coverage),
        (pair.right, pair.left, pair.right_coverage),
    ):
        if share is not None:
            says = f"{percent(share)} of {of} is in {inside}: {pair.strength}"
            yield charts.HeatCell(place[of], place[inside], share, says, f"#pair-{number}")
