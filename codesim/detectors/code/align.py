"""Aligns the value graphs of two units: which node of the left is which node of the right.

Nodes with equal labels are paired from the deepest label up, then the pairing spreads along edges:
down to the inputs that the equal label implies, and up to uses that agree but for one argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.code.graph import DEFINITION
from codesim.detectors.code.profile import DEPTH
from codesim.detectors.code.side import Side, Uses

# Below this a label is too plain to start a pairing; edges may still reach the node.
_SEED_BITS = 7.0
# Between units that already agree on this share, plain labels pair as well.
_RELATED = 0.3
_PLAIN_BITS = 1.5
# They complete a match; they are hardly evidence for it.
_PLAIN_TRUST = 0.2
# How much of a node's information a pairing is worth, by the depth of the label that agreed; the
# last is for nodes reached along an edge whose inputs do not all agree.
_TRUST = {3: 1.0, 2: 0.95, 1: 0.85, 0: 0.6}


@dataclass(slots=True)
class Pairing:
    """Partner of each paired left node, and how far to trust the pair (0..1); names kept or not."""

    partner: dict[int, int]
    trust: dict[int, float]
    kept: dict[int, bool]


def align(left: Side, right: Side, related: bool = False) -> Pairing:
    """Pair the nodes of two units; of related ones whatever is equal, however plain."""
    pairing = Pairing({}, {}, {})
    taken: set[int] = set()
    for depth in range(DEPTH, 0, -1):
        for family in (0, 1):
            _seed(left, right, depth, family, pairing, taken, _SEED_BITS)
    _spread_up(left, right, pairing, taken)
    if related or _agreement(left, right, pairing) >= _RELATED:
        convincing = set(pairing.partner)
        for depth in range(DEPTH, -1, -1):
            if related and depth == 0:
                break
            _seed(left, right, depth, 1, pairing, taken, 0.0 if related else _PLAIN_BITS)
        _spread_up(left, right, pairing, taken)
        if related:
            for a, b in list(pairing.partner.items()):
                _pair_leaves(left, right, a, b, pairing, taken)
        for a in pairing.partner.keys() - convincing:
            pairing.trust[a] *= _PLAIN_TRUST
    return pairing


def _agreement(left: Side, right: Side, pairing: Pairing) -> float:
    """Share of the smaller unit that is paired."""
    paired = sum(left.mass[a] for a in pairing.partner)
    return float(paired / max(1e-9, min(sum(left.mass), sum(right.mass))))


def _seed(
    left: Side,
    right: Side,
    depth: int,
    family: int,
    pairing: Pairing,
    taken: set[int],
    least: float,
) -> None:
    """Pair equal labels, unique ones and free partners first, in order of appearance."""
    bits = left.bits[family][depth]
    labels = left.labels[family][depth]
    waiting = [n for n in range(left.size) if n not in pairing.partner and bits[n] >= least]
    if least <= 0:  # Then what a value stands in decides, not that it occurs.
        waiting = [n for n in waiting if left.inputs[n]]
    if not waiting:
        return
    wanted = {labels[n] for n in waiting}
    where: dict[int, list[int]] = {}
    for n, label in enumerate(right.labels[family][depth]):
        if label in wanted:
            where.setdefault(label, []).append(n)
    cursor: dict[int, int] = {}
    for n in waiting:
        places = where.get(labels[n])
        if places is None or n in pairing.partner:
            continue
        at = cursor.get(labels[n], 0)
        while at < len(places) and places[at] in taken:
            at += 1
        cursor[labels[n]] = at + 1
        # A copier may repeat or share a computation: extra occurrences pair with the last one.
        partner = places[min(at, len(places) - 1)]
        _spread_down(left, right, n, partner, depth, family, pairing, taken)


def _spread_down(
    left: Side,
    right: Side,
    node: int,
    partner: int,
    depth: int,
    family: int,
    pairing: Pairing,
    taken: set[int],
) -> None:
    """An equal label at depth k means inputs with equal labels at depth k - 1."""
    trust = _TRUST[depth]
    stack = [(node, partner, depth)]
    while stack:
        a, b, k = stack.pop()
        if a in pairing.partner:
            continue
        pairing.partner[a] = b
        pairing.trust[a] = trust
        pairing.kept[a] = left.labels[0][0][a] == right.labels[0][0][b]
        taken.add(b)
        if k == 0:
            continue
        waiting = list(right.inputs[b])
        a_labels, b_labels = left.labels[family][k - 1], right.labels[family][k - 1]
        for place, source in left.inputs[a]:
            if not 0 <= source < left.size or source in pairing.partner:
                continue
            for slot in waiting:
                other_place, other = slot
                if (
                    0 <= other < right.size
                    and (place == other_place or place >= DEFINITION)
                    and a_labels[source] == b_labels[other]
                ):
                    stack.append((source, other, k - 1))
                    waiting.remove(slot)
                    break


def _spread_up(left: Side, right: Side, pairing: Pairing, taken: set[int]) -> None:
    """Pair uses of paired values that do the same with them, though not all inputs agree."""
    if not pairing.partner:
        return
    uses = Uses(right, taken)
    for a in range(left.size):
        if a in pairing.partner:
            continue
        for _, source in left.inputs[a]:
            b_source = pairing.partner.get(source)
            b = None if b_source is None else uses.like(left, a, b_source)
            if b is not None:
                agreeing = sum(s in pairing.partner for _, s in left.inputs[a])
                share = agreeing / len(left.inputs[a])
                pairing.partner[a] = b
                pairing.trust[a] = _TRUST[0] + (0.9 - _TRUST[0]) * (share == 1.0)
                pairing.kept[a] = left.labels[0][0][a] == right.labels[0][0][b]
                taken.add(b)
                _pair_plain_inputs(left, right, a, b, pairing, taken)
                break


def _pair_plain_inputs(
    left: Side, right: Side, a: int, b: int, pairing: Pairing, taken: set[int]
) -> None:
    """Constants and the like that stand in the same place of two paired uses are paired too."""
    places = dict(right.inputs[b])
    for place, source in left.inputs[a]:
        other = places.get(place, -1)
        if (
            0 <= source < left.size
            and 0 <= other < right.size
            and source not in pairing.partner
            and left.labels[1][0][source] == right.labels[1][0][other]
            and left.labels[1][1][source] == right.labels[1][1][other]
        ):
            pairing.partner[source] = other
            pairing.trust[source] = pairing.trust[a]
            pairing.kept[source] = left.labels[0][0][source] == right.labels[0][0][other]
            taken.add(other)


def _pair_leaves(
    left: Side, right: Side, a: int, b: int, pairing: Pairing, taken: set[int]
) -> None:
    """Equal constants and parameters that two paired operations use in equal places."""
    labels, others = left.labels[1][0], right.labels[1][0]
    waiting = [(p, n) for p, n in right.inputs[b] if 0 <= n < right.size and not right.inputs[n]]
    for place, source in left.inputs[a]:
        if not 0 <= source < left.size or left.inputs[source] or source in pairing.partner:
            continue
        same = [s for s in waiting if _same_place(s[0], place) and others[s[1]] == labels[source]]
        if same:
            waiting.remove(same[0])
            _spread_down(left, right, source, same[0][1], 0, 1, pairing, taken)


def _same_place(one: int, two: int) -> bool:
    """Places by name are numbered apart on each side; the value says which one it is."""
    return one == two or min(one, two) >= DEFINITION


def same_structure(left: Side, right: Side, nodes: Sequence[int], others: Sequence[int]) -> bool:
    """True when two runs of nodes do the same with the same inputs in the same order.

    Tokens alone do not tell ``(a - b) * c`` from ``a - b * c``, or a statement in a loop from one
    behind it: the token view drops brackets and layout.
    """
    if len(nodes) != len(others):
        return False
    place = {n: i for i, n in enumerate(nodes)}
    other_place = {n: i for i, n in enumerate(others)}
    for a, b in zip(nodes, others, strict=True):
        if left.labels[1][0][a] != right.labels[1][0][b]:
            return False
        inputs = [place.get(source, -1) for at, source in left.inputs[a] if at < DEFINITION]
        if inputs != [
            other_place.get(source, -1) for at, source in right.inputs[b] if at < DEFINITION
        ]:
            return False
    return True
