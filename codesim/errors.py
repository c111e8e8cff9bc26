"""The few errors a caller can act on. Anything else is our own mistake and may crash."""

from __future__ import annotations


class CodesimError(Exception):
    """Stops the run with a message for the person at the terminal: what, why, what to do next."""


class SnapshotError(CodesimError):
    """A source cannot be fetched or read."""


class DetectorUnavailable(CodesimError):
    """A detector cannot run here; it becomes a ``Skipped`` entry of the comparison."""
