"""What to ask of the sample before and after a disguise."""

from __future__ import annotations

# One claim per row: what the repository must go on answering.
QUESTIONS = {
    "early return": "area(0, 5)",
    "arithmetic": "area(2, 7)",
    "raises": "area(-1, 2)",
    "nested loops": "grid(3, 4)",
    "dataclass fields by keyword": "configured(depth=4, labels=['a'])",
    "inheritance, partial, property, getattr": "built(3)",
    "class method": "Box.square(edge=2).extent()",
    "unexpected keyword": "Shape(1, colour=2)",
    "formatted strings": "describe('cat', 3)",
    "keyword only": "describe('dog', count=1, upper=True)",
    "comprehension": "vowels('Aerial Ouse')",
    "tuple swap": "swap(3, 4)",
    "setdefault and lambda": "bucket(['pear', 'fig', 'plum', '', 'figs'])",
    "match int": "classify(11)",
    "match list": "classify([1, 2, 3])",
    "match mapping": "classify({'name': 'x', 'y': 1})",
    "match none": "classify(None)",
    "flag": "classify(True)",
    "closure": "accumulate([1, 0, 2, 3])",
    "try fails": "safe('x')",
    "try zero": "safe('0')",
    "try passes": "safe('7')",
    "continue and break": "longest(['a', 'bb', 'cc', 'ddd', 'eeee', 'fffff'])",
    "loop else": "longest(['a'])",
    "generator": "list(generated(8))",
    "across modules": "mixed(2, 3)",
    "global counter": "[double(1), calls() > 0]",
    "statistics": "stats([1, 2, 3, 4.5])",
    "empty": "stats([])",
    "histogram": "histogram('mississippi')",
    "stateful object": "tallied([5, -3, 4])",
    "while": "collatz(6)",
    "nested comprehension": "matrix(3)",
}

# Run in a process of its own: imports every module and answers every question.
ASK = """
import importlib, json, pkgutil, re, sys
names, questions = json.loads(sys.stdin.read())
import shop
space = {}
for found in sorted(m.name for m in pkgutil.iter_modules(shop.__path__)):
    space.update(vars(importlib.import_module(f"shop.{found}")))
answers = {}
for claim, question in questions.items():
    new = re.sub(r"'[^']*'|[A-Za-z_]+", lambda m: names.get(m.group(), m.group()), question)
    try:
        answers[claim] = repr(eval(new, dict(space)))
    except Exception as error:
        answers[claim] = type(error).__name__
print(json.dumps(answers))
"""
