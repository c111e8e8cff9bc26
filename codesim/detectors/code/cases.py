"""``match`` statements, read as the chain of branches that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code import control, expressions, operators
from codesim.detectors.code.syntax import KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder


def match(b: Builder, i: int) -> bool:
    """Each case is a branch on the subject, as in a chain of ``elif``."""
    kids = b.kids[i]
    if len(kids) < 2:
        return False
    b.count("match")
    subject = b.values(kids[:-1])[0]
    before = b.scope.env
    ends: list[dict[str, int]] = []
    caught = False
    for case in b.kids[kids[-1]]:
        pattern, *guards, body = b.kids[case] or [case]
        b.scope.env = dict(before)
        caught = _case(b, pattern, subject, guards) or caught
        if not b.block(body):
            ends.append(b.scope.env)
    ends.extend([] if caught else [before])
    if not ends:
        return True
    after = ends.pop()
    while ends:
        after = control.merge(b, i, ends.pop(), after)
    b.scope.env = after
    return False


def _case(b: Builder, pattern: int, subject: int, guards: list[int]) -> bool:
    """The branch of one case; True when it takes whatever is left."""
    values = [_compared(b, node) for node in _literals(b, pattern)]
    if values:
        operators.branch(b, pattern, operators.one_of(b, pattern, subject, tuple(values)))
    for guard in guards:
        for test in b.kids[guard]:
            operators.condition(b, test)
    return not guards and not b.kids[pattern]


def _literals(b: Builder, pattern: int) -> list[int]:
    """Syntax nodes of the values that a case compares with."""
    found: list[int] = []
    stack = list(b.kids[pattern])
    while stack:
        node = stack.pop()
        if KIND_NAMES[b.kind[node]] == "union_pattern":
            stack.extend(b.kids[node])
        elif b.kind[node] in _COMPARED and len(b.kids[node]) != 1:  # one name catches anything
            found.append(node)
    return found[::-1]


def _compared(b: Builder, node: int) -> int:
    """The value of a literal, or of a dotted name such as ``Mode.FAST``."""
    if KIND_NAMES[b.kind[node]] != "dotted_name":
        return b.value(node)
    return expressions.path_value(b, b.kids[node])


_COMPARED = frozenset(
    KIND_NAMES.index(name)
    for name in ("true", "false", "none", "integer", "float", "string", "dotted_name")
)
