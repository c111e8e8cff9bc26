"""What the detector keeps of one snapshot: inventories of tensors, and which files there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from codesim.formats import TensorRecord

Setting = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Config:
    """The plain values of a ``config.json``; those of an inner object as ``outer.key``."""

    path: str = ""
    values: tuple[tuple[str, Setting], ...] = ()

    def text(self, *keys: str) -> str:
        """The first of some keys that holds text."""
        found = dict(self.values)
        return next((v for v in map(found.get, keys) if isinstance(v, str)), "")

    def number(self, *keys: str) -> int | None:
        """The first of some keys that holds a positive whole number."""
        found = dict(self.values)
        for key in keys:
            value = found.get(key)
            if type(value) is int and value > 0:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Inventory:
    """The tensors of one checkpoint, in one or several files, sorted by name.

    ``path`` is the file that shows the names, ``lines`` the line of each tensor in it where it is
    an index. ``total_size`` counts the bytes of all tensors.
    """

    path: str
    form: str
    tensors: tuple[TensorRecord, ...]
    lines: tuple[int, ...] = ()
    total_size: int | None = None
    config: Config = field(default_factory=Config)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file whose content is known by its digest, whether or not its bytes are at hand."""

    path: str
    size: int | None
    blob_id: str = ""
    sha256: str = ""
    is_weights: bool = False


@dataclass(frozen=True, slots=True)
class CheckpointProfile:
    """Inventories and files of one snapshot, in path order."""

    inventories: tuple[Inventory, ...] = ()
    files: tuple[KnownFile, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
