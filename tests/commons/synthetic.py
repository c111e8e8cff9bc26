"""Made-up projects: sets of fingerprints with known overlaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codesim.commons import Commons, Contribution, build
from codesim.commons.record import decode

Values = npt.NDArray[np.uint64]


def random_values(count: int, seed: int) -> Values:
    """Distinct values, the same for the same seed."""
    generator = np.random.default_rng(seed)
    return generator.integers(1, 2**64, count, dtype=np.uint64)


def project(name: str, *parts: Values, licence: str = "MIT") -> Contribution:
    """A project with all values of some parts."""
    return Contribution(name, "1.0", licence, np.concatenate(parts))


def commons_of(*projects: Contribution, **options: int) -> Commons:
    """Commons of some projects, through the bytes of a table."""
    data = build(projects, "synthetic", **options)
    return Commons(decode(np.frombuffer(data, dtype=np.uint8)))
