"""Many submissions of about 2,000 lines, written fast: to measure time and memory, not judgement.

Each is some forty functions over eight modules, each function a run of statements from a table,
with expressions that are made on the spot. As in a real cohort, some ways to write are far more
usual than others, and each author has favourites. What a function does and what its names are come
from two generators, so that a copy is the same program under other names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.ladder.chance import Chance

_LINES = 2_000
_MODULES = 8
# One copy for so many submissions.
_EACH = 100
_IMPORTS = """import json
import math
import random
from collections import Counter, defaultdict

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

"""
_STARTER = _IMPORTS + "".join(
    f'''
def check_part_{number}(result, expected, tolerance=1e-{number % 5 + 3}):
    """Given: part {number} of the assignment."""
    difference = np.abs(np.asarray(result) - np.asarray(expected)).max()
    if difference > tolerance:
        raise AssertionError(f"part {number}: off by {{difference}}")
    return float(difference) / {number + 2}
'''
    for number in range(12)
)
_CALLS = (
    "np.exp({0})", "np.log1p(np.abs({0}))", "np.sqrt(np.abs({0}))", "np.tanh({0})",
    "np.where({0} > {1}, {0}, {1})", "np.clip({0}, -{n}, {n})", "np.maximum({0}, {1})",
    "np.roll({0}, {n})", "np.cumsum({0})",
    "np.minimum({0}, {1})", "np.outer({0}, {1})[:, 0]", "np.dot({0}, {1})", "np.sort({0})[::-1]",
    "torch.sigmoid({0})", "torch.relu({0} - {f})", "F.softmax({0}, dim=-1)", "F.gelu({0})",
    "F.layer_norm({0}, {0}.shape[-1:])", "{0}.mean(axis=-1)", "{0}.sum(axis={d})",
    "{0}.std() + {f}", "F.normalize({0}, dim=-1)", "torch.lerp({0}, {1}, {f})",
    "(({0} - {1}) ** {d})", "{0}.reshape(-1, {n})",
    "torch.einsum('ij,jk->ik', {0}, {1})", "np.interp({0}, {1}, {0})", "np.diff({0}, n={d})",
)  # fmt: skip
_BINARY = (
    "{0} + {1}",
    "{0} * {1}",
    "{0} - {1}",
    "{0} / ({1} + {f})",
    "{f} * {0} + {1}",
    "{0} @ {1}",
)
_STATEMENTS = (
    "{t} = {e}",
    "{t} = {e}",
    "{t} = {e}",
    "{t} += {e}",
    "{t}, {u} = {e}, {e}",
    "if {v}.{attr} > {n}:\n        {t} = {e}\n    else:\n        {t} = {e}",
    "for {u} in range({n}):\n        {t} = {e}",
    "for {u} in range({n}):\n        {t} = {e}\n        {x} = {e}",
    "{t} = [{e} for {u} in range({n})]",
    "{t} = np.array([{f}, {f}, {f}, {n}]) * {v}",
    "{t} = {{'{key}': {v}, '{key2}': {e}}}",
    "{t} = sorted({v}.tolist(), key=lambda {u}: -{u})[:{n}]",
    "while abs(float({v}.sum())) > {n}:\n        {v} = {e}",
    "assert {v}.ndim >= 1, '{key} {key2}'",
    "{t} = nn.Linear({n}, {m})({v})",
    "{t} = nn.Sequential(nn.Linear({n}, {m}), nn.ReLU(), nn.Linear({m}, {n}))({v})",
    "{t} = defaultdict(list)\n    for {u} in {v}:\n        {t}[int({u}) % {n}].append({e})",
    "{t} = Counter(int({u}) for {u} in {v}).most_common({n})",
    "{t} = json.dumps({{'{key}': float({v}.mean()), '{key2}': {n}}})",
    "{t} = random.Random({n}).sample(list({v}), {d})",
    "with torch.no_grad():\n        {t} = {e}",
    "print(f'{key} {{{v}}}', {n})",
    "{t} = math.log({n} + {f}) * {v}",
    "{t} = {v}[{d}:-{d}] if len({v}) > {n} else {v}",
    "{t} = max({v}, {x}, key=lambda {u}: float({u}.sum()))",
    "try:\n        {t} = {e}\n    except ValueError:\n        {t} = {v} * {f}",
)
_VERBS = (
    "load", "build", "score", "train", "make", "fit", "plot", "read", "scale", "mix", "pack",
    "draw", "test", "find", "rank", "merge", "split", "count", "clean", "track", "blend", "shift",
    "guess",
)  # fmt: skip
_NOUNS = (
    "batch", "rows", "vector", "image", "label", "token", "loss", "grid", "mask", "graph", "noise",
    "curve", "table", "signal", "window", "anchor", "query", "frame", "patch", "state", "field",
    "kernel", "weight", "margin", "energy", "path", "layer", "region", "sample", "pixel",
)  # fmt: skip
_ATTRIBUTES = ("size", "ndim", "shape[0]", "mean()", "max()")


def scaled(folder: Path, count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Write ``count`` submissions and a starter below a new folder; returns who copied whom."""
    (folder / "starter").mkdir(parents=True)
    (folder / "starter/checks.py").write_text(_STARTER, "utf-8")
    copies = {count - 1 - number: number for number in range(count // _EACH)}
    for number in range(count):
        structure = copies.get(number, number)
        _submission(folder / "submissions" / _name(number), structure, number, seed)
    return [(_name(source), _name(copy)) for copy, source in copies.items()]


def _name(number: int) -> str:
    return f"p{number:05d}"


def _submission(place: Path, structure: int, names: int, seed: int) -> None:
    place.mkdir(parents=True)
    (place / "checks.py").write_text(_STARTER, "utf-8")
    maker = _Maker(Chance(f"structure:{structure}", seed), Chance(f"names:{names}", seed))
    for number in range(_MODULES):
        text = maker.module(_LINES // _MODULES)
        (place / f"{maker.words[number]}.py").write_text(text, "utf-8")


class _Maker:
    """Writes the modules of one submission."""

    def __init__(self, structure: Chance, names: Chance) -> None:
        self.chance = structure
        # The favourites of this author: some ways twenty times as often as others.
        self.statements = structure.choices(_STATEMENTS, _falling(structure, _STATEMENTS), k=400)
        self.calls = structure.choices(_CALLS, _falling(structure, _CALLS), k=200)
        words = [f"{verb}_{noun}" for verb in _VERBS for noun in _NOUNS]
        names.shuffle(words)
        self.words = words
        self.place = 0

    def module(self, lines: int) -> str:
        """A module of so many lines, more or less."""
        parts = [_IMPORTS]
        written = _IMPORTS.count("\n")
        while written < lines:
            parts.append(self._function())
            written += parts[-1].count("\n")
        return "".join(parts)

    def _word(self) -> str:
        self.place += 1
        return self.words[self.place % len(self.words)]

    def _function(self) -> str:
        name, first, second = self._word(), self._word(), self._word()
        known = [first, second]
        lines = [f"\n\ndef {name}({first}, {second}, steps={self.chance.randint(2, 40)}):"]
        for _ in range(self.chance.randint(5, 14)):
            lines.append(f"    {self._statement(known)}")
        lines.append(f"    return {known[-1]}, {self._expression(known, 2)}\n")
        return "\n".join(lines)

    def _statement(self, known: list[str]) -> str:
        pick: Callable[[Sequence[str]], str] = self.chance.choice
        form = pick(self.statements)
        new = self._word() if self.chance.random() < 0.6 else pick(known)
        text = form
        while "{e}" in text:
            text = text.replace("{e}", self._expression(known, 2), 1)
        text = text.format(
            t=new, u="each", v=pick(known), x=pick(known), n=self.chance.randint(2, 99),
            m=self.chance.randint(8, 256), f=round(self.chance.random(), 3),
            d=self.chance.randint(1, 4), attr=pick(_ATTRIBUTES), key=pick(_NOUNS),
            key2=pick(_VERBS),
        )  # fmt: skip
        if new not in known:
            known.append(new)
        return text

    def _expression(self, known: Sequence[str], depth: int) -> str:
        chance = self.chance
        if depth == 0 or chance.random() < 0.25:
            return str(chance.choice(known[-4:]))
        form = chance.choice(self.calls) if chance.random() < 0.6 else chance.choice(_BINARY)
        one = self._expression(known, depth - 1)
        two = self._expression(known, depth - 1) if "{1}" in form else ""
        number, share, small = (
            chance.randint(2, 99),
            round(chance.random(), 3),
            chance.randint(1, 4),
        )
        made = form.format(one, two, n=number, f=share, d=small)
        return made if form in self.calls else f"({made})"


def _falling(chance: Chance, ways: Sequence[str]) -> list[float]:
    """Weights by Zipf's law, in an order of the author's own."""
    weights = [1 / (place + 1) for place in range(len(ways))]
    chance.shuffle(weights)
    return weights
