"""A snapshot of files that are already in memory."""

from __future__ import annotations

from collections.abc import Mapping

from codesim.errors import SnapshotError
from codesim.formats.blob import blob_id_of
from codesim.model import Snapshot
from codesim.snapshot.catalogue import Catalogue
from codesim.snapshot.limits import Limits
from codesim.text.display import display


def snapshot_of(files: Mapping[str, bytes], name: str = "memory") -> Snapshot:
    """A snapshot of a mapping from path to content.

    Raises TypeError for content that is not bytes, SnapshotError for an empty path.
    """
    catalogue: Catalogue[str] = Catalogue(Limits())
    kept = {path: _content(path, files[path]) for path in sorted(files)}
    for path, data in kept.items():
        catalogue.add(path.encode("utf-8", "surrogatepass"), path, len(data), blob_id_of(data))
    return catalogue.snapshot(name, f"memory:{name}", None, kept.__getitem__)


def _content(path: str, data: object) -> bytes:
    if not isinstance(path, str):
        raise TypeError(f"files: a path must be a str, not {type(path).__name__}")
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(
            f"files: the content of {display(path)!r} must be bytes, not {type(data).__name__}"
        )
    # A path is only ever a label, so any will do; it is never joined to a place on disk.
    if not path:
        raise SnapshotError("files: an empty path names nothing; give one such as 'src/model.py'")
    return bytes(data)
