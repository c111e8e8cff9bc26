"""What the config detector looks up, and the table of settings that ships."""

from __future__ import annotations

import numpy as np
import pytest

from codesim import snapshot_of
from codesim.commons import Commons, load, lookup
from codesim.detectors.config import ConfigDetector, commonness
from codesim.detectors.config.commonness import Frequencies, fingerprints, public_settings


def _settings(text: str):
    profile = ConfigDetector().profile(snapshot_of({"config.yaml": text.encode()}))
    return profile, list(commonness.all_settings([profile]))


@pytest.fixture
def fresh():
    public_settings.cache_clear()
    yield
    public_settings.cache_clear()


def test_fingerprints_are_sorted_distinct_and_never_zero():
    found = fingerprints(_settings("a: 1\nb: 2\nc: {a: 1}\n")[0])
    assert found.dtype == np.uint64
    assert (found[:-1] < found[1:]).all()
    assert found[0] > 0
    # Two keys, two values, two of both, and none for the place.
    assert len(found) == 6


def test_key_and_value_do_not_run_into_each_other():
    assert commonness.digest("setting", "ab", "c") != commonness.digest("setting", "a", "bc")
    assert commonness.digest("key", "x") != commonness.digest("value", "x")


def test_the_shipped_table_is_whole_and_small():
    commons = load("config")
    assert commons.problem == ""
    assert lookup.shipped("config").stat().st_size < 1_000_000
    assert [project.name for project in commons.projects] == [p.name for p in load().projects]


def test_the_shipped_table_has_the_spelling_of_this_version(fresh):
    assert public_settings().problem == ""


def test_what_everybody_sets_is_common_and_what_nobody_sets_is_not(fresh):
    _, settings = _settings("hidden_act: gelu\nlearning_rate: 5e-5\ncrystal_slots: 96\n")
    frequencies = Frequencies(public_settings())
    frequencies.learn(settings)
    gelu, rate, odd = map(frequencies.of, settings)
    assert min(gelu) >= 3
    assert min(rate) >= 2
    assert odd[0] == odd[2] == 0


def test_a_table_of_another_spelling_is_not_used(fresh, monkeypatch):
    monkeypatch.setattr(commonness, "canonicaliser", lambda: "another one")
    assert "another version" in public_settings().problem


def test_a_problem_of_the_table_is_passed_on(fresh, monkeypatch):
    monkeypatch.setattr(commonness, "load", lambda kind: Commons.empty(f"{kind} is gone"))
    assert public_settings().problem == "config is gone"
