"""The units of each layer whose labels training leaves arbitrary, tested with both symmetries.

The sign of an MLP neuron is free behind a gate (the row of its up projection and the column of its
down projection change together), that of a value channel always (its row of v and column of o),
that of a residual coordinate where norms do not subtract a mean. The order of MLP neurons is free.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.roles import Layer, role_of, stack_of
from codesim.detectors.weights.sampling import Window, cleaned
from codesim.detectors.weights.symmetry import SymmetryTest, order_test, pooled, products, sign_test
from codesim.detectors.weights.workers import in_order

# As many neurons are as exact as all of them, and bound the products.
MOST_UNITS = 2048
# Values of each neuron that enter the products; more only sharpen a test that is sharp.
_MOST_VALUES = 4096
# Values of all neurons that are held at once.
_VALUES = 512
# Roles that read from the residual stream with their columns, and that write to it with their rows.
_READ = frozenset({"query", "key", "value", "gate", "up"})
_WRITE = frozenset({"out", "down"})
# Where neurons lie: in the rows of what reads from the stream, in the columns of what writes to it.
_MLP = {"gate": 0, "up": 0, "inner": 0, "down": 1}
# Names of matrices that GPT-2 stores transposed, and others of the same names do not.
_EITHER_WAY = re.compile(r"c_(?:fc|proj)(?:\.weight)?$")

Found = Sequence[tuple[Aligned, Moments]]


def sign_tests(layers: Sequence[Layer], found: Found) -> list[SymmetryTest]:
    """The test that pools neurons and value channels of all layers, which are disjoint."""
    by_pair = {id(pair): moments for pair, moments in found}
    dots = []
    for layer in layers:
        dots += _neuron_dots(layer, by_pair) + _channel_dots(layer, by_pair)
    test = sign_test(dots, "signs of neurons and value channels")
    return [test] if test else []


def residual_test(found: Found) -> list[SymmetryTest]:
    """The test of the signs of residual coordinates over the layers of gated transformers: valid
    for RMS norms only.
    """
    sums: dict[int, Tensor] = {}
    tensors: Counter[int] = Counter()
    gated = {_stack(p.names[0]) for p, _ in found if role_of(p.names[0]) == "gate"} - {None}
    for pair, moments in found:
        role = role_of(pair.names[0]) or role_of(pair.names[1])
        if _stack(pair.names[0]) not in gated or not stack_of(pair.names[1]):
            along = None
        elif role in _READ:
            along = moments.column_dots
        else:
            along = moments.row_dots if role in _WRITE else None
        if along is not None:
            sums[len(along)] = along.double().cpu() + sums.get(len(along), torch.zeros(()))
            tensors[len(along)] += 1
    if not sums:
        return []
    width = max(tensors, key=lambda size: (tensors[size], size))
    test = sign_test([sums[width]], "signs of residual coordinates")
    return [test] if test else []


def _stack(name: str) -> str | None:
    """The stack of layers that a tensor is in."""
    place = stack_of(name)
    return place[0] if place else None


def _neuron_dots(layer: Layer, found: dict[int, Moments]) -> list[Tensor]:
    axes = neuron_axes(layer)
    if "gate" not in axes or "up" not in axes:
        return []
    along = [_along(found[id(layer.pairs[role])], axes[role]) for role in ("up", "down")
             if role in axes]  # fmt: skip
    known = [dots for dots in along if dots is not None]
    return [sum(known[1:], known[0])] if known and len(known) == len(along) else []


def _along(moments: Moments, axis: int) -> Tensor | None:
    """Products of each neuron, which lies along this axis."""
    dots = moments.column_dots if axis else moments.row_dots
    return None if dots is None else dots.double().cpu()


def neuron_axes(layer: Layer) -> dict[str, int]:
    """The axis of the neurons in each matrix of an MLP, as it is looked at: what the role says, or
    the other one where only that has as many as the other matrices. Empty where they do not agree.
    """
    pairs = {role: layer.pairs[role] for role in _MLP if role in layer.pairs}
    if not pairs:
        return {}
    shapes = {role: pair.left.shape for role, pair in pairs.items()}
    if any(_EITHER_WAY.search(name) for pair in pairs.values() for name in pair.names):
        count = max(next(iter(shapes.values())))
    else:
        count = Counter(shape[_MLP[role]] for role, shape in shapes.items()).most_common(1)[0][0]
    axes = {
        role: _MLP[role] if shape[_MLP[role]] == count else 1 - _MLP[role]
        for role, shape in shapes.items()
    }
    agree = all(shape[axes[role]] == count for role, shape in shapes.items())
    return axes if agree and min(map(min, shapes.values())) > 1 else {}


def _channel_dots(layer: Layer, found: dict[int, Moments]) -> list[Tensor]:
    """Rows of v; with the columns of o where every channel has exactly one."""
    value, out = layer.pairs.get("value"), layer.pairs.get("out")
    if value is None:
        return []
    dots = found[id(value)].row_dots
    more = None if out is None else found[id(out)].column_dots
    if dots is None:
        return []
    same = more is not None and len(more) == len(dots)
    return [(dots + more).double().cpu() if same and more is not None else dots.double().cpu()]


def permutation_tests(layers: Sequence[Layer]) -> list[SymmetryTest]:
    """One test per layer over the neurons of its MLP, gated or not."""
    return [test for test in in_order(_order_test, layers) if test]


def _order_test(layer: Layer) -> SymmetryTest | None:
    found = neuron_products(layer)
    return None if found is None else order_test(found, name=f"neurons of {layer.name}")


def neuron_products(layer: Layer) -> Tensor | None:
    """Centred inner products of the neurons of a layer of both sides, shape (neurons, neurons),
    over the rows of gate and up (or of the one inner projection) and the columns of down.
    """
    total = None
    for role, axis in neuron_axes(layer).items():
        pair = layer.pairs[role]
        for left, right in zip(_parts(pair.left, axis), _parts(pair.right, axis), strict=True):
            total = products(left, right, total)
    return total


def _parts(window: Window, axis: int) -> Iterator[Tensor]:
    """(neurons, values) of one tensor, bounded, some values at a time."""
    units, most = min(window.shape[axis], MOST_UNITS), min(window.shape[1 - axis], _MOST_VALUES)
    for first in range(0, most, _VALUES):
        last = min(most, first + _VALUES)
        if axis:
            yield cleaned(window.block((first, last), (0, units))).T
        else:
            yield cleaned(window.block((0, units), (first, last)))


def all_tests(layers: Sequence[Layer], found: Found, rms: bool) -> list[SymmetryTest]:
    """The tests of the families that apply; layers count once each, by Fisher's method."""
    tests = sign_tests(layers, found) + (residual_test(found) if rms else [])
    together = pooled(permutation_tests(layers), "order of MLP neurons")
    return tests + ([together] if together else [])
