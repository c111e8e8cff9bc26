"""What will be read soon, said to sources that are far away, so that it is on its way together.

Nothing here changes a result: a source that is at hand is told nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from codesim.detectors.weights.matching import Aligned
from codesim.detectors.weights.sampling import PLACES, Range, Window
from codesim.detectors.weights.values import Values
from codesim.formats import ByteSource

# Files up to this size are asked for as a whole: it is less than what is kept of a source.
_SMALL = 16 << 20
# Samples that are kept until they are looked at, of 4 KB each; more would drive each other out.
_MOST_RUNS = 8_000
# A corner of rows that are longer than any matrix has is read in parts of them.
_LONGEST = 8 << 20
# Pairs whose corners are on their way while one is looked at, of up to 4 MB on either side.
_PAIRS = 4


def is_far(tensors: Sequence[Values]) -> bool:
    """True where values are read from a server."""
    return any(values.source.announce is not None for values in tensors)


def announce(looks: Iterable[tuple[Window, Range, Range]]) -> None:
    """Rectangles, as they are stored, that will be read soon."""
    spans: dict[int, tuple[ByteSource, list[tuple[int, int]]]] = {}
    for window, rows, columns in looks:
        source = window.values.source
        if source.announce is not None and not window.transposed:
            span = window.span(rows, columns)
            if span[1] <= _LONGEST:
                spans.setdefault(id(source), (source, []))[1].append(span)
    for source, found in spans.values():
        if source.announce is not None:
            source.announce(found)


def announce_runs(tensors: Sequence[Values], places: Sequence[float] = PLACES) -> None:
    """The samples of some tensors at some shares of each; of small files everything."""
    small = {id(v.source): v.source for v in tensors if v.source.size <= _SMALL}
    for source in small.values():
        if source.announce is not None and places is PLACES:
            source.announce([(0, source.size)])
    if len(tensors) * len(places) > _MOST_RUNS:
        return
    windows = [Window.of(values) for values in tensors]
    announce((w, *place) for w in windows for place in w.run_places(places))


def corners_announced(pairs: Sequence[Aligned], side: int) -> Iterator[Aligned]:
    """The pairs, with the corners of the next ones announced before each is looked at."""
    for number, pair in enumerate(pairs):
        coming = (
            pairs[: _PAIRS + 1] if number == 0 else pairs[number + _PAIRS : number + _PAIRS + 1]
        )
        announce(
            (window, (0, min(side, window.shape[0])), (0, min(side, window.shape[1])))
            for each in coming
            for window in (each.left, each.right)
        )
        yield pair
