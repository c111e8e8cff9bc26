"""Which tensor of one model stands where which of the other does, whatever they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from codesim.detectors.weights.matching import (
    MOST_PAIRS,
    Aligned,
    Sampler,
    Search,
    by_shape,
    correlations,
    matched,
    stacked,
    unused,
)
from codesim.detectors.weights.names import by_name
from codesim.detectors.weights.parts import parts
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import Values

__all__ = ["CONTENT", "Aligned", "aligned"]

# Sampled correlations of unrelated matrices stay below this.
CONTENT = 0.1
# Parts are looked for at many places, and layers of one model are a little alike: queries and keys
# of neighbouring layers of trained models correlate up to 0.18.
_PART = 0.2
_REPEATED = 0.3
# Pairs above this are taken first, however they are turned or cut: the rows of a neuron's up
# projection are a little like its columns of the down projection.
_PLAIN = 0.4


def aligned(left: Sequence[Values], right: Sequence[Values]) -> list[Aligned]:
    """Pairs of tensors or parts of tensors, in the order of the left.

    By content those of equal shape, then transposed ones, parts of larger ones (fused, or a longer
    vocabulary) and tensors that one side holds twice; the rest by name and order.
    """
    found: list[Aligned] = []
    for least in (_PLAIN, CONTENT):
        rest = unused(left, right, found)
        found += of_shape(*rest, Window.of, Window.runs, Search("same shape", least))
        rest = unused(left, right, found)
        found += of_shape(*rest, turned, Window.squares, Search("transposed", least))
        found += parts(left, right, found, Search("part", max(least, _PART)))
    found += _repeated(left, right, found)
    found += [
        Aligned(Window.of(one), Window.of(two), _sampled(one, two), how)
        for one, two, how in by_name(*unused(left, right, found))
    ]
    place = {id(values): number for number, values in enumerate(left)}
    return sorted(found, key=lambda pair: (place[id(pair.left.values)], pair.left.first,
                                           pair.left.low, pair.names[1]))  # fmt: skip


def turned(values: Values) -> Window:
    return Window.of(values).turned()


def _sampled(one: Values, two: Values) -> float:
    a, b = (stacked([Window.of(each)], Window.runs) for each in (one, two))
    return float(correlations(a, b))


def of_shape(
    left: Sequence[Values],
    right: Sequence[Values],
    looked_at: Callable[[Values], Window],
    sampler: Sampler,
    search: Search,
) -> list[Aligned]:
    """Pairs of equal shape that content supports; the right as ``looked_at``."""
    ours = by_shape([Window.of(values) for values in left])
    theirs = by_shape([looked_at(values) for values in right])
    found = []
    for shape in ours.keys() & theirs.keys():
        found += matched(ours[shape], theirs[shape], sampler, search)
    return found


def _repeated(
    left: Sequence[Values], right: Sequence[Values], found: Sequence[Aligned]
) -> list[Aligned]:
    """Tensors that are left over and repeat one that is taken: layers that were duplicated, and
    tied tensors that are stored twice.
    """
    more, theirs = unused(left, right, found)
    taken = [v for v in left if v not in more], [v for v in right if v not in theirs]
    pairs = _nearest(theirs, taken[0])
    result = [Aligned(two, one, r, "repeated") for one, two, r in pairs]
    return result + [Aligned(one, two, r, "repeated") for one, two, r in _nearest(more, taken[1])]


def _nearest(
    extra: Sequence[Values], partners: Sequence[Values]
) -> list[tuple[Window, Window, float]]:
    """For each of some matrices, the most alike of others, where it is like any."""
    ours = by_shape([Window.of(values) for values in extra if min(values.shape) > 1])
    theirs = by_shape([Window.of(values) for values in partners])
    found = []
    for shape in ours.keys() & theirs.keys():
        if len(ours[shape]) * len(theirs[shape]) > MOST_PAIRS:
            continue
        stack = stacked(theirs[shape], Window.runs)
        r = correlations(stacked(ours[shape], Window.runs), stack)
        best = r.abs().argmax(1).tolist()
        found += [
            (window, theirs[shape][j], float(r[i, j]))
            for i, (window, j) in enumerate(zip(ours[shape], best, strict=True))
            if abs(float(r[i, j])) >= Search("repeated", _REPEATED).limit(stack.shape[1])
        ]
    return found
