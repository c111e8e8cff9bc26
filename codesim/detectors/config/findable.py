"""Settings among many repositories: what a profile is found by, and what most have."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from codesim.commons import Fingerprints
from codesim.detectors.config.commonness import Frequencies, all_settings, public_settings
from codesim.detectors.config.profile import ConfigProfile, ConfigUnit, Setting
from codesim.detectors.config.public import Held, held
from codesim.detectors.config.rarity import RARE_FROM, Rarity


def found_by(profile: ConfigProfile, base: Sequence[ConfigProfile]) -> Fingerprints:
    """One fingerprint for each rare value under its key that no base has."""
    frequencies = Frequencies(public_settings())
    frequencies.learn(all_settings([profile]))
    rarity = Rarity(frequencies, all_settings(base))
    found: dict[int, float] = {}
    for setting in all_settings([profile]):
        bits = rarity.bits(setting)
        if bits >= RARE_FROM:
            found[_value(held(setting))] = max(bits, found.get(_value(held(setting)), 0.0))
    values = sorted(found)
    return Fingerprints(
        np.array(values, dtype=np.uint64), np.array([found[value] for value in values])
    )


def common(profiles: Iterable[ConfigProfile], least: int) -> ConfigProfile:
    """Values under their keys that at least so many of these have, to be used as a base."""
    counts: Counter[Held] = Counter()
    first: dict[Held, Setting] = {}
    for profile in profiles:
        for name, setting in {held(s): s for s in all_settings([profile])}.items():
            counts[name] += 1
            first.setdefault(name, setting)
    names = sorted(name for name, count in counts.items() if count >= least)
    unit = ConfigUnit("", "", "", tuple(first[name] for name in names))
    return ConfigProfile("", (unit,) if names else ())


def _value(name: Held) -> int:
    data = "\0".join(name).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())
