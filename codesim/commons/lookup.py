"""The commons as a detector asks them: how many projects have this, and which one explains that."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from codesim.commons.build import build
from codesim.commons.frequency import Frequencies, Values
from codesim.commons.record import Bytes, DamagedError, Project, Record, decode
from codesim.commons.sketch import Sketches, sample

DATA = Path(__file__).resolve().parent / "data"
# Fewer sampled hashes than this name nobody: two may be shared by chance, or be everybody's.
_LEAST_SHARED = 3


class Share(NamedTuple):
    """A known project and a share, 0..1, of what was asked about."""

    project: Project
    share: float


class Commons:
    """Public code, or configuration, that everyone shares.

    Without a usable table every answer is the same for every value (uniform rarity), and
    ``problem`` says why; it is empty otherwise. ``version`` names the content of the table,
    ``canonicaliser`` what made its fingerprints.
    """

    def __init__(self, record: Record) -> None:
        """Raises DamagedError where the parts of the record do not fit together."""
        header = record.header
        self.projects: tuple[Project, ...] = header.projects
        self.version = record.version
        self.canonicaliser = header.canonicaliser
        self.problem = ""
        self.entries = header.entries
        self._scale_bits = header.scale_bits
        self._frequencies = Frequencies(header.bucket_bits, record.load, record.entries)
        self._sketches = Sketches(record.sampled, record.owner, len(header.projects))

    @classmethod
    def empty(cls, reason: str) -> Commons:
        """Commons that know nothing, because of ``reason``."""
        nothing = cls(decode(np.frombuffer(build((), ""), dtype=np.uint8)))
        nothing.problem, nothing.version = reason, ""
        return nothing

    def frequency(self, values: Values) -> Bytes:
        """In how many projects each fingerprint is; 0 where in none, or in fewer than the table
        holds: two, for code.
        """
        return self._frequencies.of(values)

    def explain(self, values: Values) -> tuple[Share, ...]:
        """Known projects that have some of these fingerprints, the largest share first.

        A share is an estimate from a sample of 1 in 8; nothing is said of fewer than about two
        dozen fingerprints. Projects that share code each get their full share.
        """
        sampled = sample(values, self._scale_bits)
        return self._ranked(self._sketches.shared(sampled), np.array(max(1, len(sampled))))

    def recognise(self, values: Values) -> tuple[Share, ...]:
        """Known projects, by the share of *their* fingerprints that is among these.

        Near 1 where the values are those of the project itself, in this or a similar version.
        """
        sampled = sample(values, self._scale_bits)
        return self._ranked(self._sketches.shared(sampled), np.maximum(self._sketches.sizes, 1))

    def _ranked(
        self, shared: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]
    ) -> tuple[Share, ...]:
        share = shared / whole
        known = np.flatnonzero(shared >= _LEAST_SHARED)
        best = known[np.argsort(-share[known], kind="stable")]
        return tuple(Share(self.projects[i], float(share[i])) for i in best.tolist())


# What a table is about, in the words of a message. The kind is also the name of its file.
KINDS = {"code": "code", "config": "settings", "leftovers": "words and names"}


def shipped(kind: str) -> Path:
    """Where the shipped table of a kind is."""
    return DATA / f"{kind}.bin"


@lru_cache(maxsize=4)
def load(kind: str = "code") -> Commons:
    """The table of a kind that codesim ships, mapped into memory once per process; never fails."""
    try:
        return read(shipped(kind))
    except FileNotFoundError:
        problem = "is missing from this installation"
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    except DamagedError as error:
        problem = f"cannot be used: {error}"
    return Commons.empty(f"the table of common {KINDS[kind]} {problem}")


def read(path: Path) -> Commons:
    """The table in a file. Raises OSError, or DamagedError where it is not a sound table."""
    if path.stat().st_size == 0:
        raise DamagedError("it is empty")
    return Commons(decode(np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))))
