"""Where code stands: order, files, notebooks, classes of layers, decorators of no effect."""

from __future__ import annotations

import json

import pytest
from rewriting import Code, assert_other, assert_same

IMPORTS = """
import math

import torch
from torch import nn
"""
POSITIONS = """

def axis_code(size, positions):
    omega = torch.arange(size // 2, dtype=torch.float32) / (size / 2.0)
    angle = torch.einsum("m,d->md", positions.reshape(-1), 1.0 / 10000 ** omega)
    return torch.cat([torch.sin(angle), torch.cos(angle)], dim=1)
"""
PLANE = """

def plane_code(size, rows, columns):
    grid = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    vertical = axis_code(size // 2, grid[0].float())
    horizontal = axis_code(size // 2, grid[1].float())
    return torch.cat([vertical, horizontal], dim=1)
"""
RESAMPLER = """

class Resampler(nn.Module):
    def __init__(self, queries, width, heads, source):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(queries, width))
        nn.init.trunc_normal_(self.query, std=0.02)
        self.project = nn.Linear(source, width, bias=False) if source != width else nn.Identity()
        self.attend = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm_query = nn.LayerNorm(width, eps=1e-6)
        self.norm_value = nn.LayerNorm(width, eps=1e-6)
        self.scale = 1.0 / math.sqrt(width)

    def forward(self, patches, rows, columns):
        value = self.norm_value(self.project(patches))
        code = plane_code(value.size(-1), rows, columns).to(value.dtype).to(value.device)
        query = self.norm_query(self.query).unsqueeze(0).expand(value.size(0), -1, -1)
        found, _ = self.attend(query, value + code.unsqueeze(0), value, need_weights=False)
        return found * self.scale
"""
WHOLE = IMPORTS + POSITIONS + PLANE + RESAMPLER
REORDERED = IMPORTS + RESAMPLER + PLANE + POSITIONS
SPLIT = {
    "net/axis.py": "import torch\n" + POSITIONS,
    "net/plane.py": "import torch\n\nfrom net.axis import axis_code\n" + PLANE,
    "net/resampler.py": IMPORTS + "from net.plane import plane_code\n" + RESAMPLER,
}


def notebook(*cells: str) -> dict[str, str]:
    """A notebook of code cells, each preceded by a text cell."""
    written: list[dict[str, object]] = []
    for number, cell in enumerate(cells):
        written.append({"cell_type": "markdown", "metadata": {}, "source": [f"## {number}"]})
        lines = cell.strip("\n").splitlines(keepends=True)
        code: dict[str, object] = {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
        }
        written.append({**code, "source": lines})
    return {"work.ipynb": json.dumps({"cells": written, "metadata": {}, "nbformat": 4})}


CELLS = notebook("%matplotlib inline\n" + IMPORTS, POSITIONS, PLANE + "\n!nvidia-smi", RESAMPLER)
MODULES = """
import torch
from torch import nn


class Gate(nn.Module):
    def __init__(self, width, inner, classes, heads):
        super().__init__()
        self.attend = nn.MultiheadAttention(width, heads, batch_first=True)
        self.first = nn.Linear(width, inner)
        self.second = nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, classes, bias=False)
        self.activate = nn.GELU()
        self.squash = nn.LogSoftmax(dim=-1)

    def forward(self, states, mask):
        mixed, _ = self.attend(states, states, states, key_padding_mask=mask == 0)
        states = self.norm(states + mixed)
        states = states + self.second(self.activate(self.first(states)))
        weights = mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)
        best = torch.topk(self.squash(self.head(pooled)), k=5, dim=-1)
        return best.values.exp().cumsum(dim=-1), best.indices.flip(-1)
"""
FUNCTIONAL = """
import torch
import torch.nn.functional as F
from torch import nn


class Gate(nn.Module):
    def __init__(self, width, inner, classes, heads):
        super().__init__()
        self.attend = nn.MultiheadAttention(width, heads, batch_first=True)
        self.first = nn.Linear(width, inner)
        self.second = nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, classes, bias=False)

    def forward(self, states, mask):
        mixed, _ = self.attend(states, states, states, key_padding_mask=mask == 0)
        states = self.norm(states + mixed)
        states = states + self.second(F.gelu(self.first(states)))
        weights = mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)
        best = torch.topk(F.log_softmax(self.head(pooled), dim=-1), k=5, dim=-1)
        return best.values.exp().cumsum(dim=-1), best.indices.flip(-1)
"""
PLAIN_SCORE = """
import numpy as np


def word_error(reference, produced):
    previous = np.arange(len(produced) + 1)
    for row, expected in enumerate(reference, 1):
        current = np.empty_like(previous)
        current[0] = row
        for column, word in enumerate(produced, 1):
            cost = 0 if word == expected else 1
            current[column] = min(
                previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost
            )
        previous = current
    return previous[-1] / max(1, len(reference))
"""
DECORATED_SCORE = '''
import typing

import numpy as np


@typing.no_type_check
def word_error(reference, produced):
    """How many words must change."""
    previous = np.arange(len(produced) + 1)
    for row, expected in enumerate(reference, 1):
        current = np.empty_like(previous)
        current[0] = row
        for column, word in enumerate(produced, 1):
            cost = 0 if word == expected else 1
            current[column] = min(
                previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost
            )
        previous = current
    return previous[-1] / max(1, len(reference))
'''
OTHER_MODULE = """
import torch
from torch import nn


class Stem(nn.Module):
    def __init__(self, channels, width, patch):
        super().__init__()
        self.patch = nn.Conv2d(channels, width, kernel_size=patch, stride=patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.bn = nn.BatchNorm2d(width)

    def forward(self, pixels):
        states = torch.relu(self.bn(self.patch(pixels))).flatten(2).transpose(1, 2)
        return torch.cat([self.cls.expand(states.shape[0], -1, -1), states], dim=1)
"""
OTHER_CELLS = notebook(
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport pandas as pd",
    "frame = pd.read_csv('runs.csv')\nframe = frame[frame.loss < 10].sort_values('step')",
    "fig, axes = plt.subplots(1, 2, figsize=(10, 4))\nfor axis, name in zip(axes, ['loss', 'lr']):"
    "\n    axis.plot(frame['step'], frame[name].rolling(20).mean())\n    axis.set_title(name)",
)
OTHER_SPLIT = {
    "net/stem.py": OTHER_MODULE,
    "net/head.py": (
        "from torch import nn\n\nfrom net.stem import Stem\n\n\ndef build(width, classes):\n"
        "    return nn.Sequential(Stem(3, width, 16), nn.Flatten(), nn.LazyLinear(classes))\n"
    ),
}
OTHER_SCORE = """
import functools

import numpy as np


@functools.lru_cache(maxsize=None)
def longest_common(first, second):
    table = np.zeros((len(first) + 1, len(second) + 1), dtype=int)
    for i in range(len(first) - 1, -1, -1):
        for j in range(len(second) - 1, -1, -1):
            if first[i] == second[j]:
                table[i, j] = table[i + 1, j + 1] + 1
            else:
                table[i, j] = max(table[i + 1, j], table[i, j + 1])
    return table[0, 0]
"""

DIFFERENT = [
    pytest.param(WHOLE, OTHER_MODULE, id="two vision modules"),
    pytest.param(REORDERED, OTHER_SPLIT, id="one file and several others"),
    pytest.param(SPLIT, OTHER_SPLIT, id="two packages of the same layout"),
    pytest.param(CELLS, OTHER_CELLS, id="two notebooks with the same magics"),
    pytest.param(WHOLE, OTHER_CELLS, id="a module and an unrelated notebook"),
    pytest.param(MODULES, OTHER_MODULE, id="two modules of layers"),
    pytest.param(FUNCTIONAL, OTHER_MODULE, id="functional calls and another module"),
    pytest.param(DECORATED_SCORE, OTHER_SCORE, id="two tables of dynamic programming"),
]
SAME = [
    pytest.param(WHOLE, REORDERED, id="definitions reordered"),
    pytest.param(WHOLE, SPLIT, id="one file split into three"),
    pytest.param(SPLIT, WHOLE, id="three files merged into one"),
    pytest.param(WHOLE, CELLS, id="a module moved into a notebook"),
    pytest.param(CELLS, SPLIT, id="a notebook moved into a package"),
    pytest.param(MODULES, FUNCTIONAL, id="activation modules become functional calls"),
    pytest.param(PLAIN_SCORE, DECORATED_SCORE, id="a decorator of no effect"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_the_same_layout_alone_does_not_match(left: Code, right: Code) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_moved_code_matches(left: Code, right: Code) -> None:
    assert_same(left, right)
