"""What a search is asked: definitions of a copy, and the definitions that each was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.definitions import FEWEST_TOKENS
from benchmarks.inside import matched
from benchmarks.ladder import Disguised
from benchmarks.options import BenchmarkError

ROLES = ("function", "method")


@dataclass(frozen=True)
class Questions:
    """``sources`` holds, for every definition (a unit of ``left``) that is searched, the units of
    the library that are its true source; ``agreeing`` says of how many the comparison of the two
    repositories alone says the same.
    """

    name: str
    left: Any
    texts: Mapping[str, str]
    library: Any
    sources: Mapping[int, frozenset[int]]
    agreeing: int | None = None


def definitions_of(profile: Any) -> Iterator[tuple[int, str, str]]:
    """Functions and methods of a profile: unit, path of the file and name."""
    for unit, each in enumerate(profile.units):
        if each.role in ROLES:
            yield unit, profile.files[int(profile.unit_file[unit])].path, each.name


def alone(left: Any, right: Any) -> dict[int, frozenset[int]]:
    """The partner of each definition when nothing but the two repositories is compared."""
    best: dict[int, tuple[float, int]] = {}
    known = {unit for unit, _, _ in definitions_of(right)}
    for pair in matched(left, right).pairs:
        for match in pair.matches:
            if match.right in known:
                found = (match.bits, -match.right)
                best[match.left] = max(found, best.get(match.left, found))
    wanted = {unit for unit, _, _ in definitions_of(left)}
    return {unit: frozenset({-best[unit][1]}) for unit in sorted(wanted & best.keys())}


def listed(path: Path, left: Any, right: Any) -> dict[int, frozenset[int]]:
    """What a person wrote down: ``left name = right name`` on every line, a name alone or behind
    the path of its file and a colon. Raises BenchmarkError for a name that is not there.
    """
    found: dict[int, frozenset[int]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        one, equals, two = (part.strip() for part in line.partition("="))
        lefts, rights = _named(left, one), _named(right, two)
        if not (equals and len(lefts) == 1 and rights):
            raise BenchmarkError(
                f"{path}:{number}: `{line}` does not name one definition of the left and one of the"
                " right.\nWrite `left name = right name`, with `path:` in front where a name is in"
                " more than one file."
            )
        found[lefts[0]] = frozenset(rights)
    return found


def has_enough(profile: Any, unit: int) -> bool:
    """Whether a definition is long enough to say something of its own."""
    first, last = profile.tokens.start[unit : unit + 2].tolist()
    return bool(last - first >= FEWEST_TOKENS)


def _named(profile: Any, wanted: str) -> list[int]:
    path, _, name = wanted.rpartition(":")
    return [
        unit
        for unit, where, each in definitions_of(profile)
        if each == name and path in ("", where)
    ]


def disguised(made: Disguised, left: Any, library: Any, prefix: str) -> dict[int, frozenset[int]]:
    """The originals of what the ladder made. A definition that a rewrite extracted has none."""
    originals = {new: old for old, new in made.names.items()}
    by_file: dict[str, list[tuple[int, str]]] = {}
    for unit, path, name in definitions_of(library):
        by_file.setdefault(path, []).append((unit, name))
    found = {}
    for unit, path, name in definitions_of(left):
        here = [each for source in made.sources[path] for each in by_file[f"{prefix}/{source}"]]
        old = ".".join(originals.get(part, part) for part in name.split("."))
        rights = _same(here, lambda each, old=old: each == old)  # type: ignore[misc]
        if not rights:  # a method that became a function, or the other way round
            last = old.rpartition(".")[2]
            rights = _same(here, lambda each, last=last: each.rpartition(".")[2] == last)  # type: ignore[misc]
        if len(rights) == 1 and has_enough(left, unit):
            found[unit] = frozenset(rights)
    return found


def _same(here: list[tuple[int, str]], fits: Callable[[str], bool]) -> list[int]:
    return [unit for unit, name in here if fits(name)]
