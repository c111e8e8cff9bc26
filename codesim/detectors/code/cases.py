"""``match`` statements, read as the chain of branches that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code import control, operators, patterns
from codesim.detectors.code.graph import OP
from codesim.detectors.code.syntax import KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_CASE, _PATTERN, _GUARD, _BLOCK = (
    frozenset(i for i, kind in enumerate(KIND_NAMES) if kind == name)
    for name in ("case_clause", "case_pattern", "if_clause", "block")
)


def match(b: Builder, i: int) -> bool:
    """Each case is a branch on the subject, as in a chain of ``elif``."""
    kids = b.kids[i]
    if len(kids) < 2:
        return False
    b.count("match")
    subjects = b.values(kids[:-1])
    subject = subjects[0]
    if len(subjects) > 1:
        subject = b.graph.node(OP["seq"], b.start[kids[0]], subjects)
    before = b.scope.env
    ends: list[dict[str, int]] = []
    caught = False
    for case in b.kids[kids[-1]]:
        parts = b.kids[case]
        if b.kind[case] not in _CASE or not parts or b.kind[parts[-1]] not in _BLOCK:
            continue
        b.scope.env = dict(before)
        caught = _case(b, case, subject) or caught
        if not b.block(parts[-1]):
            ends.append(b.scope.env)
    ends.extend([] if caught else [before])
    if not ends:
        return True
    after = ends.pop()
    while ends:
        after = control.merge(b, i, ends.pop(), after)
    b.scope.env = after
    return False


def _case(b: Builder, case: int, subject: int) -> bool:
    """The branch of one case, guard and all; True when it takes whatever is left."""
    kids = b.kids[case]
    tests = patterns.tests(b, [kid for kid in kids if b.kind[kid] in _PATTERN], subject)
    for guard in kids:
        if b.kind[guard] in _GUARD:
            tests.extend(b.values(b.kids[guard]))
    if tests:
        operators.branch(b, case, operators.both(b, case, tests))
    return not tests
