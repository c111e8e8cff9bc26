"""Graphs that somebody else stored: what leads nowhere is refused, the rest does no harm."""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from codesim.detectors.code import CodeDetector
from codesim.detectors.code.link import link
from codesim.detectors.code.reader import read_graphs
from codesim.detectors.code.sound import check_graph
from codesim.snapshot import open_snapshot

CASE = Path(__file__).resolve().parents[3] / "fixtures" / "renamed_only"


@pytest.fixture(scope="module")
def files():
    graphs, skipped = read_graphs(open_snapshot(str(CASE / "left")), CodeDetector().limits)
    assert skipped == []
    return graphs


@pytest.fixture(scope="module")
def query():
    return CodeDetector().profile(open_snapshot(str(CASE / "right")))


def test_our_own_graphs_are_sound(files):
    for file in files:
        check_graph(file.graph)


def _set(column, value):
    def change(graph):
        getattr(graph, column)[len(getattr(graph, column)) // 2] = value

    return change


def _unit(**changed):
    def change(graph):
        graph.units[0] = replace(graph.units[0], **changed)

    return change


UNSOUND = {
    "an operation that is none": _set("op", 999),
    "a negative operation": _set("op", -1),
    "a name past the end": _set("name", 10**6),
    "a name before the beginning": _set("name", -2),
    "a variable past the end": _set("var", 10**6),
    "an input that is not there": _set("edge_input", 2**31 - 1),
    "a place that is none": _set("edge_place", 2**31 - 1),
    "edges that go back": _set("edge_start", 0),
    "an effect that is not there": _set("sinks", -5),
    "a word past the end": _set("token_name", 10**6),
    "a token of no unit": _set("token_unit", 10**6),
    "a line past the end": _set("line", 10**6),
    "nodes of a unit that are not there": _unit(nodes=(0, 10**9)),
    "nodes of a unit the wrong way round": _unit(nodes=(5, 1)),
    "a parameter that is not there": _unit(params=(10**9,)),
    "lines of a unit that are not there": _unit(lines=(1, 10**9)),
    "features of another version": _unit(features=[0]),
    "a name without a word": lambda graph: graph.names.__setitem__(0, ""),
    "no words": lambda graph: graph.words.clear(),
    "no units": lambda graph: graph.units.clear(),
    "a column that is too short": lambda graph: setattr(graph, "line", graph.line[:-1]),
    "a column of two dimensions": lambda graph: setattr(graph, "op", graph.op.reshape(1, -1)),
}


@pytest.mark.parametrize("change", UNSOUND.values(), ids=UNSOUND)
def test_what_leads_nowhere_is_refused(files, change):
    graph = copy.deepcopy(max(files, key=lambda file: len(file.graph.op)).graph)
    change(graph)
    with pytest.raises(ValueError, match=r"a (?:column|number|name|unit)|an edge"):
        check_graph(graph)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_sound_and_senseless_does_no_harm(files, query, seed):
    """Columns filled with numbers that each lead somewhere, but not where code would."""
    random = np.random.default_rng(seed)
    changed = []
    for file in files:
        graph = copy.deepcopy(file.graph)
        bounds = {
            "op": 60, "name": len(graph.names), "var": len(graph.names), "line": graph.lines,
            "edge_input": len(graph.op), "edge_place": 5, "sinks": len(graph.op),
            "token_name": len(graph.words), "token_line": graph.lines,
            "token_unit": len(graph.units), "token_kind": 9,
        }  # fmt: skip
        assert {"edge_start", *bounds} == {
            each.name for each in fields(graph) if isinstance(getattr(graph, each.name), np.ndarray)
        }
        for column, bound in bounds.items():
            values = getattr(graph, column)
            if bound and random.random() < 0.4:
                values[:] = random.integers(0, bound, len(values))
        check_graph(graph)
        changed.append(replace(file, graph=graph))
    evidence = CodeDetector().compare(query, link(changed))
    assert evidence.kind == "code"
