"""Formats in which models are passed on: fp8 and int8 with scales, and GGUF of small blocks.

Quantisers are written from the format, apart from the decoders that codesim reads it with. Source
of the layout: ``block_q4_K`` and ``block_q8_0`` in ggml-quants of ggml-org/llama.cpp.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Model = dict[str, Tensor]
_LARGEST_FP8 = 448.0
_NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm", "model.layers": "blk",
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
}  # fmt: skip


def fp8(model: Model) -> Model:
    """Matrices as fp8 (e4m3) with one scale each, as inference servers take them."""
    made: Model = {}
    for name, value in model.items():
        if value.ndim < 2:
            made[name] = value
            continue
        scale = value.float().abs().max() / _LARGEST_FP8
        made[name] = (value.float() / scale).to(torch.float8_e4m3fn)
        made[f"{name}_scale"] = scale.reshape(1)
    return made


def int8(model: Model) -> Model:
    """Matrices as int8 with one scale for each row."""
    made: Model = {}
    for name, value in model.items():
        if value.ndim < 2:
            made[name] = value
            continue
        scale = value.float().abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        made[name] = (value.float() / scale).round().to(torch.int8)
        made[f"{name}_scale"] = scale
    return made


def gguf_tensors(
    model: Model, heads: int, key_heads: int
) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    """Tensors of a GGUF file as converters write it: their names, rows of queries and keys
    reordered for rotary positions, layers in Q4_K and the vocabulary in Q8_0.
    """
    found = {}
    for name, value in model.items():
        for old, new in _NAMES.items():
            name = name.replace(old, new)
        value = value.float()
        if "attn_q." in name or "attn_k." in name:
            value = _interleaved(value, heads if "attn_q." in name else key_heads)
        array = value.numpy().astype(np.float32)
        if array.ndim < 2:
            found[name] = ("F32", array.shape, array.tobytes())
        elif name.startswith("blk."):
            found[name] = ("Q4_K", array.shape, q4_k(array))
        else:
            found[name] = ("Q8_0", array.shape, q8_0(array))
    return found


def _interleaved(weights: Tensor, heads: int) -> Tensor:
    parts = weights.reshape(heads, 2, len(weights) // heads // 2, -1)
    return parts.swapaxes(1, 2).reshape(weights.shape)


def q8_0(values: NDArray[np.float32]) -> bytes:
    """Blocks of 32 numbers: a half-precision scale and 32 signed bytes."""
    blocks = values.reshape(-1, 32)
    scale = (np.abs(blocks).max(1, keepdims=True) / 127).astype("<f2")
    whole = np.rint(blocks / np.maximum(scale.astype(np.float32), 1e-12))
    numbers = np.clip(whole, -127, 127).astype(np.int8).view(np.uint8)
    return np.concatenate([scale.view(np.uint8), numbers], axis=1).tobytes()


def q4_k(values: NDArray[np.float32]) -> bytes:
    """Blocks of 256 numbers: 8 groups of 4 bits, each with a scale and a least number of 6 bits."""
    groups = values.reshape(-1, 8, 32)
    least = np.minimum(groups.min(2), 0.0)
    step = (groups.max(2) - least) / 15
    d, m = (np.maximum(each.max(1), 1e-12) / 63 for each in (step, -least))
    halves = np.stack([d, m], axis=1).astype("<f2")
    d, m = halves.astype(np.float32).T
    scales, mins = (
        np.clip(np.rint(each / over[:, None]), 0, 63).astype(np.uint8)
        for each, over in ((step, d), (-least, m))
    )
    unit = np.maximum(d[:, None] * scales, 1e-12)[:, :, None]
    whole = np.rint((groups + (m[:, None] * mins)[:, :, None]) / unit)
    numbers = np.clip(whole, 0, 15).astype(np.uint8)
    packed = numbers[:, 0::2] | numbers[:, 1::2] << 4
    parts = [halves.view(np.uint8), _six_bits(scales, mins), packed.reshape(len(groups), 128)]
    return np.concatenate(parts, axis=1).tobytes()


def _six_bits(scales: NDArray[np.uint8], mins: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """8 scales and 8 least numbers in 12 bytes, as ``get_scale_min_k4`` takes them apart."""
    found = np.zeros((len(scales), 12), np.uint8)
    found[:, :4] = scales[:, :4] | scales[:, 4:] >> 4 << 6
    found[:, 4:8] = mins[:, :4] | mins[:, 4:] >> 4 << 6
    found[:, 8:] = scales[:, 4:] & 15 | (mins[:, 4:] & 15) << 4
    return found
