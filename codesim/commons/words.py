"""How many public projects have a word or a name: what the shipped table of words is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from codesim.commons.lookup import load


def fingerprint(kind: str, text: str) -> int:
    """The 64-bit number that stands for one thing of a kind in the table of words."""
    data = f"{kind}\0{text}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


def frequencies(things: Sequence[tuple[str, str]]) -> list[int]:
    """In how many public projects each (kind, text) is, by the shipped table.

    0 where in none or in one only, and for everything where there is no usable table. Kinds are
    ``name`` (of a definition or a variable, as it is written), ``word`` (of five letters or more,
    in small letters, from comments and prose) and ``repository`` (owner/name), among others.
    """
    values = np.array([fingerprint(*thing) for thing in things], dtype=np.uint64)
    found: list[int] = load("leftovers").frequency(values).tolist()
    return found
