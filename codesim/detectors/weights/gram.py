"""Inner products of several models over the same numbers: all that regression needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned, aligned
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import Values

_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Joint:
    """A pair with the windows of further models that hold the same place, and the inner products
    of all in the order left, right, further ones: shape (k, k), float64.
    """

    pair: Aligned
    products: Tensor
    count: int


def joints(
    pairs: Sequence[Aligned], left: Sequence[Values], others: Sequence[Sequence[Values]]
) -> list[Joint]:
    """Pairs for which every further model has a tensor in the place of the left one."""
    links = [_links(aligned(left, other)) for other in others]
    found = []
    for pair in pairs:
        windows = [_through(pair.left, each) for each in links]
        known = [window for window in windows if window is not None]
        if len(known) == len(windows):
            found.append(joint_of(pair, known))
    return found


def _links(pairs: Sequence[Aligned]) -> dict[str, list[Aligned]]:
    by_name: dict[str, list[Aligned]] = {}
    for pair in pairs:
        by_name.setdefault(pair.names[0], []).append(pair)
    return by_name


def _through(window: Window, links: dict[str, list[Aligned]]) -> Window | None:
    """The part of another model that stands where a window of the left does."""
    for link in links.get(window.values.name, []):
        own, other = link.left, link.right
        inside = own.first <= window.first and window.last <= own.last
        if not inside or window.low < own.low or window.high > own.high:
            continue
        starts = window.first - own.first, window.low - own.low
        sizes = window.last - window.first, window.high - window.low
        turned = own.transposed != other.transposed
        down, across = starts[::-1] if turned else starts
        rows, columns = sizes[::-1] if turned else sizes
        first, low = other.first + down, other.low + across
        return Window(
            other.values, first, first + rows, window.transposed != turned, low, low + columns
        )
    return None


def joint_of(pair: Aligned, others: Sequence[Window]) -> Joint:
    """A pair with windows of further models at its place, which are read block by block."""
    windows = [pair.left, pair.right, *others]
    products = torch.zeros(len(windows), len(windows), dtype=torch.float64)
    count = 0
    for block in _blocks(windows):
        flat = torch.where(torch.isfinite(block).all(0), block, 0.0)
        products += flat @ flat.T
        count += flat.shape[1]
    return Joint(pair, products, count)


def _blocks(windows: Sequence[Window]) -> Iterator[Tensor]:
    rows, columns = windows[0].shape
    step = max(1, _BLOCK // max(1, columns))
    for first in range(0, rows, step):
        last = min(rows, first + step)
        yield torch.stack(
            [w.block((first, last), (0, columns)).reshape(-1).double() for w in windows]
        )
