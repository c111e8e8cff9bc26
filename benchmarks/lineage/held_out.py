"""Further tiny models, on which no threshold of the weights detector was chosen.

Other seeds, other architectures and other data than the recorded models of ``fixtures``, trained by
the same recipe. They are not kept with codesim: ``trained_models`` trains what is not there yet,
about half an hour on one core. Run as ``python -m benchmarks.lineage.held_out FOLDER``.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.lineage.language_model import LLAMA, LanguageModel, Shape
from benchmarks.lineage.recipe import adapted, distilled, domains, trained, write

_STEPS = 500
_MHA = replace(LLAMA, key_heads=4)
_TIED = replace(LLAMA, tied=True)
_PLAIN = Shape(key_heads=4, inner=256, gated=False, layer_norm=True)
_GATED_LAYER_NORM = replace(LLAMA, layer_norm=True)
_PLAIN_RMS_TIED = Shape(inner=256, gated=False, tied=True)
_WIDE = Shape(width=96, heads=6, key_heads=2, inner=256)
_DEEP = replace(LLAMA, layers=6)
# Rows of a whole number of blocks of 256, which the smaller formats of GGUF need.
_BLOCKS = Shape(width=256, layers=2, heads=4, key_heads=2, inner=512)


@dataclass(frozen=True)
class Origin:
    """How an independent model was trained: its shape, the seed of its initialisation, the order
    of its data, and the domain.
    """

    shape: Shape
    seed: int
    order: int
    domain: str = "a"
    rate: float = 5e-3
    steps: int = _STEPS


# Some share the order of their data, so that nothing but the initialisation tells them apart.
INDEPENDENT = {
    "llama-1": Origin(LLAMA, 21, 21),
    "llama-2": Origin(LLAMA, 22, 21),
    "llama-3": Origin(LLAMA, 23, 23, "b"),
    "llama-4": Origin(replace(LLAMA, std=0.06), 24, 24),
    "llama-5": Origin(LLAMA, 25, 25, rate=1.5e-3),
    "mha-1": Origin(_MHA, 31, 31),
    "mha-2": Origin(_MHA, 32, 31),
    "tied-1": Origin(_TIED, 41, 41),
    "tied-2": Origin(_TIED, 42, 41),
    "plain-1": Origin(_PLAIN, 51, 51),
    "plain-2": Origin(_PLAIN, 52, 51),
    "gated-layer-norm-1": Origin(_GATED_LAYER_NORM, 61, 61),
    "gated-layer-norm-2": Origin(_GATED_LAYER_NORM, 62, 61),
    "plain-rms-tied-1": Origin(_PLAIN_RMS_TIED, 71, 71),
    "plain-rms-tied-2": Origin(_PLAIN_RMS_TIED, 72, 71),
    "wide-1": Origin(_WIDE, 81, 81),
    "wide-2": Origin(_WIDE, 82, 81),
    "deep-1": Origin(_DEEP, 91, 91),
    "deep-2": Origin(_DEEP, 92, 91),
    "blocks-1": Origin(_BLOCKS, 95, 95, rate=2e-3, steps=250),
}
Family = dict[str, LanguageModel]


def _tuned(order: int, parent: str = "llama-1") -> Callable[[Family, dict[str, Tensor]], object]:
    return lambda family, data: trained(family[parent], data["b"], 120, order, 3e-4)


# Made from others by training. The rest is arithmetic: see ``derivations``.
DERIVED: dict[str, Callable[[Family, dict[str, Tensor]], object]] = {
    "llama-1-tuned": _tuned(101),
    "llama-1-sibling": _tuned(102),
    "llama-1-adapted": lambda family, data: adapted(family["llama-1"], data["b"], 150, 103),
    "llama-1-distilled": lambda family, data: distilled(
        LanguageModel(26), family["llama-1"], data["a"], _STEPS, 104
    ),
    "llama-1-int8-tuned": lambda family, data: trained(
        _rounded(family["llama-1"], 8), data["b"], 120, 105, 3e-4
    ),
    "plain-1-tuned": _tuned(106, "plain-1"),
    "tied-1-tuned": _tuned(107, "tied-1"),
    "plain-1-distilled": lambda family, data: distilled(
        LanguageModel(53, _PLAIN), family["plain-1"], data["a"], _STEPS, 108
    ),
}


def trained_models(folder: Path) -> dict[str, Path]:
    """The files of all models by name; trains those that are missing."""
    paths = {name: folder / f"{name}.safetensors" for name in (*INDEPENDENT, *DERIVED)}
    missing = [name for name, path in paths.items() if not path.is_file()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        _train(missing, paths)
    return paths


def _train(missing: list[str], paths: dict[str, Path]) -> None:
    data = domains()
    family: Family = {}
    for name, origin in INDEPENDENT.items():
        model = LanguageModel(origin.seed, origin.shape)
        if name in missing:
            print(f"training {name}", file=sys.stderr)
            model = trained(model, data[origin.domain], origin.steps, origin.order, origin.rate)
            write(model, paths[name])
        # As it is stored, whether or not it was trained just now.
        _read(model, paths[name])
        family[name] = model
    for name, make in DERIVED.items():
        if name in missing:
            print(f"training {name}", file=sys.stderr)
            made = make(family, data)
            assert isinstance(made, LanguageModel)
            write(made, paths[name])


def _read(model: LanguageModel, path: Path) -> None:
    from safetensors.torch import load_file

    model.load_state_dict({name: value.float() for name, value in load_file(path).items()})


def _rounded(model: LanguageModel, bits: int) -> LanguageModel:
    """Matrices rounded to so many bits with one scale for each row."""
    most = 2 ** (bits - 1) - 1
    made = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.ndim == 2:
                step = parameter.abs().amax(1, keepdim=True).clamp_min(1e-12) / most
                parameter.copy_((parameter / step).round() * step)
    return made


if __name__ == "__main__":
    torch.set_num_threads(1)
    trained_models(Path(sys.argv[1]))
