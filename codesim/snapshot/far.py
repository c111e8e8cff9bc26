"""Files on a server as a snapshot: listed with their sizes, read in parts, never stored."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from codesim.errors import SnapshotError
from codesim.model import Entry, Skipped, Snapshot
from codesim.snapshot.ahead import Ahead, Span
from codesim.snapshot.catalogue import CHECKPOINTS, only_header
from codesim.snapshot.limits import Limits
from codesim.snapshot.place import Place
from codesim.snapshot.wire import Wire, WireError
from codesim.text.display import display

# The header of a shard has 10 KB, that of a whole model of 8 billion parameters 35 KB.
HEAD = 32 << 10
# Files whose beginning is asked for at once; a model in parts has at most some hundred.
_MOST_HEADS = 512
# What is kept of one source: both ends of a comparison, each with what lies ahead of two readers,
# and a matrix that is gone through several times.
_MEMORY = 64 << 20
# Reading everything takes less than twice the bytes, since some tensors are looked at again.
_TIMES, _AT_LEAST = 4, 256_000_000
# A whole model of 16 GB takes some 8,000, with its samples.
_MOST_REQUESTS = 100_000
# A line of progress at most so often, in seconds.
_EVERY = 1.0


class Meter:
    """Counts what is asked for and what came, and says the latter now and then."""

    def __init__(self, most: int, progress: Callable[[str], None]) -> None:
        self.most = most
        self.asked = self.came = self.requests = 0
        self._progress = progress
        self._lock = threading.Lock()
        self._said = time.monotonic()

    def spend(self, size: int) -> None:
        """Take note of a request. Raises WireError beyond what may be read in all."""
        with self._lock:
            if self.requests >= _MOST_REQUESTS:
                raise WireError(
                    f"more than {_MOST_REQUESTS:,} requests would have to be made to the server; "
                    "download the files and give their folder"
                )
            if self.asked + size > self.most:
                raise WireError(
                    f"more than {self.most:,} bytes would have to be read from the server, many "
                    "times what it holds; download the files and give their folder"
                )
            self.asked += size
            self.requests += 1

    def count(self, done: Future[bytes]) -> None:
        """Take note of an answer."""
        if done.cancelled() or done.exception() is not None:
            return
        with self._lock:
            self.came += len(done.result())
            is_time = time.monotonic() - self._said >= _EVERY
            if is_time:
                self._said = time.monotonic()
        if is_time:
            self._progress(f"{self.came / 1e6:,.1f} MB read from the server")


class Far:
    """The files of one source by path, read in parts over the wire."""

    def __init__(
        self, places: Mapping[str, Place], wire: Wire, limits: Limits, meter: Meter
    ) -> None:
        self.places = places
        self.limits = limits
        self.meter = meter

        def ask(path: str, start: int, size: int) -> Future[bytes]:
            try:
                meter.spend(size)
            except WireError as error:
                refused: Future[bytes] = Future()
                refused.set_exception(error)
                return refused
            place = places[path]
            future = wire.run(lambda lane: place.part(lane, start, size))
            future.add_done_callback(meter.count)
            return future

        self._parts = Ahead(ask, _MEMORY)

    def read(self, path: str) -> bytes:
        """A whole file within the limit. Raises SnapshotError."""
        size = self._size(path)
        if size > self.limits.file:
            raise SnapshotError(
                f"{display(path)}: {size:,} bytes; files over {self.limits.file:,} are not read"
            )
        return self.read_range(path, 0, size)

    def read_range(self, path: str, start: int, size: int) -> bytes:
        """At most ``size`` bytes from ``start``. Raises SnapshotError."""
        if start < 0 or size < 0:
            raise ValueError(f"no range: {size} bytes from {start}")
        length = self._size(path)
        if self.places[path].lost:
            raise SnapshotError(f"{display(path)}: {self.places[path].lost}")
        try:
            return self._parts.read(path, start, size, length)
        except WireError as error:
            raise SnapshotError(f"{display(path)}: {error}") from None

    def know(self, path: str, head: bytes) -> None:
        """Keep the first bytes of a file, which came with its size."""
        self._parts.know(path, 0, head)

    def announce(self, path: str, spans: Sequence[Span]) -> None:
        """Ask for parts that will be read soon; what of them lies beyond the end is left out."""
        if path in self.places and not self.places[path].lost:
            length = self._size(path)
            cut = [(start, min(size, length - start)) for start, size in spans]
            self._parts.announce(path, [(start, size) for start, size in cut if size > 0])

    def _size(self, path: str) -> int:
        place = self.places.get(path)
        if place is None or place.size is None:
            raise SnapshotError(f"{display(path)}: {place.lost if place else 'no such file'}")
        return place.size


def far_snapshot(
    name: str,
    origin: str,
    revision: str | None,
    places: Sequence[Place],
    wire: Wire,
    limits: Limits,
    progress: Callable[[str], None],
    blob_ids: Mapping[str, str] | None = None,
    skipped: Sequence[Skipped] = (),
    heads: Mapping[str, bytes] | None = None,
) -> Snapshot:
    """The snapshot of files whose sizes are known, and perhaps their first bytes. Asks for nothing
    yet.
    """
    by_path = {place.path: place for place in sorted(places, key=lambda place: place.path)}
    total = sum(place.size or 0 for place in by_path.values())
    far = Far(by_path, wire, limits, Meter(max(_AT_LEAST, _TIMES * total), progress))
    for path, data in (heads or {}).items():
        far.know(path, data)
    large = [p for p in by_path.values() if (p.size or 0) > limits.file]
    skipped = [*skipped, *(_too_large(place, limits) for place in large)]
    ids = blob_ids or {}
    return Snapshot(
        name=name,
        origin=origin,
        revision=revision,
        entries=tuple(
            Entry(path, ids.get(path), place.size, (place.size or 0) <= limits.file)
            for path, place in by_path.items()
        ),
        reader=far.read,
        skipped=tuple(sorted(skipped, key=lambda each: (each.what, each.reason))),
        ranges=far.read_range,
        announce=far.announce,
    )


def _too_large(place: Place, limits: Limits) -> Skipped:
    size = place.size or 0
    if place.path.lower().endswith(CHECKPOINTS):
        return only_header(place.path, size)
    return Skipped(place.path, f"{size:,} bytes; files over {limits.file:,} are not read")


def begun(snapshot: Snapshot) -> Snapshot:
    """The same snapshot, with the beginnings of its checkpoints on their way."""
    if snapshot.announce is not None:
        files = [e.path for e in snapshot.entries if e.path.lower().endswith(CHECKPOINTS)]
        for path in files[:_MOST_HEADS]:
            snapshot.announce(path, [(0, HEAD)])
    return snapshot
