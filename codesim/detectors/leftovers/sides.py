"""One side of a comparison, joined over its files and without what the base explains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from codesim.detectors.leftovers.commonness import things
from codesim.detectors.leftovers.profile import FileScan, LeftoversProfile

Place = tuple[str, int]


@dataclass(slots=True)
class Side:
    """``items``, ``defined`` and ``bound`` by (kind, text) or name, each at its first place.

    ``mentions`` is by how a name is mentioned, then by name. ``modules`` are names of files without
    their ending, and of folders; ``stems`` the paths behind the former, without ending.
    ``packages`` are folders at the top that can be imported. ``homes`` are the first places of a
    definition by its name and the module it is imported from, ``inner`` all folders with an
    ``__init__.py``. ``identical`` are paths of files that the other side has to the byte.
    """

    items: dict[tuple[str, str], Place] = field(default_factory=dict)
    defined: dict[str, Place] = field(default_factory=dict)
    bound: dict[str, Place] = field(default_factory=dict)
    words: dict[str, Place] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    mentions: dict[str, dict[str, Place]] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    stems: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[tuple[str, str], Place] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    inner: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    requirements: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    identical: set[str] = field(default_factory=set)
    size: int = 0

    def in_package(self, path: str) -> bool:
        """True for a file that is imported through the package in whose folder it stands."""
        folder = path.rpartition("/")[0]
        return bool(folder) and folder in self.inner


@dataclass(slots=True)
class Joined:
    """Both sides and the base as one; the ids of files that both sides have to the byte, whose
    content is not joined; and how many things of both the base has too.
    """

    left: Side
    right: Side
    base: Side
    identical: set[str]
    explained: int


def joined(
    left: LeftoversProfile, right: LeftoversProfile, base: Sequence[LeftoversProfile]
) -> Joined:
    """Both sides over all their files, without what the base explains."""
    known: set[tuple[str, str]] = set()
    taken: set[str] = set()
    for each in base:
        known |= things(each)
        taken.update(file.blob_id for file in each.files)
    one, two = ({file.blob_id for file in side.files} for side in (left, right))
    same = (one & two) - taken - {""}
    explained = len(things(left) & things(right) & known) if known else 0
    one_side, two_side = (_side(each, taken, same, known) for each in (left, right))
    return Joined(one_side, two_side, _all_of(base), same, explained)


def _all_of(base: Sequence[LeftoversProfile]) -> Side:
    """Everything that stands in any base, with nothing taken away."""
    side = Side()
    for profile in base:
        for path in profile.paths:
            _note_path(side, path)
        for file in profile.files:
            _note_names(side, file)
            _note_text(side, file, set())
    return side


def _side(
    profile: LeftoversProfile, taken: set[str], same: set[str], explained: set[tuple[str, str]]
) -> Side:
    side = Side(requirements=set(profile.requirements))
    for path in profile.paths:
        _note_path(side, path)
    for file in profile.files:
        _note_names(side, file)
        if file.blob_id in same:
            side.identical.add(file.path)
        elif file.blob_id not in taken:
            _note_text(side, file, explained)
    for names in (side.defined, side.bound):
        for name in [name for name in names if ("name", name) in explained]:
            side.known.add(name)
            del names[name]
    side.size = len(side.items) + len(side.defined) + len(side.bound)
    return side


def _note_text(side: Side, file: FileScan, explained: set[tuple[str, str]]) -> None:
    for item in file.items:
        if (item.kind, item.text) not in explained:
            side.items.setdefault((item.kind, item.text), (file.path, item.line))
    for word, line in file.words:
        if ("word", word) not in explained:
            side.words.setdefault(word, (file.path, line))
    for name, line in file.used:
        side.mentions.setdefault("code", {}).setdefault(name, (file.path, line))
    for how, name, line in file.mentions:
        side.mentions.setdefault(how, {}).setdefault(name, (file.path, line))


def _note_path(side: Side, path: str) -> None:
    *folders, name = path.split("/")
    side.names.setdefault(name, []).append(path)
    stem = name.partition(".")[0]
    side.modules.setdefault(stem, path)
    if name.endswith(".py"):
        side.stems.setdefault(stem, []).append(path)
    for folder in folders:
        side.modules.setdefault(folder, path)
    if name == "__init__.py":
        side.inner.add("/".join(folders))
    # A package stands at the top of a repository, or in a folder for sources.
    if name == "__init__.py" and (len(folders) == 1 or folders[:-1] in (["src"], ["lib"])):
        side.packages.add(folders[-1])


def _note_names(side: Side, file: FileScan) -> None:
    """Names count wherever they stand: also an identical file defines them."""
    module = module_of(file.path)
    for name, line in file.defined:
        side.defined.setdefault(name, (file.path, line))
        side.homes.setdefault((name, module), (file.path, line))
    for name, line in file.bound:
        side.bound.setdefault(name, (file.path, line))
    side.imported.update(file.imported)


def module_of(path: str) -> str:
    """The name under which a file is imported."""
    *folders, name = path.split("/")
    return folders[-1] if name == "__init__.py" and folders else name.partition(".")[0]


def distinct(names: Iterable[str]) -> list[str]:
    """Sorted, each once."""
    return sorted(set(names))
