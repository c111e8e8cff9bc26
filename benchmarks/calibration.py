"""Scores of unrelated pairs against what the steps of strength promise, as tables and as a plot.

Packages that set no threshold come first: what the steps keep is what they keep there. Reads what
``unrelated --raw`` and ``unrelated --held-out --raw`` wrote, in one file, or makes what is missing.
The evidence of chance is fitted as in an E-value: the best match of an unrelated pair grows with
the logarithm of the number of chances.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.lists import HELD_OUT
from benchmarks.options import Options
from benchmarks.ours import STEPS
from benchmarks.plot import chances, drawn
from benchmarks.table import Cell, Table
from benchmarks.unrelated import Result, read_raw, results

_PROMISES = (1 / 20, 1 / 100, 1 / 1_000, 1 / 100_000)
_BINS = 24
PLOT = Path(__file__).with_name("calibration.svg")


def run(options: Options) -> list[Table]:
    """The fit, what each step promises and keeps, and the distribution."""
    stored = options.raw is not None and options.raw.is_file()
    held, set_on = _lists(read_raw(options.raw) if stored and options.raw else [], options)
    # A quick look must not replace the plot of the full run.
    place = options.data / PLOT.name if options.limit else PLOT
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(
        drawn((("held-out packages", held), ("development packages", set_on))), "utf-8"
    )
    slope = _slope(set_on)
    beyond = _beyond(set_on, slope)
    return [
        _promises(held, _beyond(held, slope), slope, "held-out packages", f"plot: {place.name}"),
        _promises(set_on, beyond, slope, "development packages, which set the steps"),
        _tail(beyond),
        _histogram(beyond),
    ]


def _lists(stored: Sequence[Result], options: Options) -> tuple[list[Result], list[Result]]:
    """Results of the held-out and of the development packages."""
    names = {pin.name for pin in HELD_OUT}
    held = [each for each in stored if each.left.partition("/")[0] in names]
    set_on = [each for each in stored if each.left.partition("/")[0] not in names]
    return (
        held or list(results(replace(options, held_out=True))),
        set_on or list(results(replace(options, held_out=False))),
    )


def _beyond(found: Sequence[Result], slope: float) -> list[float]:
    """Bits of the best matches that their sizes do not explain, the least first."""
    return sorted(each.bits - slope * chances(each) for each in found)


def _slope(found: Sequence[Result]) -> float:
    """Least-squares growth of the best match with the logarithm of the chances."""
    points = [(chances(each), each.bits) for each in found]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def _promises(
    found: Sequence[Result], beyond: Sequence[float], slope: float, which: str, *notes: str
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for step, promise in zip(STEPS, _PROMISES, strict=True):
        reached = sum(each.strength >= step for each in found)
        rows.append(
            (step.word, f"1 in {round(1 / promise):,}", reached, reached / len(found),
             _upper(reached, len(found)), _extrapolated(beyond, promise))
        )  # fmt: skip
    return Table(
        f"Calibration: what the steps promise and keep ({which})",
        ("step", "promise", "reached", "share", "share, upper 95 %", "bits beyond size it needs"),
        tuple(rows),
        (
            f"{len(found)} unrelated pairs; slope {slope:.2f} bits per doubling of the unit pairs",
            "bits: best match minus slope x log2(unit pairs); beyond the data by an exponential"
            " tail",
            *notes,
        ),
    )


def _upper(reached: int, total: int) -> float:
    """Upper end of the one-sided 95 % interval of a share (Wilson)."""
    z = 1.645
    share = reached / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (centre + spread) / (1 + z * z / total)


def _extrapolated(beyond: Sequence[float], promise: float) -> float:
    """The bits that a share of pairs exceeds: by count where there are pairs, else by the tail.

    The upper tenth of such maxima falls off exponentially (Karlin and Altschul, 1990).
    """
    count = len(beyond)
    if promise * count >= 5:
        return beyond[count - 1 - int(promise * count)]
    start = beyond[int(0.9 * (count - 1))]
    above = [bits - start for bits in beyond if bits > start]
    mean = sum(above) / len(above) if above else 1.0
    return start + mean * math.log(0.1 / promise)


def _tail(beyond: Sequence[float]) -> Table:
    rows = []
    for share in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
        rows.append((share, beyond[min(len(beyond) - 1, int(share * len(beyond)))]))
    return Table(
        "Bits beyond size, quantiles of unrelated pairs", ("quantile", "bits"), tuple(rows)
    )


def _histogram(beyond: Sequence[float]) -> Table:
    """The plot, as text."""
    low, high = beyond[0], beyond[-1]
    width = (high - low) / _BINS or 1.0
    counts = [0] * _BINS
    for bits in beyond:
        counts[min(_BINS - 1, int((bits - low) / width))] += 1
    most = max(counts)
    rows = [
        (f"{low + place * width:7.1f}", count, "#" * math.ceil(50 * count / most))
        for place, count in enumerate(counts)
    ]
    return Table("Bits beyond size, unrelated pairs", ("from", "pairs", ""), tuple(rows))
