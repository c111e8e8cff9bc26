"""Which known project explains what was asked about."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic import commons_of, project, random_values

from codesim.commons.sketch import SCALE_BITS, merge, sample

SHARED = random_values(8_000, 11)
OWN = {name: random_values(12_000, seed) for seed, name in enumerate("abc", 21)}


@pytest.fixture(scope="module")
def commons():
    return commons_of(
        project("a", OWN["a"], SHARED, licence="Apache-2.0"),
        project("b", OWN["b"], SHARED),
        project("c", OWN["c"]),
    )


def test_code_of_nobody_is_explained_by_nobody(commons):
    assert commons.explain(random_values(50_000, 31)) == ()
    assert commons.recognise(random_values(50_000, 31)) == ()


def test_too_little_to_tell_names_nobody(commons):
    few = OWN["a"][:8]
    assert len(sample(few, SCALE_BITS)) < 3
    assert commons.explain(few) == ()
    assert commons.explain(np.zeros(0, dtype=np.uint64)) == ()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1.0])
def test_the_contained_share_is_estimated(commons, share):
    """The standard deviation of a share of 600 sampled hashes is at most 0.02."""
    known = int(5_000 * share)
    asked = np.concatenate([OWN["c"][:known], random_values(5_000 - known, 32)])
    ((found, estimate),) = commons.explain(asked)
    assert found.name == "c"
    assert estimate == pytest.approx(share, abs=0.07)


def test_an_upstream_is_named_with_version_and_licence(commons):
    best = commons.explain(OWN["a"][:400])[0]
    assert (best.project.name, best.project.version) == ("a", "1.0")
    assert best.project.licence == "Apache-2.0"
    assert best.share == 1.0


def test_projects_that_share_code_each_explain_it(commons):
    found = commons.explain(SHARED[:2_000])
    assert [(each.project.name, each.share) for each in found] == [("a", 1.0), ("b", 1.0)]


def test_the_largest_share_comes_first(commons):
    asked = np.concatenate([OWN["b"][:4_000], OWN["c"][:2_000]])
    assert [each.project.name for each in commons.explain(asked)] == ["b", "c"]


def test_a_project_is_recognised_by_the_share_of_itself(commons):
    """Much own code around it lowers what it explains, and not how much of it is there."""
    asked = np.concatenate([OWN["c"], random_values(100_000, 33)])
    assert commons.recognise(asked)[0].project.name == "c"
    assert commons.recognise(asked)[0].share == 1.0
    assert commons.explain(asked)[0].share == pytest.approx(12 / 112, abs=0.03)


def test_repetition_changes_nothing(commons):
    asked = OWN["b"][:3_000]
    assert commons.explain(np.tile(asked, 3)) == commons.explain(asked)


def test_a_sample_of_a_union_is_the_union_of_samples():
    one, two = OWN["a"], OWN["b"]
    both = np.union1d(sample(one, 3), sample(two, 3))
    assert np.array_equal(sample(np.concatenate([one, two]), 3), both)
    assert len(both) == pytest.approx(24_000 / 8, rel=0.1)


def test_a_scale_of_one_keeps_everything():
    assert len(sample(OWN["a"], 0)) == len(OWN["a"])


def test_merged_sketches_are_sorted_and_know_their_owner():
    sampled, owner = merge([np.array([5, 9], np.uint32), np.array([5, 7], np.uint32)])
    assert sampled.tolist() == [5, 5, 7, 9]
    assert owner.tolist() == [0, 1, 1, 0]
