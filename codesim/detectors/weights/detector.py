"""The weights detector. Nothing here loads PyTorch before there is something to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from codesim.errors import DetectorUnavailable
from codesim.model import Evidence, Snapshot

if TYPE_CHECKING:
    from codesim.detectors.weights.models import Model

MISSING = (
    "comparing the values of weights needs PyTorch, which is not installed here; "
    "to install it: pip install 'codesim[weights]'"
)


@dataclass(frozen=True, slots=True)
class WeightsDetector:
    """Aligns the tensors of two models by content and says what made one from the other."""

    # Where the sums are made: a device of PyTorch; empty for a GPU where there is one. The
    # statistics agree within 1e-5, so that the verdict does not depend on it.
    device: str = ""
    # Look into some tensors instead of reading all: megabytes in place of gigabytes from a server.
    screen: bool = False

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "weights"

    def profile(self, snapshot: Snapshot) -> Model:
        """The tensors of one model and where their values lie; none is read yet.

        Raises DetectorUnavailable without PyTorch.
        """
        self.require()
        from codesim.detectors.weights.models import open_model

        return open_model(snapshot)

    def compare(self, left: Model, right: Model, base: Sequence[Model] = ()) -> Evidence:
        """What made one model from the other, and what the base explains of it."""
        self.require()
        from codesim.detectors.weights.comparing import compared
        from codesim.detectors.weights.evidence import evidence_of
        from codesim.detectors.weights.screening import screened
        from codesim.detectors.weights.workers import one_thread_each

        found = screened if self.screen else compared
        with one_thread_each():
            return evidence_of(found(left, right, base, self.device or None))

    def compare_in_cohort(
        self, left: Model, right: Model, base: Sequence[Model], cohort: Sequence[Model]
    ) -> Evidence:
        """The same, and where it stands among pairs with models that are known to be unrelated.
        Always reads the whole: a rank among samples would be one of luck.
        """
        self.require()
        from codesim.detectors.weights.comparing import compared
        from codesim.detectors.weights.evidence import evidence_of
        from codesim.detectors.weights.ranking import ranked
        from codesim.detectors.weights.workers import one_thread_each

        with one_thread_each():
            found = compared(left, right, base, self.device or None)
            return evidence_of(ranked(found, cohort, self.device or None))

    def require(self) -> None:
        """Raise DetectorUnavailable, with what to do, where this detector cannot run here."""
        if find_spec("torch") is None:
            raise DetectorUnavailable(MISSING)
        if self.device:
            from codesim.detectors.weights.devices import require_device

            require_device(self.device)
