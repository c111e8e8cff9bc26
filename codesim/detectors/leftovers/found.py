"""What the two searches give: something left over, with both places and its worth."""

from __future__ import annotations

from typing import NamedTuple


class Shared(NamedTuple):
    """A rarity that both sides have; ``reach`` is how many more lines it goes on, on each side."""

    kind: str
    text: str
    left: tuple[str, int]
    right: tuple[str, int]
    bits: float
    why: str
    reach: tuple[int, int] = (0, 0)


class Worth(NamedTuple):
    """Bits of one passage or name: of what may be quoted, and of what tells of one hand."""

    quoted: float
    told: float


class Dangling(NamedTuple):
    """A name that ``side`` mentions and only the other side has."""

    side: str
    kind: str
    name: str
    mentioned: tuple[str, int]
    stands: tuple[str, int]
    bits: float
    why: str
