"""How the tables of rewrites are judged.

Whole modules: two small repositories, how strong and how much covered. A few statements: whether
both compute the same, with nothing left over on either side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet
from profiles import KEPT, computed, profile_of

import codesim
from codesim import Strength

Code = str | Mapping[str, str]
# What a whole rewritten module must keep of each side, and what honest neighbours may share.
SAME, OTHER = 0.85, 0.3
_SHARE = re.compile(r"(\d+) % of (left|right)")


@dataclass(frozen=True)
class Measured:
    """Strength of the code evidence and the covered share of each repository, 0..1."""

    strength: Strength
    left: float
    right: float


def snapshot(code: Code, name: str) -> codesim.Snapshot:
    """A repository; one text is its only file."""
    files = {f"{name}.py": code} if isinstance(code, str) else code
    return codesim.snapshot_of({path: text.encode() for path, text in files.items()}, name)


def evidence_of(left: Code, right: Code, *base: Code) -> codesim.Evidence:
    """What the code detector says of two repositories."""
    return between(
        snapshot(left, "left"),
        snapshot(right, "right"),
        *(snapshot(code, "base") for code in base),
    )


def between(
    left: codesim.Snapshot, right: codesim.Snapshot, *base: codesim.Snapshot
) -> codesim.Evidence:
    """What the code detector says of two snapshots."""
    (evidence,) = codesim.compare(left, right, base, only=["code"]).evidence
    return evidence


def measured(left: Code, right: Code) -> Measured:
    """The covered shares are those that the summary tells a person."""
    evidence = evidence_of(left, right)
    shares = {side: int(share) / 100 for share, side in _SHARE.findall(evidence.summary)}
    if evidence.summary.startswith("identical"):
        shares = {"left": 1.0, "right": 1.0}
    return Measured(evidence.strength, shares.get("left", 0.0), shares.get("right", 0.0))


def assert_same(left: Code, right: Code) -> None:
    """A rewrite leaves a match standing that covers nearly all of both sides."""
    found = measured(left, right)
    assert found.strength >= Strength.WEAK, found
    assert min(found.left, found.right) >= SAME, found


def assert_other(left: Code, right: Code) -> None:
    """Honest neighbours share idioms, never a match of weight."""
    found = measured(left, right)
    assert found.strength <= Strength.WEAK, found
    assert max(found.left, found.right) <= OTHER, found


def assert_nearer(original: Code, rewritten: Code, changed: Code) -> None:
    """What looks like a rewrite and computes something else is covered less or worth less."""
    assert_same(original, rewritten)
    near, far = measured(original, rewritten), measured(original, changed)
    covered_less = min(far.left, far.right) < min(near.left, near.right)
    assert covered_less or far.strength < near.strength, (near, far)


# -- a few statements --------------------------------------------------------------------------

IMPORTS = "import numpy as np\nimport torch\nimport torch.nn.functional as F\n"


@dataclass(frozen=True)
class Rewrite:
    """One rewrite: what only looks like it, and what it may do. Rows: id, left, right."""

    name: str
    two: tuple[tuple[str, str, str], ...]
    one: tuple[tuple[str, str, str], ...]


def body(code: str) -> str:
    """A function whose body is ``code``, lines separated by ``;``; a whole module as it is."""
    if "\n" in code:
        return code
    lines = "".join(f"    {line}\n" for line in code.split(";"))
    return f"{IMPORTS}\ndef work(a, b, c, n, xs):\n{lines}"


def rows(rewrites: Sequence[Rewrite], side: str) -> list[ParameterSet]:
    """The rows of all tables on one side, under the name of their rewrite."""
    return [
        pytest.param(left, right, id=f"{rewrite.name}: {name}")
        for rewrite in rewrites
        for name, left, right in getattr(rewrite, side)
    ]


def assert_one(left: str, right: str) -> None:
    """Both compute the same: equal graphs once the names of the repository are free."""
    one, two = (computed(profile_of(body(code))) for code in (left, right))
    assert one == two, (sum((one - two).values()), sum((two - one).values()))


def assert_two(left: str, right: str) -> None:
    """They compute different things, which names may tell."""
    one, two = (computed(profile_of(body(code)), KEPT) for code in (left, right))
    assert one != two


def assert_both_sides_are_told(rewrites: Sequence[Rewrite]) -> None:
    """No rewrite without what only looks like it, and no fewer of these."""
    short = [rewrite.name for rewrite in rewrites if len(rewrite.two) < len(rewrite.one)]
    assert not short, short
    assert all(rewrite.one for rewrite in rewrites)
