"""A small repository of pure functions, with many forms of the language."""

from __future__ import annotations

SAMPLE = {
    "shop/__init__.py": """
from .shapes import Box, area
from . import wording

__all__ = ["Box", "area", "wording"]
""",
    "shop/shapes.py": '''
"""Shapes."""
from __future__ import annotations
import math
from dataclasses import dataclass, field
from functools import partial

SCALE = 3

@dataclass
class Options:
    depth: int = 2
    labels: list = field(default_factory=list)

class Shape:
    """A base class."""
    sides = 0

    def __init__(self, width, height=1, **kwargs):
        self.width = width
        self.height = height
        self.tag = kwargs.pop("tag", "none")
        if kwargs:
            raise TypeError(f"unexpected {sorted(kwargs)}")

    def extent(self):
        a, b = self.width, self.height
        return a * b + self._margin(SCALE)

    def _margin(self, factor):
        base = self.width + 1
        return base * factor

    @property
    def ratio(self):
        return self.width / self.height if self.height else math.inf

    @classmethod
    def square(cls, edge):
        return cls(width=edge, height=edge)

class Box(Shape):
    sides = 4

    def __init__(self, width, height, depth=1):
        super().__init__(width=width, height=height, tag="box")
        self.depth = depth

    def extent(self):
        total = super().extent()
        total += self.depth
        return total

    def _fold(self, times):
        out = []
        for i in range(times):
            out.append(self.width * i)
        return out

    def folded(self, times):
        parts = self._fold(times)
        return sum(parts) - _offset(times)

def _offset(amount):
    return amount * 2

def area(width, height):
    # a comment
    if width < 0 or height < 0:
        raise ValueError("negative")
    if width == 0:
        return 0
    first = width * 2
    second = height * 3
    third = first + second
    return third * SCALE

def grid(rows, columns):
    cells = []
    for r in range(rows):
        for c in range(columns):
            if (r + c) % 2 == 0:
                cells.append((r, c))
    i = 0
    while i < 3:
        cells.append((i, i))
        i += 1
    return cells

def configured(**changes):
    options = Options(**changes)
    return options.depth * 2 + len(options.labels)

def built(edge):
    make = partial(Box, depth=5)
    box = make(edge, edge + 1)
    return [box.extent(), box.folded(times=4), box.ratio, Box.sides, getattr(box, "tag")]
''',
    "shop/wording.py": '''
"""Words."""
import re
from .shapes import area as surface
from . import counting as numbers

_VOWELS = "aeiou"

def describe(name, count=1, *, upper=False):
    """Describe."""
    text = f"{name!r} x {count:>4d} at {count / 3:.2f}"
    plural = "s" if count != 1 else ""
    line = "{} item{}".format(count, plural)
    return (text.upper() if upper else text) + "; " + line

def vowels(text):
    found = [ch for ch in text.lower() if ch in _VOWELS]
    return "".join(found), len(found)

def swap(a, b):
    a, b = b, a
    c, d = a + b, a * b
    return a, b, c, d

def bucket(words):
    groups = {}
    for word in words:
        key = word[0] if word else "?"
        groups.setdefault(key, []).append(word)
    return {k: sorted(v, key=lambda w: (len(w), w)) for k, v in sorted(groups.items())}

def classify(value):
    if value is None:
        return "nothing"
    elif isinstance(value, bool):
        kind = "flag"
    else:
        kind = "thing"
    match value:
        case int() if value > 10:
            kind += "-large"
        case [first, *rest]:
            kind += "-list" + str(first) + str(len(rest))
        case {"name": who, **others}:
            kind += who + str(len(others))
        case _:
            pass
    return kind

def accumulate(items):
    total = 0
    seen = []

    def add(item):
        nonlocal total
        total += item
        seen.append(total)
        return total

    results = [add(x) for x in items if x]
    return total, seen, results

def safe(text):
    try:
        number = int(text)
        result = 100 // number
    except ValueError as problem:
        return str(type(problem).__name__)
    except ZeroDivisionError:
        result = -1
    else:
        result = result + 1
    finally:
        done = True
    return result, done

def longest(words):
    best = ""
    for place, word in enumerate(words):
        if len(word) <= len(best):
            continue
        best = word
        if place > 3:
            break
    else:
        best += "!"
    return best

def generated(limit):
    for n in range(limit):
        if n % 2:
            yield n * n

def mixed(width, height, pattern=r"[a-z]+"):
    size = surface(width, height)
    twice = numbers.double(value=size)
    names = re.findall(pattern, "ab 12 cd")
    if (n := len(names)) > 1:
        twice = twice - n
    low = 0 < width < 10
    return twice, names, low
''',
    "shop/counting.py": '''
"""Counting."""
from collections import Counter, defaultdict

CALLS = 0
LIMIT = 12

def double(value):
    global CALLS
    CALLS += 1
    return value + value

def calls():
    return CALLS

def _mean(values):
    count = len(values)
    return sum(values) / count

def _spread(values, centre):
    deltas = [(v - centre) ** 2 for v in values]
    return sum(deltas) / len(deltas)

def stats(values, digits=3):
    values = list(values)
    if not values:
        return None
    centre = _mean(values)
    spread = _spread(values, centre)
    low, high = min(values), max(values)
    middle = (low + high) / 2
    return {"mean": round(centre, digits), "spread": round(spread, digits), "middle": middle}

def histogram(text):
    counts = Counter(text)
    table = defaultdict(int)
    for letter, amount in counts.most_common():
        table[amount] += 1
    pairs = [(a, b) for a, b in table.items()]
    pairs.sort()
    return pairs

class Tally:
    def __init__(self, start=0):
        self.amount = start
        self.history = []

    def __call__(self, *steps, reverse=False):
        for step in steps:
            self._bump(step if not reverse else -step)
        return self

    def _bump(self, step):
        before = self.amount
        self.amount = before + step
        self.history.append(self.amount)

    def __getitem__(self, place):
        return self.history[place]

    def summary(self):
        peak = max(self.history) if self.history else None
        last = self.history[-1] if self.history else None
        return {"peak": peak, "last": last, "count": len(self.history)}

def tallied(steps):
    tally = Tally(start=2)(*steps)(1, 2, reverse=True)
    return tally.summary(), tally[0], tally.amount

def collatz(n):
    path = [n]
    while n != 1 and len(path) < LIMIT:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        path.append(n)
    return path

def matrix(size):
    rows = []
    for r in range(size):
        row = [r * size + c for c in range(size)]
        rows.append(row)
    transposed = [list(column) for column in zip(*rows)]
    trace = 0
    for i in range(1, size):
        trace += rows[i][i] * 2
    return rows, transposed, trace
''',
}
