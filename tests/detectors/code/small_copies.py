"""Small definitions of one's own, and copies of them in which every name is new."""

from __future__ import annotations

COPIES: dict[str, tuple[str, str]] = {
    "a scheduler of one's own, renamed": (
        """
import math

def tempered_decay(step, horizon, floor, knee=0.37):
    share = min(1.0, step / horizon)
    if share < knee:
        return 1.0 - share * share / (2 * knee)
    tail = (share - knee) / (1.0 - knee)
    return floor + (1.0 - knee / 2 - floor) * math.exp(-4.5 * tail)
""",
        """
import math

def rate_at(t, total, lowest, bend=0.37):
    part = min(1.0, t / total)
    if part < bend:
        return 1.0 - part * part / (2 * bend)
    rest = (part - bend) / (1.0 - bend)
    return lowest + (1.0 - bend / 2 - lowest) * math.exp(-4.5 * rest)
""",
    ),
    "a layer of one's own, renamed": (
        """
import torch
from torch import nn

class TwinGate(nn.Module):
    def __init__(self, width, rank):
        super().__init__()
        self.low = nn.Linear(width, rank, bias=False)
        self.high = nn.Linear(rank, 2 * width)
        self.mix = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, x):
        up, gate = self.high(torch.tanh(self.low(x))).chunk(2, dim=-1)
        return x + self.mix * up * torch.sigmoid(gate - x.mean(-1, keepdim=True))
""",
        """
import torch
from torch import nn

class PairedValve(nn.Module):
    def __init__(self, size, inner):
        super().__init__()
        self.down = nn.Linear(size, inner, bias=False)
        self.back = nn.Linear(inner, 2 * size)
        self.blend = nn.Parameter(torch.full((size,), 0.1))

    def forward(self, states):
        value, valve = self.back(torch.tanh(self.down(states))).chunk(2, dim=-1)
        return states + self.blend * value * torch.sigmoid(valve - states.mean(-1, keepdim=True))
""",
    ),
    "a parser of one's own, renamed": (
        """
import re

def split_turns(text, stop):
    turns = []
    for block in re.split(r"<\\|(user|bot)\\|>", text)[1:]:
        if block in ("user", "bot"):
            turns.append([block, ""])
        else:
            turns[-1][1] = block.partition(stop)[0].strip()
    return [(role, said) for role, said in turns if said]
""",
        """
import re

def dialogue(raw, end):
    parts = []
    for piece in re.split(r"<\\|(user|bot)\\|>", raw)[1:]:
        if piece in ("user", "bot"):
            parts.append([piece, ""])
        else:
            parts[-1][1] = piece.partition(end)[0].strip()
    return [(who, words) for who, words in parts if words]
""",
    ),
}
