"""Blocks of quantised numbers as GGUF stores them, decoded to float32.

The layouts are those of ``ggml-quants.c`` and ``gguf-py/gguf/quants.py`` of ggml-org/llama.cpp.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# Elements and bytes per block.
BLOCKS: dict[str, tuple[int, int]] = {
    "Q8_0": (32, 34),
    "Q4_0": (32, 18),
    "Q4_K": (256, 144),
    "Q6_K": (256, 210),
}


def decode_blocks(kind: str, data: bytes) -> Floats:
    """The numbers of whole blocks of one kind, in order."""
    size = BLOCKS[kind][1]
    blocks = np.frombuffer(data, dtype=np.uint8).reshape(-1, size)
    return np.ascontiguousarray(_DECODERS[kind](blocks).reshape(-1).astype(np.float32))


def _half(blocks: Bytes) -> Floats:
    """Two bytes per block as one half-precision number, shape (blocks, 1)."""
    return np.ascontiguousarray(blocks).view(np.float16).astype(np.float32)


def _q8_0(blocks: Bytes) -> Floats:
    numbers = np.ascontiguousarray(blocks[:, 2:]).view(np.int8).astype(np.float32)
    return _half(blocks[:, :2]) * numbers


def _q4_0(blocks: Bytes) -> Floats:
    """The low halves of the bytes are the first sixteen numbers."""
    packed = blocks[:, 2:]
    numbers = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32) - 8
    return _half(blocks[:, :2]) * numbers


def _q4_k(blocks: Bytes) -> Floats:
    """Eight groups of 32, each with a scale and a minimum of six bits."""
    count = len(blocks)
    scale, least = _six_bits(blocks[:, 4:16])
    d = _half(blocks[:, 0:2]) * scale
    m = _half(blocks[:, 2:4]) * least
    packed = blocks[:, 16:].reshape(count, 4, 1, 32)
    numbers = np.concatenate([packed & 0x0F, packed >> 4], axis=2).reshape(count, 8, 32)
    return d[:, :, None] * numbers.astype(np.float32) - m[:, :, None]


def _six_bits(packed: Bytes) -> tuple[Floats, Floats]:
    """Eight scales and eight minima of six bits in twelve bytes."""
    low, middle, high = packed[:, 0:4], packed[:, 4:8], packed[:, 8:12]
    scale = np.concatenate([low & 63, (high & 15) | ((low >> 6) << 4)], axis=1)
    least = np.concatenate([middle & 63, (high >> 4) | ((middle >> 6) << 4)], axis=1)
    return scale.astype(np.float32), least.astype(np.float32)


def _q6_k(blocks: Bytes) -> Floats:
    """Sixteen groups of 16: four low bits, two high bits, a scale of eight."""
    count = len(blocks)
    low = blocks[:, :128].reshape(count, 2, 1, 64)
    high = blocks[:, 128:192].reshape(count, 2, 1, 32)
    scale = np.ascontiguousarray(blocks[:, 192:208]).view(np.int8).astype(np.float32)
    shifts = np.array([0, 4], dtype=np.uint8).reshape(1, 1, 2, 1)
    four = ((low >> shifts) & 0x0F).reshape(count, 2, 4, 32)
    two = (high >> np.array([0, 2, 4, 6], dtype=np.uint8).reshape(1, 1, 4, 1)) & 3
    numbers = (four | (two << 4)).astype(np.float32).reshape(count, 16, 16) - 32
    return _half(blocks[:, 208:210])[:, :, None] * scale[:, :, None] * numbers


_DECODERS: dict[str, Callable[[Bytes], Floats]] = {
    "Q8_0": _q8_0,
    "Q4_0": _q4_0,
    "Q4_K": _q4_k,
    "Q6_K": _q6_k,
}
