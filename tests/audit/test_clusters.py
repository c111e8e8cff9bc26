"""Connected submissions, and who was first."""

from __future__ import annotations

import pytest

from codesim.audit.clusters import Link, clusters
from codesim.audit.submissions.times import moment_of
from codesim.model import Strength

S, V = Strength.STRONG, Strength.VERY_STRONG


def links(*pairs):
    return [Link(left, right, S) for left, right in pairs]


def test_a_chain_is_one_cluster():
    found = clusters(links(("a", "b"), ("c", "d"), ("b", "e")), {})
    assert [each.members for each in found] == [("a", "b", "e"), ("c", "d")]
    assert [each.pairs for each in found] == [2, 1]


def test_two_groups_join_late():
    found = clusters(links(("a", "b"), ("c", "d"), ("a", "d")), {})
    assert [each.members for each in found] == [("a", "b", "c", "d")]


def test_the_earliest_is_told_across_time_zones():
    times = {"a": "2026-03-01T10:00:00+02:00", "b": "2026-03-01T08:30:00Z", "c": "2026-03-02"}
    found = clusters(links(("a", "b"), ("b", "c")), times)[0]
    assert (found.earliest, found.members) == ("a", ("a", "b", "c"))


@pytest.mark.parametrize(
    "times",
    [{"a": "2026-03-01"}, {"a": "2026-03-01", "b": "soon"}, {"a": "2026-03-01", "b": "2026-03-01"}],
    ids=["one unknown", "one unreadable", "both at once"],
)
def test_nobody_is_called_first_where_it_is_not_known(times):
    assert clusters(links(("a", "b")), times)[0].earliest == ""


def test_the_strongest_pair_gives_the_strength():
    found = clusters([Link("a", "b", S), Link("b", "c", V)], {})
    assert found[0].strength is V


def test_no_links_no_clusters():
    assert clusters([], {"a": "2026-01-01"}) == []


def test_a_time_that_is_none():
    assert moment_of("") is None
    assert moment_of("2026-13-01") is None
