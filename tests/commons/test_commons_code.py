"""What the code detector looks up, and the table that ships."""

from __future__ import annotations

import numpy as np
import pytest

from codesim import snapshot_of
from codesim.commons import Commons, load, lookup
from codesim.detectors.code import CodeDetector, commonness
from codesim.detectors.code.commonness import canonicaliser, fingerprints, whole_definitions

LAYER = b"""
import torch
from torch import nn

class Gate(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mix = nn.Linear(width, 2 * width)

    def forward(self, x):
        value, gate = self.mix(x).chunk(2, dim=-1)
        return value * torch.sigmoid(gate.float()).to(x.dtype)
"""
RENAMED = (
    LAYER.replace(b"Gate", b"Valve").replace(b"mix", b"blend").replace(b"gate", b"opening")
)  # the argument of chunk and the names of torch stay
OTHER = b"""
import csv

def table(path, wanted):
    with open(path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in wanted]
    return sorted(rows, key=lambda row: (row["kind"], float(row["price"])))
"""
SEED_EVERYTHING = b"""
import random
import numpy as np
import torch

def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
"""


def profile(*sources: bytes):
    files = {f"part{n}.py": source for n, source in enumerate(sources)}
    return CodeDetector().profile(snapshot_of(files))


def test_fingerprints_are_sorted_distinct_and_never_zero():
    found = fingerprints(profile(LAYER, OTHER))
    assert found.dtype == np.uint64
    assert len(found) > 30
    assert (found[:-1] < found[1:]).all()
    assert found[0] > 0


def test_nothing_has_no_fingerprints():
    assert len(fingerprints(profile())) == 0
    assert len(fingerprints(profile(b""))) == 0


def test_unrelated_code_shares_no_fingerprint():
    assert not np.intersect1d(fingerprints(profile(LAYER)), fingerprints(profile(OTHER))).size


def test_renaming_changes_no_fingerprint():
    assert np.array_equal(fingerprints(profile(LAYER)), fingerprints(profile(RENAMED)))


def test_a_whole_definition_has_one_hash_and_a_tiny_one_none():
    found = profile(LAYER, b"def f(): ...\n")
    hashes = whole_definitions(found)
    named = dict(zip((unit.name for unit in found.units), hashes.tolist(), strict=True))
    assert len(hashes) == len(found.units)
    assert named["Gate.forward"] in fingerprints(found)
    same = whole_definitions(profile(RENAMED, b"def g(): ...\n"))
    assert np.array_equal(hashes, same)


def test_the_canonicaliser_has_a_name_of_its_own(monkeypatch):
    name = canonicaliser()
    assert len(name) == 12
    canonicaliser.cache_clear()
    assert canonicaliser() == name
    monkeypatch.setattr(commonness, "PROBE", commonness.PROBE.replace("sqrt", "exp"))
    canonicaliser.cache_clear()
    assert canonicaliser() != name
    canonicaliser.cache_clear()


@pytest.fixture
def fresh():
    commonness.public_code.cache_clear()
    yield
    commonness.public_code.cache_clear()


def test_a_table_of_another_canonicaliser_is_not_used(fresh, monkeypatch):
    monkeypatch.setattr(commonness, "canonicaliser", lambda: "another one")
    assert "another version" in commonness.public_code().problem
    assert not commonness.public_code().projects


def test_a_problem_of_the_table_is_passed_on(fresh, monkeypatch):
    monkeypatch.setattr(commonness, "load", lambda: Commons.empty("gone"))
    assert commonness.public_code().problem == "gone"


def test_the_shipped_table_is_whole_and_small():
    commons = load()
    assert commons.problem == ""
    tables = [lookup.shipped(kind) for kind in lookup.KINDS]
    assert sum(path.stat().st_size for path in tables) <= 6_000_000
    names = {project.name for project in commons.projects}
    assert names >= {
        "accelerate", "diffusers", "keras", "open-clip-torch", "peft", "pytorch-lightning",
        "scikit-learn", "sentence-transformers", "timm", "torchvision", "transformers",
        "ultralytics", "vit-pytorch", "x-transformers",
    }  # fmt: skip
    assert all(project.fingerprints > 500 for project in commons.projects)


def test_the_shipped_table_is_made_of_the_shipped_list():
    from codesim.cli.packages import read_pins

    pins = read_pins(lookup.DATA / "projects.txt")
    assert all(pin.sha256 for pin in pins)
    listed = sorted((pin.name, pin.version) for pin in pins)
    assert listed == [(project.name, project.version) for project in load().projects]


def test_the_shipped_table_knows_the_fingerprints_of_this_version(fresh):
    """Where this fails, fingerprints have changed: make the table anew (docs/commons.md)."""
    assert commonness.public_code().problem == ""


def test_what_everybody_writes_is_common_and_what_nobody_wrote_is_not(fresh):
    commons = commonness.public_code()
    if commons.problem:
        pytest.skip(f"the test before this one fails: {commons.problem}")
    usual = commons.frequency(fingerprints(profile(SEED_EVERYTHING)))
    assert np.mean(usual >= 2) > 0.5
    assert usual.max() >= 5
    odd = commons.frequency(fingerprints(profile(OTHER)))
    assert np.mean(odd >= 2) < 0.4
