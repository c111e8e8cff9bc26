"""A checkpoint by its https address: one file, or an index with its shards beside it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from codesim.errors import SnapshotError
from codesim.formats import FormatError, read_index
from codesim.model import Skipped, Snapshot
from codesim.snapshot.catalogue import CHECKPOINTS
from codesim.snapshot.far import HEAD, far_snapshot
from codesim.snapshot.limits import Limits
from codesim.snapshot.place import LOOPBACK_OPT_IN, Place, is_allowed
from codesim.snapshot.spec import Source
from codesim.snapshot.wire import Patience, Wire, WireError, require_wire
from codesim.text.display import display

_INDEX = ".index.json"
_NAME = re.compile(r"^[A-Za-z0-9_~+-][A-Za-z0-9._~+-]{0,200}$")
# A model of 500 billion parameters has some 200.
_MOST_SHARDS = 2_000


def is_checkpoint(source: Source) -> bool:
    """True for the address of a file of weights, or of an index of one."""
    name = (source.url or "").lower().removesuffix(_INDEX)
    return source.url is not None and name.endswith(CHECKPOINTS)


def open_web(
    source: Source,
    limits: Limits,
    progress: Callable[[str], None],
    patience: Patience = Patience(),  # noqa: B008 - frozen
) -> Snapshot:
    """The file that an address names, read in parts; of an index, also the files that it names.

    Shards that are not there are skipped, with the reason. Raises SnapshotError.
    """
    require_wire()
    url = source.url or ""
    if not is_allowed(url):
        raise SnapshotError(
            f"{url}: http:// is not encrypted; use https:// (for this machine alone, and tests, "
            f"{LOOPBACK_OPT_IN}=1 allows it)"
        )
    if source.revision or source.folder:
        raise SnapshotError(f"{url} is one file, and @REVISION and #FOLDER are for repositories")
    progress(f"asking for {url}")
    wire = Wire(patience, is_direct=url.startswith("http://"))
    base, _, name = url.rpartition("/")
    first = Place(name, url)
    heads = _heads([first], wire)
    if first.lost:
        raise SnapshotError(f"cannot read {url}: {first.lost}")

    def made(places: Sequence[Place], skipped: Sequence[Skipped] = ()) -> Snapshot:
        return far_snapshot(
            source.name, source.origin, None, places, wire, limits, progress, None, skipped, heads
        )

    snapshot = made([first])
    if not name.lower().endswith(_INDEX):
        return snapshot
    skipped: list[Skipped] = []
    shards = [Place(shard, f"{base}/{shard}") for shard in _shards(snapshot, name, skipped)]
    heads |= _heads(shards, wire)
    skipped += [Skipped(place.path, place.lost) for place in shards if place.lost]
    return made([first, *(place for place in shards if not place.lost)], skipped)


def _heads(places: Sequence[Place], wire: Wire) -> dict[str, bytes]:
    """The beginning of each file, which comes with its size; a file without one is lost."""
    waiting = [(place, _head(place, wire)) for place in places]
    found = {}
    for place, future in waiting:
        with contextlib.suppress(WireError):
            found[place.path] = future.result()
    return found


def _head(place: Place, wire: Wire) -> Future[bytes]:
    return wire.run(lambda lane: place.part(lane, 0, HEAD))


def _shards(snapshot: Snapshot, name: str, skipped: list[Skipped]) -> list[str]:
    """The files beside an index that it names."""
    try:
        named = sorted({record.file for record in read_index(snapshot.read(name)).tensors})
    except FormatError as error:
        raise SnapshotError(f"{snapshot.origin} {error}") from None
    good = [each for each in named if _NAME.match(each) and each.lower().endswith(CHECKPOINTS)]
    for odd in sorted(set(named) - set(good)):
        skipped.append(Skipped(display(odd)[:200], "is no name of a file beside the index"))
    if len(good) > _MOST_SHARDS:
        raise SnapshotError(f"{snapshot.origin} names {len(good):,} files; no model has so many")
    return good
