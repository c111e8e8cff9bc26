"""The figures of a report: what the differences of two models look like, tensor by tensor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.cohort import Cohort
from codesim.detectors.weights.neuronplot import neurons
from codesim.detectors.weights.residual import RESTORED, UNRELATED
from codesim.detectors.weights.roles import place_of
from codesim.detectors.weights.verdict import RIGHT_TO_LEFT, Row, Verdict
from codesim.model import Plot, Series

Point = tuple[float, float]

# Tensors whose differences are looked at element by element, the largest ones.
_SHOWN = 6
_SPECTRA = 4
# Lines that can be told apart; the modules beyond share one.
_MOST_MODULES = 8
_BINS = 40
_RANGE = 4.0
_QUANTILES = 61
# A report does not grow with the model: a line keeps this many singular values.
_MOST_VALUES = 128
# A corner of a tensor: a quarter of a million elements show a shape as well as all.
_CORNER = 512
_UNRELATED = ("", "excluded", UNRELATED)
_EDGE = "largest of white noise"
_NORMAL = "normal distribution"
_LAYER = re.compile(r"(?:^|[._])(\d+)(?=[._]|$)")


def depth_of(name: str) -> int:
    """The first number in a name, which is that of its layer; -1 outside the layers."""
    found = _LAYER.search(name)
    return int(found.group(1)) if found else -1


def short_names(names: Sequence[str]) -> list[str]:
    """Names of tensors without what all of them begin with, and without ``weight``."""
    parts = [name.removesuffix(".weight").split(".") for name in names]
    shared = 0
    while all(len(each) > shared + 1 for each in parts) and parts:
        if len({each[shared] for each in parts}) > 1 or parts[0][shared].isdecimal():
            break
        shared += 1
    return [".".join(each[shared:]) for each in parts]


def plots_of(
    verdict: Verdict, pairs: Sequence[Aligned], cohort: Cohort | None = None
) -> tuple[Plot, ...]:
    """Every figure that a verdict and its tensors have data for."""
    related = [row for row in verdict.rows if row.sigma > 0 and row.change not in _UNRELATED]
    by_name = {pair.names: pair for pair in pairs}
    largest = sorted(related, key=lambda row: (-row.elements, row.left, row.right))[:_SHOWN]
    names = [(row.left, row.right) for row in largest if row.how != RESTORED]
    shown = [by_name[each] for each in names if each in by_name]
    found = (
        _correlation([row for row in verdict.rows if row.change != "excluded"]),
        _sigma(related),
        *_normality(shown),
        _singular_values(largest),
        _merge(verdict),
        neurons(verdict, cohort),
    )
    return tuple(plot for plot in found if plot is not None)


def _correlation(rows: Sequence[Row]) -> Plot | None:
    """One point for each tensor, coloured by what happened to it."""
    points: dict[str, list[Point]] = {}
    for row in rows:
        points.setdefault(row.change, []).append((float(depth_of(row.left)), row.correlation))
    if not points:
        return None
    return Plot(
        "Correlation by depth",
        "points",
        "layer of left",
        "correlation",
        _series(points),
        "One point for each tensor: 1 is the same, 0 is what two unrelated tensors have. "
        "Tensors outside the layers stand at -1.",
    )


def _sigma(rows: Sequence[Row]) -> Plot | None:
    """One line for each module: all at one level where one scalar was added everywhere."""
    points: dict[str, list[Point]] = {}
    for row in rows:
        module = place_of(row.left)[1]
        points.setdefault(module, []).append((float(depth_of(row.left)), row.sigma))
    if not points:
        return None
    kept = dict(sorted(points.items(), key=lambda item: (-len(item[1]), item[0]))[:_MOST_MODULES])
    rest = [point for name, found in points.items() if name not in kept for point in found]
    if rest:
        kept["others"] = rest
    return Plot(
        "Sigma by tensor",
        "line",
        "layer of left",
        "sigma of the difference",
        _series(kept),
        "One level for every tensor is what noise of one scalar leaves; training changes modules "
        "and layers by different amounts. Tensors outside the layers stand at -1.",
    )


def _series(points: Mapping[str, Sequence[Point]]) -> tuple[Series, ...]:
    return tuple(Series(name, tuple(sorted(points[name]))) for name in sorted(points))


def _normality(pairs: Sequence[Aligned]) -> tuple[Plot, ...]:
    """Histogram and quantiles of the differences of some tensors together."""
    values = _standardised(pairs)
    if not len(values):
        return ()
    names = ", ".join(short_names([pair.names[0] for pair in pairs]))
    note = f"Differences of the largest tensors ({names}), each in its own standard deviations."
    return _histogram(values, note), _quantiles(values, note)


def _standardised(pairs: Sequence[Aligned]) -> Tensor:
    """The differences of some tensors, each in its own standard deviations, sorted."""
    parts = [torch.zeros(0, dtype=torch.float64)]
    for pair in pairs:
        rows, columns = (min(_CORNER, size) for size in pair.left.shape)
        left, right = (w.block((0, rows), (0, columns)) for w in (pair.left, pair.right))
        difference = (right.double() - left.double()).reshape(-1)
        difference = difference[torch.isfinite(difference)]
        spread = float(difference.std()) if len(difference) > 1 else 0.0
        if spread > 0:
            parts.append((difference - difference.mean()) / spread)
    return torch.cat(parts).sort().values


def _histogram(values: Tensor, note: str) -> Plot:
    width = 2 * _RANGE / _BINS
    counts = torch.histc(values, bins=_BINS, min=-_RANGE, max=_RANGE).tolist()
    centres = [-_RANGE + (number + 0.5) * width for number in range(_BINS)]
    normal = NormalDist()
    density = [(x, count / len(values) / width) for x, count in zip(centres, counts, strict=True)]
    return Plot(
        "Differences over the normal distribution",
        "histogram",
        "difference in standard deviations",
        "density",
        (
            Series("differences", tuple(density)),
            Series(_NORMAL, tuple((x, normal.pdf(x)) for x in centres)),
        ),
        note,
    )


def _quantiles(values: Tensor, note: str) -> Plot:
    normal = NormalDist()
    # Far enough in that one extreme element does not decide.
    shares = [(number + 0.5) / _QUANTILES for number in range(_QUANTILES)]
    places = [min(len(values) - 1, int(share * len(values))) for share in shares]
    points = [(normal.inv_cdf(p), float(values[at])) for p, at in zip(shares, places, strict=True)]
    ends = points[0][0], points[-1][0]
    return Plot(
        "Quantiles of the differences",
        "qq",
        "quantile of the normal distribution",
        "quantile of the differences",
        (Series("differences", tuple(points)), Series(_NORMAL, tuple((x, x) for x in ends))),
        f"{note} On the line they are normal.",
    )


def _singular_values(rows: Sequence[Row]) -> Plot | None:
    """Singular values in units of the edge of white noise of the same size and energy."""
    series, longest = [], 1
    shown = [row for row in rows if row.singular and row.edge][:_SPECTRA]
    for row, name in zip(shown, short_names([row.left for row in shown]), strict=True):
        unit = row.singular[0] / (row.edge or 1.0)
        values = row.singular[:_MOST_VALUES]
        longest = max(longest, len(values))
        points = tuple((float(n), value / unit) for n, value in enumerate(values, 1))
        series.append(Series(name, points))
    if not series:
        return None
    edge = Series(_EDGE, ((1.0, 1.0), (float(longest), 1.0)))
    return Plot(
        "Singular values of the difference",
        "line",
        "number",
        "over the edge of white noise",
        (*series, edge),
        "White noise begins at 1 and falls evenly; a few values far above 1 are an update of low "
        "rank, many are training.",
    )


def _merge(verdict: Verdict) -> Plot | None:
    """How much of each parent there is, tensor by tensor."""
    points: dict[str, list[Point]] = {}
    other = "right" if verdict.direction == RIGHT_TO_LEFT else "left"
    for name, coefficients in verdict.coefficients:
        for number, value in enumerate(coefficients):
            parent = f"base {number}" if number else other
            points.setdefault(parent, []).append((float(depth_of(name)), value))
    if not points:
        return None
    return Plot(
        "Merge coefficients",
        "points",
        "layer",
        "coefficient",
        _series(points),
        "Coefficients that are the same for every tensor are a merge of whole models.",
    )
