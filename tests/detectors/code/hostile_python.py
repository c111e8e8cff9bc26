"""Texts that break parsers, made on the spot: nothing hostile lies in this repository."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

GOOD = """import torch
from torch import nn


class Pooler(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attend = nn.MultiheadAttention(width, heads, batch_first=True)
        self.query = nn.Parameter(torch.zeros(1, 1, width))

    def forward(self, states, mask):
        query = self.query.expand(states.size(0), -1, -1)
        found, _ = self.attend(query, states, states, key_padding_mask=mask == 0)
        return torch.nn.functional.normalize(found.squeeze(1), p=2, dim=-1)
"""
_MARKS = "()[]{}:;,.=+-*/%@&|^~<>!\"'\\#`$? \n\t"


def punctuation(size: int, seed: int = 1) -> bytes:
    return "".join(random.Random(seed).choices(_MARKS, k=size)).encode()


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def indents(depth: int) -> bytes:
    return "".join(f"{' ' * n}if a:\n" for n in range(depth)).encode() + b" " * depth + b"pass\n"


def elifs(count: int) -> bytes:
    rest = "".join(f"elif a == {n}:\n    b = {n}\n" for n in range(count))
    return f"if a:\n    b = 1\n{rest}".encode()


def f_strings(depth: int) -> bytes:
    return b"x = " + b"f'{" * depth + b"1" + b"}'" * depth + b"\n"


def same_functions(count: int) -> bytes:
    """Ten lines each: 10,000 of them are 100,000 lines."""
    return ("def f(x):\n" + " x=x*x\n" * 7 + " return x\n\n").encode() * count


def many_names(count: int) -> bytes:
    return "".join(f"name_{n} = other_{n} + {n}\n" for n in range(count)).encode()


def carried(depth: int) -> bytes:
    """Loops in loops, each of which carries every value around."""
    lines = ["def f(xs, a, b, c):"]
    for n in range(depth):
        lines += [f"{' ' * (n + 1)}for i{n} in xs:", f"{' ' * (n + 2)}a, b, c = b + i{n}, c, a"]
    return "\n".join(lines).encode()


def branches(count: int) -> bytes:
    """Each branch doubles the ways to the end."""
    body = "".join(f"    if xs[{n}]:\n        a, b = b, a + {n}\n" for n in range(count))
    return f"def f(xs, a, b):\n{body}    return a, b\n".encode()


def notebook(cells: object, **rest: object) -> bytes:
    return json.dumps({"cells": cells, "nbformat": 4, **rest}).encode()


TEXTS: dict[str, Callable[[], bytes]] = {
    "nested parentheses": lambda: b"x = " + b"(" * 100_000 + b")" * 100_000,
    "open brackets": lambda: b"x = " + b"[" * 200_000,
    "nested lists": lambda: b"x = " + b"[" * 900 + b"]" * 900,
    "one line of numbers": lambda: b"x = [" + b"1, " * 330_000 + b"]",
    "one line of 5 MB": lambda: b"x = [" + b"1, " * 1_700_000 + b"]",
    "continuations": lambda: b"\\\n" * 32_000,
    "continuations apart": lambda: b"x = 1 + \\\n 2\n" * 15_000,
    "continuations with blanks": lambda: b"\\ \t\r\n  " * 8_000,
    "random punctuation": lambda: punctuation(300_000),
    "closing brackets": lambda: b"([{)]}:,=*" * 30_000,
    "random bytes": lambda: noise(300_000),
    "quotes": lambda: b"\"'" * 100_000,
    "open string": lambda: b'x = """' + b"a\n" * 100_000,
    "deep indents": lambda: indents(3_000),
    "attribute chain": lambda: b"x = a" + b".b" * 150_000,
    "call chain": lambda: b"x = a" + b".b(1)" * 50_000,
    "operator chain": lambda: b"x = 1" + b" + 1" * 100_000,
    "power chain": lambda: b"x = 1" + b" ** 1" * 50_000,
    "comparison chain": lambda: b"x = 1" + b" < 1" * 50_000,
    "boolean chain": lambda: b"x = a" + b" and a or b" * 20_000,
    "nots": lambda: b"x = " + b"not " * 50_000 + b"a",
    "minuses": lambda: b"x = " + b"-" * 90_000 + b"a",
    "lambdas": lambda: b"x = " + b"lambda: " * 50_000 + b"a",
    "conditional chain": lambda: b"x = " + b"a if b else " * 30_000 + b"c",
    "assignment chain": lambda: b"a = " * 100_000 + b"1",
    "elif chain": lambda: elifs(5_000),
    "f-strings in f-strings": lambda: f_strings(3_000),
    "decorators": lambda: b"@a.b\n" * 30_000 + b"def f(): pass\n",
    "nested functions": lambda: b"".join(b" " * n + b"def f():\n" for n in range(500)),
    "loops in loops": lambda: carried(60),
    "branches in a row": lambda: branches(3_000),
    "subscripts": lambda: b"x = a" + b"[0]" * 100_000,
    "zero bytes": lambda: GOOD.encode().replace(b"\n", b"\0\n"),
    "a megabyte of zero bytes": lambda: b"\0" * 1_000_000,
    "bad UTF-8": lambda: b"x = '\xff\xfe\xc3'\n" + GOOD.encode(),
    "bidirectional identifiers": lambda: "a\u202e\u2066b = 1\nдеф = a\n".encode() * 1_000,
    "surrogates": lambda: b"x = '\xed\xa0\x80'\n" * 1_000,
    "a long identifier": lambda: b"a" * 10_000_000,
    "a long identifier within the limit": lambda: b"x = " + b"a" * 900_000 + b"\n",
    "a long number": lambda: b"x = " + b"9" * 900_000 + b"\n",
    "a long comment": lambda: b"# " + b"a" * 900_000,
    "many names": lambda: many_names(12_000),
    "Python 2": lambda: b"print 'a' % x, 0777L\nexec `x` in y\nif a <> b: raise E, 'no'\n" * 500,
    "identical functions": lambda: same_functions(10_000),
}
NOTEBOOKS: dict[str, bytes] = {
    "not JSON": b"{cells",
    "empty": b"",
    "a list": b"[]",
    "a number": b"1e999",
    "deep JSON": b"[" * 100_000,
    "a long integer": b'{"cells": [' + b"9" * 10_000 + b"]}",
    "no cells": b"{}",
    "cells not a list": notebook("print(1)"),
    "cells of other kinds": notebook([None, 1, "x", [], {}, {"cell_type": "code"}]),
    "source of other kinds": notebook(
        [
            {"cell_type": "code", "source": None},
            {"cell_type": "code", "source": {"a": 1}},
            {"cell_type": "code", "source": [1, None, "x = 1"]},
        ]
    ),
    "lone surrogates": b'{"cells": [{"cell_type": "code", "source": "x = \\"\\ud800\\""}]}',
    "magics only": notebook([{"cell_type": "code", "source": "%%bash\nls\n!rm -rf /\n%cd"}] * 50),
    "a large output": notebook(
        [{"cell_type": "code", "source": "x = 1", "outputs": [{"text": "a" * 3_000_000}]}]
    ),
}
