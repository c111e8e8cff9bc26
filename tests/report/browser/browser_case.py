"""A comparison whose report has everything that the tests of the page press, hover and read."""

from __future__ import annotations

from report_samples import comparison, evidence, match, pair, snapshot

from codesim.model import CloneType, Evidence, Fragment, Rename, Strength, Table
from codesim.report import document_of

FUNCTIONS = 12
LONG = 420


def _function(number, name, argument):
    return (
        f"def {name}_{number}({argument}, scale={number}.0):\n"
        f'    """Step {number}."""\n'
        f"    total = {argument} * scale + {number}\n"
        f"    return total / {number + 1}\n\n\n"
    )


def source(name, argument, order):
    return "import math\n\n\n" + "".join(_function(n, name, argument) for n in order)


def _lines(number):
    """Where function ``number`` stands, from 0, in a file that _file made."""
    return (4 + 6 * number, 7 + 6 * number)


def _big(name):
    return "".join(f"{name}_{n} = {n} * {n % 7}  # row {n}\n" for n in range(LONG))


def document():
    """Three pairs of code (one in the page, one with crossed matches, one long), one of config."""
    order = [*range(FUNCTIONS)]
    turned = [*order[6:], *order[:6]]
    left = {
        "core/steps.py": source("step", "value", order),
        "core/other.py": source("step", "value", order),
        "core/long.py": _big("left"), "config.json": '{\n "depth": 12,\n "width": 640\n}\n',
    }  # fmt: skip
    right = {
        "lib/stages.py": source("stage", "x", order), "lib/moved.py": source("stage", "x", turned),
        "lib/long.py": _big("right"), "conf.json": '{\n "layers": 12,\n "width": 640\n}\n',
    }  # fmt: skip
    sides = [
        snapshot(name, {path: text.encode() for path, text in files.items()}, revision=revision)
        for name, files, revision in (
            ("alice/steps", left, "a1" * 20), ("bob/stages", right, "b2" * 20),
        )
    ]  # fmt: skip
    return document_of(comparison(left=sides[0], right=sides[1], evidence=(_code(), _config())))


def _code():
    names = (("value", "x"),)
    pairs = (
        pair(
            "core/steps.py", "lib/stages.py", _matches("core/steps.py", "lib/stages.py", 0, names)
        ),
        pair("core/other.py", "lib/moved.py", _matches("core/other.py", "lib/moved.py", 6, names)),
        pair(
            "core/long.py",
            "lib/long.py",
            (match(Fragment("core/long.py", (11, LONG)), Fragment("lib/long.py", (11, LONG))),),
        ),
    )
    return evidence(
        pairs=pairs,
        renames=(
            Rename("value", "x", 48, 1.0, "variable"),
            Rename("step_1", "stage_1", 1, 1.0, "function"),
        ),
        facts={"left_coverage": 0.64, "right_coverage": 0.71},
    )


def _matches(left, right, turn, names):
    found = []
    for number in range(FUNCTIONS):
        if number % 4 == 3:
            continue  # a run that nothing matches
        one, two = f"step_{number}", f"stage_{number}"
        found.append(
            match(
                Fragment(left, _lines(number), one),
                Fragment(right, _lines((number - turn) % FUNCTIONS), two),
                CloneType.NEAR if number % 2 else CloneType.RENAMED,
                why=f"the same code, 2 names changed in step {number}",
                names=(*names, (one, two)),
            )
        )
    return tuple(found)


def _config():
    return Evidence(
        "config",
        Strength.MODERATE,
        1.0,
        "2 of 2 values equal, 1 key renamed",
        (
            pair(
                "config.json",
                "conf.json",
                (match(Fragment("config.json", (2, 3)), Fragment("conf.json", (2, 3))),),
            ),
        ),
        (Rename("depth", "layers", 1, 1.0, "key"),),
        tables=(
            Table(
                "config.json and conf.json",
                ("key left", "key right", "value left", "value right", "state"),
                (
                    ("depth", "layers", "12", "12", "renamed"),
                    ("width", "width", "640", "640", "same"),
                    ("seed", "", "7", "", "only left"),
                ),
            ),
        ),
    )
