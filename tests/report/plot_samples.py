"""One plot of each kind, with figures such as a comparison of weights gives."""

from __future__ import annotations

from math import exp, sin, sqrt

from codesim.model import Plot, Series


def series(name, *points):
    return Series(name, tuple((float(x), float(y)) for x, y in points))


def plots():
    return (*by_depth(), *of_one_tensor(), *of_layers())


def by_depth():
    modules = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
    return (
        Plot(
            "Correlation by depth", "points", "layer", "correlation",
            (
                series("noised copy", *((n, 0.999 - n / 900) for n in range(32))),
                series("identical", *((n, 1.0) for n in range(0, 32, 3))),
                series("no evidence", *((n, sin(n) / 20) for n in range(0, 32, 2))),
            ),
            "1 is the same, 0 is unrelated",
        ),
        Plot(
            "Sigma by tensor", "line", "layer", "sigma of the difference",
            tuple(
                series(name, *((n, 0.0014 + k * 1e-6 + n * 1e-7) for n in range(32)))
                for k, name in enumerate(modules)
            ),
            "one level for every tensor means one scalar",
        ),
    )  # fmt: skip


def of_one_tensor():
    normal = [(x / 10, exp(-((x / 10) ** 2) / 2) / 2.5066) for x in range(-40, 41, 2)]
    values = [2 * sqrt(1 - (n / 64) ** 2) for n in range(64)]
    return (
        Plot(
            "Residuals of q_proj", "histogram", "difference in sigma", "density",
            (
                series("differences", *((x, y * (1 + 0.05 * sin(9 * x))) for x, y in normal)),
                series("normal distribution", *normal),
            ),
        ),
        Plot(
            "Quantiles of q_proj", "qq", "normal quantile", "difference in sigma",
            (
                series("differences", *((x / 8, x / 8 + x**3 / 9e4) for x in range(-24, 25))),
                series("normal distribution", (-3, -3), (3, 3)),
            ),
        ),
        Plot(
            "Singular values of the difference", "line", "number", "singular value",
            (
                series("difference", *enumerate(values, 1)),
                series("edge of white noise", (1, 2.05), (64, 2.05)),
            ),
        ),
    )  # fmt: skip


def of_layers():
    cells = [
        series(f"{row}", *((c, 18.0 - row if row == c else sin(row * 7 + c)) for c in range(6)))
        for row in range(6)
    ]
    return (
        Plot("Layers against layers", "heat", "layer of right", "layer of left", tuple(cells)),
        Plot(
            "Merge coefficients", "line", "layer", "coefficient",
            (series("base A", *((n, 0.5) for n in range(8))),
             series("base B", *((n, 0.5 + n / 1e3) for n in range(8)))),
        ),
        Plot(
            "Neurons that agree", "bars", "layer", "share of neurons",
            (
                series("left and right", *((n, 0.9 + n / 100) for n in range(8))),
                series("highest of unrelated pairs", (-0.5, 0.082), (7.5, 0.023)),
            ),
        ),
    )  # fmt: skip
