"""Helpers extracted and inlined, methods and functions exchanged."""

from __future__ import annotations

import pytest
from rewriting import Code, assert_other, assert_same

TILES = """
import math
import numpy as np


def tile_image(pixels, side, most):
    height, width = pixels.shape[:2]
    rows = min(most, max(1, math.ceil(height / side)))
    columns = min(most, max(1, math.ceil(width / side)))
    padded = np.zeros((rows * side, columns * side, 3), dtype=pixels.dtype)
    padded[:height, :width] = pixels[:rows * side, :columns * side]
    blocks = padded.reshape(rows, side, columns, side, 3).transpose(0, 2, 1, 3, 4)
    tiles = blocks.reshape(rows * columns, side, side, 3)
    mean = tiles.mean(axis=(1, 2), keepdims=True)
    deviation = tiles.std(axis=(1, 2), keepdims=True)
    return (tiles - mean) / np.maximum(deviation, 1e-6), (rows, columns)
"""
TILES_EXTRACTED = """
import math
import numpy as np


def count(length, side, most):
    return min(most, max(1, math.ceil(length / side)))


def standardise(tiles):
    mean = tiles.mean(axis=(1, 2), keepdims=True)
    deviation = tiles.std(axis=(1, 2), keepdims=True)
    return (tiles - mean) / np.maximum(deviation, 1e-6)


def tile_image(pixels, side, most):
    height, width = pixels.shape[:2]
    rows, columns = count(height, side, most), count(width, side, most)
    padded = np.zeros((rows * side, columns * side, 3), dtype=pixels.dtype)
    padded[:height, :width] = pixels[:rows * side, :columns * side]
    blocks = padded.reshape(rows, side, columns, side, 3).transpose(0, 2, 1, 3, 4)
    tiles = blocks.reshape(rows * columns, side, side, 3)
    return standardise(tiles), (rows, columns)
"""
TILES_ELSEWHERE = {
    "pictures/maths.py": """
import math
import numpy as np


def count(length, side, most):
    return min(most, max(1, math.ceil(length / side)))


def standardise(tiles):
    mean = tiles.mean(axis=(1, 2), keepdims=True)
    deviation = tiles.std(axis=(1, 2), keepdims=True)
    return (tiles - mean) / np.maximum(deviation, 1e-6)
""",
    "pictures/tiling.py": """
import numpy as np

from pictures.maths import count, standardise


def tile_image(pixels, side, most):
    height, width = pixels.shape[:2]
    rows, columns = count(height, side, most), count(width, side, most)
    padded = np.zeros((rows * side, columns * side, 3), dtype=pixels.dtype)
    padded[:height, :width] = pixels[:rows * side, :columns * side]
    blocks = padded.reshape(rows, side, columns, side, 3).transpose(0, 2, 1, 3, 4)
    tiles = blocks.reshape(rows * columns, side, side, 3)
    return standardise(tiles), (rows, columns)
""",
}
SAMPLER_METHODS = """
import torch


class Sampler:
    def __init__(self, temperature, top_k, top_p):
        self.temperature = temperature
        self.top_k = top_k
        self.top_p = top_p

    def narrow(self, logits):
        values, _ = torch.topk(logits, min(self.top_k, logits.size(-1)))
        return logits.masked_fill(logits < values[..., -1, None], float("-inf"))

    def nucleus(self, logits):
        ordered, places = torch.sort(logits, descending=True)
        mass = torch.cumsum(torch.softmax(ordered, dim=-1), dim=-1)
        dropped = mass - torch.softmax(ordered, dim=-1) > self.top_p
        return logits.masked_fill(dropped.scatter(-1, places, dropped), float("-inf"))

    def sample(self, logits):
        logits = self.nucleus(self.narrow(logits / self.temperature))
        return torch.multinomial(torch.softmax(logits, dim=-1), num_samples=1).squeeze(-1)
"""
SAMPLER_FUNCTIONS = """
import torch


def narrow(logits, top_k):
    values, _ = torch.topk(logits, min(top_k, logits.size(-1)))
    return logits.masked_fill(logits < values[..., -1, None], float("-inf"))


def nucleus(logits, top_p):
    ordered, places = torch.sort(logits, descending=True)
    mass = torch.cumsum(torch.softmax(ordered, dim=-1), dim=-1)
    dropped = mass - torch.softmax(ordered, dim=-1) > top_p
    return logits.masked_fill(dropped.scatter(-1, places, dropped), float("-inf"))


def sample(logits, temperature, top_k, top_p):
    logits = nucleus(narrow(logits / temperature, top_k), top_p)
    return torch.multinomial(torch.softmax(logits, dim=-1), num_samples=1).squeeze(-1)
"""
SAMPLER_STATIC = """
import torch


class Draw:
    @staticmethod
    def narrow(logits, top_k):
        values, _ = torch.topk(logits, min(top_k, logits.size(-1)))
        return logits.masked_fill(logits < values[..., -1, None], float("-inf"))

    @staticmethod
    def nucleus(logits, top_p):
        ordered, places = torch.sort(logits, descending=True)
        mass = torch.cumsum(torch.softmax(ordered, dim=-1), dim=-1)
        dropped = mass - torch.softmax(ordered, dim=-1) > top_p
        return logits.masked_fill(dropped.scatter(-1, places, dropped), float("-inf"))

    @classmethod
    def sample(cls, logits, temperature, top_k, top_p):
        logits = cls.nucleus(cls.narrow(logits / temperature, top_k), top_p)
        return torch.multinomial(torch.softmax(logits, dim=-1), num_samples=1).squeeze(-1)
"""
SAMPLER_INLINED = """
import torch


def sample(logits, temperature, top_k, top_p):
    logits = logits / temperature
    values, _ = torch.topk(logits, min(top_k, logits.size(-1)))
    logits = logits.masked_fill(logits < values[..., -1, None], float("-inf"))
    ordered, places = torch.sort(logits, descending=True)
    mass = torch.cumsum(torch.softmax(ordered, dim=-1), dim=-1)
    dropped = mass - torch.softmax(ordered, dim=-1) > top_p
    logits = logits.masked_fill(dropped.scatter(-1, places, dropped), float("-inf"))
    return torch.multinomial(torch.softmax(logits, dim=-1), num_samples=1).squeeze(-1)
"""
OTHER_TILES = """
import numpy as np


def scale(values, low, high):
    return (values - low) / max(high - low, 1e-6)


def equalise(pixels, bins):
    histogram, _ = np.histogram(pixels.flatten(), bins, (0, 256))
    cumulative = histogram.cumsum()
    lookup = scale(cumulative, cumulative.min(), cumulative.max()) * 255
    return lookup[pixels].astype(np.uint8)
"""
OTHER_SAMPLER = """
import torch


class Cache:
    def __init__(self, layers, limit):
        self.layers = layers
        self.limit = limit
        self.keys = [None] * layers
        self.values = [None] * layers

    def append(self, layer, key, value):
        if self.keys[layer] is not None:
            key = torch.cat([self.keys[layer], key], dim=-2)
            value = torch.cat([self.values[layer], value], dim=-2)
        self.keys[layer] = key[..., -self.limit:, :]
        self.values[layer] = value[..., -self.limit:, :]
        return self.keys[layer], self.values[layer]

    def reorder(self, beams):
        for layer in range(self.layers):
            self.keys[layer] = self.keys[layer].index_select(0, beams)
            self.values[layer] = self.values[layer].index_select(0, beams)
"""
OTHER_FUNCTIONS = """
import torch


def entropy(logits, mask):
    shares = torch.softmax(logits, dim=-1)
    return -(shares * torch.log(shares + 1e-9)).sum(dim=-1)[mask].mean()


def agreement(first, second, mask):
    same = first.argmax(dim=-1) == second.argmax(dim=-1)
    return same[mask].float().mean()


def report(first, second, mask):
    return {"entropy": entropy(first, mask), "agreement": agreement(first, second, mask)}
"""

DIFFERENT = [
    pytest.param(TILES, OTHER_TILES, id="two functions on pixels"),
    pytest.param(TILES_EXTRACTED, OTHER_TILES, id="two functions with helpers"),
    pytest.param(TILES_ELSEWHERE, OTHER_FUNCTIONS, id="helpers in another module"),
    pytest.param(SAMPLER_METHODS, OTHER_SAMPLER, id="two classes of three methods"),
    pytest.param(SAMPLER_FUNCTIONS, OTHER_FUNCTIONS, id="two modules of three functions"),
    pytest.param(SAMPLER_STATIC, OTHER_SAMPLER, id="static methods and another class"),
    pytest.param(SAMPLER_INLINED, OTHER_FUNCTIONS, id="one function and several"),
]
SAME = [
    pytest.param(TILES, TILES_EXTRACTED, id="helpers extracted in the same module"),
    pytest.param(TILES, TILES_ELSEWHERE, id="helpers extracted into another module"),
    pytest.param(TILES_EXTRACTED, TILES_ELSEWHERE, id="helpers moved to another module"),
    pytest.param(TILES_ELSEWHERE, TILES, id="helpers of another module inlined"),
    pytest.param(SAMPLER_METHODS, SAMPLER_FUNCTIONS, id="methods become functions"),
    pytest.param(SAMPLER_FUNCTIONS, SAMPLER_STATIC, id="functions become static methods"),
    pytest.param(SAMPLER_FUNCTIONS, SAMPLER_INLINED, id="helpers inlined in the same module"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_other_definitions_do_not_match(left: Code, right: Code) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_moved_definitions_match(left: Code, right: Code) -> None:
    assert_same(left, right)
