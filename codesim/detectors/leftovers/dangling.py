"""Names that one side mentions, does not have, and the other side has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from codesim.detectors.leftovers.ends import Ends
from codesim.detectors.leftovers.found import Dangling
from codesim.detectors.leftovers.places import STANDARD_NAMES
from codesim.detectors.leftovers.rarity import Rarity
from codesim.detectors.leftovers.sides import Place, Side, distinct

# What is needed to run and is not there says more than what is only spoken of; an attribute may
# belong to an object of a library that the table does not know. Of 2,346 pairs of unrelated
# packages none names a class by the module in which the other defines it, or imports a module of
# its own that only the other has.
_RESOLVED = 16.0
_SIBLING = 10.0
_NEEDED = 6.0
_SPOKEN = 3.0
_USED = -2.0


class _Hit(NamedTuple):
    kind: str
    name: str
    here: Place
    there: Place
    extra: float
    why: str


def dangling(
    own: Side, other: Side, side: str, rarity: Rarity, least: float, base: Side | None = None
) -> list[Dangling]:
    """What ``own`` (called ``side``) mentions and only ``other`` has, the rarest first.

    What also stands in the base, or is mentioned there, is explained by it.
    """
    found: dict[str, Dangling] = {}
    uses = bool(used_packages(own, other))
    for how, find in _FINDERS.items():
        if uses and how not in ("relative import", "import", "file"):
            continue
        for hit in find(own, other, own.mentions.get(how, {}), rarity):
            bits = round(rarity.bits(hit.name) + hit.extra, 2)
            known = found.get(hit.name)
            if bits < least or (base and _is_explained(hit, base)):
                continue
            if known is None or bits > known.bits:
                found[hit.name] = Dangling(
                    side, hit.kind, hit.name, hit.here, hit.there, bits, hit.why
                )
    return sorted(_without_parts(found), key=lambda each: (-each.bits, each.name))


def _is_explained(hit: _Hit, base: Side) -> bool:
    """True where the base has what is named, or names it too."""
    if any(hit.name in named for named in base.mentions.values()):
        return True
    if hit.kind == "file":
        return hit.name.rpartition("/")[2] in base.names
    *modules, last = hit.name.split(".")
    if hit.kind in ("module", "package"):
        return last in base.stems or hit.name in base.modules
    return last in base.defined or last in base.bound or bool(modules and modules[-1] in base.stems)


Named = dict[str, Place]


def _dotted(own: Side, other: Side, named: Named, rarity: Rarity) -> Iterator[_Hit]:
    """``package.module.Class`` in a configuration or a literal."""
    ends = Ends((path.partition(".")[0], path) for paths in other.stems.values() for path in paths)
    for name, here in named.items():
        *modules, last = name.split(".")
        if modules[-1] in own.stems or modules[0] in own.imported or last in own.defined:
            continue
        if is_needed(modules[0], own) or rarity.is_common("import", modules[0]):
            continue
        # The end of the dotted path must be the end of the path of a file that defines the name.
        stands = other.homes.get((last, modules[-1]))
        if stands and not rarity.is_common("name", last):
            yield _Hit("class" if last[:1].isupper() else "name", name, here, stands, *_VALUE)
        elif len(modules) > 1 and last in other.stems and last not in own.modules:
            fitting = ends.first(name.replace(".", "/"))
            if fitting and not rarity.is_common("module", last):
                yield _Hit("module", name, here, (fitting, 1), _NEEDED, _IN_VALUE)


def _relative(own: Side, other: Side, named: Named, rarity: Rarity) -> Iterator[_Hit]:
    """``from .module import name`` where there is no such module."""
    for name, here in named.items():
        module = name.rpartition(".")[2]
        if module in own.modules or module not in other.stems:
            continue
        if module in own.defined or module in own.bound or rarity.is_common("module", module):
            continue
        yield _Hit("module", name, here, (other.stems[module][0], 1), _SIBLING, _IMPORTED)


def _import(own: Side, other: Side, named: Named, rarity: Rarity) -> Iterator[_Hit]:
    """A module imported by its full name; a package that is needed is used, not left over."""
    flat: dict[str, str] = {}
    for name, here in named.items():
        first = name.partition(".")[0]
        if first in own.modules or first not in other.modules or is_needed(first, own):
            continue
        if rarity.is_common("import", first) or rarity.is_common("module", first):
            continue
        if first in other.packages:
            yield _Hit("package", first, here, (other.modules[first], 1), 0.0, _IMPORTED)
        # A module inside a package is not imported by its name alone.
        if first not in flat:
            alone = (path for path in other.stems.get(first, ()) if not other.in_package(path))
            flat[first] = next(alone, "")
        if flat[first] and first not in other.packages:
            yield _Hit("module", name, here, (flat[first], 1), _NEEDED, _IMPORTED)


def _file(own: Side, other: Side, named: Named, rarity: Rarity) -> Iterator[_Hit]:
    ends = Ends((path, path) for paths in other.names.values() for path in paths)
    for name, here in named.items():
        last = name.rpartition("/")[2]
        if last in own.names or last not in other.names or last in STANDARD_NAMES:
            continue
        stands = ends.first(name)
        if stands and not rarity.is_common("file", last):
            yield _Hit("file", name, here, (stands, 1), _SPOKEN, "named, and not there")


def _names(extra: float, why: str) -> Callable[..., Iterator[_Hit]]:
    """A definition of the other side that is spoken of or used, and that nothing here defines."""

    def find(own: Side, other: Side, named: Named, rarity: Rarity) -> Iterator[_Hit]:
        names = distinct(
            (named.keys() & other.defined.keys())
            - own.defined.keys()
            - own.bound.keys()
            - own.imported
            - own.known
            - own.modules.keys()
        )
        asked = rarity.frequencies([("name", name) for name in names])
        for name, frequency in zip(names, asked, strict=True):
            # What Python itself calls may be defined anywhere.
            if not frequency and not name.startswith("__"):
                yield _Hit("name", name, named[name], other.defined[name], extra, why)

    return find


_IN_VALUE = "named in a value, and not there"
_VALUE = (_RESOLVED, _IN_VALUE)
_IMPORTED = "imported, and not there"
_in_text = _names(0.0, "spoken of, and not there")
_FINDERS: dict[str, Callable[[Side, Side, Named, Rarity], Iterator[_Hit]]] = {
    "dotted": _dotted,
    "relative import": _relative,
    "import": _import,
    "file": _file,
    "value": _names(0.0, _IN_VALUE),
    "string": _names(0.0, _IN_VALUE),
    "comment": _in_text,
    "TODO": _in_text,
    "commented-out code": _in_text,
    "message": _in_text,
    "prose": _in_text,
    "code": _names(_USED, "used in code that defines no such name"),
}


def is_needed(package: str, own: Side) -> bool:
    """True for a package that the side says it needs: that is use, and is not left over."""
    return package.lower() in own.requirements


def used_packages(own: Side, other: Side) -> list[str]:
    """Packages of the other side that this one imports: their names are used, not left over."""
    used = {name.partition(".")[0] for name in own.mentions.get("import", {})}
    return distinct(other.packages & used - own.modules.keys())


def _without_parts(found: dict[str, Dangling]) -> list[Dangling]:
    """Without names that are only a part of a longer name that is listed."""
    parts = {part for name in found if "." in name for part in name.split(".")}
    return [found[name] for name in distinct(found) if name not in parts]
