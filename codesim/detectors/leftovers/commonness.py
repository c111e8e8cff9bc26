"""What public projects are asked about: fingerprints of names, words, lines and addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from codesim.commons import Commons, load, words
from codesim.detectors.leftovers.profile import LeftoversProfile

Hashes = npt.NDArray[np.uint64]

# Kinds of items that are lines of speech; everything else is taken to the letter.
LINES = frozenset(("comment", "message", "TODO", "commented-out code", "odd character"))


def fingerprint(kind: str, text: str) -> int:
    """The number of one thing. All lines are one kind: a message may become a comment."""
    return words.fingerprint("line" if kind in LINES else kind, text)


def fingerprints(profile: LeftoversProfile) -> Hashes:
    """Sorted distinct fingerprints of a snapshot, as the commons table counts them."""
    found = {fingerprint(kind, text) for kind, text in things(profile)}
    return np.array(sorted(found), dtype=np.uint64)


def things(profile: LeftoversProfile) -> set[tuple[str, str]]:
    """Everything that a snapshot is asked about, as (kind, text)."""
    found: set[tuple[str, str]] = set()
    for file in profile.files:
        found.update((item.kind, item.text) for item in file.items)
        found.update(("name", name) for name in _names(file.mentions))
        found.update(("name", name) for name, _ in file.used)
        found.update(("name", name) for name, _ in file.defined)
        found.update(("name", name) for name, _ in file.bound)
        found.update(("word", word) for word, _ in file.words)
        found.update(("import", module) for module in _imports(file.mentions))
    for path in profile.paths:
        name = path.rpartition("/")[2]
        found.update((("file", name), ("module", name.partition(".")[0])))
    return found


def _names(mentions: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    for how, name, _ in mentions:
        if how not in ("file", "dotted", "import", "relative import"):
            yield name


def _imports(mentions: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    """What is imported by its full name, without what stands behind the first dot."""
    for how, name, _ in mentions:
        if how == "import":
            yield name.partition(".")[0]


@lru_cache(maxsize=1)
def public_words() -> Commons:
    """The shipped table, or empty commons where it was made of other fingerprints than these."""
    commons = load("leftovers")
    if commons.problem or commons.canonicaliser == canonicaliser():
        return commons
    return Commons.empty(
        "the table of common words was made by another version of codesim; "
        "make it anew with: codesim commons build --kind leftovers"
    )


@lru_cache(maxsize=1)
def canonicaliser() -> str:
    """Names how this version makes fingerprints: another name, other fingerprints.

    It is the digest of what a fixed text comes to, so that an edit that changes no fingerprint
    changes no name.
    """
    from codesim.detectors.leftovers.reader import scan_file

    files = tuple(scan_file(path, text) for path, text in sorted(_PROBE.items()))
    found = fingerprints(LeftoversProfile("probe", files, tuple(sorted(_PROBE))))
    return hashlib.blake2b(found.astype("<u8").tobytes(), digest_size=6).hexdigest()


_PROBE = {
    "probe/model.py": '''
"""Encodes a picture, see https://example.org/paper and lena@example.org."""
import os
from torch import nn
from .layers import Norm

SCALE = 0.18215  # magic number
ROOT = os.environ.get("PROBE_ROOT", "/data/lena/probe")


class TileEncoder(nn.Module):
    """Turns a picture into tiles, and tiles into vectors."""

    width: int = 96

    def __init__(self, width=96, *, n_heads: int = 8):
        super().__init__()
        self.norm_tiles = Norm(width)
        # TODO(lena): find out why the last tile is darker
        # x = self.norm_tiles(x)

    async def encode(self, picture, best_grid=None):
        if picture is None:
            raise ValueError(f"no picture was given for {self.width} tiles")
        tile_count = self.norm_tiles(picture).size(axis_number=0)
        return {"tile_count": tile_count}
''',
    "probe/run.sh": "# start a run on four devices\nexport PROBE_CACHE=$HOME/cache\n",
    "probe/kernel.cu": "/* rows first,\n * then columns of it */\nint rows = 4; // four of them\n",
    "README.md": "Use `TileEncoder` from model.py:\n\nfrom probe.model import TileEncoder\n",
    "config.json": '{"auto_map": {"AutoModel": "model.TileEncoder"}, "base": "lena/probe-7b"}\n',
}
