"""A small cohort on disk: submissions that solve one task in ways of their own, and a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

STARTER = '''"""Starter code: load the data, call the solution, print what it gives."""

import csv
import math
import sys


def read_rows(path):
    with open(path, newline="") as file:
        return [[float(cell) for cell in row] for row in csv.reader(file)]


def main(argv):
    rows = read_rows(argv[1])
    model = Model(len(rows[0]) - 1)
    model.fit([row[:-1] for row in rows], [row[-1] for row in rows])
    for row in rows:
        print(model.predict(row[:-1]))


if __name__ == "__main__":
    main(sys.argv)
'''

OWN = '''

class Model:
    """Ridge regression by coordinate descent with a decaying step."""

    def __init__(self, width, penalty=0.31, rounds=57):
        self.weights = [0.0] * width
        self.offset = 0.0
        self.penalty = penalty
        self.rounds = rounds
        self.history = []

    def residuals(self, rows, targets):
        return [target - self.predict(row) for row, target in zip(rows, targets)]

    def fit(self, rows, targets):
        step = 0.43
        for turn in range(self.rounds):
            errors = self.residuals(rows, targets)
            self.offset += step * sum(errors) / max(1, len(errors))
            for place in range(len(self.weights)):
                pull = sum(error * row[place] for error, row in zip(errors, rows))
                size = sum(row[place] ** 2 for row in rows) + self.penalty * len(rows)
                moved = step * (pull - self.penalty * self.weights[place]) / size
                if abs(moved) > 1e-9:
                    self.weights[place] += moved
            self.history.append(max(abs(error) for error in errors) if errors else 0.0)
            if turn > 3 and self.history[-1] > 0.997 * self.history[-4]:
                step *= 0.71
        return self

    def predict(self, row):
        return self.offset + sum(weight * value for weight, value in zip(self.weights, row))

    def importance(self, rows):
        spans = []
        for place, weight in enumerate(self.weights):
            column = sorted(row[place] for row in rows)
            middle = column[len(column) // 2]
            spread = sum(abs(value - middle) for value in column) / max(1, len(column))
            spans.append((abs(weight) * spread, place))
        total = sum(span for span, _ in spans) or 1.0
        return [(place, round(span / total, 4)) for span, place in sorted(spans, reverse=True)]

    def confidence(self, rows, targets, draws=23):
        errors = self.residuals(rows, targets)
        kept = sorted(abs(error) for error in errors)
        inner = kept[int(0.1 * len(kept)) : int(0.9 * len(kept)) + 1]
        bounds = []
        for turn in range(draws):
            chosen = [inner[(turn * 7 + place * 13) % len(inner)] for place in range(len(inner))]
            bounds.append(math.sqrt(sum(value * value for value in chosen) / len(chosen)))
        bounds.sort()
        return bounds[len(bounds) // 20], bounds[-1 - len(bounds) // 20]

    def report(self, digits=5):
        shown = ", ".join(f"{weight:.{digits}g}" for weight in self.weights)
        return f"offset {self.offset:.{digits}g}; weights {shown}; worst {self.history[-1]:.3g}"
'''

# The same work with names exchanged and statements in another layout.
RENAMES = {
    "weights": "coefs", "offset": "bias", "penalty": "lam", "rounds": "epochs", "history": "trace",
    "residuals": "gaps", "errors": "deltas", "error": "delta", "pull": "grad", "size": "norm",
    "moved": "change", "place": "j", "turn": "epoch", "step": "rate", "targets": "labels",
    "target": "label", "weight": "coef", "digits": "places", "shown": "joined",
}  # fmt: skip


def disguised(text: str = OWN) -> str:
    """A copy of some text with other names."""
    import re

    return re.sub(r"\b\w+\b", lambda found: RENAMES.get(found[0], found[0]), text)


def independent(number: int) -> str:
    """A solution that shares the task with the others and nothing else."""
    chance = Random(1000 + number)
    methods = "".join(_method(chance, chance.choice(_NAMES)) for _ in range(6))
    return f"""

class Model:
    def __init__(self, width):
        self.state = [{chance.random():.3f}] * (width + {chance.randrange(9)})
        self.level = {chance.random():.4f}

    def fit(self, rows, targets):
{_body(chance, ("rows", "targets", "self.level"), 5)}
        self.state = [{_value(chance, ("self.level",), 2)} for _ in self.state]

    def predict(self, row):
{_body(chance, ("row", "self.state", "self.level"), 3)}
        return {_value(chance, ("self.level", "sum(row)"), 2)}
{methods}"""


_NAMES = ("scan", "settle", "probe", "merge", "weigh", "trim", "shift", "score", "spread", "pick")
_CALLS = ("abs({})", "math.sqrt(abs({}))", "math.tanh({})", "round({}, 3)", "math.log1p(abs({}))",
          "min({}, 9.5)", "max({}, 0.25)", "math.cos({})")  # fmt: skip
_SIGNS = ("+", "-", "*", "/ 3.7 +", "% 11 -")


def _method(chance: Random, name: str) -> str:
    return f"""
    def {name}_{chance.randrange(100)}(self, rows, limit={chance.randrange(2, 90)}):
{_body(chance, ("limit", "self.level", "rows"), chance.randrange(3, 6))}
        return {_value(chance, ("limit", "self.level"), 3)}
"""


def _value(chance: Random, names: Sequence[str], depth: int) -> str:
    """A random expression of numbers."""
    numeric = [name for name in names if name not in ("rows", "targets", "row", "self.state")]
    if depth == 0 or chance.random() < 0.2:
        return chance.choice([*numeric, f"{chance.uniform(0.1, 40):.2f}"])
    if chance.random() < 0.4:
        return chance.choice(_CALLS).format(_value(chance, names, depth - 1))
    one, two = _value(chance, names, depth - 1), _value(chance, names, depth - 1)
    return f"({one} {chance.choice(_SIGNS)} {two})"


def _body(chance: Random, names: Sequence[str], count: int) -> str:
    """Some random statements, in a method."""
    lines = []
    for place in range(count):
        name = f"v{place}"
        lines += [" " * 8 + line for line in _statement(chance, name, names)]
        names = (*names, name)
    return "\n".join(lines)


def _statement(chance: Random, name: str, names: Sequence[str]) -> list[str]:
    lists = [each for each in names if each in ("rows", "targets", "row", "self.state")]
    source = chance.choice(lists) if lists else "range(7)"
    value = _value(chance, names, 3)
    kind = chance.randrange(5)
    if kind == 0:
        return [f"{name} = {value}"]
    if kind == 1:
        return [f"{name} = {_value(chance, names, 1)}", f"for place, _ in enumerate({source}):",
                f"    {name} {chance.choice('+-')}= {value} * place"]  # fmt: skip
    if kind == 2:
        return [
            f"{name} = {value}",
            f"while {name} > {chance.randrange(2, 60)}:",
            f"    {name} = {name} / {chance.uniform(1.1, 5):.2f} - {chance.random():.2f}",
        ]
    if kind == 3:
        return [f"{name} = {value}", f"if {name} < {_value(chance, names, 1)}:",
                f"    self.level = {_value(chance, (*names, name), 2)}", "else:",
                f"    {name} = {_value(chance, names, 2)}"]  # fmt: skip
    return [f"{name} = sum({_value(chance, ('place', *names), 2)} for place in range({value:.4s}))"
            if value[0].isdigit() else f"{name} = len({source}) * {value}"]  # fmt: skip


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, which is made."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def cohort(folder: Path, members: int = 12) -> Path:
    """Independent submissions on the starter code, and ``ann`` whose work ``zoe`` disguised."""
    for number in range(members):
        write(folder / f"s{number:02d}", {"main.py": STARTER + independent(number)})
    write(folder / "ann", {"main.py": STARTER + OWN})
    write(folder / "zoe", {"run.py": STARTER + disguised()})
    return folder
