"""Makes the folders ``fixtures/weights_*`` from the trained models: two of their four layers.

Run as ``python tests/detectors/weights/whole_cases.py``. Noise comes from a recorded seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
_NAMES = {"model.layers": "llm.blocks", "self_attn": "attn", "mlp": "ffn", "_proj.": "."}
State = Mapping[str, Tensor]


def model(name: str) -> dict[str, Tensor]:
    """The first two layers of a trained model, in bfloat16."""
    from safetensors.torch import load_file

    state = load_file(FIXTURES / "weights_models" / f"{name}.safetensors")
    return {name: state[name] for name in sorted(state) if ".layers.0." in name or ".1." in name}


def renamed(state: State) -> dict[str, Tensor]:
    """The same values under other names."""
    return {_renamed(name): value for name, value in state.items()}


def _renamed(name: str) -> str:
    for old, new in _NAMES.items():
        name = name.replace(old, new)
    return name


def noised(state: State, sigma: float, seed: int) -> dict[str, Tensor]:
    """Plus white noise of one standard deviation in every tensor, in half precision."""
    chance = torch.Generator().manual_seed(seed)
    return {
        name: (value.float() + sigma * torch.randn(value.shape, generator=chance)).half()
        for name, value in state.items()
    }


def cases() -> dict[str, dict[str, State]]:
    """Side by side of each case."""
    parent, tuned = model("parent"), model("tuned")
    return {
        "weights_independent": {"left": parent, "right": model("independent")},
        "weights_noised_copy": {"left": parent, "right": renamed(noised(parent, 0.004, 1))},
        "weights_shared_base": {"left": tuned, "right": model("sibling"), "base": parent},
        "weights_copy_beyond_base": {
            "left": tuned, "right": renamed(noised(tuned, 0.004, 2)), "base": parent,
        },
    }  # fmt: skip


def main() -> None:
    """Write every side of every case."""
    from safetensors.torch import save_file

    for case, sides in cases().items():
        for side, state in sides.items():
            folder = FIXTURES / case / side
            folder.mkdir(parents=True, exist_ok=True)
            save_file(dict(state), folder / "model.safetensors")


if __name__ == "__main__":
    main()
