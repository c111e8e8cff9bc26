"""Lists of fields: definitions that name values and compute nothing.

The arguments of a training run or the output of a model look alike wherever they are written: each
line is a name, and a default that goes with the name. Such a list says what its names say.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.graph import EXTERNAL, NUMBER, OP, TEXT
from codesim.detectors.code.profile import OWN, CodeProfile
from codesim.detectors.code.rarity import Rarity

_FIELDS = (OP["store"], OP["define"])
# What a list of fields is made of, with its header and its defaults.
_PARTS = np.array([
    OP[name] for name in (
        "store", "define", "const", "string", "param", "default", "seq", "dict", "pair", "ref",
        "base", "decorate", "neg",
    )
])  # fmt: skip
_FIELD_CALL = f"{EXTERNAL}:dataclasses.field"
# A number of so many digits was not chosen for being round.
_DIGITS = 3


def field_weights(profile: CodeProfile, rarity: Rarity) -> npt.NDArray[np.float64]:
    """How rare the fields of each unit are, on average; 1 for a unit that is no list of fields."""
    weight = np.ones(len(profile.units))
    words = np.zeros(len(profile.names))
    listed = _lists(profile)
    fields = np.flatnonzero(np.isin(profile.nodes.op, _FIELDS) & listed[profile.nodes.unit])
    if not len(fields):
        return weight
    names = np.unique(profile.nodes.name[fields])
    words[names] = rarity.of_words([profile.names[n][2:] for n in names.tolist()])
    rare = np.maximum(words[profile.nodes.name[fields]], _values(profile, rarity, fields))
    unit = profile.nodes.unit[fields]
    count = np.bincount(unit, minlength=len(weight))
    total = np.bincount(unit, rare, len(weight))
    found = count > 0
    weight[found] = total[found] / count[found]
    return weight


def _lists(profile: CodeProfile) -> npt.NDArray[np.bool_]:
    """True for units that hold nothing but fields."""
    nodes = profile.nodes
    call = np.array([name == _FIELD_CALL for name in profile.names] + [False])[nodes.name]
    other = (nodes.role == OWN) & ~np.isin(nodes.op, _PARTS) & ~call
    listed = np.bincount(nodes.unit[other], minlength=len(profile.units)) == 0
    roles = np.array(
        [unit.role in ("class", "module", "cell") for unit in profile.units], dtype=np.bool_
    )
    found: npt.NDArray[np.bool_] = listed & roles
    return found


def _values(
    profile: CodeProfile, rarity: Rarity, fields: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """How rare the default of each field is: a text by the table, a number by its digits."""
    nodes = profile.nodes
    weight = np.zeros(len(nodes.op))
    text = np.flatnonzero(np.array([n[0] == TEXT for n in profile.names] + [False])[nodes.name])
    weight[text] = rarity.of_words([profile.names[n][2:] for n in nodes.name[text].tolist()])
    exact = np.array(
        [name[0] == NUMBER and _digits(name[2:]) >= _DIGITS for name in profile.names] + [False]
    )
    weight[exact[nodes.name]] = 1.0
    best = np.zeros(len(fields))
    for n, field in enumerate(fields.tolist()):
        best[n] = max((weight[i] for i in _beneath(profile, field)), default=0.0)
    return best


def _beneath(profile: CodeProfile, field: int) -> list[int]:
    """The default of a field: its inputs, and theirs."""
    nodes = profile.nodes
    found: list[int] = []
    level = [field]
    for _ in range(3):
        level = [
            source
            for node in level
            for source in nodes.edge_input[slice(*nodes.edge_start[node : node + 2])].tolist()
            if nodes.unit[source] == nodes.unit[field]
        ]
        found += level
    return found


def _digits(number: str) -> int:
    """Digits of a number without the zeros at either end."""
    mantissa = number.lower().partition("e")[0]
    return len("".join(c for c in mantissa if c.isdigit()).strip("0"))
