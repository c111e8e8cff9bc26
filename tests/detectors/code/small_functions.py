"""Small functions that two people write alike without knowing each other.

Each is a pair in two styles, complete with its imports, as a repository of one file.
"""

from __future__ import annotations

LOOK_ALIKES: dict[str, tuple[str, str]] = {
    "fibonacci numbers": (
        """
def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
""",
        """
def fibonacci(count: int) -> int:
    previous, current = 0, 1
    for _ in range(count):
        previous, current = current, previous + current
    return previous
""",
    ),
    "chunks of a list": (
        """
def chunks(lst, n):
    for i in range(0, len(lst), n):
        yield lst[i:i + n]
""",
        """
def batched(items, size):
    \"\"\"Successive pieces of equal size.\"\"\"
    for start in range(0, len(items), size):
        yield items[start : start + size]
""",
    ),
    "seeds": (
        """
import random
import numpy as np
import torch

def set_seed(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
""",
        """
import random

import numpy
import torch


def seed_everything(value: int = 42) -> None:
    random.seed(value)
    numpy.random.seed(value)
    torch.manual_seed(value)
    if torch.cuda.is_available():
        torch.cuda.manual_seed_all(value)
""",
    ),
    "mean pooling": (
        """
import torch

def mean_pooling(model_output, attention_mask):
    token_embeddings = model_output[0]
    mask = attention_mask.unsqueeze(-1).expand(token_embeddings.size()).float()
    return torch.sum(token_embeddings * mask, 1) / torch.clamp(mask.sum(1), min=1e-9)
""",
        """
def pool(hidden, mask):
    mask = mask.unsqueeze(-1).to(hidden.dtype)
    summed = (hidden * mask).sum(dim=1)
    return summed / mask.sum(dim=1).clamp(min=1e-6)
""",
    ),
    "accuracy": (
        """
import torch

def accuracy(logits, labels):
    preds = torch.argmax(logits, dim=-1)
    return (preds == labels).float().mean().item()
""",
        """
def compute_accuracy(output, target):
    predicted = output.argmax(dim=1)
    correct = (predicted == target).sum().item()
    return correct / target.size(0)
""",
    ),
    "number of parameters": (
        """
def count_params(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
""",
        """
def count_parameters(net, trainable=True):
    total = 0
    for weight in net.parameters():
        if weight.requires_grad or not trainable:
            total += weight.numel()
    return total
""",
    ),
    "softmax": (
        """
import numpy as np

def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()
""",
        """
import numpy as np


def stable_softmax(logits, axis=-1):
    shifted = logits - np.max(logits, axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.sum(exps, axis=axis, keepdims=True)
""",
    ),
    "attention": (
        """
import math
import torch

def attention(q, k, v, mask=None):
    d_k = q.size(-1)
    scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    return torch.matmul(torch.softmax(scores, dim=-1), v)
""",
        """
import torch.nn.functional as F


def scaled_dot_product(query, key, value, mask=None, dropout=None):
    scale = query.shape[-1] ** -0.5
    weights = (query @ key.transpose(-2, -1)) * scale
    if mask is not None:
        weights = weights.masked_fill(mask == 0, float("-inf"))
    weights = F.softmax(weights, dim=-1)
    if dropout is not None:
        weights = dropout(weights)
    return weights @ value, weights
""",
    ),
    "cosine schedule": (
        """
import math

def get_lr(step, max_lr, min_lr, warmup_steps, max_steps):
    if step < warmup_steps:
        return max_lr * (step + 1) / warmup_steps
    if step > max_steps:
        return min_lr
    ratio = (step - warmup_steps) / (max_steps - warmup_steps)
    coeff = 0.5 * (1.0 + math.cos(math.pi * ratio))
    return min_lr + coeff * (max_lr - min_lr)
""",
        """
import math


def cosine_lr(optimizer, base, warmup, total):
    def rate(step):
        if step < warmup:
            return base * step / warmup
        progress = (step - warmup) / max(1, total - warmup)
        return base * 0.5 * (1 + math.cos(math.pi * progress))

    return rate
""",
    ),
    "main with arguments": (
        """
import argparse

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=str, required=True)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=32)
    args = parser.parse_args()
    train(args)

if __name__ == "__main__":
    main()
""",
        """
import argparse


def parse_args():
    parser = argparse.ArgumentParser(description="Fine-tune a model")
    parser.add_argument("--model", default="bert-base-uncased")
    parser.add_argument("--batch_size", type=int, default=16)
    parser.add_argument("--lr", type=float, default=2e-5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    run(parse_args())
""",
    ),
    "lines of JSON": (
        """
import json

def load_jsonl(path):
    data = []
    with open(path, "r", encoding="utf-8") as f:
        for line in f:
            data.append(json.loads(line))
    return data
""",
        """
import json


def read_jsonl(filename):
    with open(filename, encoding="utf-8") as handle:
        return [json.loads(line) for line in handle if line.strip()]
""",
    ),
    "greatest common divisor": (
        """
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
""",
        """
def greatest(x, y):
    while y:
        x, y = y, x % y
    return x
""",
    ),
    "prime numbers": (
        """
def is_prime(n):
    if n < 2:
        return False
    for i in range(2, int(n ** 0.5) + 1):
        if n % i == 0:
            return False
    return True
""",
        """
def prime(number):
    if number < 2:
        return False
    for divisor in range(2, int(number ** 0.5) + 1):
        if number % divisor == 0:
            return False
    return True
""",
    ),
    "accuracy in the same words": (
        """
def accuracy(output, target):
    pred = output.argmax(dim=1)
    return (pred == target).float().mean().item()
""",
        """
def acc(logits, labels):
    guess = logits.argmax(dim=1)
    return (guess == labels).float().mean().item()
""",
    ),
}
