"""Renames of everything a copier owns, and of nothing that belongs to a library."""

from __future__ import annotations

import pytest
from rewriting import assert_other, assert_same

ATTENTION = """
import math
import torch
from torch import nn


class GroupedAttention(nn.Module):
    def __init__(self, config, layer_idx):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.num_heads = config.num_attention_heads
        self.head_dim = self.hidden_size // self.num_heads
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.layer_idx = layer_idx

    def forward(self, states, mask=None):
        batch, length, _ = states.size()
        query = self.q_proj(states).view(batch, length, self.num_heads, self.head_dim)
        key = self.k_proj(states).view(batch, length, self.num_heads, self.head_dim)
        weights = torch.einsum("bqhd,bkhd->bhqk", query, key) / math.sqrt(self.head_dim)
        if mask is not None:
            weights = weights.masked_fill(mask == 0, float("-inf"))
        return torch.softmax(weights, dim=-1, dtype=torch.float32).to(query.dtype)
"""
LOCALS_RENAMED = """
import math
import torch
from torch import nn


class GroupedAttention(nn.Module):
    def __init__(self, cfg, which):
        super().__init__()
        self.hidden_size = cfg.hidden_size
        self.num_heads = cfg.num_attention_heads
        self.head_dim = self.hidden_size // self.num_heads
        self.q_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(self.hidden_size, self.num_heads * self.head_dim, bias=False)
        self.layer_idx = which

    def forward(self, x, visible=None):
        b, n, _ = x.size()
        left = self.q_proj(x).view(b, n, self.num_heads, self.head_dim)
        right = self.k_proj(x).view(b, n, self.num_heads, self.head_dim)
        score = torch.einsum("bqhd,bkhd->bhqk", left, right) / math.sqrt(self.head_dim)
        if visible is not None:
            score = score.masked_fill(visible == 0, float("-inf"))
        return torch.softmax(score, dim=-1, dtype=torch.float32).to(left.dtype)
"""
ALL_RENAMED = """
import math
import torch
from torch import nn


class Mixer(nn.Module):
    def __init__(self, options, depth):
        super().__init__()
        self.breadth = options.breadth
        self.lanes = options.lane_count
        self.per_lane = self.breadth // self.lanes
        self.asking = nn.Linear(self.breadth, self.lanes * self.per_lane, bias=False)
        self.answering = nn.Linear(self.breadth, self.lanes * self.per_lane, bias=False)
        self.depth = depth

    def forward(self, x, visible=None):
        b, n, _ = x.size()
        left = self.asking(x).view(b, n, self.lanes, self.per_lane)
        right = self.answering(x).view(b, n, self.lanes, self.per_lane)
        score = torch.einsum("bqhd,bkhd->bhqk", left, right) / math.sqrt(self.per_lane)
        if visible is not None:
            score = score.masked_fill(visible == 0, float("-inf"))
        return torch.softmax(score, dim=-1, dtype=torch.float32).to(left.dtype)
"""
ALIASES = """
import numpy as np
import torch.nn.functional as F


def contrastive_loss(images, texts, temperature):
    images = F.normalize(images, dim=-1)
    texts = F.normalize(texts, dim=-1)
    logits = images @ texts.t() / temperature
    labels = np.arange(logits.shape[0])
    order = np.random.permutation(labels)
    across = F.cross_entropy(logits[order], labels[order], label_smoothing=0.1)
    down = F.cross_entropy(logits.t()[order], labels[order], label_smoothing=0.1)
    return np.mean([across.item(), down.item()]), F.softmax(logits, dim=1)
"""
ALIASES_UNDONE = """
import numpy
from torch import nn


def contrastive_loss(images, texts, temperature):
    images = nn.functional.normalize(images, dim=-1)
    texts = nn.functional.normalize(texts, dim=-1)
    logits = images @ texts.t() / temperature
    labels = numpy.arange(logits.shape[0])
    order = numpy.random.permutation(labels)
    across = nn.functional.cross_entropy(logits[order], labels[order], label_smoothing=0.1)
    down = nn.functional.cross_entropy(logits.t()[order], labels[order], label_smoothing=0.1)
    return numpy.mean([across.item(), down.item()]), nn.functional.softmax(logits, dim=1)
"""
ALIASES_FROM = """
from numpy import arange, mean as average
from numpy.random import permutation
from torch.nn.functional import cross_entropy, normalize, softmax


def contrastive_loss(images, texts, temperature):
    images = normalize(images, dim=-1)
    texts = normalize(texts, dim=-1)
    logits = images @ texts.t() / temperature
    labels = arange(logits.shape[0])
    order = permutation(labels)
    across = cross_entropy(logits[order], labels[order], label_smoothing=0.1)
    down = cross_entropy(logits.t()[order], labels[order], label_smoothing=0.1)
    return average([across.item(), down.item()]), softmax(logits, dim=1)
"""
KEYWORDS = """
import torch


def mix_batches(inputs, targets, strength=0.2, classes=1000, smoothing=0.1):
    share = torch.distributions.Beta(strength, strength).sample().item()
    order = torch.randperm(inputs.size(0), device=inputs.device)
    mixed = share * inputs + (1 - share) * inputs[order]
    first = soften(targets, classes=classes, smoothing=smoothing)
    second = soften(targets[order], classes=classes, smoothing=smoothing)
    return mixed, share * first + (1 - share) * second


def soften(targets, classes, smoothing):
    low = smoothing / classes
    table = torch.full((targets.size(0), classes), low, device=targets.device)
    return table.scatter_(1, targets.unsqueeze(1), 1.0 - smoothing + low)
"""
KEYWORDS_RENAMED = """
import torch


def blend(images, answers, alpha=0.2, width=1000, epsilon=0.1):
    share = torch.distributions.Beta(alpha, alpha).sample().item()
    order = torch.randperm(images.size(0), device=images.device)
    mixed = share * images + (1 - share) * images[order]
    first = to_soft(answers, width=width, epsilon=epsilon)
    second = to_soft(answers[order], width=width, epsilon=epsilon)
    return mixed, share * first + (1 - share) * second


def to_soft(answers, width, epsilon):
    low = epsilon / width
    table = torch.full((answers.size(0), width), low, device=answers.device)
    return table.scatter_(1, answers.unsqueeze(1), 1.0 - epsilon + low)
"""
HINTED = """
from __future__ import annotations

import torch


def mix_batches(
    inputs: torch.Tensor, targets: torch.Tensor, strength: float = 0.2, classes: int = 1000,
    smoothing: float = 0.1,
) -> tuple[torch.Tensor, torch.Tensor]:
    share: float = torch.distributions.Beta(strength, strength).sample().item()
    order: torch.Tensor = torch.randperm(inputs.size(0), device=inputs.device)
    mixed = share * inputs + (1 - share) * inputs[order]
    first: torch.Tensor = soften(targets, classes=classes, smoothing=smoothing)
    second: torch.Tensor = soften(targets[order], classes=classes, smoothing=smoothing)
    return mixed, share * first + (1 - share) * second


def soften(targets: torch.Tensor, classes: int, smoothing: float) -> torch.Tensor:
    low: float = smoothing / classes
    table = torch.full((targets.size(0), classes), low, device=targets.device)
    return table.scatter_(1, targets.unsqueeze(1), 1.0 - smoothing + low)
"""
OTHER_ATTENTION = """
import torch
from torch import nn


class ChannelGate(nn.Module):
    def __init__(self, config, index):
        super().__init__()
        self.hidden_size = config.hidden_size
        self.reduced = max(8, config.hidden_size // 16)
        self.layer_idx = index
        self.squeeze = nn.Conv2d(self.hidden_size, self.reduced, kernel_size=1)
        self.expand = nn.Conv2d(self.reduced, self.hidden_size, kernel_size=1)

    def forward(self, states, mask=None):
        pooled = states.mean(dim=(2, 3), keepdim=True)
        gate = self.expand(torch.relu(self.squeeze(pooled)))
        return states * torch.sigmoid(gate)
"""
OTHER_LOSS = """
import numpy as np
import torch.nn.functional as F


def distillation_loss(student, teacher, labels, temperature, weight):
    soft = F.kl_div(
        F.log_softmax(student / temperature, dim=-1),
        F.softmax(teacher / temperature, dim=-1),
        reduction="batchmean",
    )
    hard = F.cross_entropy(student, labels)
    share = np.clip(weight, 0.0, 1.0)
    return share * soft * temperature ** 2 + (1 - share) * hard
"""
OTHER_MIX = """
import torch


def erase_patches(inputs, classes=1000, probability=0.25, smallest=0.02):
    batch, channels, height, width = inputs.shape
    for number in range(batch):
        if torch.rand(1).item() > probability:
            continue
        side = int((smallest * height * width) ** 0.5)
        top = torch.randint(0, height - side, (1,)).item()
        left = torch.randint(0, width - side, (1,)).item()
        inputs[number, :, top:top + side, left:left + side] = torch.randn(channels, side, side)
    return inputs
"""

DIFFERENT = [
    pytest.param(ATTENTION, OTHER_ATTENTION, id="two modules that read the same configuration"),
    pytest.param(ALL_RENAMED, OTHER_ATTENTION, id="renamed attention and a gate"),
    pytest.param(ALIASES, OTHER_LOSS, id="two losses of one library"),
    pytest.param(ALIASES_FROM, OTHER_LOSS, id="two losses, imported differently"),
    pytest.param(KEYWORDS, OTHER_MIX, id="two augmentations with the same argument names"),
    pytest.param(HINTED, OTHER_LOSS, id="hinted code and an unrelated loss"),
]
SAME = [
    pytest.param(ATTENTION, LOCALS_RENAMED, id="locals and parameters renamed"),
    pytest.param(ATTENTION, ALL_RENAMED, id="attributes and configuration keys renamed too"),
    pytest.param(KEYWORDS, KEYWORDS_RENAMED, id="functions and their keyword names renamed"),
    pytest.param(KEYWORDS, HINTED, id="type hints added"),
    pytest.param(ALIASES, ALIASES_UNDONE, id="import aliases undone"),
    pytest.param(ALIASES, ALIASES_FROM, id="members imported one by one"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_equal_names_alone_do_not_match(left: str, right: str) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_renamed_code_matches(left: str, right: str) -> None:
    assert_same(left, right)
