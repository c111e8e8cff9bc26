"""Memory by the sizes of what is made, and models that hold no numbers or no tensors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields

import pytest

pytest.importorskip("torch")

import relations as given
import stored
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from codesim.detectors.weights import folding, sums
from codesim.detectors.weights.adversarial import restored
from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.comparing import compared
from codesim.detectors.weights.folding import folded
from codesim.detectors.weights.probe import probe
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.stream import measured


def _random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def _pair(one: Tensor, two: Tensor) -> Aligned:
    left, right = given.values({"left": one, "right": two})
    return Aligned(Window.of(left), Window.of(right), 0.0, "test")


class _Largest(TorchDispatchMode):
    """The size in bytes of the largest tensor that is made."""

    size = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        for each in made if isinstance(made, tuple | list) else (made,):
            if isinstance(each, Tensor):
                self.size = max(self.size, each.untyped_storage().nbytes())
        return made


@pytest.mark.parametrize("shape", [(2000, 3), (5001,), (2, 3000), (700, 1)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_long_tensors_have_the_sums_of_any_other(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...], dtype: torch.dtype
) -> None:
    one, two = _random(*shape).to(dtype), _random(*shape, seed=1).to(dtype)
    two[0] = one[0]
    pair = _pair(one, two)
    (expected,) = measured([pair], "cpu")
    monkeypatch.setattr(folding, "_LONGEST", 500)
    monkeypatch.setattr(folding, "_WIDTH", 64)
    seen = []
    before = sums.Sums.__init__

    def noted(self, rows, columns, *more) -> None:
        seen.append(columns)
        before(self, rows, columns, *more)

    monkeypatch.setattr(sums.Sums, "__init__", noted)
    (found,) = measured([pair], "cpu")
    assert (found.rows, found.columns) == pair.left.shape
    for name in ("aa", "bb", "ab", "d2"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-4, abs=1e-2)
    assert (found.count, found.equal) == (expected.count, expected.equal)
    assert max(seen) <= 64
    assert found.row_dots is found.column_dots is found.row_energy is found.column_energy is None
    assert found.evenness == (1.0, 1.0)


def test_matrices_of_usual_sides_stay_as_they_are() -> None:
    pair = _pair(_random(300, 200), _random(300, 200))
    assert folded(pair) == [pair]


def test_a_probe_keeps_no_block() -> None:
    pair = _pair(_random(300, 200), _random(300, 200, seed=1))
    found = probe(pair)
    assert not any(isinstance(getattr(found, each.name), Tensor) for each in fields(found))
    assert found.residual.shape == (300, 200)


def test_a_little_of_a_long_row_is_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    value = _random(4, 1 << 17)
    pair = _pair(value, value)
    with _Largest() as seen:
        block = pair.left.block((1, 3), (70, 90))
    assert torch.equal(block, value[1:3, 70:90])
    assert seen.size < 1000


def _gated(seed: int, neurons: int, width: int) -> dict[str, Tensor]:
    shapes = {"gate": (neurons, width), "up": (neurons, width), "down": (width, neurons)}
    return {
        "model.embed_tokens.weight": _random(200, width, seed=seed),
        **{
            f"model.layers.0.mlp.{name}_proj.weight": _random(*shape, seed=seed + 1 + k)
            for k, (name, shape) in enumerate(shapes.items())
        },
    }


def test_the_search_for_a_disguise_is_bounded_in_its_neurons() -> None:
    sides = [given.values(_gated(seed, 6000, 16)) for seed in (1, 20)]
    with _Largest() as seen:
        found = restored(*sides)
    assert found is not None
    assert not found.holds
    # 2048 by 2048 products in float64, where all of them would be 288 MB.
    assert seen.size <= 2048 * 2048 * 8
    for pair in found.pairs:
        assert pair.left.values.source.size <= 6000 * 16 * 4


def test_what_is_kept_of_a_disguise_is_no_view(monkeypatch: pytest.MonkeyPatch) -> None:
    from codesim.detectors.weights import adversarial

    kept: list[Tensor] = []

    def noted(self, role, layer, one, two) -> None:
        add(self, role, layer, one, two)
        kept.extend(self.found[-1][2:])

    add = adversarial._Work.add
    monkeypatch.setattr(adversarial._Work, "add", noted)
    monkeypatch.setattr(adversarial, "_KEPT", 1 << 10)
    restored(*[given.values(_gated(seed, 400, 16)) for seed in (1, 20)])
    assert kept
    assert all(each.untyped_storage().nbytes() == each.numel() * 4 for each in kept)


def _state(change: float) -> Mapping[str, Tensor]:
    return {name: value.float() * change for name, value in given.trained("parent").items()}


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("part", ["", "norm", "embed_tokens", "gate_proj"])
def test_numbers_that_are_none_stop_nothing(bad: float, part: str) -> None:
    sides = []
    for name in ("parent", "independent"):
        state = given.trained(name)
        sides.append({k: torch.full_like(v, bad) if part in k else v for k, v in state.items()})
    left, right = (stored.model({"model.safetensors": stored.safetensors(s)}) for s in sides)
    found = compared(left, right)
    assert found.verdict is not None
    assert found.verdict.grade not in ("A", "B")
    whole = stored.model({"model.safetensors": stored.safetensors(_state(1.0))})
    assert compared(left, whole).verdict is not None


def test_what_a_model_lacks_is_said() -> None:
    good = stored.model({"model.safetensors": stored.safetensors({"w": _random(40, 40)})})
    for files, said in (
        ({}, "right: no file of weights"),
        ({"model.safetensors": stored.safetensors({})}, "model.safetensors: holds no tensors"),
        ({"model.safetensors": b"\xff" * 40}, "(model.safetensors: "),
        ({"model.pt": b"no pickle"}, "(model.pt: "),
        ({"a.pt": b"no pickle", "b.pt": b"neither"}, ", and 1 more)"),
    ):
        found = compared(good, stored.model(files))
        assert said in found.state, found.state
        assert found.verdict is None
