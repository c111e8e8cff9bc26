"""Comparisons made by hand for the tests of the renderers, and strings that attack them."""

from __future__ import annotations

from codesim.errors import SnapshotError
from codesim.model import (
    CloneType,
    Comparison,
    Entry,
    Evidence,
    Excluded,
    FilePair,
    Fragment,
    Match,
    Plot,
    Rename,
    Series,
    Skipped,
    Snapshot,
    Strength,
    Table,
)

LEFT_CODE = '''\
import math


class TileMixer:
    """Mixes tiles."""

    def forward(self, tiles):
        total = 0
        for tile in tiles:
            total += math.sqrt(tile)
        return total

    def grid(self, size):
        return size // 14


def plan(width, height):
    return width * height
'''

RIGHT_CODE = """\
from math import sqrt


def area(w, h):
    return w * h


class Blend:
    def forward(self, xs):
        return sum(sqrt(x) for x in xs)

    def cells(self, n):
        return n // 14
"""


def snapshot(name, files, origin=None, revision=None, skipped=(), date=None):
    def read(path):
        if path not in files:
            raise SnapshotError(f"no such file: {path}")
        return files[path]

    return Snapshot(
        name=name,
        origin=origin or f"https://example.org/{name}",
        revision=revision,
        entries=tuple(Entry(path, None, len(data)) for path, data in sorted(files.items())),
        reader=read,
        skipped=tuple(skipped),
        date=date,
    )


def match(left, right, kind=CloneType.RENAMED, similarity=0.97, why="Only names differ.", names=()):
    return Match(left, right, kind, similarity, why, names)


def pair(left="model/mixer.py", right="src/blend.py", matches=None):
    if matches is None:
        matches = (
            match(
                Fragment(left, (7, 11), "TileMixer.forward"),
                Fragment(right, (9, 10), "Blend.forward"),
                CloneType.SEMANTIC,
                0.83,
                "A loop became a comprehension; the value graph is the same.",
                (("tile", "x"), ("tiles", "xs")),
            ),
            match(
                Fragment(left, (13, 14), "TileMixer.grid"),
                Fragment(right, (12, 13), "Blend.cells"),
                names=(("grid", "cells"), ("size", "n")),
            ),
            match(
                Fragment(left, (17, 18), "plan"),
                Fragment(right, (4, 5), "area"),
                names=(("height", "h"), ("plan", "area"), ("width", "w")),
            ),
        )
    return FilePair(Fragment(left), Fragment(right), 0.64, 0.995, 0.71, tuple(matches))


def evidence(**changes):
    fields = {
        "kind": "code",
        "strength": Strength.VERY_STRONG,
        "score": 41.25,
        "summary": "71 % of right is in left, 64 % of left is in right; 3 names renamed",
        "pairs": (pair(), pair("train.py", "scripts/run/a_rather_long_folder/fit.py", ())),
        "renames": (
            Rename("TileMixer", "Blend", 4, 1.0, "class"),
            Rename("grid", "cells", 2, 0.875, "method"),
        ),
        "excluded": (Excluded("licence text", "2 files", "the MIT licence"),),
        "skipped": (Skipped("right: weights.bin", "pickle; only safetensors is read"),),
        **changes,
    }
    return Evidence(**fields)


def comparison(**changes):
    left = snapshot(
        "alice/tiles",
        {"model/mixer.py": LEFT_CODE.encode(), "train.py": b"print(1)\n", "README.md": b"#\n"},
        revision="3f2c1ab41d02aa00" + "0" * 24,
        date="2024-05-01T12:00:00Z",
    )
    right = snapshot(
        "bob/blend",
        {
            "src/blend.py": RIGHT_CODE.encode(),
            "scripts/run/a_rather_long_folder/fit.py": b"print(1)\n",
        },
        revision="9be07d4" + "1" * 33,
        date="2024-06-22T08:30:00Z",
    )
    fields = {
        "left": left,
        "right": right,
        "evidence": (
            evidence(),
            Evidence("config", Strength.NONE, 0.0, "no value in common beyond defaults"),
        ),
        "parameters": {"code": {"shortest": 12, "lenses": ("layout", "names"), "rate": 0.25}},
        "version": "0.1.0",
        "base": (snapshot("carol/framework", {"core.py": b""}),),
        "skipped": (Skipped("left: logo.png", "not text"),),
        **changes,
    }
    return Comparison(**fields)


def everywhere(text, columns=("left", "state")):
    """A comparison with ``text`` in every field that can hold text of an input."""
    # In one line each: alone, in a comment and in a string. The rest keeps the file a text.
    line = " ".join(text.splitlines())
    code = f"{line}\n# {line}\ns = '{line}'\n".encode("utf-8", "replace") + b"x = 1\n" * 100
    side = snapshot(text, {text: code}, origin=text, revision=text)
    found = (_full(text, columns), _bare(text))
    return Comparison(
        side, side, found, {text: {text: text}}, text, (side,), (Skipped(text, text),)
    )


def _pairs(text):
    fragment = Fragment(text, (1, 1), text)
    names = (("s", "s"), *(((text, text),) if not text.isidentifier() else ()))
    found = Match(fragment, fragment, CloneType.NEAR, 0.9, text, names)
    return (FilePair(Fragment(text), Fragment(text), 0.5, 0.5, 0.5, (found,)),) * 2


def _full(text, columns):
    """Evidence with a table and figures of its own."""
    return Evidence(
        text,
        Strength.STRONG,
        1.0,
        text,
        _pairs(text),
        (Rename(text, text, 1, 1.0, text),),
        (Excluded(text, text, text),),
        (Skipped(text, text),),
        (Table(text, columns, ((text, text), (text, "same")), text),),
        {text: text},
        tuple(
            Plot(text, kind, text, text, (Series(text, ((0.0, 1.0), (1.0, -2.0))),) * 2, text)
            for kind in ("line", "bars", "qq", "heat")
        ),
    )


def _bare(text):
    """Evidence without, which has pictures of its files."""
    renames = (Rename(text, text, 1, 1.0, "tensor segment"),)
    facts = {"left_coverage": 0.5, "right_coverage": 0.25}
    return Evidence(text, Strength.WEAK, 1.0, text, _pairs(text), renames, facts=facts)


HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea></template></noscript><img src=x onerror=alert(1)>",
    "<!--<script>",
    "--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    '" onmouseover=alert(1) x="',
    "' onfocus=alert(1) autofocus x='",
    '"><script>alert(1)</script>',
    "` onclick=alert(1) `",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "{{ 7 * 7 }}",
    "{% raw %}{{ x }}",
    "${7*7} #{7*7}",
    "../../etc/passwd",
    "/absolute/path.py",
    "a\x1b[31mred\x1b]0;title\x07",
    "carriage\rreturn",
    "two\nlines | and # more",
    "tab\there",
    "nul\x00byte",
    "c1\x9b31m\x85",
    "bidi\u202etxt.exe\u2066x\u2069",
    "zero\u200bwidth\u200d\ufeff",
    "line\u2028para\u2029",
    "surrogate\ud800\udcff",
    "[link](javascript:alert(1)) ![img](http://evil.example/x.png)",
    "<https://evil.example> https://evil.example www.evil.example me@evil.example",
    "@everyone #1 GH-1 owner/repo#2 deadbeefdeadbeef :bomb:",
    "``` ````\n~~~\n# head\n- item\n> quote",
    "a | b || \\| c \\\\| d",
    "*bold* _under_ ~~gone~~ `code` \\` **",
    '=HYPERLINK("http://evil.example")',
    "x" * 5000,
    "界" * 300,
)
