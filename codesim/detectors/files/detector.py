"""The files detector: what two repositories hold in common without a change."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from codesim.commons import Fingerprints
from codesim.detectors.files.findable import common, found_by, parts
from codesim.detectors.files.identity import FilesProfile, Identity, identities
from codesim.formats import data_folder, is_weights_name
from codesim.model import (
    CloneType,
    Evidence,
    Excluded,
    FilePair,
    Fragment,
    Match,
    Snapshot,
    Strength,
    Table,
)

_CODE = (".py", ".ipynb")
# What every repository has, under names that everybody uses.
_EVERYBODYS = (
    "license", "licence", "copying", "notice", "code_of_conduct", "contributing", "security",
    ".gitignore", ".gitattributes", ".editorconfig", ".dockerignore", ".pre-commit-config",
    "py.typed",
)  # fmt: skip


# Every model of a family has these unchanged; what they hold is judged by other detectors.
_FAMILYS = frozenset((
    "vocab.json", "vocab.txt", "merges.txt", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json", "chat_template.json", "chat_template.jinja",
    "normalizer.json", "preprocessor_config.json", "processor_config.json",
    "generation_config.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model",
))  # fmt: skip
_FAMILY_SUFFIXES = (".model", ".tiktoken", ".spm")


@dataclass(frozen=True, slots=True)
class Steps:
    """What equal files are worth by themselves.

    A file that both took from a third place (an icon, a vocabulary, a helper script) is the usual
    reason for an equal file, so that one says little and ``base`` is what tells more. A checkpoint
    is made once; two repositories that hold the same one have it from one training run.
    """

    weak_files: int = 1
    moderate_files: int = 4
    # So large a part of the smaller side that it is the same collection of files.
    strong_files: int = 10
    strong_share: float = 0.5


@dataclass(frozen=True, slots=True)
class FilesDetector:
    """Finds files of any kind with the same content, by Git blob id or Git LFS object id.

    Nothing needs to be read for that, so that files count whose bytes are missing or too large.
    """

    # A shorter file is a name and a number; many are equal by chance.
    min_bytes: int = 64
    # An everyday file of one's own making has more.
    telling_bytes: int = 512
    checkpoint_bytes: int = 1_000_000
    # Files of a folder have no id until they are read; a Git repository lists theirs.
    most_bytes: int = 300_000_000
    steps: Steps = field(default_factory=Steps)

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "files"

    def profile(self, snapshot: Snapshot) -> FilesProfile:
        """The content ids of one snapshot."""
        return identities(snapshot, self.most_bytes)

    def compare(
        self, left: FilesProfile, right: FilesProfile, base: Sequence[FilesProfile] = ()
    ) -> Evidence:
        """Pairs of equal files beyond the base, and what they are worth."""
        same = _same(left, right)
        known = {name for profile in base for file in profile.files for name in file.ids}
        own = [pair for pair in same if not known.intersection(pair[0].ids)]
        reasons = {pair: self._plain(pair) for pair in own}
        kept = [pair for pair in own if not reasons[pair]]
        counted = [pair for pair in kept if self._is_telling(pair)]
        strength = self._strength(counted, left, right)
        return Evidence(
            kind=self.kind,
            strength=strength,
            score=float(_lots(counted)),
            summary=_summary(len(same), kept, counted, [*map(self._untold, kept)]),
            pairs=tuple(_file_pair(pair) for pair in kept),
            excluded=(*_excluded(same, own), *_named(reasons)),
            skipped=(*left.skipped, *right.skipped),
            tables=_table(kept),
            facts={
                "identical": len(same),
                "identical_telling": len(counted),
                "left_files": left.total,
                "right_files": right.total,
            },
        )

    def found_by(self, profile: FilesProfile, base: Sequence[FilesProfile] = ()) -> Fingerprints:
        """Contents that no base has."""
        return found_by(profile, base, self.telling_bytes)

    def parts(
        self, profile: FilesProfile, base: Sequence[FilesProfile] = ()
    ) -> tuple[tuple[int, Fragment], ...]:
        """Files that no base has, each with a number that equal ones share."""
        return tuple(parts(profile, base, self.min_bytes))

    def common(self, profiles: Iterable[FilesProfile], least: int) -> FilesProfile:
        """What at least so many of these have, to be used as a base."""
        return common(profiles, least)

    def tells(self, file: Identity) -> bool:
        """Whether an equal file elsewhere would count by itself."""
        return not self._plain((file, file)) and self._is_telling((file, file))

    def _plain(self, pair: Pair) -> str:
        """Why an equal file says nothing; empty where it may say something."""
        size = _size(pair)
        if size is not None and size < self.min_bytes:
            return f"shorter than {self.min_bytes} bytes"
        names = [posixpath.basename(file.path).lower() for file in pair]
        if any(name.startswith(_EVERYBODYS) for name in names):
            return "what every repository has"
        return ""

    def _is_telling(self, pair: Pair) -> bool:
        return not self._untold(pair)

    def _untold(self, pair: Pair) -> str:
        """Why an equal file does not count by itself; empty where it does."""
        size = _size(pair)
        if any(file.path.endswith(_CODE) for file in pair):
            return _AS_CODE
        if any(_is_familys(file.path) for file in pair):
            return _AS_FAMILY
        return _TOO_SHORT if size is not None and size < self.telling_bytes else ""

    def _strength(self, pairs: Sequence[Pair], left: FilesProfile, right: FilesProfile) -> Strength:
        steps, count = self.steps, _lots(pairs)
        fewer = min(len(left.files), len(right.files))
        if any(self._is_checkpoint(pair) for pair in pairs) or (
            count >= steps.strong_files and count >= steps.strong_share * fewer
        ):
            return Strength.STRONG
        if count >= steps.moderate_files:
            return Strength.MODERATE
        return Strength.WEAK if count >= steps.weak_files else Strength.NONE

    def _is_checkpoint(self, pair: Pair) -> bool:
        size = _size(pair)
        named = any(is_weights_name(file.path) for file in pair)
        return named and size is not None and size >= self.checkpoint_bytes


Pair = tuple[Identity, Identity]


def _same(left: FilesProfile, right: FilesProfile) -> list[Pair]:
    """Equal files, each once: the same path first, then the same name, then in order."""
    found: list[Pair] = []
    for kind in ("git:", "sha256:"):
        ones = _by_id(left, kind, {pair[0].path for pair in found})
        twos = _by_id(right, kind, {pair[1].path for pair in found})
        for name in sorted(ones.keys() & twos.keys()):
            found += _paired(ones[name], twos[name])
    return sorted(found, key=lambda pair: (-(_size(pair) or 0), pair[0].path, pair[1].path))


def _by_id(profile: FilesProfile, kind: str, taken: set[str]) -> dict[str, list[Identity]]:
    found: dict[str, list[Identity]] = {}
    for file in profile.files:
        for name in file.ids:
            if name.startswith(kind) and file.path not in taken:
                found.setdefault(name, []).append(file)
    return found


def _paired(left: Sequence[Identity], right: Sequence[Identity]) -> Iterator[Pair]:
    """Files of one content, each with the file that is called most like it."""
    for name_of in (str, posixpath.basename, lambda _: ""):
        waiting: dict[str, list[Identity]] = {}
        for file in reversed(right):
            waiting.setdefault(name_of(file.path), []).append(file)
        rest = []
        for file in left:
            partners = waiting.get(name_of(file.path))
            if partners:
                yield file, partners.pop()
            else:
                rest.append(file)
        left, right = (
            rest,
            sorted(
                (file for files in waiting.values() for file in files), key=lambda file: file.path
            ),
        )


def _lots(pairs: Sequence[Pair]) -> int:
    """Equal files, all of one folder of data as one: a data set was downloaded at once."""
    return len({data_folder(left.path) or left.path for left, _ in pairs})


def _size(pair: Pair) -> int | None:
    sizes = [file.size for file in pair if file.size is not None]
    return max(sizes) if sizes else None


def _file_pair(pair: Pair) -> FilePair:
    left, right = (Fragment(file.path) for file in pair)
    why = "identical files, byte for byte"
    match = Match(
        Fragment(left.path, None, "whole file"),
        Fragment(right.path, None, "whole file"),
        CloneType.EXACT,
        1.0,
        why,
    )
    return FilePair(left, right, 1.0, 1.0, 1.0, (match,))


def _excluded(same: Sequence[Pair], own: Sequence[Pair]) -> tuple[Excluded, ...]:
    count = len(same) - len(own)
    amount = f"{count} identical file{'s' if count != 1 else ''}"
    return (Excluded("base", amount, "also in the base, byte for byte"),) if count else ()


def _named(reasons: dict[Pair, str]) -> tuple[Excluded, ...]:
    return tuple(
        Excluded(left.path, "identical file", why) for (left, _), why in reasons.items() if why
    )


def _table(pairs: Sequence[Pair]) -> tuple[Table, ...]:
    rows = tuple(
        (left.path, right.path, f"{_size((left, right)):,}" if left.size or right.size else "?",
         left.ids[-1].partition(":")[2][:16])
        for left, right in pairs
    )  # fmt: skip
    note = "Equal by content id; the bytes themselves may be missing here."
    return (Table("Identical files", ("left", "right", "bytes", "content id"), rows, note),)


# Why equal files are no finding of this detector, each in the order in which they are told.
_AS_CODE = "judged as code"
_AS_FAMILY = "judged as tokenizer or configuration"
_TOO_SHORT = "too short to tell"


def _is_familys(path: str) -> bool:
    name = posixpath.basename(path).lower()
    return name in _FAMILYS or name.endswith(_FAMILY_SUFFIXES)


def _summary(
    same: int, kept: Sequence[Pair], counted: Sequence[Pair], untold: Sequence[str]
) -> str:
    """``untold`` says of each kept pair why it does not count; empty where it does."""
    if not same:
        return "no file is the same on both sides"
    if not kept:
        return f"{_files(same)}, none beyond what is set aside"
    files = f"{_files(len(kept))}{', beyond what is set aside' if len(kept) < same else ''}"
    if counted:
        names = ", ".join(posixpath.basename(pair[0].path) for pair in counted[:3])
        return f"{files}, byte for byte: {names}" + (" and others" if len(counted) > 3 else "")
    reasons = [why for why in (_AS_CODE, _AS_FAMILY, _TOO_SHORT) if why in untold]
    if len(reasons) == 1:
        return f"{files}; {reasons[0]}"
    return f"{files}; " + ", ".join(f"{untold.count(why)} {why}" for why in reasons)


def _files(count: int) -> str:
    return f"{count} file{'s are' if count != 1 else ' is'} the same on both sides"
