"""Inverted branches, early returns and conditional expressions: the same choice, told otherwise."""

from __future__ import annotations

import pytest
from rewriting import assert_other, assert_same

RESIZE = """
import math


def best_size(width, height, budget, patch):
    if width * height > budget * budget:
        ratio = width / height
        width = int(budget * math.sqrt(ratio))
        height = int(budget / math.sqrt(ratio))
    else:
        width = max(width, patch * 2)
        height = max(height, patch * 2)
    if width % patch != 0:
        width = round(width / patch) * patch
    if height % patch != 0:
        height = round(height / patch) * patch
    return width, height
"""
RESIZE_INVERTED = """
import math


def best_size(width, height, budget, patch):
    if not width * height > budget * budget:
        width = max(width, patch * 2)
        height = max(height, patch * 2)
    else:
        ratio = width / height
        width = int(budget * math.sqrt(ratio))
        height = int(budget / math.sqrt(ratio))
    if width % patch == 0:
        pass
    else:
        width = round(width / patch) * patch
    if height % patch == 0:
        pass
    else:
        height = round(height / patch) * patch
    return width, height
"""
SCHEDULE_ELSE = """
import math


def rate_at(step, warmup, hold, total, peak, floor):
    if step < warmup:
        rate = peak * step / max(1, warmup)
    elif step < warmup + hold:
        rate = peak
    elif step >= total:
        rate = floor
    else:
        progress = (step - warmup - hold) / max(1, total - warmup - hold)
        rate = floor + (peak - floor) * 0.5 * (1.0 + math.cos(math.pi * progress))
    return rate
"""
SCHEDULE_EARLY = """
import math


def rate_at(step, warmup, hold, total, peak, floor):
    if step < warmup:
        return peak * step / max(1, warmup)
    if step < warmup + hold:
        return peak
    if step >= total:
        return floor
    progress = (step - warmup - hold) / max(1, total - warmup - hold)
    return floor + (peak - floor) * 0.5 * (1.0 + math.cos(math.pi * progress))
"""
POOL_IF = """
import torch


def pool(states, mask, kind, normalise):
    if mask is None:
        mask = torch.ones(states.shape[:2], dtype=states.dtype, device=states.device)
    weights = mask.unsqueeze(-1).to(states.dtype)
    if kind == "last":
        place = mask.long().sum(dim=1) - 1
        pooled = states[torch.arange(states.size(0)), place]
    else:
        pooled = (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1e-6)
    if normalise:
        pooled = torch.nn.functional.normalize(pooled, p=2, dim=-1)
    return pooled
"""
POOL_TERNARY = """
import torch


def pool(states, mask, kind, normalise):
    mask = (
        torch.ones(states.shape[:2], dtype=states.dtype, device=states.device)
        if mask is None
        else mask
    )
    weights = mask.unsqueeze(-1).to(states.dtype)
    pooled = (
        states[torch.arange(states.size(0)), mask.long().sum(dim=1) - 1]
        if kind == "last"
        else (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1e-6)
    )
    return torch.nn.functional.normalize(pooled, p=2, dim=-1) if normalise else pooled
"""
LOAD_NESTED = """
import os
import torch


def restore(model, optimizer, folder, strict):
    path = os.path.join(folder, "latest.pt")
    if os.path.exists(path):
        state = torch.load(path, map_location="cpu", weights_only=True)
        if "model" in state:
            missing, unexpected = model.load_state_dict(state["model"], strict=strict)
            if optimizer is not None and "optimizer" in state:
                optimizer.load_state_dict(state["optimizer"])
            if strict and (missing or unexpected):
                raise ValueError("checkpoint does not fit this model")
            return state.get("step", 0)
        else:
            raise KeyError("no model in checkpoint")
    else:
        return 0
"""
LOAD_GUARDED = """
import os
import torch


def restore(model, optimizer, folder, strict):
    path = os.path.join(folder, "latest.pt")
    if not os.path.exists(path):
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    if "model" not in state:
        raise KeyError("no model in checkpoint")
    missing, unexpected = model.load_state_dict(state["model"], strict=strict)
    if optimizer is not None and "optimizer" in state:
        optimizer.load_state_dict(state["optimizer"])
    if strict and (missing or unexpected):
        raise ValueError("checkpoint does not fit this model")
    return state.get("step", 0)
"""
LOOP_NESTED = """
def collate(examples, limit, pad, ignore):
    inputs, labels = [], []
    for example in examples:
        if example["text"]:
            tokens = example["prompt"] + example["text"]
            if len(tokens) <= limit:
                missing = limit - len(tokens)
                inputs.append(tokens + [pad] * missing)
                target = [ignore] * len(example["prompt"]) + example["text"]
                labels.append(target + [ignore] * missing)
    return {"input_ids": inputs, "labels": labels}
"""
LOOP_CONTINUE = """
def collate(examples, limit, pad, ignore):
    inputs, labels = [], []
    for example in examples:
        if not example["text"]:
            continue
        tokens = example["prompt"] + example["text"]
        if len(tokens) > limit:
            continue
        missing = limit - len(tokens)
        inputs.append(tokens + [pad] * missing)
        target = [ignore] * len(example["prompt"]) + example["text"]
        labels.append(target + [ignore] * missing)
    return {"input_ids": inputs, "labels": labels}
"""
OTHER_RESIZE = """
def letterbox(width, height, target):
    scale = min(target / width, target / height)
    if scale < 1:
        new_width, new_height = round(width * scale), round(height * scale)
    else:
        new_width, new_height = width, height
    left = (target - new_width) // 2
    top = (target - new_height) // 2
    return new_width, new_height, (left, top, target - new_width - left)
"""
OTHER_SCHEDULE = """
def temperature_at(epoch, start, end, anneal):
    if epoch < 0:
        raise ValueError("epoch must not be negative")
    if epoch > anneal:
        return end
    elif anneal == 0:
        return start
    return start * (end / start) ** (epoch / anneal)
"""
OTHER_POOL = """
import torch


def gather_regions(states, boxes, kind, size):
    rows = []
    for number, box in enumerate(boxes):
        top, left, bottom, right = box.long().tolist()
        region = states[number, :, top:bottom + 1, left:right + 1]
        if kind == "max":
            rows.append(torch.nn.functional.adaptive_max_pool2d(region, size))
        else:
            rows.append(torch.nn.functional.adaptive_avg_pool2d(region, size))
    return torch.stack(rows)
"""
OTHER_LOAD = """
import os
import torch


def prune_checkpoints(folder, keep):
    names = [name for name in os.listdir(folder) if name.startswith("step-")]
    if len(names) <= keep:
        return []
    names.sort(key=lambda name: int(name.split("-")[1]))
    removed = []
    for name in names[:-keep]:
        os.remove(os.path.join(folder, name))
        removed.append(name)
    return removed
"""
OTHER_COLLATE = """
def pack(examples, limit, separator):
    rows, current = [], []
    for example in sorted(examples, key=len, reverse=True):
        if len(current) + len(example) + 1 > limit and current:
            rows.append(current)
            current = []
        current = current + [separator] + list(example)
    if current:
        rows.append(current[:limit])
    return rows
"""

DIFFERENT = [
    pytest.param(RESIZE, OTHER_RESIZE, id="two ways to fit an image"),
    pytest.param(RESIZE_INVERTED, OTHER_RESIZE, id="an inverted branch and another resize"),
    pytest.param(SCHEDULE_EARLY, OTHER_SCHEDULE, id="two functions of early returns"),
    pytest.param(POOL_TERNARY, OTHER_POOL, id="two ways to pool"),
    pytest.param(LOAD_GUARDED, OTHER_LOAD, id="guards around loading and around removing"),
    pytest.param(LOOP_CONTINUE, OTHER_COLLATE, id="two ways to make a batch"),
]
SAME = [
    pytest.param(RESIZE, RESIZE_INVERTED, id="branches inverted"),
    pytest.param(SCHEDULE_ELSE, SCHEDULE_EARLY, id="else branches become early returns"),
    pytest.param(POOL_IF, POOL_TERNARY, id="branches become conditional expressions"),
    pytest.param(LOAD_NESTED, LOAD_GUARDED, id="nesting becomes guards"),
    pytest.param(LOOP_NESTED, LOOP_CONTINUE, id="nesting in a loop becomes continue"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_another_choice_does_not_match(left: str, right: str) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_a_rewritten_choice_matches(left: str, right: str) -> None:
    assert_same(left, right)
