"""Models of 8 billion parameters that lie nowhere: every byte is made when it is asked for."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from rangeserver import File

_BLOCK = 32_768  # numbers
_WIDTH, _NEURONS, _KEYS, _WORDS, _LAYERS, _SHARDS = 4096, 14336, 1024, 128_256, 32, 4
_SHAPES = {
    "self_attn.q_proj": (_WIDTH, _WIDTH), "self_attn.k_proj": (_KEYS, _WIDTH),
    "self_attn.v_proj": (_KEYS, _WIDTH), "self_attn.o_proj": (_WIDTH, _WIDTH),
    "mlp.gate_proj": (_NEURONS, _WIDTH), "mlp.up_proj": (_NEURONS, _WIDTH),
    "mlp.down_proj": (_WIDTH, _NEURONS), "input_layernorm": (_WIDTH,),
    "post_attention_layernorm": (_WIDTH,),
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """The numbers of a model: normal ones of a seed, and ``noise`` times those of another.

    Tensors that are not shared are of the seed ``own``. ``rename`` makes the names of its files.
    """

    seed: int
    noise: float = 0.0
    own: int = 0
    is_shared: Callable[[str], bool] = lambda _: True
    rename: Callable[[str], str] = lambda name: name


def tensors() -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and shapes, as those of Llama-3-8B."""
    yield "model.embed_tokens.weight", (_WORDS, _WIDTH)
    for layer in range(_LAYERS):
        for name, shape in _SHAPES.items():
            yield f"model.layers.{layer}.{name}.weight", shape
    yield "model.norm.weight", (_WIDTH,)
    yield "lm_head.weight", (_WORDS, _WIDTH)


def model(recipe: Recipe) -> dict[str, File | bytes]:
    """The files of a repository: four shards of about 4 GB and their index."""
    every = list(tensors())
    parts = [every[n::_SHARDS] for n in range(_SHARDS)]
    files: dict[str, File | bytes] = {}
    places: dict[str, str] = {}
    for number, part in enumerate(parts):
        name = f"model-{number + 1:05d}-of-{_SHARDS:05d}.safetensors"
        files[name] = _shard(recipe, part)
        places |= {recipe.rename(tensor): name for tensor, _ in part}
    index = {"metadata": {"total_size": 16_060_522_496}, "weight_map": places}
    files["model.safetensors.index.json"] = json.dumps(index).encode()
    return files


def _shard(recipe: Recipe, part: list[tuple[str, tuple[int, ...]]]) -> File:
    about: dict[str, object] = {}
    starts: list[tuple[int, str]] = []
    end = 0
    for name, shape in part:
        start, end = end, end + 2 * int(np.prod(shape))
        about[recipe.rename(name)] = {
            "dtype": "BF16", "shape": list(shape), "data_offsets": [start, end],
        }  # fmt: skip
        starts.append((start, name))
    header = json.dumps(about).encode()
    head = struct.pack("<Q", len(header)) + header

    def read(start: int, size: int) -> bytes:
        found = head[start : start + size]
        first, last = max(0, start - len(head)), max(0, start + size - len(head))
        for (low, name), (high, _) in zip(starts, [*starts[1:], (end, "")], strict=True):
            if low < last and first < high:
                found += _values(recipe, name, max(first, low) - low, min(last, high) - low)
        return found

    return File(len(head) + end, read, f'"{recipe.seed}-{recipe.noise}-{recipe.own}"')


def _values(recipe: Recipe, name: str, first: int, last: int) -> bytes:
    """Bytes of a tensor, made in blocks."""
    blocks = range(first // (2 * _BLOCK), -(-last // (2 * _BLOCK)))
    data = b"".join(_block(replace(recipe, rename=str), name, each) for each in blocks)
    start = blocks.start * 2 * _BLOCK
    return data[first - start : last - start]


@lru_cache(256)
def _block(recipe: Recipe, name: str, block: int) -> bytes:
    seed = recipe.seed if recipe.is_shared(name) else recipe.own
    made = _normal(seed, name, block)
    if recipe.noise:
        made = made + recipe.noise * _normal(recipe.own, name, block)
    stored = torch.from_numpy(made * np.float32(0.02)).bfloat16()
    return stored.view(torch.uint8).numpy().tobytes()


def _normal(seed: int, name: str, block: int) -> np.ndarray:
    text = f"{seed}:{name}:{block}".encode()
    key = int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "little")
    return np.random.Generator(np.random.Philox(key=key)).standard_normal(_BLOCK, np.float32)
