"""A pair of checkpoints with the tensor shapes of an 8B model, fewer layers, as files."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np

# Llama 3 8B (its config.json): vocabulary, width, width of the MLP, and of keys and values.
_VOCABULARY, _WIDTH, _INNER, _KEYS = 128_256, 4_096, 14_336, 1_024
_LAYER = {
    "self_attn.q_proj": (_WIDTH, _WIDTH), "self_attn.k_proj": (_KEYS, _WIDTH),
    "self_attn.v_proj": (_KEYS, _WIDTH), "self_attn.o_proj": (_WIDTH, _WIDTH),
    "mlp.gate_proj": (_INNER, _WIDTH), "mlp.up_proj": (_INNER, _WIDTH),
    "mlp.down_proj": (_WIDTH, _INNER),
}  # fmt: skip
# The usual spread of weights, and the noise that was added in the case of 2024.
_SPREAD, _NOISE = 0.02, 1.4e-3
# Random numbers that repeat within a file. No multiple of a row: else rows would repeat; and of
# another length for an unrelated file: else every product with one of the first would.
_POOL, _OTHER_POOL = (1 << 22) - 3, (1 << 22) - 1_017

Shapes = Mapping[str, tuple[int, int]]


def shapes(layers: int) -> dict[str, tuple[int, int]]:
    """The tensors of so many layers and the embedding."""
    found = {"model.embed_tokens.weight": (_VOCABULARY, _WIDTH)}
    for layer in range(layers):
        found |= {f"model.layers.{layer}.{name}.weight": size for name, size in _LAYER.items()}
    return found


def write_pair(folder: Path, layers: int, seed: int = 0) -> tuple[Path, Path]:
    """Two bfloat16 files, the second the first plus white noise."""
    chance = np.random.default_rng(seed)
    one = _numbers(chance, _POOL, _SPREAD)
    two = _half(one) + _numbers(chance, _POOL, _NOISE)
    paths = folder / "left.safetensors", folder / "right.safetensors"
    for path, pool in zip(paths, (one, two), strict=True):
        _write(path, shapes(layers), _bits(pool))
    return paths


def write_unrelated(folder: Path, layers: int, seed: int = 0) -> Path:
    """A file of the same shapes that has nothing to do with either."""
    path = folder / "unrelated.safetensors"
    chance = np.random.default_rng(seed + 1)
    _write(path, shapes(layers), _bits(_numbers(chance, _OTHER_POOL, _SPREAD)))
    return path


def _numbers(chance: np.random.Generator, size: int, spread: float) -> np.ndarray:
    return chance.standard_normal(size, np.float32) * np.float32(spread)


def _bits(values: np.ndarray) -> np.ndarray:
    """Rounded to bfloat16, as 16-bit integers."""
    wide = values.view(np.uint32)
    return ((wide + 0x7FFF + ((wide >> 16) & 1)) >> 16).astype("<u2")


def _half(values: np.ndarray) -> np.ndarray:
    return (_bits(values).astype(np.uint32) << 16).view(np.float32)


def _write(path: Path, tensors: Shapes, pool: np.ndarray) -> None:
    about, at = {}, 0
    for name, (rows, columns) in tensors.items():
        end = at + 2 * rows * columns
        about[name] = {"dtype": "BF16", "shape": [rows, columns], "data_offsets": [at, end]}
        at = end
    header = json.dumps(about).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for number, (rows, columns) in enumerate(tensors.values()):
            left, start = rows * columns, number * 65_537 % len(pool)
            while left:
                part = pool[start : start + min(left, len(pool) - start)]
                file.write(part.tobytes())
                left, start = left - len(part), 0
