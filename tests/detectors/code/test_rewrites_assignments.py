"""Temporaries, merged and split assignments, operand order: what a value is called on its way."""

from __future__ import annotations

import pytest
from rewriting import assert_other, assert_same

ROTARY = """
import torch


def rotate(query, key, positions, base):
    size = query.shape[-1]
    exponent = torch.arange(0, size, 2, dtype=torch.float32) / size
    frequency = 1.0 / torch.pow(base, exponent)
    angle = torch.outer(positions, frequency)
    cosine = torch.cat([angle, angle], dim=-1).cos()
    sine = torch.cat([angle, angle], dim=-1).sin()
    turned_query = torch.cat([-query[..., size // 2:], query[..., :size // 2]], dim=-1)
    turned_key = torch.cat([-key[..., size // 2:], key[..., :size // 2]], dim=-1)
    return query * cosine + turned_query * sine, key * cosine + turned_key * sine
"""
ROTARY_INLINED = """
import torch


def rotate(query, key, positions, base):
    size = query.shape[-1]
    angle = torch.outer(
        positions, 1.0 / torch.pow(base, torch.arange(0, size, 2, dtype=torch.float32) / size)
    )
    both = torch.cat([angle, angle], dim=-1)
    return (
        query * both.cos()
        + torch.cat([-query[..., size // 2:], query[..., :size // 2]], dim=-1) * both.sin(),
        key * both.cos()
        + torch.cat([-key[..., size // 2:], key[..., :size // 2]], dim=-1) * both.sin(),
    )
"""
ROTARY_SPLIT = """
import torch


def rotate(query, key, positions, base):
    shape = query.shape
    size = shape[-1]
    half = size // 2
    even = torch.arange(0, size, 2, dtype=torch.float32)
    exponent = even / size
    power = torch.pow(base, exponent)
    frequency = 1.0 / power
    angle = torch.outer(positions, frequency)
    pair = [angle, angle]
    full = torch.cat(pair, dim=-1)
    cosine = full.cos()
    sine = full.sin()
    upper = -query[..., half:]
    lower = query[..., :half]
    turned_query = torch.cat([upper, lower], dim=-1)
    turned_key = torch.cat([-key[..., half:], key[..., :half]], dim=-1)
    first = query * cosine
    second = turned_query * sine
    return first + second, key * cosine + turned_key * sine
"""
ROTARY_MERGED = """
import torch


def rotate(query, key, positions, base):
    size = query.shape[-1]
    exponent = torch.arange(0, size, 2, dtype=torch.float32) / size
    frequency = 1.0 / torch.pow(base, exponent)
    angle = torch.outer(positions, frequency)
    cosine, sine = (
        torch.cat([angle, angle], dim=-1).cos(), torch.cat([angle, angle], dim=-1).sin()
    )
    turned_query, turned_key = (
        torch.cat([-query[..., size // 2:], query[..., :size // 2]], dim=-1),
        torch.cat([-key[..., size // 2:], key[..., :size // 2]], dim=-1),
    )
    return query * cosine + turned_query * sine, key * cosine + turned_key * sine
"""
ROTARY_SWAPPED = """
import torch


def rotate(query, key, positions, base):
    size = query.shape[-1]
    exponent = torch.arange(0, size, 2, dtype=torch.float32) / size
    frequency = 1.0 / torch.pow(base, exponent)
    angle = torch.outer(positions, frequency)
    cosine = torch.cat([angle, angle], dim=-1).cos()
    sine = torch.cat([angle, angle], dim=-1).sin()
    turned_query = torch.cat([-query[..., size // 2:], query[..., :size // 2]], dim=-1)
    turned_key = torch.cat([-key[..., size // 2:], key[..., :size // 2]], dim=-1)
    return sine * turned_query + cosine * query, sine * turned_key + cosine * key
"""
AVERAGES = """
import torch


class Averager:
    def __init__(self, model, decay, warmup):
        self.shadow = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self.decay = decay
        self.warmup = warmup
        self.updates = 0

    @torch.no_grad()
    def update(self, model):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (self.warmup + self.updates))
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                self.shadow[name] *= decay
                self.shadow[name] += (1 - decay) * value.detach()
            else:
                self.shadow[name].copy_(value)
"""
AVERAGES_LONGHAND = """
import torch


class Averager:
    def __init__(self, model, decay, warmup):
        self.shadow = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self.decay = decay
        self.warmup = warmup
        self.updates = 0

    @torch.no_grad()
    def update(self, model):
        self.updates = self.updates + 1
        decay = min(self.decay, (1 + self.updates) / (self.warmup + self.updates))
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                self.shadow[name] = self.shadow[name] * decay
                self.shadow[name] = self.shadow[name] + (1 - decay) * value.detach()
            else:
                self.shadow[name].copy_(value)
"""
STATISTICS = """
import numpy as np


def summarise(predictions, targets, bins):
    edges = np.linspace(0.0, 1.0, bins + 1)
    total = error = 0.0
    worst = best = None
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (predictions > low) & (predictions <= high)
        if not inside.any():
            continue
        gap = abs(targets[inside].mean() - predictions[inside].mean())
        total += inside.sum()
        error += gap * inside.sum()
        worst = gap if worst is None else max(worst, gap)
        best = gap if best is None else min(best, gap)
    return error / total, worst, best
"""
STATISTICS_SPLIT = """
import numpy as np


def summarise(predictions, targets, bins):
    edges = np.linspace(0.0, 1.0, bins + 1)
    total = 0.0
    error = 0.0
    worst = None
    best = None
    for low, high in zip(edges[:-1], edges[1:]):
        above = predictions > low
        inside = above & (predictions <= high)
        if not inside.any():
            continue
        observed = targets[inside].mean()
        gap = abs(observed - predictions[inside].mean())
        count = inside.sum()
        total = total + count
        error = error + count * gap
        worst = gap if worst is None else max(worst, gap)
        best = gap if best is None else min(best, gap)
    return error / total, worst, best
"""
OTHER_ROTARY = """
import torch


def slopes_for(heads, length, device):
    closest = 2 ** torch.log2(torch.tensor(heads)).floor().int().item()
    base = torch.arange(1, closest + 1, device=device)
    slopes = torch.pow(0.5 ** (8 / closest), base)
    if closest < heads:
        extra = torch.pow(0.5 ** (4 / closest), torch.arange(1, 2 * (heads - closest), 2))
        slopes = torch.cat([slopes, extra])
    distance = torch.arange(length)[None, :] - torch.arange(length)[:, None]
    return -distance.abs()[None] * slopes[:, None, None]
"""
OTHER_AVERAGES = """
import torch


class Stopper:
    def __init__(self, model, patience, margin):
        self.best = float("inf")
        self.patience = patience
        self.margin = margin
        self.waited = 0
        self.state = None

    def observe(self, model, loss):
        if loss < self.best - self.margin:
            self.best = loss
            self.waited = 0
            self.state = {key: tensor.cpu().clone() for key, tensor in model.state_dict().items()}
        else:
            self.waited += 1
        return self.waited >= self.patience
"""
OTHER_STATISTICS = """
import numpy as np


def area_under(predictions, targets):
    order = np.argsort(-predictions, kind="stable")
    hits = np.cumsum(targets[order])
    misses = np.cumsum(1 - targets[order])
    rate = hits / hits[-1]
    alarm = misses / misses[-1]
    area = 0.0
    for left, right, height in zip(alarm[:-1], alarm[1:], rate[1:]):
        area += (right - left) * height
    return area
"""

DIFFERENT = [
    pytest.param(ROTARY, OTHER_ROTARY, id="two encodings of position"),
    pytest.param(ROTARY_INLINED, OTHER_ROTARY, id="the same without temporaries"),
    pytest.param(AVERAGES, OTHER_AVERAGES, id="two classes that keep a copy of a model"),
    pytest.param(AVERAGES_LONGHAND, OTHER_AVERAGES, id="the same in longhand"),
    pytest.param(STATISTICS, OTHER_STATISTICS, id="two measures of a classifier"),
    pytest.param(STATISTICS_SPLIT, OTHER_ROTARY, id="statistics and positions"),
    pytest.param(ROTARY_SWAPPED, OTHER_STATISTICS, id="positions and an area"),
]
SAME = [
    pytest.param(ROTARY, ROTARY_INLINED, id="temporaries inlined"),
    pytest.param(ROTARY, ROTARY_SPLIT, id="temporaries introduced"),
    pytest.param(ROTARY, ROTARY_MERGED, id="assignments merged into tuples"),
    pytest.param(ROTARY, ROTARY_SWAPPED, id="operands of plus and times swapped"),
    pytest.param(
        ROTARY_INLINED, ROTARY_SPLIT, id="inlined on one side and introduced on the other"
    ),
    pytest.param(AVERAGES, AVERAGES_LONGHAND, id="augmented assignments written out"),
    pytest.param(STATISTICS, STATISTICS_SPLIT, id="chained assignments split"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_other_arithmetic_does_not_match(left: str, right: str) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_rewritten_assignments_match(left: str, right: str) -> None:
    assert_same(left, right)
