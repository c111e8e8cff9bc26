"""New names: plain word pairs in the case of the old name, one to one."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping

from benchmarks.ladder.chance import Chance

_FIRST = (
    "amber", "basin", "cedar", "delta", "ember", "fjord", "glade", "haven", "inlet",
    "jetty", "knoll", "larch", "maple", "north", "ochre", "prism", "quartz", "ridge",
    "slate", "tidal", "umber", "vista", "willow", "yarrow", "zinc", "birch", "coral",
    "dune", "eddy", "flint", "grove", "heath", "iris", "juniper", "kelp", "lotus", "moss",
    "nimbus", "olive", "pearl", "quill", "reed", "sage", "thorn", "upland", "vale", "wheat",
    "yew",
)  # fmt: skip
_SECOND = (
    "arc", "band", "card", "dial", "edge", "fold", "gear", "hook", "index", "joint", "knot",
    "lane", "mark", "notch", "orbit", "pane", "queue", "ring", "seam", "tile", "unit",
    "vent", "wire", "yard", "zone", "block", "chain", "depot", "frame", "gauge", "hinge",
    "ledge", "mesh", "node", "plate", "rack", "shelf", "track", "valve", "wedge",
)  # fmt: skip


def renames(names: Iterable[str], taken: Iterable[str]) -> Mapping[str, str]:
    """A new name for each, none of them taken; the same names always give the same renames."""
    used = set(taken)
    found: dict[str, str] = {}
    for name in sorted(set(names)):
        chance = Chance(f"name:{name}")
        new = _made(name, chance)
        while new in used or keyword.iskeyword(new):
            new = _made(name, chance, extra=True)
        used.add(new)
        found[name] = new
    return found


def is_made(name: str) -> bool:
    """Whether a name is one of those that are made here."""
    first, _, second = name.strip("_").lower().partition("_")
    camel = name.lower()
    return (first in _FIRST and second.startswith(_SECOND)) or any(
        camel.startswith(one) and camel[len(one) :].startswith(_SECOND) for one in _FIRST
    )


def _made(name: str, chance: Chance, extra: bool = False) -> str:
    words = [chance.choice(_FIRST), chance.choice(_SECOND)]
    if extra:
        words.append(chance.choice(_SECOND))
    bare = name.lstrip("_")
    lead = name[: len(name) - len(bare)]
    if bare.isupper() and len(bare) > 1:
        return lead + "_".join(words).upper()
    if bare[:1].isupper():
        return lead + "".join(word.capitalize() for word in words)
    if len(bare) <= 2 and not lead and not extra:
        return chance.choice(words)
    return lead + "_".join(words)
