"""What a benchmark asks of a peer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Protocol

# (left path, right path) -> (share of left, share of right), 0..1
Scores = dict[tuple[str, str], tuple[float, float]]


class Peer(Protocol):
    """A tool that scores pairs of texts: whole files, single definitions, or both."""

    name: str
    scores_files: bool
    scores_units: bool
    # Whether it can look for a few definitions among tens of thousands.
    searches: bool

    def version(self) -> str:
        """The installed version, empty when it is not installed."""
        ...

    def title(self) -> str:
        """Name and version."""
        ...

    def scores(self, left: Mapping[str, str], right: Mapping[str, str]) -> Scores:
        """All pairs of a left and a right file; pairs may be missing where nothing is shared."""
        ...

    def each(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """How alike the two short sources of every pair are: the mean of both sides."""
        ...


def installed(distribution: str) -> str:
    """The version of a distribution, or an empty string."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
