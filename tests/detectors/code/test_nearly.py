"""Small files that agree from end to end, and those that only share a part or a role."""

from __future__ import annotations

import pytest

from codesim import compare, snapshot_of
from codesim.detectors.code.strength import Steps, strength_of
from codesim.model import Evidence, Snapshot, Strength

_FORWARDING = """
def rescale(self, image, rescale_factor, data_format=None, input_data_format=None):
    return rescale(
        image, rescale_factor, data_format=data_format, input_data_format=input_data_format
    )
"""
_LAYER = """
class Mixer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.inner_size = config.inner_size
        self.gate_proj = nn.Linear(self.hidden_size, self.inner_size, bias=config.mixer_bias)
        self.down_proj = nn.Linear(self.inner_size, self.hidden_size, bias=config.mixer_bias)
        self.act_fn = ACT2FN[config.hidden_act]

    def forward(self, hidden_states):
        return self.down_proj(self.act_fn(self.gate_proj(hidden_states)))
"""
_EDITED = _LAYER.replace(", bias=config.mixer_bias", ", bias=False")
_OTHER = """
class Classifier(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.classifier_dropout)
        self.out_proj = nn.Linear(config.hidden_size, config.num_labels)

    def forward(self, features):
        return self.out_proj(self.dropout(torch.tanh(self.dense(features[:, 0, :]))))
"""
_OUTPUT = """
@dataclass
class EncoderOutput(ModelOutput):
    last_hidden_state: torch.Tensor = None
    hidden_states: tuple = None
    attentions: tuple = None
"""
_OTHER_OUTPUT = """
@dataclass
class RankingOutput(ModelOutput):
    loss: torch.Tensor = None
    scores: torch.Tensor = None
    indices: torch.Tensor = None
    losses: tuple = None
"""


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(_LAYER, _OTHER, id="the same role and house style"),
        pytest.param(_OUTPUT, _OTHER_OUTPUT, id="two lists of fields"),
        pytest.param("import sys\nmain(sys.argv)\n", "import sys\nmain(sys.argv)\n", id="a call"),
    ],
)
def test_small_files_that_must_not_be_strong(one: str, two: str) -> None:
    assert _evidence(one, two).strength < Strength.STRONG


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(_FORWARDING, _FORWARDING, id="a function that only forwards"),
        pytest.param(_LAYER, _EDITED, id="two arguments edited"),
        pytest.param(_LAYER, _EDITED.replace("Mixer", "Blend"), id="edited and renamed"),
    ],
)
def test_small_files_that_are_one_file(one: str, two: str) -> None:
    found = _evidence(one, two)
    assert found.strength >= Strength.STRONG
    assert found.pairs, "what is strong is also shown"
    assert _evidence(two, one).strength is found.strength
    assert _evidence(two, one).score == found.score


def test_a_base_takes_a_near_copy_away() -> None:
    base = [snapshot_of({"base.py": _LAYER.encode()}, "base")]
    left, right = _sides(_LAYER, _EDITED)
    (found,) = (e for e in compare(left, right, base).evidence if e.kind == "code")
    assert found.strength < Strength.STRONG


def test_a_part_of_a_small_file_needs_more_than_the_whole() -> None:
    part = strength_of([35.0], (0.9, 0.5), (2, 2), Steps())
    whole = strength_of([35.0], (1.0, 1.0), (2, 2), Steps())
    assert part < Strength.STRONG <= whole


def test_a_large_side_may_hold_a_small_one() -> None:
    assert strength_of([60.0], (1.0, 0.01), (4, 5_000), Steps()) >= Strength.STRONG


def _sides(one: str, two: str) -> tuple[Snapshot, Snapshot]:
    return (
        snapshot_of({"unit.py": one.encode()}, "left"),
        snapshot_of({"unit.py": two.encode()}, "right"),
    )


def _evidence(one: str, two: str) -> Evidence:
    left, right = _sides(one, two)
    (found,) = (e for e in compare(left, right).evidence if e.kind == "code")
    return found
