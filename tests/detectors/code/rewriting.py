"""How the tables of rewrites are judged: two small repositories, how strong, how much covered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import codesim
from codesim import Strength

Code = str | Mapping[str, str]
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
    assert min(found.left, found.right) >= 0.85, found


def assert_other(left: Code, right: Code) -> None:
    """Honest neighbours share idioms, never a match of weight."""
    found = measured(left, right)
    assert found.strength <= Strength.WEAK, found
    assert max(found.left, found.right) <= 0.3, found
