"""Work on hostile input in child processes: whatever happens to one task, the others get done."""

from codesim.supervise.outcome import Limits, Outcome
from codesim.supervise.pool import supervised

__all__ = ["Limits", "Outcome", "supervised"]
