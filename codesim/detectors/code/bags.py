"""Sequences without their order: what they can have in common at most, before they are aligned."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bag = npt.NDArray[np.uint64]
"""The sorted tokens of a sequence."""


def may_agree(one: Bag, two: Bag, least: float) -> bool:
    """Whether twice the common tokens over both lengths can reach ``least``: no alignment has more
    equal tokens than the two bags share.
    """
    small, large = sorted((len(one), len(two)))
    if 2 * small < least * (small + large):
        return False
    low, high = np.searchsorted(two, one, "left"), np.searchsorted(two, one, "right")
    place = np.arange(len(one)) - np.searchsorted(one, one, "left")
    shared = int((place < high - low).sum())
    return 2 * shared >= least * (small + large)
