"""Rarities among many repositories: what a profile is found by, and what most have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from codesim.commons import Fingerprints
from codesim.detectors.leftovers.commonness import fingerprint, things
from codesim.detectors.leftovers.profile import FileScan, Item, LeftoversProfile
from codesim.detectors.leftovers.rarity import Rarity

# What is asked about by name alone; everything else is an item of its kind.
_NAMES = ("name", "word", "import", "file", "module")
# Names and words of one's own are many, and each says little; lines and addresses say more.
_ITEMS_ONLY = frozenset(_NAMES)


def found_by(
    profile: LeftoversProfile, base: Sequence[LeftoversProfile], least: float
) -> Fingerprints:
    """One fingerprint for each line, address or the like that no base and no project has."""
    rarity = Rarity()
    known = set().union(*(things(each) for each in base))
    own = sorted(thing for thing in things(profile) - known if thing[0] not in _ITEMS_ONLY)
    found: dict[int, float] = {}
    for (kind, text), frequency in zip(own, rarity.frequencies(own), strict=True):
        bits = 0.0 if frequency else rarity.bits(text)
        if bits >= least:
            found[fingerprint(kind, text)] = bits
    values = sorted(found)
    return Fingerprints(
        np.array(values, dtype=np.uint64), np.array([found[value] for value in values])
    )


def common(profiles: Iterable[LeftoversProfile], least: int) -> LeftoversProfile:
    """Things that at least so many of these have, to be used as a base."""
    counts: Counter[tuple[str, str]] = Counter()
    for profile in profiles:
        counts.update(things(profile))
    kept = sorted(thing for thing, count in counts.items() if count >= least)
    names = tuple((text, 1) for kind, text in kept if kind == "name")
    scan = FileScan(
        path="",
        role="",
        blob_id="",
        items=tuple(Item(kind, text, 1) for kind, text in kept if kind not in _NAMES),
        defined=names,
        words=tuple((text, 1) for kind, text in kept if kind == "word"),
    )
    paths = tuple(text for kind, text in kept if kind == "file")
    return LeftoversProfile("", (scan,) if kept else (), paths)
