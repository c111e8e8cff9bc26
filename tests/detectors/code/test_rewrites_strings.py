"""Three ways to format a text, and code that only tells a person something."""

from __future__ import annotations

import pytest
from rewriting import assert_other, assert_same

PROMPT_F = """
def render(turns, system, image_count):
    header = f"<|system|>\\n{system.strip()}<|end|>\\n"
    places = "".join(f"<image_{number}>" for number in range(image_count))
    parts = [header]
    for turn in turns:
        if turn["role"] == "user":
            parts.append(f"<|user|>\\n{places}{turn['content']}<|end|>\\n")
            places = ""
        else:
            parts.append(f"<|assistant|>\\n{turn['content']}<|end|>\\n")
    return "".join(parts) + "<|assistant|>\\n"
"""
PROMPT_FORMAT = """
def render(turns, system, image_count):
    header = "<|system|>\\n{}<|end|>\\n".format(system.strip())
    places = "".join("<image_{}>".format(number) for number in range(image_count))
    parts = [header]
    for turn in turns:
        if turn["role"] == "user":
            parts.append("<|user|>\\n{}{}<|end|>\\n".format(places, turn["content"]))
            places = ""
        else:
            parts.append("<|assistant|>\\n{}<|end|>\\n".format(turn["content"]))
    return "".join(parts) + "<|assistant|>\\n"
"""
PROMPT_PERCENT = """
def render(turns, system, image_count):
    header = "<|system|>\\n%s<|end|>\\n" % system.strip()
    places = "".join("<image_%d>" % number for number in range(image_count))
    parts = [header]
    for turn in turns:
        if turn["role"] == "user":
            parts.append("<|user|>\\n%s%s<|end|>\\n" % (places, turn["content"]))
            places = ""
        else:
            parts.append("<|assistant|>\\n%s<|end|>\\n" % turn["content"])
    return "".join(parts) + "<|assistant|>\\n"
"""
TRAIN = """
import torch


def train_epoch(model, loader, optimizer, scaler, clip, device):
    model.train()
    total, seen = 0.0, 0
    for images, captions in loader:
        images, captions = images.to(device), captions.to(device)
        with torch.autocast(device_type="cuda", dtype=torch.float16):
            loss = model(images, captions).mean()
        optimizer.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * images.size(0)
        seen += images.size(0)
    return total / seen
"""
TRAIN_TELLING = """
import logging
import torch

logger = logging.getLogger(__name__)


def train_epoch(model, loader, optimizer, scaler, clip, device):
    logger.info("starting an epoch on %s", device)
    model.train()
    total, seen = 0.0, 0
    for images, captions in loader:
        images, captions = images.to(device), captions.to(device)
        logging.debug("batch of %d", images.size(0))
        with torch.autocast(device_type="cuda", dtype=torch.float16):
            loss = model(images, captions).mean()
        print("loss", loss.item())
        optimizer.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * images.size(0)
        seen += images.size(0)
        logger.warning(f"running mean {total / seen:.4f}")
    print(f"epoch done: {total / seen}")
    return total / seen
"""
TRAIN_DEAD = """
import torch


def train_epoch(model, loader, optimizer, scaler, clip, device):
    started = 0
    model.train()
    unused = [1, 2, 3]
    total, seen = 0.0, 0
    marker = len(unused) + started
    for images, captions in loader:
        images, captions = images.to(device), captions.to(device)
        shadow = marker * 2
        with torch.autocast(device_type="cuda", dtype=torch.float16):
            loss = model(images, captions).mean()
        factor = 3.5 + shadow
        optimizer.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        if False:
            factor = factor + 1
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        name = "step" + str(factor)
        scaler.step(optimizer)
        scaler.update()
        assert True
        total += loss.item() * images.size(0)
        again = name.upper
        seen += images.size(0)
    return total / seen
    raise RuntimeError("never here")
"""
OTHER_PROMPT = """
def describe(record, indent):
    lines = [f"{record['name']} ({record['version']})"]
    for key in sorted(record["settings"]):
        value = record["settings"][key]
        if isinstance(value, dict):
            lines.append(f"{' ' * indent}{key}:")
            lines.extend(f"{' ' * indent}  {k} = {v}" for k, v in value.items())
        else:
            lines.append(f"{' ' * indent}{key} = {value!r}")
    return "\\n".join(lines)
"""
OTHER_TEMPLATE = """
def to_markdown(rows, columns):
    widths = {name: max(len(str(row[name])) for row in rows) for name in columns}
    head = "| " + " | ".join(name.ljust(widths[name]) for name in columns) + " |"
    rule = "|" + "|".join("-" * (widths[name] + 2) for name in columns) + "|"
    body = ["| %s |" % " | ".join(str(row[n]).ljust(widths[n]) for n in columns) for row in rows]
    return "\\n".join([head, rule, *body])
"""
OTHER_TRAIN = """
import torch


@torch.inference_mode()
def evaluate(network, batches, tokenizer, device):
    network.eval()
    right, wrong = 0, []
    for pixels, questions, answers in batches:
        encoded = tokenizer(questions, return_tensors="pt", padding=True)
        produced = network.generate(pixels.to(device), **encoded, max_new_tokens=16)
        texts = tokenizer.batch_decode(produced, skip_special_tokens=True)
        for text, answer in zip(texts, answers):
            if text.strip().lower() == answer.lower():
                right += 1
            else:
                wrong.append((text, answer))
    return right / (right + len(wrong)), wrong
"""
OTHER_TELLING = """
import logging
import pathlib

logger = logging.getLogger(__name__)


def clean_cache(folder, limit):
    logger.info("cleaning %s", folder)
    files = sorted(pathlib.Path(folder).glob("*.bin"), key=lambda p: p.stat().st_mtime)
    size = sum(p.stat().st_size for p in files)
    while files and size > limit:
        oldest = files.pop(0)
        size -= oldest.stat().st_size
        oldest.unlink()
        logger.warning(f"removed {oldest}")
    print(f"left: {size}")
    return size
"""

DIFFERENT = [
    pytest.param(PROMPT_F, OTHER_PROMPT, id="two functions of f-strings"),
    pytest.param(PROMPT_PERCENT, OTHER_TEMPLATE, id="two functions of percent signs"),
    pytest.param(PROMPT_FORMAT, OTHER_PROMPT, id="format calls and f-strings"),
    pytest.param(TRAIN, OTHER_TRAIN, id="training and evaluation"),
    pytest.param(TRAIN_TELLING, OTHER_TELLING, id="the same way of logging"),
    pytest.param(TRAIN_DEAD, OTHER_TELLING, id="dead code and logging"),
]
SAME = [
    pytest.param(PROMPT_F, PROMPT_FORMAT, id="f-strings become format calls"),
    pytest.param(PROMPT_F, PROMPT_PERCENT, id="f-strings become percent signs"),
    pytest.param(PROMPT_FORMAT, PROMPT_PERCENT, id="format calls become percent signs"),
    pytest.param(TRAIN, TRAIN_TELLING, id="logging and printing inserted"),
    pytest.param(TRAIN, TRAIN_DEAD, id="dead code inserted"),
    pytest.param(TRAIN_TELLING, TRAIN_DEAD, id="logging on one side, dead code on the other"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_other_texts_do_not_match(left: str, right: str) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_what_changes_no_result_leaves_a_match(left: str, right: str) -> None:
    assert_same(left, right)
