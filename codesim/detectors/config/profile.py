"""The nouns of the config detector: settings, the units they stand in, and a profile of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLAIN = re.compile(r"[^a-z0-9]+")
# How a position of a list stands in a key path.
INDEX = "["


@dataclass(frozen=True, slots=True)
class Setting:
    """One value under one key path.

    ``value`` is its canonical spelling, by which values are equal in any format; ``form`` is one of
    number, text, flag, null, list and name (of code); ``line`` is 1-based.
    """

    path: tuple[str, ...]
    value: str
    form: str
    line: int

    @property
    def label(self) -> str:
        """The key path as a reader writes it: ``model.layers[2].width``."""
        return ".".join(self.path).replace("." + INDEX, INDEX)

    @property
    def key(self) -> str:
        """The plain name of the innermost key; a position in a list is none."""
        for part in reversed(self.path):
            if not part.startswith(INDEX):
                return plain(part)
        return ""


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> str:
    """A key without what formats and habits add: ``--hiddenSize`` is ``hidden_size``."""
    return _PLAIN.sub("_", _CAMEL.sub("_", name).lower()).strip("_") or name


@dataclass(frozen=True, slots=True)
class ConfigUnit:
    """Settings that belong together: a file, or one class or parser of a Python file."""

    path: str
    label: str
    format: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class ConfigProfile:
    """What the config detector keeps of one snapshot."""

    name: str
    units: tuple[ConfigUnit, ...]
    skipped: tuple[tuple[str, str], ...] = ()
