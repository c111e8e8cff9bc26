"""How common a fingerprint is in public model code: document frequencies and project sketches.

A fingerprint is any 64-bit number here; this package knows no file and no programming language.
"""

from codesim.commons.build import Contribution, build
from codesim.commons.cohort import Cohort, Fingerprints
from codesim.commons.lookup import Commons, Share, load, read
from codesim.commons.record import DamagedError, Project

__all__ = [
    "Cohort", "Commons", "Contribution", "DamagedError", "Fingerprints", "Project", "Share",
    "build", "load", "read",
]  # fmt: skip
