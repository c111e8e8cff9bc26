"""Files that are the same by their digests, and what that is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from codesim.detectors.checkpoint.profile import CheckpointProfile, KnownFile
from codesim.detectors.checkpoint.strength import Steps
from codesim.detectors.checkpoint.tables import file_table
from codesim.model import Excluded, Table

FilesPair = tuple[KnownFile, KnownFile]


@dataclass(frozen=True, slots=True)
class SameFiles:
    """Identical files of two snapshots; ``telling`` are weights that no base explains."""

    pairs: tuple[FilesPair, ...]
    telling: tuple[FilesPair, ...]
    in_base: frozenset[str]
    bits: float

    @property
    def tables(self) -> tuple[Table, ...]:
        """The table of identical files, where there are any."""
        table = file_table(self.pairs, self.in_base)
        return (table,) if table else ()

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """What the base explains."""
        count = len(self.in_base)
        amount = f"{count:,} file{'s' if count != 1 else ''}"
        found = Excluded("identical files", amount, "the base has the same files")
        return (found,) if count else ()


def same_weights(
    left: CheckpointProfile,
    right: CheckpointProfile,
    base: Sequence[CheckpointProfile],
    steps: Steps,
) -> SameFiles:
    """Identical files of all kinds, and the bits in those of weights."""
    pairs = tuple(same_files(left.files, right.files))
    known = {digest for profile in base for file in profile.files for digest in _digests(file)}
    in_base = frozenset(one.path for one, two in pairs if known & (_digests(one) | _digests(two)))
    telling = tuple(
        (one, two)
        for one, two in pairs
        if one.path not in in_base and _counts(one, steps) and _counts(two, steps)
    )
    fewer = min(
        sum(_counts(file, steps) for file in side.files if not known & _digests(file))
        for side in (left, right)
    )
    bits = steps.all_files if len(telling) >= fewer else steps.some_files
    return SameFiles(pairs, telling, in_base, bits if telling else 0.0)


def _digests(file: KnownFile) -> set[str]:
    return {digest for digest in (file.sha256, file.blob_id) if digest}


def _counts(file: KnownFile, steps: Steps) -> bool:
    """Whether a file holds enough weights to say something."""
    return file.is_weights and (file.size is None or file.size >= steps.least_bytes)


def same_files(
    left: Sequence[KnownFile], right: Sequence[KnownFile]
) -> list[tuple[KnownFile, KnownFile]]:
    """Pairs of files with the same digest; each file is in one pair, equal paths first."""
    found: list[tuple[KnownFile, KnownFile]] = []
    for digest in (_sha256, _blob_id):
        used = ({one.path for one, _ in found}, {two.path for _, two in found})
        sides = [
            _by_digest((file for file in files if file.path not in done), digest)
            for files, done in zip((left, right), used, strict=True)
        ]
        for key in sorted(sides[0].keys() & sides[1].keys()):
            found.extend(_paired(sides[0][key], sides[1][key]))
    return sorted(found, key=lambda pair: (pair[0].path, pair[1].path))


def _sha256(file: KnownFile) -> str:
    return file.sha256


def _blob_id(file: KnownFile) -> str:
    return file.blob_id


def _by_digest(
    files: Iterable[KnownFile], digest: Callable[[KnownFile], str]
) -> dict[str, list[KnownFile]]:
    found: dict[str, list[KnownFile]] = {}
    for file in files:
        if digest(file):
            found.setdefault(digest(file), []).append(file)
    return found


def _paired(left: list[KnownFile], right: list[KnownFile]) -> Iterator[tuple[KnownFile, KnownFile]]:
    """Equal paths, then equal names, then the rest in path order."""
    for same in (lambda file: file.path, _name, lambda _: ""):
        waiting: dict[str, list[KnownFile]] = {}
        for file in sorted(right, key=lambda file: file.path, reverse=True):
            waiting.setdefault(same(file), []).append(file)
        gone: tuple[set[str], set[str]] = (set(), set())
        for file in sorted(left, key=lambda file: file.path):
            if waiting.get(same(file)):
                other = waiting[same(file)].pop()
                gone[0].add(file.path)
                gone[1].add(other.path)
                yield file, other
        left = [file for file in left if file.path not in gone[0]]
        right = [file for file in right if file.path not in gone[1]]


def _name(file: KnownFile) -> str:
    return file.path.rsplit("/", 1)[-1]
