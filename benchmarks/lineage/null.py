"""Are the p-values of independent models uniform? Layer pairs that share nothing but data.

Sources: the layers of the recorded independent models, each against each, and pairs of small MLPs
that are initialised apart and trained briefly on the same data: gated ones for both tests, and for
the order of neurons plain ones, on positive inputs as pixels are, and behind a layer norm. Every
pair of MLPs is of two that occur in no other pair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.lineage.table import cases_module
from benchmarks.options import Options
from benchmarks.table import Table

_PLOT = Path(__file__).parent / "null.svg"
_TRAINED = 600
_WIDTH, _INNER, _STEPS = 16, 64, 80
_INDEPENDENT = ("parent", "independent", "distilled")


@dataclass(frozen=True, slots=True)
class Null:
    """Two-sided p-values of one test over independent layer pairs."""

    name: str
    z: tuple[float, ...]
    p: tuple[float, ...]

    @property
    def kolmogorov(self) -> tuple[float, float]:
        """The largest distance from the uniform distribution, and its asymptotic p-value."""
        n, ordered = len(self.p), sorted(self.p)
        d = max(max((i + 1) / n - p, p - i / n) for i, p in enumerate(ordered))
        x = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * d
        tail = 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101))
        return d, min(1.0, max(0.0, tail))


def run(options: Options) -> list[Table]:
    """Both tests over all pairs, and the plot of their p-values."""
    cases_module()
    pairs = [*_recorded(), *_brief(options.size(_TRAINED), options.seed)]
    found = _tests(pairs)
    for name, normed in (("plain, pixels", False), ("plain, layer norm", True)):
        found += _order(
            f"permutation, {name}", _plain(options.size(_TRAINED), options.seed, normed)
        )
    _PLOT.write_text(_svg(found), "utf-8")
    rows = []
    for each in found:
        d, p = each.kolmogorov
        mean = sum(each.z) / len(each.z)
        spread = math.sqrt(sum((z - mean) ** 2 for z in each.z) / (len(each.z) - 1))
        largest = max(map(abs, each.z))
        rows.append((each.name, len(each.p), mean, spread, largest, min(each.p), d, p))
    columns = (
        "test", "layer pairs", "mean z", "sd z", "largest |z|", "least p", "KS distance", "KS p"
    )  # fmt: skip
    notes = (
        "p of the normal distribution for z; verdicts use the Hoeffding bound and the draws",
        f"{len(_INDEPENDENT)} recorded models, each layer against each, and"
        f" {options.size(_TRAINED)} pairs of MLPs of each kind ({_WIDTH} to {_INNER})"
        f" trained for {_STEPS} steps on the same data",
        f"plot: {_PLOT.relative_to(_PLOT.parents[2])}",
    )
    return [Table("P-values of independent layers", columns, tuple(rows), notes)]


def _recorded():  # type: ignore[no-untyped-def]
    """(gate, up, down) of both sides, with down turned so that rows are neurons."""
    from relations import LAYERS, trained

    def mlp(name, layer):  # type: ignore[no-untyped-def]
        path = f"model.layers.{layer}.mlp"
        gate, up, down = (
            trained(name)[f"{path}.{part}_proj.weight"].float() for part in ("gate", "up", "down")
        )
        return gate, up, down.T

    for one, two in combinations(_INDEPENDENT, 2):
        for i in range(LAYERS):
            for j in range(LAYERS):
                yield mlp(one, i), mlp(two, j)


def _brief(count: int, seed: int):  # type: ignore[no-untyped-def]
    """Pairs of MLPs, all trained at once as one batch, on the same data in the same order."""
    import torch

    chance = torch.Generator().manual_seed(1000 + seed)
    shapes = [(2 * count, _WIDTH, _INNER)] * 2 + [(2 * count, _INNER, _WIDTH)]
    weights = [(torch.randn(s, generator=chance) * 0.2).requires_grad_() for s in shapes]
    target = torch.randn(_WIDTH, _WIDTH, generator=chance)
    optimiser = torch.optim.AdamW(weights, lr=5e-3, weight_decay=0.01)
    for _ in range(_STEPS):
        x = torch.randn(64, _WIDTH, generator=chance)
        gate, up, down = weights
        out = (torch.nn.functional.silu(x @ gate) * (x @ up)) @ down
        loss = ((out - (x @ target).tanh()) ** 2).mean((1, 2)).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    gate, up, down = (w.detach() for w in weights)
    for k in range(count):
        yield tuple((gate[n].T, up[n].T, down[n]) for n in (2 * k, 2 * k + 1))


def _plain(count: int, seed: int, normed: bool):  # type: ignore[no-untyped-def]
    """Pairs of MLPs without a gate, on positive inputs or behind a layer norm."""
    import torch

    chance = torch.Generator().manual_seed(2000 + seed)
    shapes = [(2 * count, _WIDTH, _INNER), (2 * count, _INNER, _WIDTH)]
    weights = [(torch.randn(s, generator=chance) * 0.2).requires_grad_() for s in shapes]
    target = torch.randn(_WIDTH, _WIDTH, generator=chance)
    optimiser = torch.optim.AdamW(weights, lr=5e-3, weight_decay=0.01)
    for _ in range(_STEPS):
        x = torch.rand(64, _WIDTH, generator=chance)
        x = torch.nn.functional.layer_norm(x, (_WIDTH,)) if normed else x
        out = (x @ weights[0]).relu() @ weights[1]
        loss = ((out - (x @ target).tanh()) ** 2).mean((1, 2)).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    inner, down = (w.detach() for w in weights)
    for k in range(count):
        yield tuple(torch.cat([inner[n].T, down[n]], 1) for n in (2 * k, 2 * k + 1))


def _order(name: str, pairs) -> list[Null]:  # type: ignore[no-untyped-def]
    from codesim.detectors.weights.symmetry import permutation_test

    found = [permutation_test(one, two) for one, two in pairs]
    known = [test for test in found if test is not None]
    return [Null(name, tuple(t.z for t in known), tuple(10**t.log10_p for t in known))]


def _tests(pairs) -> list[Null]:  # type: ignore[no-untyped-def]
    import torch

    from codesim.detectors.weights.symmetry import permutation_test, sign_test

    z: dict[str, list[float]] = {"signs": [], "permutation": []}
    drawn: list[float] = []
    for left, right in pairs:
        dots = (left[1] * right[1]).sum(1) + (left[2] * right[2]).sum(1)
        signs = sign_test([dots])
        order = permutation_test(torch.cat(left, 1), torch.cat(right, 1))
        assert signs is not None
        assert order is not None
        z["signs"].append(signs.z)
        z["permutation"].append(order.z)
        drawn.append(10**order.log10_p)
    found = [Null(n, tuple(v), tuple(math.erfc(abs(x) / math.sqrt(2)) for x in v))
             for n, v in z.items()]  # fmt: skip
    return [*found, Null("permutation, 999 draws", tuple(z["permutation"]), tuple(drawn))]


_COLOURS = ("#1b6ca8", "#b5651d", "#4b8b3b", "#7a4fa3", "#a33b4f")
_SIDE, _MARGIN = 320, 46


def _svg(found: Sequence[Null]) -> str:
    """Ordered p-values against those of a uniform distribution; the diagonal is perfect."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE + 2 * _MARGIN}'
        f' {_SIDE + 2 * _MARGIN}" font-family="sans-serif" font-size="12">',
        f'<rect x="{_MARGIN}" y="{_MARGIN}" width="{_SIDE}" height="{_SIDE}" fill="none"'
        ' stroke="#999"/>',
        f'<line x1="{_MARGIN}" y1="{_MARGIN + _SIDE}" x2="{_MARGIN + _SIDE}" y2="{_MARGIN}"'
        ' stroke="#999" stroke-dasharray="4 3"/>',
    ]
    for row, (each, colour) in enumerate(zip(found, _COLOURS, strict=True)):
        ordered, n = sorted(each.p), len(each.p)
        points = " ".join(
            f"{_MARGIN + _SIDE * (i + 0.5) / n:.1f},{_MARGIN + _SIDE * (1 - p):.1f}"
            for i, p in enumerate(ordered)
        )
        text = f"{each.name}: {n} layer pairs, KS p {each.kolmogorov[1]:.2f}"
        lines += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>',
            f'<text x="{_MARGIN + 10}" y="{_MARGIN + 20 + 16 * row}" fill="{colour}">{text}</text>',
        ]
    lines += [
        f'<text x="{_MARGIN + _SIDE / 2}" y="{_SIDE + 2 * _MARGIN - 14}" text-anchor="middle">'
        "share of independent layer pairs</text>",
        f'<text transform="translate(16 {_MARGIN + _SIDE / 2}) rotate(-90)" text-anchor="middle">'
        "p-value</text>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
