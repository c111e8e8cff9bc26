"""Loops and comprehensions, for and while: the same collection, built in another way."""

from __future__ import annotations

import pytest
from rewriting import assert_other, assert_same

WINDOWS_LOOP = """
import numpy as np

def cut_windows(signal, width, hop):
    windows = []
    for start in range(0, len(signal) - width + 1, hop):
        piece = signal[start:start + width]
        windows.append(piece * np.hanning(width))
    spectra = []
    for window in windows:
        spectra.append(np.abs(np.fft.rfft(window)) ** 2)
    floor = np.percentile(np.stack(spectra), 5)
    return np.log(np.maximum(np.stack(spectra), floor))
"""
WINDOWS_COMPREHENSION = """
import numpy as np

def cut_windows(signal, width, hop):
    windows = [
        signal[start:start + width] * np.hanning(width)
        for start in range(0, len(signal) - width + 1, hop)
    ]
    spectra = [np.abs(np.fft.rfft(window)) ** 2 for window in windows]
    floor = np.percentile(np.stack(spectra), 5)
    return np.log(np.maximum(np.stack(spectra), floor))
"""
VOCAB_LOOP = """
import collections
import json

def build_vocabulary(lines, smallest, special):
    counts = collections.Counter()
    for line in lines:
        counts.update(line.lower().split())
    table = {}
    for number, token in enumerate(special):
        table[token] = number
    kept = []
    for token, count in counts.most_common():
        if count >= smallest and token not in table:
            kept.append(token)
    for token in sorted(kept):
        table[token] = len(table)
    with open("vocabulary.json", "w") as handle:
        json.dump(table, handle, ensure_ascii=False)
    return table
"""
VOCAB_COMPREHENSION = """
import collections
import json

def build_vocabulary(lines, smallest, special):
    counts = collections.Counter()
    for line in lines:
        counts.update(line.lower().split())
    table = {token: number for number, token in enumerate(special)}
    kept = [
        token
        for token, count in counts.most_common()
        if count >= smallest and token not in table
    ]
    for token in sorted(kept):
        table[token] = len(table)
    with open("vocabulary.json", "w") as handle:
        json.dump(table, handle, ensure_ascii=False)
    return table
"""
BEAM_FOR = """
import torch

def decode_greedily(model, prompt, limit, end_token):
    tokens = prompt
    scores = torch.zeros(prompt.shape[0], device=prompt.device)
    for position in range(limit):
        logits = model(tokens)[:, -1]
        probabilities = torch.log_softmax(logits, dim=-1)
        best, choice = probabilities.max(dim=-1)
        scores = scores + best / (position + 1)
        tokens = torch.cat([tokens, choice.unsqueeze(1)], dim=1)
        if bool((choice == end_token).all()):
            break
    return tokens, scores
"""
BEAM_WHILE = """
import torch

def decode_greedily(model, prompt, limit, end_token):
    tokens = prompt
    scores = torch.zeros(prompt.shape[0], device=prompt.device)
    position = 0
    while position < limit:
        logits = model(tokens)[:, -1]
        probabilities = torch.log_softmax(logits, dim=-1)
        best, choice = probabilities.max(dim=-1)
        scores = scores + best / (position + 1)
        tokens = torch.cat([tokens, choice.unsqueeze(1)], dim=1)
        if bool((choice == end_token).all()):
            break
        position += 1
    return tokens, scores
"""
NESTED_LOOP = """
import torch

def anchor_grid(heights, widths, strides, ratios):
    boxes = []
    for level, stride in enumerate(strides):
        for row in range(heights[level]):
            for column in range(widths[level]):
                for ratio in ratios:
                    boxes.append([(column + 0.5) * stride, (row + 0.5) * stride,
                                  stride * ratio ** 0.5, stride / ratio ** 0.5])
    table = torch.tensor(boxes, dtype=torch.float32)
    corners = torch.cat([table[:, :2] - table[:, 2:] / 2, table[:, :2] + table[:, 2:] / 2], dim=1)
    return corners.clamp_(min=0)
"""
NESTED_COMPREHENSION = """
import torch

def anchor_grid(heights, widths, strides, ratios):
    boxes = [
        [(column + 0.5) * stride, (row + 0.5) * stride, stride * ratio ** 0.5,
         stride / ratio ** 0.5]
        for level, stride in enumerate(strides)
        for row in range(heights[level])
        for column in range(widths[level])
        for ratio in ratios
    ]
    table = torch.tensor(boxes, dtype=torch.float32)
    corners = torch.cat([table[:, :2] - table[:, 2:] / 2, table[:, :2] + table[:, 2:] / 2], dim=1)
    return corners.clamp_(min=0)
"""
WARMUP_FOR = """
import math

def learning_rates(steps, warmup, peak, cycles):
    rates = []
    for step in range(steps):
        if step < warmup:
            rates.append(peak * (step + 1) / warmup)
        else:
            progress = (step - warmup) / max(1, steps - warmup)
            wave = math.cos(math.pi * ((cycles * progress) % 1.0))
            rates.append(peak * 0.5 * (1.0 + wave))
    return rates
"""
WARMUP_WHILE = """
import math

def learning_rates(steps, warmup, peak, cycles):
    rates = []
    step = 0
    while step < steps:
        if step < warmup:
            rates.append(peak * (step + 1) / warmup)
        else:
            progress = (step - warmup) / max(1, steps - warmup)
            wave = math.cos(math.pi * ((cycles * progress) % 1.0))
            rates.append(peak * 0.5 * (1.0 + wave))
        step += 1
    return rates
"""
OTHER_WINDOWS = """
import numpy as np

def rolling_energy(samples, size, step):
    result = []
    for begin in range(0, len(samples), step):
        chunk = samples[begin:begin + size]
        result.append(float(np.sqrt(np.mean(chunk ** 2))))
    smooth = []
    for value in result:
        previous = smooth[-1] if smooth else value
        smooth.append(0.9 * previous + 0.1 * value)
    return np.array(smooth)
"""
OTHER_VOCAB = """
import pathlib

def read_labels(folder, ignored):
    found = {}
    for path in sorted(pathlib.Path(folder).iterdir()):
        if path.is_dir() and path.name not in ignored:
            found[path.name] = len(found)
    examples = [
        (str(image), found[image.parent.name])
        for image in pathlib.Path(folder).rglob("*.png")
        if image.parent.name in found
    ]
    return found, examples
"""
OTHER_DECODE = """
import torch

def sample_with_temperature(network, start, length, temperature):
    generated = start.clone()
    while generated.size(1) < length:
        output = network(generated)
        weights = torch.softmax(output[:, -1, :] / temperature, dim=-1)
        picked = torch.multinomial(weights, num_samples=1)
        generated = torch.hstack((generated, picked))
    return generated.tolist()
"""
OTHER_BOXES = """
import torch

def non_overlapping(boxes, scores, limit):
    order = scores.argsort(descending=True).tolist()
    kept = []
    while order:
        best = order.pop(0)
        kept.append(best)
        remaining = []
        for candidate in order:
            width = torch.minimum(boxes[best, 2], boxes[candidate, 2])
            width -= torch.maximum(boxes[best, 0], boxes[candidate, 0])
            if width < limit:
                remaining.append(candidate)
        order = remaining
    return kept
"""
OTHER_RATES = """
def step_decay(total, milestones, initial, gamma):
    schedule = []
    current = initial
    for index in range(total):
        if index in milestones:
            current *= gamma
        schedule.append(current)
    return schedule
"""

DIFFERENT = [
    pytest.param(WINDOWS_LOOP, OTHER_WINDOWS, id="two loops over a signal"),
    pytest.param(WINDOWS_COMPREHENSION, OTHER_WINDOWS, id="a comprehension and another loop"),
    pytest.param(VOCAB_LOOP, OTHER_VOCAB, id="tables filled from different sources"),
    pytest.param(BEAM_WHILE, OTHER_DECODE, id="greedy decoding and sampling"),
    pytest.param(NESTED_LOOP, OTHER_BOXES, id="making boxes and suppressing them"),
    pytest.param(WARMUP_FOR, OTHER_RATES, id="two schedules of learning rates"),
    pytest.param(WARMUP_WHILE, NESTED_COMPREHENSION, id="a while loop and a comprehension"),
]
SAME = [
    pytest.param(WINDOWS_LOOP, WINDOWS_COMPREHENSION, id="two loops become comprehensions"),
    pytest.param(VOCAB_LOOP, VOCAB_COMPREHENSION, id="filters and dictionaries comprehended"),
    pytest.param(NESTED_LOOP, NESTED_COMPREHENSION, id="four nested loops become one"),
    pytest.param(BEAM_FOR, BEAM_WHILE, id="a for loop with a break becomes a while loop"),
    pytest.param(WARMUP_FOR, WARMUP_WHILE, id="a for loop over a range becomes a while loop"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_another_loop_does_not_match(left: str, right: str) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_a_rewritten_loop_matches(left: str, right: str) -> None:
    assert_same(left, right)
