"""How matched files are to be read: attributed, licence kept or removed, or not mentioned."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_attribution_licences import MIT

from codesim.detectors.attribution import AttributionDetector
from codesim.detectors.attribution.names import is_rare
from codesim.detectors.attribution.profile import AttributionProfile
from codesim.errors import SnapshotError
from codesim.model import (
    Entry,
    Evidence,
    FilePair,
    Fragment,
    Reviewer,
    Snapshot,
    Strength,
)
from codesim.snapshot import snapshot_of

Files = dict[str, str]
SOURCE: Files = {
    "README.md": "# Lumigrid-V\n\nhttps://github.com/fernlight/Lumigrid-V, arXiv:2401.01234.\n",
    "modeling_lumigrid.py": "class Lumigrid:\n    pass\n",
    "pool.py": "class Pool:\n    pass\n",
}
PLAIN: Files = {"README.md": "# mine\n\nOur own model.\n", "mine/pool.py": "class P:\n    pass\n"}
HEADER = "# Copyright 2024 The Lumigrid Authors\n# SPDX-License-Identifier: Apache-2.0\n"


def profile(files: Files) -> AttributionProfile:
    snapshot = snapshot_of({path: text.encode() for path, text in files.items()})
    return AttributionDetector().profile(snapshot)


def found(left: str = "pool.py", right: str = "mine/pool.py") -> Evidence:
    pair = FilePair(Fragment(left), Fragment(right), 0.9, 0.9, 0.9)
    return Evidence("code", Strength.STRONG, 9.0, "matches", (pair,))


def reviewed(left: Files, right: Files, *evidence: Evidence) -> Evidence:
    one, two = profile(left), profile(right)
    return AttributionDetector().review(one, two, (), evidence)


def reading(evidence: Evidence) -> tuple[str, str]:
    """State and reason of the only matched pair."""
    (row,) = next(table for table in evidence.tables if table.title == "Matched files").rows
    return row[2], row[3]


@pytest.mark.parametrize(
    ("changes", "state", "because"),
    [
        pytest.param({}, "not mentioned", "neither side", id="silence"),
        pytest.param(
            {"README.md": "Thanks to Lumigrid-V for the pool.\n"},
            "attributed", "README.md:1", id="front page",
        ),
        pytest.param(
            {"README.md": "See https://huggingface.co/fernlight/Lumigrid-V\n"},
            "attributed", "fernlight/Lumigrid-V", id="address",
        ),
        pytest.param(
            {"docs/a.md": "We follow arXiv:2401.01234.\n"},
            "attributed", "2401.01234", id="paper",
        ),
        pytest.param(
            {"mine/pool.py": "# adapted from https://github.com/fernlight/Lumigrid-V\nx = 1\n"},
            "attributed", "mine/pool.py:1", id="adapted from an address",
        ),
        pytest.param(
            {"mine/pool.py": "# Copied from lumigrid.pool.Pool with other names\nx = 1\n"},
            "attributed", "mine/pool.py:1", id="copied from",
        ),
        pytest.param(
            {"mine/config.json": '{"auto_map": "modeling_lumigrid.Lumigrid"}\n'},
            "not mentioned", "neither side", id="a trace in a configuration is no credit",
        ),
        pytest.param(
            {"README.md": "Thanks to fernlight.\n"},
            "not mentioned", "neither side", id="only the owner",
        ),
        pytest.param(
            {"README.md": "A grid of lumi tiles; a model for demo.\n"},
            "not mentioned", "neither side", id="parts of a name",
        ),
    ],
)  # fmt: skip
def test_mentions(changes: Files, state: str, because: str) -> None:
    told = reading(reviewed(SOURCE, {**PLAIN, **changes}, found()))

    assert told[0] == state
    assert because in told[1]


@pytest.mark.parametrize(
    ("left", "right", "state"),
    [
        pytest.param(
            {"pool.py": HEADER + "x = 1\n"}, {"mine/pool.py": HEADER + "y = 1\n"},
            "licence kept", id="header kept",
        ),
        pytest.param({"pool.py": HEADER + "x = 1\n"}, {}, "licence removed", id="header removed"),
        pytest.param(
            {"pool.py": "# Copyright 2023 Ann Lamp\nx = 1\n"},
            {"mine/pool.py": "# Copyright 2024 Bo Wire\nx = 1\n"},
            "licence removed", id="another holder",
        ),
        pytest.param({"LICENSE": MIT}, {"LICENSE": MIT}, "licence kept", id="notice kept"),
        pytest.param({"LICENSE": MIT}, {}, "licence removed", id="notice removed"),
        pytest.param(
            {"LICENSE": MIT}, {"LICENSE": MIT.replace("Lena Fernlight", "Bo Wire")},
            "not mentioned", id="each its own notice",
        ),
    ],
)  # fmt: skip
def test_notices(left: Files, right: Files, state: str) -> None:
    one, two = {**SOURCE, **left}, {**PLAIN, **right}
    two["README.md"] = "# mine\n"

    assert reading(reviewed(one, two, found()))[0] == state
    swapped = reviewed(two, one, found("mine/pool.py", "pool.py"))
    assert reading(swapped)[0] == state


def test_it_is_a_reviewer_and_never_evidence() -> None:
    detector = AttributionDetector()

    assert isinstance(detector, Reviewer)
    assert reviewed(SOURCE, PLAIN, found()).strength is Strength.NONE
    assert not reviewed(SOURCE, PLAIN, found()).pairs


def test_both_directions_are_told() -> None:
    right = {**PLAIN, "README.md": "Built on Lumigrid-V.\n"}
    evidence = reviewed(SOURCE, right, found())

    assert evidence.facts["right_names_left"] is True
    assert evidence.facts["left_names_right"] is False
    assert evidence.facts["status"] == "attributed"
    swapped = reviewed(right, SOURCE, found("mine/pool.py", "pool.py"))
    assert swapped.facts["left_names_right"] is True


def test_owner_and_trace_are_told_apart_from_credit() -> None:
    right = {
        **PLAIN,
        "README.md": "Thanks to fernlight.\n",
        "mine/config.json": '{"auto_map": "modeling_lumigrid.Lumigrid"}\n',
    }
    summary = reviewed(SOURCE, right, found()).summary

    assert "right never names left" in summary
    assert "only its owner" in summary
    assert "lumigrid in mine/config.json:1 (configuration)" in summary


def test_licences_of_both_sides() -> None:
    left = {**SOURCE, "LICENSE": MIT}
    right = {**PLAIN, "README.md": "---\nlicense: apache-2.0\n---\n# mine\n"}
    evidence = reviewed(left, right)

    assert evidence.facts["left_licences"] == "MIT"
    assert evidence.facts["right_licences"] == "Apache-2.0"
    assert "licences: left MIT, right Apache-2.0" in evidence.summary


def test_without_matches_and_without_anything() -> None:
    detector = AttributionDetector()
    evidence = detector.compare(profile({}), profile({}))

    assert evidence.strength is Strength.NONE
    assert evidence.facts["status"] == "not mentioned"
    assert "goes by no name" in evidence.summary


@pytest.mark.parametrize(
    ("name", "rare"),
    [
        *((name, False) for name in ("model", "demo", "nano", "llama3", "bert-base", "v2", "vqa")),
        *((name, False) for name in ("Llama-2-7b", "gpt2", "test_model", "ab", "", "2024")),
        *((name, True) for name in ("lumigrid", "MiniTile-V", "deepseek_vl", "nanotile")),
    ],
)
def test_names_worth_looking_for(name: str, rare: bool) -> None:
    assert is_rare(name) is rare


def test_a_generic_name_counts_only_with_its_owner() -> None:
    left = {"README.md": "# demo-model\n"}
    snapshot = snapshot_of({path: text.encode() for path, text in left.items()})
    origin = "https://github.com/fernlight/demo"
    named = Snapshot("demo", origin, None, snapshot.entries, snapshot.reader)
    detector = AttributionDetector()
    bare, exact = (
        detector.compare(detector.profile(named), profile({"README.md": text}))
        for text in ("A demo of a model.\n", "From https://github.com/fernlight/demo\n")
    )

    assert bare.facts["right_names_left"] is False
    assert exact.facts["right_names_left"] is True


def test_a_file_that_cannot_be_read_is_named() -> None:
    def read(path: str) -> bytes:
        raise SnapshotError("the object is missing")

    entries = (Entry("a.py", size=3), Entry("b.md", size=9_000_000))
    made = AttributionDetector().profile(Snapshot("s", "", None, entries, read))

    assert [path for path, _ in made.skipped] == ["a.py", "b.md"]


@pytest.mark.parametrize(
    "text",
    [
        "license = 'x'\n" * 60_000,
        "License :: lamp\n" * 60_000,
        "copyright " * 90_000,
        "# adapted " * 90_000,
        "a/" * 400_000,
        "a/b " * 200_000,
        '"""' * 250_001,
        "# (c) " + " " * 800_000,
        "permission is hereby granted " * 30_000,
        "---\n" + "license: x\n" * 80_000,
        "\n" * 900_000,
    ],
    ids=lambda text: repr(text[:14]),
)
@pytest.mark.parametrize("path", ["setup.py", "README.md", "LICENSE", "config.json"])
def test_hostile_text_takes_linear_time(path: str, text: str) -> None:
    began = time.process_time()
    profile({path: text})

    assert time.process_time() - began < 3.0


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_reviewed(one: bytes, two: bytes) -> None:
    detector = AttributionDetector()
    left, right = (
        detector.profile(
            snapshot_of({"pool.py": each, "LICENSE": each, "README.md": each, "config.json": each})
        )
        for each in (one, two)
    )
    evidence = detector.review(left, right, (), (found("pool.py", "pool.py"),))

    assert evidence == detector.review(left, right, (), (found("pool.py", "pool.py"),))
