"""The join as anyone would write it, to hold the engines against."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from codesim.candidates import Pairs, Policy, Rows

Triple = tuple[int, int, int]
Line = tuple[int, int, int, int, int]


def naive(weights: dict[Triple, int], old: list[bool], policy: Policy) -> list[Line]:
    """(kind, left, right, shared, weight) of every candidate pair; ``weights`` are by (document,
    kind, value).
    """
    holders: dict[tuple[int, int], list[int]] = defaultdict(list)
    for document, kind, value in weights:
        holders[kind, value].append(document)
    shared: Counter[Triple] = Counter()
    weight: Counter[Triple] = Counter()
    for (kind, value), documents in holders.items():
        if len(documents) > policy.most_documents:
            continue
        for left, right in combinations(sorted(documents), 2):
            if not (old[left] and old[right]):
                shared[kind, left, right] += 1
                weight[kind, left, right] += min(
                    weights[left, kind, value], weights[right, kind, value]
                )
    enough = [pair for pair, number in shared.items() if number >= policy.least_shared]
    partners: dict[tuple[int, int], list[tuple[int, int, Triple]]] = defaultdict(list)
    for pair in enough:
        kind, left, right = pair
        partners[kind, left].append((-weight[pair], right, pair))
        partners[kind, right].append((-weight[pair], left, pair))
    kept = {pair for found in partners.values() for *_, pair in sorted(found)[: policy.keep]}
    lines = [(*pair, shared[pair], weight[pair]) for pair in kept]
    return sorted(lines, key=lambda line: (line[0], -line[4], line[1], line[2]))


def lines_of(pairs: Pairs) -> list[Line]:
    """The same lines from the answer of an engine."""
    columns = (pairs.kind, pairs.left, pairs.right, pairs.shared, pairs.weight)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def rows_of(weights: dict[Triple, int]) -> Rows:
    """Rows in the order of the dictionary."""
    triples = list(weights)
    document, kind, value = zip(*triples, strict=True) if triples else ((), (), ())
    return Rows(
        np.array(document, dtype=np.int32),
        np.array(kind, dtype=np.int16),
        np.array(value, dtype=np.uint64),
        np.array(list(weights.values()), dtype=np.int32),
    )


# Few documents and values, so that ties and cuts are frequent; values from both ends of 64 bits.
_VALUES = st.sampled_from([0, 1, 2, 3, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1])
_WEIGHTS = st.sampled_from([0, 1, 1000, 32_000])


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[Triple, int], list[bool], Policy]:
    """Weighted rows, which documents are old, and a policy."""
    documents = draw(st.integers(0, 9))
    old = draw(st.lists(st.booleans(), min_size=documents, max_size=documents))
    triples = st.tuples(st.integers(0, max(0, documents - 1)), st.integers(0, 2), _VALUES)
    weights = draw(st.dictionaries(triples, _WEIGHTS, max_size=60 if documents else 0))
    small = st.integers(1, 5)
    return weights, old, Policy(draw(st.integers(1, 9)), draw(small), draw(small))


def crowd(documents: int, values: int, seed: int) -> tuple[dict[Triple, int], list[bool]]:
    """Rows of many documents, some of them old: common values, rare ones, and copies of two."""
    rng = np.random.default_rng(seed)
    weights: dict[Triple, int] = {}
    for document in range(documents):
        drawn = rng.zipf(1.3, values).astype(np.uint64) % np.uint64(50 * values)
        for value in drawn.tolist():
            weights[document, value % 2, value * 0x9E3779B97F4A7C15 % 2**64] = value % 30_000
    return weights, (rng.random(documents) < 0.3).tolist()
