"""How common a fingerprint is among works on one task, and what a profile can be found by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float64]

# Two members that share something may be a copy, so that two count as one author.
_AUTHORS = 2.0
# In a small cohort what half of them have may still be what one gave the others, but hardly what
# most of them have; of a few, nobody can tell.
_LEAST_EVERYBODY = 8.0
_MOST = 0.75
_FEW = 8


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What a profile can be found by: distinct values, and the information of each in bits."""

    values: Values
    bits: Weights

    @classmethod
    def nothing(cls) -> Fingerprints:
        """Of a profile that cannot be found by anything."""
        return cls(np.zeros(0, np.uint64), np.zeros(0))


class Cohort:
    """In how many works on one task each fingerprint is.

    Works on one task share what the task asks for, whether or not any public project has it.
    ``values`` ascend, ``counts`` are at least two, ``members`` is the number of works. Its
    text names its content, so that it can be the parameter of a detector.
    """

    def __init__(self, values: Values, counts: Counts, members: int) -> None:
        self.values = values
        self.counts = counts
        self.members = members
        digest = hashlib.blake2b(values.astype("<u8").tobytes(), digest_size=16)
        digest.update(counts.astype("<i4").tobytes())
        self._name = f"{members} members, {digest.hexdigest()}"

    def __repr__(self) -> str:
        return f"Cohort({self._name})"

    def __deepcopy__(self, _: object) -> Cohort:
        """Nothing in it ever changes."""
        return self

    @classmethod
    def of(cls, works: Iterable[Values]) -> Cohort:
        """The cohort of some works, each given by its distinct fingerprints."""
        parts = list(works)
        values, counts = np.unique(
            np.concatenate(parts) if parts else np.zeros(0, np.uint64), return_counts=True
        )
        # What one member alone has is as rare as what none has.
        several = counts > 1
        return cls(values[several], counts[several].astype(np.int32), len(parts))

    def weights(self, values: Values) -> Weights:
        """Weight 0..1 of fingerprints that two members share: 1 where only these two have it,
        falling with the logarithm of the number of members to 0 for what half of them have, and
        in a small cohort three quarters, as an inverse document frequency (Spärck Jones, 1972).
        """
        authors = np.ones(len(values))
        if len(self.values):
            at = np.searchsorted(self.values, values) % len(self.values)
            known = self.values[at] == values
            authors[known] = np.maximum(1.0, self.counts[at[known]] / _AUTHORS)
        groups = self.members / _AUTHORS
        most = _MOST * groups if self.members >= _FEW else _LEAST_EVERYBODY
        everybody = max(0.5 * groups, min(_LEAST_EVERYBODY, most))
        weight: Weights = np.clip(1.0 - np.log(authors) / np.log(everybody), 0.0, 1.0)
        return weight
