"""From a snapshot to what an index holds of it."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from codesim.detectors.code import CodeDetector
from codesim.detectors.code.commonness import PROBE
from codesim.detectors.code.landmarks import landmarks
from codesim.detectors.code.link import SourceFile, link
from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.code.reader import read_graphs
from codesim.detectors.code.sound import check_graph
from codesim.detectors.files import FilesDetector
from codesim.detectors.files.identity import FilesProfile, Identity
from codesim.model import Entry, Snapshot
from codesim.packed import pack, unpack

# The kinds of evidence by number. A number is stored and never changes its meaning.
CODE, FILES = 0, 1
KINDS = ("code", "files")
# Of the computations of a repository 1 in so many stays. With 16, parts of 300 lines in every
# disguise of the ladder were still found first among 91 repositories, with 32 some were not
# (``python -m benchmarks index`` measures it with this value); the rest is for shorter copies.
KEEP = 4
# A file is the same or is not; as much as one fingerprint of code can say at most.
_FILE_WEIGHT = 32_000
# What a repository of 2 million lines comes to, and the most that is unpacked.
_MOST_BYTES = 400_000_000
_LZMA_MEMORY = 64_000_000


@dataclass(frozen=True, slots=True)
class Repository:
    """What an index says of one repository; ``revision`` is empty where there is none.

    ``digest`` names the content: the same content has the same digest whatever it is called.
    """

    name: str
    origin: str
    revision: str
    digest: str
    files: int
    lines: int


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Parallel arrays, one row per kind of evidence and value, each such pair once."""

    kind: npt.NDArray[np.int16]
    value: npt.NDArray[np.uint64]
    weight: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Content:
    """A repository, its fingerprints, and in ``kept`` what matches are shown from: packed
    ``Kept``, or nothing. ``skipped`` counts what could not be read.
    """

    repository: Repository
    fingerprints: Fingerprints
    kept: bytes
    skipped: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What both profiles of a repository are made from again: its code, but for comments and
    layout.
    """

    graphs: tuple[SourceFile, ...]
    skipped: tuple[tuple[str, str], ...]
    files: FilesProfile


def content_of(snapshot: Snapshot, profiles: bool = True) -> Content:
    """Everything that an index holds of a snapshot, without profiles where they are not wanted."""
    kept = kept_of(snapshot)
    code = code_profile(kept, snapshot.name)
    lines = sum(file.lines for file in code.files)
    repository = Repository(
        name=snapshot.name,
        origin=snapshot.origin,
        revision=snapshot.revision or "",
        digest=digest_of(kept),
        files=len(snapshot.entries),
        lines=lines,
    )
    skipped = len(snapshot.skipped) + len(kept.skipped)
    packed = packed_profiles(kept) if profiles else b""
    return Content(repository, fingerprints_of(code, kept.files), packed, skipped)


def kept_of(snapshot: Snapshot) -> Kept:
    """What is read of a snapshot."""
    graphs, skipped = read_graphs(snapshot, CodeDetector().limits)
    return Kept(tuple(graphs), tuple(skipped), FilesDetector().profile(snapshot))


def code_profile(kept: Kept, name: str) -> CodeProfile:
    """The profile that the code detector would have made."""
    return link(kept.graphs, kept.skipped, name)


def fingerprints_of(code: CodeProfile, files: FilesProfile) -> Fingerprints:
    """The fingerprints of a repository, sorted by kind and value."""
    found = landmarks(code, KEEP)
    ids = np.unique(np.array(_file_values(files.files), dtype=np.uint64))
    return Fingerprints(
        np.repeat(np.array([CODE, FILES], dtype=np.int16), [len(found.value), len(ids)]),
        np.concatenate((found.value, ids)),
        np.concatenate((found.weight, np.full(len(ids), _FILE_WEIGHT, dtype=np.int32))),
    )


def _file_values(files: Sequence[Identity]) -> list[int]:
    detector = FilesDetector()
    names = (file.name.encode() for file in files if detector.tells(file))
    return [int.from_bytes(hashlib.blake2b(name, digest_size=8).digest()) for name in names]


def packed_profiles(kept: Kept) -> bytes:
    """``kept`` in few bytes: about 15 to 30 for a line of code."""
    return lzma.compress(b"".join(pack(kept)), preset=1)


def unpacked_profiles(data: bytes) -> Kept:
    """What ``packed_profiles`` packed. Raises ValueError for anything else: nothing that comes out
    of here leads past the end of something.
    """
    reader = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)
    try:
        found = reader.decompress(data, _MOST_BYTES)
    except (lzma.LZMAError, MemoryError) as error:
        raise ValueError(str(error)) from None
    if not reader.eof:
        raise ValueError("it is cut off or too large")
    kept = unpack(Kept, found)
    for file in kept.graphs:
        check_graph(file.graph)
    if any(not file.ids for file in kept.files.files):
        raise ValueError("a file has no content id")
    return kept


def digest_of(kept: Kept) -> str:
    """Names the content of a repository: its files as far as they count, by path and content id."""
    digest = hashlib.blake2b(digest_size=16)
    for parts in (
        *((file.path, file.blob_id) for file in kept.graphs),
        *kept.skipped,
        *((file.path, *file.ids) for file in kept.files.files),
    ):
        digest.update(repr(parts).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


@lru_cache(maxsize=1)
def version() -> str:
    """Names how this version makes fingerprints and profiles: another name, other ones.

    It is the digest of what a fixed piece of code comes to, so that an edit of codesim that changes
    neither changes no name. Sums of floating-point numbers, which differ between processors, have
    no part in it.
    """
    source = PROBE.encode()
    entry = Entry("probe.py", size=len(source))
    kept = kept_of(Snapshot("probe", "", None, (entry,), lambda _: source))
    code = code_profile(kept, "")
    nodes, tokens = code.nodes, code.tokens
    digest = hashlib.blake2b(digest_size=8)
    for column in (
        fingerprints_of(code, kept.files).value, nodes.labels, nodes.op, nodes.edge_input,
        nodes.edge_place, tokens.canonical, tokens.exact,
    ):  # fmt: skip
        digest.update(column.astype(column.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()
