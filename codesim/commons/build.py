"""From the fingerprints of projects to the bytes of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from codesim.commons.frequency import Values, pack
from codesim.commons.record import Bytes, Header, Project, Record, encode
from codesim.commons.sketch import SCALE_BITS, merge, sample

# A frequency and the number of a project have one byte each.
MOST_PROJECTS = 255


class Contribution(NamedTuple):
    """What one project brings to a table."""

    name: str
    version: str
    licence: str
    fingerprints: Values


def build(
    contributions: Iterable[Contribution],
    canonicaliser: str,
    scale_bits: int = SCALE_BITS,
    least: int = 2,
) -> bytes:
    """A table of fingerprints seen in ``least`` or more projects, and a sketch of each project.

    A project counts once for a fingerprint, however often it has it. The order of the projects
    does not matter. ``canonicaliser`` is a note on what made the fingerprints. Raises ValueError
    for two projects of one name or more projects than a byte can number.
    """
    projects = sorted((Contribution(*each) for each in contributions), key=lambda each: each.name)
    names = [each.name for each in projects]
    if len(set(names)) < len(names):
        raise ValueError("a project is given twice")
    if len(names) > MOST_PROJECTS:
        raise ValueError(f"a table holds at most {MOST_PROJECTS} projects")
    distinct = [np.unique(np.asarray(each.fingerprints, np.uint64)) for each in projects]
    bits, load, entries = pack(*_common(distinct, least))
    sampled, owner = merge([sample(values, scale_bits) for values in distinct])
    header = Header(
        canonicaliser=canonicaliser,
        projects=tuple(
            Project(each.name, each.version, each.licence, len(values))
            for each, values in zip(projects, distinct, strict=True)
        ),
        bucket_bits=bits,
        scale_bits=scale_bits,
        entries=len(entries),
        sampled=len(sampled),
    )
    return encode(Record(header, load, entries, sampled, owner))


def _common(distinct: Sequence[Values], least: int) -> tuple[Values, Bytes]:
    """Values of so many projects or more, and of how many."""
    every = np.concatenate([np.zeros(0, dtype=np.uint64), *distinct])
    values, count = np.unique(every, return_counts=True)
    common = count >= least
    return values[common], count[common].astype(np.uint8)
