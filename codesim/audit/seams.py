"""What a detector may offer beyond its interface, so that many snapshots can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from codesim.commons import Fingerprints
from codesim.model import Fragment


@runtime_checkable
class Findable(Protocol):
    """A detector whose profiles can be found among many by what they share."""

    def found_by(self, profile: Any, base: Sequence[Any] = ()) -> Fingerprints:
        """Fingerprints of what no base explains."""
        ...


@runtime_checkable
class Parted(Protocol):
    """A detector that knows parts which others may have as a whole: a definition, a file."""

    def parts(self, profile: Any, base: Sequence[Any] = ()) -> Iterable[tuple[int, Fragment]]:
        """Parts that no base explains, each with a number that equal ones share."""
        ...


@runtime_checkable
class Measured(Protocol):
    """A detector that can tell how long what it reads is, in lines."""

    def lines(self, profile: Any, base: Sequence[Any] = ()) -> tuple[int, int]:
        """All lines, and those that a base explains."""
        ...


@runtime_checkable
class Weighing(Protocol):
    """A detector, with a field ``cohort``, that weighs by how common something is in a cohort."""

    def values(self, profile: Any) -> Any:
        """All distinct values whose rarity may be asked for, as an array of uint64."""
        ...


@runtime_checkable
class Pooling(Protocol):
    """A detector that can tell what many profiles have in common, as one profile."""

    def common(self, profiles: Iterable[Any], least: int) -> Any:
        """What at least so many of these have, to be used as a base."""
        ...
