"""Work that was made from the work of others, by the levels of the disguise ladder."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping

from benchmarks.cohorts.author import Author
from benchmarks.cohorts.grammar import table
from benchmarks.cohorts.layout import report
from benchmarks.cohorts.style import typed
from benchmarks.cohorts.work import Work, assembled, handout
from benchmarks.ladder import disguise
from benchmarks.ladder.external import BUILTINS
from benchmarks.ladder.words import is_made

# Files of the assignment keep their methods and their place, or its check would not pass.
_MOST_IN_STARTER = 3
_STEMS = (
    "item", "part", "buf", "tmp", "res", "arr", "cur", "node", "block", "entry", "step", "info",
    "piece", "state", "chunk", "group", "batch", "table", "value", "total", "limit", "point",
    "line", "field", "record", "thing", "store", "score", "count", "unit", "mark", "pool",
)  # fmt: skip
_ENDS = (
    "", "_in", "_out", "_now", "_list", "_map", "_size", "_one", "_new", "_all", "_here", "_no",
    "_set", "_seq", "_val", "_ref", "_idx", "_sum", "_raw", "_fin", "_a", "_b", "_2", "_x",
)  # fmt: skip
# Names and messages with which the ladder pads.
_FOND = re.compile(r"_?(?:spare|journal|prepare|derive|arrange|settle|compose)(?:_\w+)?")
_MESSAGE = re.compile(r"\b(?:reached step|checkpoint|pass|stage) (\d+)(?: done)?")
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_NAME = re.compile(r"\b[A-Za-z_]\w*\b(?![\"'])")


def copied(source: Work, level: int, copier: Author, seed: int) -> Work:
    """The work of someone else in a disguise. Names that the assignment prescribes stay, and the
    report is the copier's own.
    """
    strength = copier.chance.randrange(1 << 30) ^ seed
    made = disguise(source.modules, level, strength)
    filled = {path: _refilled(text, level, strength) for path, text in source.starter.items()}
    renames = dict(made.names)
    for _, names in filled.values():
        renames |= names
    texts = [*made.files.values(), *(text for text, _ in filled.values())]
    names = _natural({**renames, **_traces(texts, source, made.files)}, texts, copier)
    modules = {_moved(path, names): _exchanged(text, names) for path, text in made.files.items()}
    if level:
        modules = {path: _typed(text, copier) for path, text in modules.items()}
    settings = {path: text for path, text in source.others.items() if path.endswith(("ml", "json"))}
    return Work(
        modules,
        {path: _exchanged(text, names) for path, (text, _) in filled.items()},
        {**settings, **report(copier)},
        _notebooks(modules, copier),
    )


def merged(first: Author, second: Author, copier: Author, works: tuple[Work, Work]) -> Work:
    """Half of the parts of one work and half of another, made to fit by the names of the first."""
    # The main part of the first work needs the device that its training chose.
    parts = sorted({*first.written, *second.written} - {"main", "config", "fit"})
    copier.chance.shuffle(parts)
    shared = first.names.keys() & second.names.keys()
    fit = {second.names[what]: first.names[what] for what in shared}
    copier.names, copier.settings = dict(first.names), dict(first.settings)
    copier.written = {part: first.written[part] for part in ("main", "config", "fit")}
    for number, part in enumerate(parts):
        own, other = first.written.get(part, ""), second.written.get(part, "")
        copier.written[part] = own if own and (number % 2 or not other) else _exchanged(other, fit)
    for flag in ("indent", "config"):
        copier.flags[flag] = first.flags[flag]
    one, two = works
    starter = {
        path: (one if number % 2 else two).starter[path]
        for number, path in enumerate(sorted(one.starter))
    }
    settings = {path: text for path, text in one.others.items() if path.endswith(("ml", "json"))}
    return assembled(copier, starter, {**settings, **report(copier)})


def _traces(texts: Iterable[str], source: Work, files: Iterable[str]) -> dict[str, str]:
    """Names of which the ladder is fond: in copies of two works they would tell of the ladder."""
    known = {word for text in source.modules.values() for word in _WORD.findall(text)}
    words = {word for text in texts for word in _WORD.findall(text)} - known
    words |= {path.rpartition("/")[2].removesuffix(".py") for path in files}
    return {word: word for word in words if is_made(word) or _FOND.fullmatch(word)}


def _typed(text: str, copier: Author) -> str:
    """A module as the copier types it, with other words in the log."""
    if "verb" not in copier.flags:
        copier.flags["verb"] = copier.chance.choice(("at", "now", "line", "mark", "here"))
    said = _MESSAGE.sub(lambda found: f"{copier.flags['verb']} {found[1]}", text)
    return typed(said, copier.flags)


def _refilled(text: str, level: int, strength: int) -> tuple[str, Mapping[str, str]]:
    """A filled file of the assignment in a disguise, and what was renamed in it."""
    made = disguise({"file.py": text}, min(level, _MOST_IN_STARTER), strength)
    fixed = _prescribed()
    back = {new: old for old, new in made.names.items() if old in fixed}
    (found,) = made.files.values()
    names = {old: new for old, new in made.names.items() if old not in fixed | {"file"}}
    return _exchanged(found, back), names


def _prescribed() -> frozenset[str]:
    """Every word of the assignment."""
    return frozenset(word for text in handout().values() for word in _WORD.findall(text))


def _natural(renames: Mapping[str, str], texts: Iterable[str], copier: Author) -> dict[str, str]:
    """Names that a person would choose in place of those that the ladder makes. The ladder gives
    two copiers the same new name for one old name, and that would be a trace of its own.
    """
    taken = {word for text in texts for word in _WORD.findall(text)} | set(BUILTINS)
    found = {}
    for old, new in sorted(renames.items()):
        name = _chosen(old, copier, taken)
        taken.add(name)
        found[new] = name
    return found


def _chosen(old: str, copier: Author, taken: set[str]) -> str:
    known = [words for words in table("names").values() if old in words]
    words = [word for group in known for word in group if word != old]
    copier.chance.shuffle(words)
    for _ in range(400):
        stem, end = copier.chance.choice(_STEMS), copier.chance.choice(_ENDS)
        words.append(f"{stem}{end}")
    for word in words:
        name = _cased(word, old)
        if name not in taken and not keyword.iskeyword(name):
            return name
    raise ValueError(f"no name is left for {old}")


def _cased(word: str, like: str) -> str:
    lead = like[: len(like) - len(like.lstrip("_"))]
    bare = like.lstrip("_")
    if len(bare) > 1 and bare.isupper():
        return lead + word.upper()
    if bare[:1].isupper():
        return lead + "".join(part[:1].upper() + part[1:] for part in word.split("_"))
    return lead + word


def _exchanged(text: str, names: Mapping[str, str]) -> str:
    """Words by others; the letter in front of an f-string is none."""
    return _NAME.sub(lambda found: names.get(found[0], found[0]), text)


def _moved(path: str, names: Mapping[str, str]) -> str:
    folder, slash, file = path.rpartition("/")
    stem = file.removesuffix(".py")
    return f"{folder}{slash}{names.get(stem, stem)}.py"


def _notebooks(modules: Mapping[str, str], copier: Author) -> frozenset[str]:
    """The longest module, when the copier likes notebooks."""
    if copier.flags["shape"] not in ("notebook", "mixed"):
        return frozenset()
    return frozenset([max(sorted(modules), key=lambda path: len(modules[path]))])
