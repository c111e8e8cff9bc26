"""Small classes that two people write alike without knowing each other."""

from __future__ import annotations

LOOK_ALIKES: dict[str, tuple[str, str]] = {
    "root mean square norm": (
        """
import torch
import torch.nn as nn

class RMSNorm(nn.Module):
    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        rms = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)
        return x * rms * self.weight
""",
        """
import torch
from torch import nn


class RootMeanSquareNorm(nn.Module):
    def __init__(self, hidden_size: int, epsilon: float = 1e-5):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(hidden_size))
        self.epsilon = epsilon

    def forward(self, hidden):
        dtype = hidden.dtype
        hidden = hidden.float()
        variance = hidden.square().mean(dim=-1, keepdim=True)
        hidden = hidden / torch.sqrt(variance + self.epsilon)
        return (self.scale * hidden).to(dtype)
""",
    ),
    "arguments of a training run": (
        """
from dataclasses import dataclass

@dataclass
class TrainingConfig:
    learning_rate: float = 5e-5
    batch_size: int = 8
    num_epochs: int = 3
    warmup_steps: int = 100
    weight_decay: float = 0.01
    seed: int = 42
    output_dir: str = "out"
""",
        """
from dataclasses import dataclass


@dataclass
class TrainArgs:
    output_dir: str = "checkpoints"
    batch_size: int = 32
    learning_rate: float = 1e-4
    weight_decay: float = 0.1
    warmup_steps: int = 500
    max_steps: int = 10_000
    seed: int = 0
""",
    ),
    "arguments with equal defaults": (
        """
from dataclasses import dataclass

@dataclass
class Config:
    learning_rate: float = 1e-4
    batch_size: int = 32
    num_epochs: int = 10
    weight_decay: float = 0.01
    warmup_steps: int = 500
    seed: int = 42
    device: str = "cuda"
""",
        """
from dataclasses import dataclass


@dataclass
class TrainConfig:
    learning_rate: float = 1e-4
    batch_size: int = 32
    num_epochs: int = 3
    weight_decay: float = 0.01
    warmup_steps: int = 500
    seed: int = 42
    output_dir: str = "runs"
""",
    ),
    "output of a model": (
        """
from dataclasses import dataclass
from typing import Optional, Tuple
import torch
from transformers.utils import ModelOutput

@dataclass
class TranslatorOutput(ModelOutput):
    loss: Optional[torch.FloatTensor] = None
    logits: torch.FloatTensor = None
    past_key_values: Optional[Tuple[Tuple[torch.FloatTensor]]] = None
    hidden_states: Optional[Tuple[torch.FloatTensor]] = None
    attentions: Optional[Tuple[torch.FloatTensor]] = None
""",
        """
from dataclasses import dataclass

import torch
from transformers.utils import ModelOutput


@dataclass
class CaptionerOutput(ModelOutput):
    loss: torch.FloatTensor | None = None
    logits: torch.FloatTensor | None = None
    past_key_values: list[torch.FloatTensor] | None = None
    hidden_states: tuple[torch.FloatTensor, ...] | None = None
    attentions: tuple[torch.FloatTensor, ...] | None = None
""",
    ),
    "output of a model without a base": (
        """
from dataclasses import dataclass

@dataclass
class Output:
    loss: object = None
    logits: object = None
    past_key_values: object = None
    hidden_states: object = None
    attentions: object = None
""",
        """
from typing import Any, NamedTuple


class ModelResult(NamedTuple):
    loss: Any = None
    logits: Any = None
    past_key_values: Any = None
    hidden_states: Any = None
    attentions: Any = None
""",
    ),
    "two layers": (
        """
import torch.nn as nn

class MLP(nn.Module):
    def __init__(self, in_dim, hidden_dim, out_dim):
        super().__init__()
        self.fc1 = nn.Linear(in_dim, hidden_dim)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden_dim, out_dim)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))
""",
        """
from torch import nn


class FeedForward(nn.Module):
    def __init__(self, dim, inner, dropout=0.0):
        super().__init__()
        self.up = nn.Linear(dim, inner)
        self.activation = nn.GELU()
        self.dropout = nn.Dropout(dropout)
        self.down = nn.Linear(inner, dim)

    def forward(self, x):
        x = self.activation(self.up(x))
        return self.down(self.dropout(x))
""",
    ),
    "dataset": (
        """
import torch
from torch.utils.data import Dataset

class TextDataset(Dataset):
    def __init__(self, encodings, labels):
        self.encodings = encodings
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, idx):
        item = {k: torch.tensor(v[idx]) for k, v in self.encodings.items()}
        item["labels"] = torch.tensor(self.labels[idx])
        return item
""",
        """
from torch.utils.data import Dataset


class ReviewDataset(Dataset):
    def __init__(self, texts, labels, tokenizer, max_length=128):
        self.texts, self.labels = texts, labels
        self.tokenizer, self.max_length = tokenizer, max_length

    def __len__(self):
        return len(self.texts)

    def __getitem__(self, index):
        enc = self.tokenizer(
            self.texts[index], truncation=True, padding="max_length", max_length=self.max_length
        )
        return {"input_ids": enc["input_ids"], "labels": self.labels[index]}
""",
    ),
    "moving average of a value": (
        """
class AverageMeter:
    def __init__(self):
        self.reset()

    def reset(self):
        self.sum = 0
        self.count = 0

    def update(self, val, n=1):
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count
""",
        """
class Mean:
    def __init__(self):
        self.total = 0.0
        self.steps = 0

    def add(self, value, weight=1):
        self.total += weight * value
        self.steps += weight

    @property
    def value(self):
        return self.total / max(1, self.steps)
""",
    ),
}
