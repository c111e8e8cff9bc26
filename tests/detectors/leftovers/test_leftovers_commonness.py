"""Fingerprints of words and names, and how rare they are."""

from __future__ import annotations

import numpy as np
import pytest
from leftover_sides import ORIGINAL, UNRELATED, snapshot

from codesim.commons import Commons, Contribution, build
from codesim.commons.record import decode
from codesim.detectors.leftovers import LeftoversDetector
from codesim.detectors.leftovers.commonness import canonicaliser, fingerprint, fingerprints
from codesim.detectors.leftovers.rarity import Rarity


def commons(*projects: dict[str, str]) -> Commons:
    made = [
        Contribution(
            f"p{n}", "1", "MIT", fingerprints(LeftoversDetector().profile(snapshot(files)))
        )
        for n, files in enumerate(projects)
    ]
    return Commons(decode(np.frombuffer(build(made, canonicaliser()), dtype=np.uint8)))


def test_fingerprints_are_sorted_and_distinct() -> None:
    found = fingerprints(LeftoversDetector().profile(snapshot(ORIGINAL)))

    assert found.dtype == np.uint64
    assert (np.diff(found.astype(object)) > 0).all()


def test_a_message_that_became_a_comment_is_the_same_line() -> None:
    assert fingerprint("message", "x") == fingerprint("comment", "x") != fingerprint("name", "x")


def test_the_canonicaliser_is_stable() -> None:
    assert canonicaliser() == canonicaliser()
    assert len(canonicaliser()) == 12


def test_what_projects_share_is_common_and_the_rest_rare() -> None:
    rarity = Rarity(commons(ORIGINAL, ORIGINAL, UNRELATED))

    assert rarity.is_common("name", "QuiverPooler")
    assert not rarity.is_common("name", "batch_size")
    assert rarity.bits("quiver") < rarity.bits("zephyrous")


@pytest.mark.parametrize("text", ["", "a b", "123", "x" * 10_000, "多模态模型", "\ud800"])
def test_any_text_has_bounded_information(text: str) -> None:
    assert 0.0 <= Rarity(commons(ORIGINAL, ORIGINAL)).bits(text) <= 40.0


def test_without_a_table_nothing_is_claimed() -> None:
    rarity = Rarity(Commons.empty("it is missing"))

    assert rarity.bits("quiver pooler") <= 4.0
