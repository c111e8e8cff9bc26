"""Every relation between two models, made from the trained ones by recorded arithmetic.

A model is a mapping from tensor names to tensors. Nothing here trains: the transformations are
deterministic, so that every expected answer is certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from codesim.detectors.weights.values import Values
from codesim.formats import ByteSource, TensorRecord

Model = dict[str, Tensor]
FOLDER = Path(__file__).parents[3] / "fixtures" / "weights_models"
_DTYPES = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16"}
HEADS, KEY_HEADS, HEAD, LAYERS = 4, 2, 16, 4


@cache
def _trained(name: str, folder: Path) -> Mapping[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / f"{name}.safetensors")


def trained(name: str) -> Model:
    """One of the trained models, in bfloat16."""
    return dict(_trained(name, FOLDER))


def values(model: Mapping[str, Tensor]) -> list[Values]:
    """A model in memory, as the detector reads one from a file."""
    return [_in_memory(name, tensor) for name, tensor in model.items()]


def _in_memory(name: str, tensor: Tensor) -> Values:
    tensor = tensor.detach().contiguous()
    data = tensor.view(torch.uint8).numpy().tobytes()
    record = TensorRecord(name, tuple(tensor.shape), _DTYPES[tensor.dtype], "memory", 0, len(data))
    return Values(record, ByteSource.of(data, "memory"))


def _each(model: Model, change: Callable[[str, Tensor], Tensor], dtype: torch.dtype) -> Model:
    """A change of every tensor, computed in float32 and stored as ``dtype``."""
    return {name: change(name, value.float()).to(dtype) for name, value in model.items()}


def noised(
    model: Model,
    relative: float,
    seed: int = 1,
    dtype: torch.dtype = torch.float16,
    proportional: bool = False,
) -> Model:
    """Gaussian noise of one sigma, ``relative`` times the median spread of the matrices; or of
    that share of each tensor's own spread.
    """
    chance = torch.Generator().manual_seed(seed)
    spreads = sorted(float(v.float().std()) for v in model.values() if v.ndim > 1)
    sigma = relative * spreads[len(spreads) // 2]

    def change(_: str, value: Tensor) -> Tensor:
        size = relative * float(value.std()) if proportional else sigma
        return value + size * torch.randn(value.shape, generator=chance)

    return _each(model, change, dtype)


def quantised(
    model: Model, bits: int, group: int = 0, dtype: torch.dtype = torch.bfloat16
) -> Model:
    """Matrices rounded to ``2**bits - 1`` levels of a scale per row, or per group of a row."""
    most = 2 ** (bits - 1) - 1

    def change(_: str, value: Tensor) -> Tensor:
        if value.ndim < 2:
            return value
        rows = value.reshape(-1, group or value.shape[1])
        step = rows.abs().amax(1, keepdim=True).clamp_min(1e-12) / most
        return ((rows / step).round() * step).reshape(value.shape)

    return _each(model, change, dtype)


def pruned(model: Model, share: float) -> Model:
    """The smallest ``share`` of the numbers of every matrix set to zero."""

    def change(_: str, value: Tensor) -> Tensor:
        if value.ndim < 2:
            return value
        least = value.abs().flatten().kthvalue(max(1, int(share * value.numel()))).values
        return torch.where(value.abs() > least, value, torch.zeros(()))

    return _each(model, change, torch.bfloat16)


def low_rank(
    model: Model, rank: int, size: float = 0.5, seed: int = 2, dtype: torch.dtype = torch.bfloat16
) -> Model:
    """A product of two random matrices of ``rank`` added to every query and value projection,
    ``size`` times as large as what it is added to.
    """
    chance = torch.Generator().manual_seed(seed)

    def change(name: str, value: Tensor) -> Tensor:
        if not name.endswith(("q_proj.weight", "v_proj.weight")):
            return value
        m, n = value.shape
        added = torch.randn(m, rank, generator=chance) @ torch.randn(rank, n, generator=chance)
        return value + added * (size * float(value.std()) / float(added.std()))

    return _each(model, change, dtype)


def linear(parts: list[tuple[float, Model]], dtype: torch.dtype = torch.bfloat16) -> Model:
    """A weighted sum of models."""
    return {
        name: sum((weight * model[name].float() for weight, model in parts), torch.zeros(())).to(
            dtype
        )
        for name in parts[0][1]
    }


def slerp(one: Model, two: Model, t: float, dtype: torch.dtype = torch.bfloat16) -> Model:
    """Spherical interpolation of every tensor."""
    made = {}
    for name in one:
        a, b = one[name].float(), two[name].float()
        cosine = float((a * b).sum() / (a.norm() * b.norm()))
        angle = torch.tensor(max(-1.0, min(1.0, cosine))).acos()
        if float(angle) < 1e-3:
            made[name] = ((1 - t) * a + t * b).to(dtype)
            continue
        first, second = ((1 - t) * angle).sin() / angle.sin(), (t * angle).sin() / angle.sin()
        made[name] = (first * a + second * b).to(dtype)
    return made


def permuted(model: Model, seed: int = 3) -> Model:
    """The neurons of every MLP in another order."""
    chance, made = torch.Generator().manual_seed(seed), dict(model)
    for layer in _layers(model):
        mlp = f"model.layers.{layer}.mlp"
        order = torch.randperm(len(model[f"{mlp}.up_proj.weight"]), generator=chance)
        for part in ("gate_proj", "up_proj"):
            made[f"{mlp}.{part}.weight"] = model[f"{mlp}.{part}.weight"][order]
        made[f"{mlp}.down_proj.weight"] = model[f"{mlp}.down_proj.weight"][:, order]
    return made


def flipped(model: Model, seed: int = 4) -> Model:
    """Half of the neurons (up, down) and of the value channels (v, o) with the other sign."""
    chance, made = torch.Generator().manual_seed(seed), dict(model)
    for layer in _layers(model):
        path = f"model.layers.{layer}"
        up, down = f"{path}.mlp.up_proj.weight", f"{path}.mlp.down_proj.weight"
        signs = _signs(len(model[up]), chance).to(model[up].dtype)
        made[up], made[down] = model[up] * signs[:, None], model[down] * signs
        value, out = f"{path}.self_attn.v_proj.weight", f"{path}.self_attn.o_proj.weight"
        signs = _signs(len(model[value]), chance).to(model[value].dtype)
        made[value] = model[value] * signs[:, None]
        heads = signs.view(KEY_HEADS, HEAD).repeat_interleave(HEADS // KEY_HEADS, 0).reshape(-1)
        made[out] = model[out] * heads
    return made


def _signs(count: int, chance: torch.Generator) -> Tensor:
    return torch.randint(0, 2, (count,), generator=chance) * 2 - 1


def rotated(model: Model, seed: int = 5, dtype: torch.dtype = torch.float32) -> Model:
    """The residual stream in another orthonormal basis, the gains of the norms folded before."""
    chance = torch.Generator().manual_seed(seed)
    width = model["model.embed_tokens.weight"].shape[1]
    turn = torch.linalg.qr(torch.randn(width, width, generator=chance))[0]
    folded = folded_gains(model)
    return {name: _turned(name, value, turn).to(dtype) for name, value in folded.items()}


def _turned(name: str, value: Tensor, turn: Tensor) -> Tensor:
    if value.ndim < 2:
        return value
    return turn.T @ value if name.endswith(("o_proj.weight", "down_proj.weight")) else value @ turn


def folded_gains(model: Model) -> Model:
    """The gains of every norm multiplied into the matrices that read from it."""
    made = {name: value.float() for name, value in model.items()}
    for name in [each for each in made if each.endswith("norm.weight")]:
        gain = made[name]
        for reader in _readers(name):
            made[reader] = made[reader] * gain
        made[name] = torch.ones_like(gain)
    return made


def _readers(norm: str) -> list[str]:
    path = norm.rpartition(".")[0].rpartition(".")[0]
    if norm.endswith("input_layernorm.weight"):
        return [f"{path}.self_attn.{part}_proj.weight" for part in "qkv"]
    if norm.endswith("post_attention_layernorm.weight"):
        return [f"{path}.mlp.{part}_proj.weight" for part in ("gate", "up")]
    return ["lm_head.weight"]


def renamed(model: Model) -> Model:
    """Every tensor under a name of another convention."""
    return {f"decoder.{_other_name(name)}": value for name, value in model.items()}


def _other_name(name: str) -> str:
    for old, new in (("model.layers.", "blocks."), ("self_attn", "attention"), ("mlp", "ffn"),
                     ("_proj", "_linear"), ("embed_tokens", "wte")):  # fmt: skip
        name = name.replace(old, new)
    return name


def transposed_and_fused(model: Model) -> Model:
    """Queries, keys and values in one tensor, gate and up in one, and down transposed."""
    made = dict(model)
    for layer in _layers(model):
        path = f"model.layers.{layer}"
        qkv = [made.pop(f"{path}.self_attn.{part}_proj.weight") for part in "qkv"]
        made[f"{path}.self_attn.qkv_proj.weight"] = torch.cat(qkv)
        both = [made.pop(f"{path}.mlp.{part}_proj.weight") for part in ("gate", "up")]
        made[f"{path}.mlp.gate_up_proj.weight"] = torch.cat(both)
        down = f"{path}.mlp.down_proj.weight"
        made[down] = made[down].T.contiguous()
    return made


def with_layers(model: Model, order: list[int]) -> Model:
    """A model whose layers are copies of these layers of another."""
    made = {name: value for name, value in model.items() if ".layers." not in name}
    for place, source in enumerate(order):
        for name, value in model.items():
            if f".layers.{source}." in name:
                made[name.replace(f".layers.{source}.", f".layers.{place}.")] = value
    return made


def thinned(model: Model, width: int, seed: int = 7) -> Model:
    """A narrower residual stream: some of its coordinates, in their order."""
    every = model["model.embed_tokens.weight"].shape[1]
    order = torch.randperm(every, generator=torch.Generator().manual_seed(seed))
    kept = order[:width].sort().values
    writes = ("o_proj.weight", "down_proj.weight")
    return {
        name: value[kept] if value.ndim < 2 or name.endswith(writes) else value[:, kept]
        for name, value in model.items()
    }


def extended(model: Model, rows: int, seed: int = 6) -> Model:
    """A longer vocabulary: new rows at the end of the embedding and of the head."""
    chance = torch.Generator().manual_seed(seed)
    made = dict(model)
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        value = model[name]
        new = float(value.float().std()) * torch.randn(rows, value.shape[1], generator=chance)
        made[name] = torch.cat([value, new.to(value.dtype)])
    return made


def with_modules(model: Model, donor: Model, prefix: str = "vision") -> Model:
    """A model with new modules: matrices of another trained model under a name of their own."""
    new = {f"{prefix}.{name}": value for name, value in donor.items() if ".layers." in name}
    return {**model, **new}


def stored_as(model: Model, dtype: torch.dtype) -> Model:
    """The same numbers in another format."""
    return {name: value.to(dtype) for name, value in model.items()}


def _layers(model: Model) -> list[int]:
    found = {int(m.group(1)) for n in model if (m := re.search(r"model\.layers\.(\d+)\.", n))}
    return sorted(found)
