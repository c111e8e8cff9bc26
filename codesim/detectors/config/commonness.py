"""What public configuration is looked up by: keys, values, and both together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from codesim.commons import Commons, load
from codesim.detectors.config.profile import ConfigProfile, Setting

Hashes = npt.NDArray[np.uint64]
# Raised whenever keys or values are spelled in another way, so that an older table is not used.
_SPELLING = "config 2"


def fingerprints(profile: ConfigProfile) -> Hashes:
    """Sorted distinct fingerprints of all settings of a snapshot."""
    found = {
        value
        for unit in profile.units
        for setting in unit.settings
        for value in of_setting(setting)
    }
    return np.array(sorted(found), dtype=np.uint64)


def of_setting(setting: Setting) -> tuple[int, int, int]:
    """Fingerprints of a key, of a value whatever its key, and of the value under this key."""
    key, value = setting.key, setting.value
    return digest("key", key), digest("value", value), digest("setting", key, value)


@lru_cache(maxsize=1 << 18)
def digest(*parts: str) -> int:
    """64 bits that stand for some texts in this order; never 0."""
    data = b"\0".join(part.encode("utf-8", "replace") for part in parts)
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest()) or 1


def canonicaliser() -> str:
    """Names how this version of codesim makes fingerprints of settings."""
    return _SPELLING


@lru_cache(maxsize=1)
def public_settings() -> Commons:
    """The shipped table, or empty commons where it was made of other fingerprints than these."""
    commons = load("config")
    if commons.problem or commons.canonicaliser == canonicaliser():
        return commons
    return Commons.empty(
        "the table of common settings was made by another version of codesim; "
        "make it anew with: codesim commons build --kind config"
    )


class Frequencies:
    """In how many public projects keys and values are; asked for many settings at once."""

    def __init__(self, commons: Commons) -> None:
        self.commons = commons
        self._known: dict[int, int] = {}

    def learn(self, settings: Iterable[Setting]) -> None:
        """Look up everything that is not known yet, in one go."""
        wanted = {value for setting in settings for value in of_setting(setting)}
        asked = sorted(wanted - self._known.keys())
        counts = self.commons.frequency(np.array(asked, dtype=np.uint64)).tolist()
        self._known.update(zip(asked, counts, strict=True))

    def of(self, setting: Setting) -> tuple[int, int, int]:
        """Projects with this key, with this value, and with this value under this key."""
        key, value, both = of_setting(setting)
        return self._known.get(key, 0), self._known.get(value, 0), self._known.get(both, 0)


def all_settings(profiles: Iterable[ConfigProfile]) -> Iterator[Setting]:
    """Every setting of some profiles."""
    return (s for profile in profiles for unit in profile.units for s in unit.settings)
