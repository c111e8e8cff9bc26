"""A small cohort on disk: submissions that solve one task in ways of their own, and a copy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

STARTER = '''"""Starter code: load the data, call the solution, print what it gives."""

import csv
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
    kinds = (_nearest, _tree, _average, _lookup)
    return kinds[number % len(kinds)](number)


def _nearest(number: int) -> str:
    return f"""

class Model:
    def __init__(self, width):
        self.k = {number + 2}
        self.seen = []

    def fit(self, rows, targets):
        self.seen = sorted(zip(map(tuple, rows), targets), key=lambda pair: pair[1] * {number + 1})

    def predict(self, row):
        ranked = sorted(self.seen, key=lambda pair: sum(abs(a - b) ** {number % 3 + 1} for a, b in
                                                        zip(pair[0], row)))
        near = [value for _, value in ranked[: self.k]]
        return sum(near) / len(near)
"""


def _tree(number: int) -> str:
    return f"""

class Model:
    def __init__(self, width):
        self.limit = {number % 5 + 2}
        self.root = None

    def fit(self, rows, targets, depth=0):
        self.root = self.split(list(zip(rows, targets)), depth)

    def split(self, data, depth):
        middle = sorted(value for _, value in data)[len(data) // {number % 4 + 2}] if data else 0
        if depth == self.limit or len(data) < {number % 7 + 3}:
            return middle
        column = depth % len(data[0][0])
        cut = sum(row[column] for row, _ in data) / len(data)
        below = [pair for pair in data if pair[0][column] < cut]
        above = [pair for pair in data if pair[0][column] >= cut]
        return column, cut, self.split(below, depth + 1), self.split(above, depth + 1)

    def predict(self, row):
        node = self.root
        while isinstance(node, tuple):
            node = node[2] if row[node[0]] < node[1] else node[3]
        return node
"""


def _average(number: int) -> str:
    return f"""
import statistics


class Model:
    def __init__(self, width):
        self.bins = [dict() for _ in range(width)]
        self.mean = 0

    def fit(self, rows, targets):
        self.mean = statistics.fmean(targets)
        for column, table in enumerate(self.bins):
            for row, target in zip(rows, targets):
                table.setdefault(round(row[column] * {number + 3}), []).append(target - self.mean)

    def predict(self, row):
        parts = [statistics.median(table.get(round(value * {number + 3}), [0]))
                 for table, value in zip(self.bins, row)]
        return self.mean + sum(parts) / {number % 3 + 1}
"""


def _lookup(number: int) -> str:
    return f'''
import hashlib


class Model:
    SALT = b"{number:04d}"

    def __init__(self, width):
        self.table = {{}}
        self.default = 0.0

    def key(self, row):
        text = "|".join("%.{number % 4 + 1}f" % value for value in row).encode()
        return hashlib.sha256(self.SALT + text).hexdigest()[: {number % 8 + 8}]

    def fit(self, rows, targets):
        for row, target in zip(rows, targets):
            old, count = self.table.get(self.key(row), (0.0, 0))
            self.table[self.key(row)] = (old * count + target) / (count + 1), count + 1
        self.default = sorted(targets)[len(targets) // 2]

    def predict(self, row):
        return self.table.get(self.key(row), (self.default, 0))[0]
'''


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
