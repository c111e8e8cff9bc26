"""Fingerprints of repositories that do not exist, distributed like those of real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.lists import DEVELOPMENT, HELD_OUT
from benchmarks.options import Options
from benchmarks.slices import Slice, slices
from codesim import snapshot_of
from codesim.candidates import Rows
from codesim.index.content import Content, content_of

# Lines of the real repositories, and how many are cut from each package.
_SIZES, _EACH = (300, 1_000, 3_000, 10_000), 2
# Values that several repositories have are drawn from so many.
_POOL = 2_000_000
# So many of 1,000 fingerprints are common, and their frequency falls as 1 / rank (Zipf, 1949). Of
# packages that have nothing to do with each other it is fewer, and less steep (``measured``):
# archives hold forks, tutorials and exercises, and a search must be quick there too.
_COMMON = 0.3
# One repository in so many has taken this share of an earlier one.
_COPIES, _TAKEN = 100, 0.3


@dataclass(frozen=True)
class Shape:
    """What synthetic repositories are drawn from: how many fingerprints one has, what they weigh,
    and real values in the order of their frequency, which stand first in the pool of common ones.

    ``measured`` is the share of common fingerprints among unrelated packages.
    """

    counts: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int32]
    pool: npt.NDArray[np.uint64]
    measured: float


def real_contents(options: Options) -> list[Content]:
    """Cuts of public packages, as an index holds them."""
    cuts = [cut for size in _SIZES for cut in slices(DEVELOPMENT, size, _EACH, options.data)]
    return [content_of(snapshot_of(cut.files, cut.name)) for cut in cuts]


def query_cuts(options: Options) -> list[Slice]:
    """What is searched for: cuts of packages that are not in the index."""
    return [slices(HELD_OUT, lines, 1, options.data)[0] for lines in (1_000, 3_000)]


def shape_of(options: Options, contents: Sequence[Content]) -> Shape:
    """The shape of real repositories; what is common is counted over one cut of each package."""
    alone = [
        content_of(snapshot_of(cut.files)).fingerprints.value
        for cut in slices(DEVELOPMENT, 3_000, 1, options.data)
    ]
    _, frequency = np.unique(np.concatenate(alone), return_counts=True)
    queries = [content_of(snapshot_of(cut.files)) for cut in query_cuts(options)]
    every = [each.fingerprints.value for each in (*contents, *queries)]
    value, count = np.unique(np.concatenate(every), return_counts=True)
    # Those of the queries are met at all ranks, as anybody's would be.
    order = np.lexsort((np.random.default_rng(0).permutation(len(value)), -count))
    return Shape(
        counts=np.array([len(each.fingerprints.value) for each in contents]),
        weights=np.concatenate([each.fingerprints.weight for each in contents]),
        pool=value[order],
        measured=float(frequency[frequency >= 2].sum() / frequency.sum()),
    )


def repositories(shape: Shape, count: int, seed: int) -> Iterator[npt.NDArray[np.uint64]]:
    """The values of each of ``count`` repositories, ascending."""
    random = np.random.default_rng(seed)
    earlier: list[npt.NDArray[np.uint64]] = []
    for number in range(count):
        size = int(random.choice(shape.counts))
        common = int(size * _COMMON)
        # Zipf by inversion: the logarithm of a rank is uniform.
        ranks = (_POOL ** random.random(common)).astype(np.int64) - 1
        made = [_pool(shape, ranks), random.integers(0, 2**64, size - common, dtype=np.uint64)]
        if earlier and number % _COPIES == 0:
            source = earlier[int(random.integers(len(earlier)))]
            made.append(source[: int(_TAKEN * len(source))])
        values = np.unique(np.concatenate(made))
        if number % _COPIES == 1:
            earlier.append(random.permutation(values))
        yield values


def _pool(shape: Shape, ranks: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """The value of each rank: real ones first, then numbers that look like hashes."""
    made = ranks.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    real = ranks < len(shape.pool)
    made[real] = shape.pool[ranks[real]]
    return made


def rows_of(shape: Shape, count: int, seed: int) -> Rows:
    """All of them as rows of the join."""
    values = list(repositories(shape, count, seed))
    sizes = [len(each) for each in values]
    random = np.random.default_rng(seed + 1)
    value = np.concatenate(values)
    del values
    return Rows(
        document=np.repeat(np.arange(count, dtype=np.int32), sizes),
        kind=np.zeros(len(value), dtype=np.int16),
        value=value,
        weight=random.choice(shape.weights, len(value)).astype(np.int32),
    )
