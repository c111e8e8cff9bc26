"""Blocks of quantised numbers against a decoder that follows the format number by number."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

pytest.importorskip("torch")

import numpy as np

from codesim.detectors.weights.quantised import BLOCKS, decode_blocks


def _half(data: bytes) -> float:
    return float(struct.unpack("<e", data)[0])


def _signed(byte: int) -> int:
    return byte - 256 if byte > 127 else byte


def _q8_0(block: bytes) -> list[float]:
    return [_half(block[:2]) * _signed(each) for each in block[2:]]


def _q4_0(block: bytes) -> list[float]:
    scale = _half(block[:2])
    low, high = ([(b >> shift & 15) - 8 for b in block[2:]] for shift in (0, 4))
    return [scale * each for each in low + high]


def _q4_k(block: bytes) -> list[float]:
    """As ``dequantize_row_q4_K`` with ``get_scale_min_k4``."""
    d, m, scales, packed = _half(block[:2]), _half(block[2:4]), block[4:16], block[16:]
    found = []
    for group in range(8):
        if group < 4:
            scale, least = scales[group] & 63, scales[group + 4] & 63
        else:
            scale = scales[group + 4] & 15 | scales[group - 4] >> 6 << 4
            least = scales[group + 4] >> 4 | scales[group] >> 6 << 4
        part = packed[group // 2 * 32 : group // 2 * 32 + 32]
        found += [d * scale * (b >> 4 * (group % 2) & 15) - m * least for b in part]
    return found


def _q6_k(block: bytes) -> list[float]:
    """As ``dequantize_row_q6_K``."""
    d, found = _half(block[208:]), [0.0] * 256
    for half in range(2):
        low, high = block[64 * half :][:64], block[128 + 32 * half :][:32]
        scales = block[192 + 8 * half :][:8]
        for n in range(32):
            numbers = (
                low[n] & 15 | (high[n] & 3) << 4, low[n + 32] & 15 | (high[n] >> 2 & 3) << 4,
                low[n] >> 4 | (high[n] >> 4 & 3) << 4, low[n + 32] >> 4 | (high[n] >> 6) << 4,
            )  # fmt: skip
            for place, number in enumerate(numbers):
                scale = _signed(scales[n // 16 + 2 * place])
                found[128 * half + 32 * place + n] = d * scale * (number - 32)
    return found


_SLOW: dict[str, Callable[[bytes], list[float]]] = {
    "Q8_0": _q8_0, "Q4_0": _q4_0, "Q4_K": _q4_k, "Q6_K": _q6_k,
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_blocks(kind: str) -> None:
    elements, size = BLOCKS[kind]
    chance = np.random.default_rng(7)
    data = chance.integers(0, 256, (20, size), dtype=np.uint8)
    scale = chance.normal(size=(20, 2)).astype("<f2").view(np.uint8).reshape(20, 4)
    place = {"Q6_K": (208, 2), "Q4_K": (0, 4)}.get(kind, (0, 2))
    data[:, place[0] : place[0] + place[1]] = scale[:, : place[1]]
    expected = [number for block in data for number in _SLOW[kind](block.tobytes())]
    found = decode_blocks(kind, data.tobytes())
    assert found.dtype == np.float32
    assert found.shape == (20 * elements,)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_a_block_by_hand() -> None:
    """0.5 times -8, 7, 0 and -1: the low halves come first."""
    block = struct.pack("<e", 0.5) + bytes([0x80, 0x7F]) + bytes([0x88] * 14)
    found = decode_blocks("Q4_0", block)
    assert found[:3].tolist() == [-4.0, 3.5, 0.0]
    assert found[16:19].tolist() == [0.0, -0.5, 0.0]
