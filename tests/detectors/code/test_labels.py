"""Weisfeiler-Lehman labels on small graphs, against a plain recursion."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from codesim.detectors.code.graph import KEYWORD
from codesim.detectors.code.labels import DEPTH, Graph, WeisfeilerLehman

Node = tuple[int, tuple[tuple[int, int], ...]]  # operation, ((input, place), ...)


def labels(nodes: list[Node], keep: bool = True) -> list[list[int]]:
    """Labels by depth and node; keyword 0 is called ``dim`` and keyword 1 ``axis``."""
    counts = [len(inputs) for _, inputs in nodes]
    graph = Graph(
        op=np.array([op for op, _ in nodes], dtype=np.int32),
        name=np.full(len(nodes), -1, dtype=np.int32),
        edge_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        edge_input=np.array([i for _, inputs in nodes for i, _ in inputs], dtype=np.int32),
        edge_place=np.array([p for _, inputs in nodes for _, p in inputs], dtype=np.int32),
    )
    first = (graph.op.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    wl = WeisfeilerLehman(
        graph, first, np.ones(len(nodes), dtype=np.float32),
        np.array([111, 222], dtype=np.uint64), np.full(len(nodes), keep, dtype=np.bool_),
    )  # fmt: skip
    found: list[list[int]] = wl.run()[0].tolist()
    return found


def unfolded(nodes: list[Node], at: int, depth: int) -> object:
    """What a label of this depth stands for: the operation over its inputs, by place."""
    op, inputs = nodes[at]
    if depth == 0:
        return op
    below = [(place, unfolded(nodes, source, depth - 1)) for source, place in inputs]
    return (op, tuple(sorted(map(repr, below))))


@st.composite
def graphs(draw: st.DrawFn) -> list[Node]:
    """Acyclic graphs: each node reads earlier ones."""
    nodes: list[Node] = [(draw(st.integers(0, 2)), ())]
    for number in range(1, draw(st.integers(1, 9))):
        edge = st.tuples(st.integers(0, number - 1), st.integers(0, 2))
        nodes.append((draw(st.integers(0, 2)), tuple(draw(st.lists(edge, max_size=3)))))
    return nodes


@given(graphs())
def test_labels_are_equal_exactly_where_computations_are(nodes: list[Node]) -> None:
    found = labels(nodes)
    for depth in range(DEPTH + 1):
        meaning = [unfolded(nodes, n, depth) for n in range(len(nodes))]
        pairs = [(found[depth][n], meaning[n]) for n in range(len(nodes))]
        # At depth 0 an operation has one label; deeper, a leaf keeps the one that it had.
        assert len({label for label, _ in pairs}) == len({repr(m) for _, m in pairs})


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_nodes_and_edges_does_not_matter(nodes: list[Node], chance: object) -> None:
    order = list(range(len(nodes)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    at = {old: new for new, old in enumerate(order)}
    moved = [
        (nodes[old][0], tuple((at[source], place) for source, place in nodes[old][1][::-1]))
        for old in order
    ]
    one, two = labels(nodes), labels(moved)
    for depth in range(DEPTH + 1):
        assert [one[depth][old] for old in order] == two[depth]


def test_places_tell_inputs_apart_unless_they_are_one_place() -> None:
    def deepest(first: int, second: int) -> int:
        return labels([(0, ()), (1, ()), (2, ((0, first), (1, second)))])[DEPTH][2]

    assert deepest(0, 1) != deepest(1, 0)
    assert deepest(0, 0) == labels([(1, ()), (0, ()), (2, ((0, 0), (1, 0)))])[DEPTH][2]
    assert deepest(4096, 0) != deepest(4097, 0)


def test_keyword_names_count_only_where_they_are_kept() -> None:
    def call(keyword: int, keep: bool) -> int:
        return labels([(0, ()), (1, ((0, KEYWORD + keyword),))], keep)[DEPTH][1]

    assert call(0, keep=True) != call(1, keep=True)
    assert call(0, keep=False) == call(1, keep=False)


def test_a_change_shows_as_far_up_as_the_depth_reaches() -> None:
    chain: list[Node] = [(0, ())] + [(2, ((n, 0),)) for n in range(6)]
    one, two = labels(chain), labels([(1, ()), *chain[1:]])
    differs = [n for n in range(len(chain)) if one[DEPTH][n] != two[DEPTH][n]]
    assert differs == list(range(DEPTH + 1))
