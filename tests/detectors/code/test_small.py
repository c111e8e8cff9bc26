"""Repositories of one small definition: look-alikes stay below moderate, copies do not."""

from __future__ import annotations

import pytest
import small_classes
import small_copies
import small_functions
from rewriting import evidence_of

from codesim.detectors.code.rarity import Rarity
from codesim.model import Strength

LOOK_ALIKES = {**small_functions.LOOK_ALIKES, **small_classes.LOOK_ALIKES}
COPIES = small_copies.COPIES
TELLING = """
from dataclasses import dataclass

@dataclass
class GlacierSettings:
    moraine_width: int = 37
    crevasse_penalty: float = 0.00317
    melt_horizon: int = 1913
    firn_density: float = 0.8413
    serac_limit: int = 271
    ablation_rate: float = 0.0625
    nunatak_radius: int = 1450
"""


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_what_two_people_write_alike_is_weak_at_most(name: str) -> None:
    one, two = LOOK_ALIKES[name]
    assert evidence_of({"unit.py": one}, {"unit.py": two}).strength <= Strength.WEAK
    assert evidence_of({"unit.py": two}, {"unit.py": one}).strength <= Strength.WEAK


@pytest.mark.parametrize("name", COPIES)
def test_small_copies_stay_strong_when_every_name_is_new(name: str) -> None:
    one, two = COPIES[name]
    assert evidence_of({"unit.py": one}, {"unit.py": two}).strength >= Strength.STRONG


def test_fields_that_nobody_else_has_are_evidence() -> None:
    copy = TELLING.replace("GlacierSettings", "Settings").replace("271", "272")
    assert evidence_of({"unit.py": TELLING}, {"unit.py": copy}).strength >= Strength.MODERATE


def test_names_are_looked_up_as_texts_of_public_code() -> None:
    common, rare, short = Rarity().of_words(["learning_rate", "firn_density", "lr"])
    assert short <= common < 0.5 < rare == 1.0
