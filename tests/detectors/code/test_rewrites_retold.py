"""A whole script told anew, as an assistant does when asked to rewrite one: everything at once."""

from __future__ import annotations

import pytest
from rewriting import OTHER, measured

from codesim import Strength

# A script told anew has lost more than one rewrite alone takes away.
RETOLD_SHARE = 0.7

SCRIPT = """
import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Config:
    def __init__(self, vocab_size=32000, hidden_size=512, num_heads=8, eps=1e-6, dropout=0.1):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_heads = num_heads
        self.eps = eps
        self.dropout = dropout


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.num_heads
        self.head_dim = config.hidden_size // config.num_heads
        self.q = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.k = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.v = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.o = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x, mask=None):
        b, n, d = x.shape
        q = self.q(x).view(b, n, self.heads, self.head_dim).transpose(1, 2)
        k = self.k(x).view(b, n, self.heads, self.head_dim).transpose(1, 2)
        v = self.v(x).view(b, n, self.heads, self.head_dim).transpose(1, 2)
        scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(self.head_dim)
        if mask is not None:
            scores = scores.masked_fill(mask[:, None, None, :] == 0, float("-inf"))
        weights = self.drop(F.softmax(scores, dim=-1))
        out = torch.matmul(weights, v).transpose(1, 2).contiguous().view(b, n, d)
        return self.o(out)


def train(model, loader, optimizer, scheduler, device, epochs, clip, path):
    model.train()
    history = []
    best = None
    for epoch in range(epochs):
        total_loss = 0.0
        for i, batch in enumerate(loader):
            ids = batch["input_ids"].to(device)
            mask = batch["attention_mask"].to(device)
            labels = batch["labels"].to(device)
            logits = model(ids, mask)
            flat = logits.view(-1, logits.size(-1))
            loss = F.cross_entropy(flat, labels.view(-1), ignore_index=-100)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            scheduler.step()
            total_loss += loss.item()
            if i % 100 == 0:
                print("epoch %d step %d loss %.4f" % (epoch, i, loss.item()))
        mean = total_loss / len(loader)
        history.append(mean)
        if best is None or mean < best:
            best = mean
            state = {"model": model.state_dict(), "epoch": epoch, "loss": mean}
            torch.save(state, path + "/best.pt")
    return history


def decode(model, tokenizer, prompt, max_new, temperature, top_k, stop):
    ids = tokenizer.encode(prompt)
    for _ in range(max_new):
        logits = model(torch.tensor([ids]))[0, -1] / temperature
        values, _ = torch.topk(logits, top_k)
        logits[logits < values[-1]] = float("-inf")
        probs = F.softmax(logits, dim=-1)
        token = torch.multinomial(probs, 1).item()
        if token == stop:
            break
        ids.append(token)
    return tokenizer.decode(ids)
"""
RETOLD = """
from dataclasses import dataclass
from typing import List, Optional

import torch
from torch import nn
from tqdm import tqdm


@dataclass
class ModelConfig:
    vocab_size: int = 32000
    d_model: int = 512
    n_heads: int = 8
    norm_eps: float = 1e-6
    p_drop: float = 0.1


class MultiHeadSelfAttention(nn.Module):
    def __init__(self, cfg: ModelConfig) -> None:
        super(MultiHeadSelfAttention, self).__init__()
        dim = cfg.d_model
        self.n_heads, self.d_head = cfg.n_heads, dim // cfg.n_heads
        self.w_q, self.w_k, self.w_v, self.w_o = (
            nn.Linear(in_features=dim, out_features=dim, bias=False),
            nn.Linear(in_features=dim, out_features=dim, bias=False),
            nn.Linear(in_features=dim, out_features=dim, bias=False),
            nn.Linear(in_features=dim, out_features=dim, bias=False),
        )
        self.dropout = nn.Dropout(p=cfg.p_drop)
        self.scale = self.d_head ** -0.5

    def _split(self, t: torch.Tensor) -> torch.Tensor:
        return t.reshape(t.size(0), t.size(1), self.n_heads, self.d_head).transpose(1, 2)

    def forward(self, inputs: torch.Tensor, attention_mask: Optional[torch.Tensor] = None):
        batch, length, dim = inputs.size()
        queries, keys = self._split(self.w_q(inputs)), self._split(self.w_k(inputs))
        values = self._split(self.w_v(inputs))
        attn = (queries @ keys.transpose(-2, -1)) * self.scale
        if attention_mask is not None:
            attn = attn.masked_fill(attention_mask.unsqueeze(1).unsqueeze(2) == 0, float("-inf"))
        attn = self.dropout(attn.softmax(dim=-1))
        context = (attn @ values).transpose(1, 2).reshape(batch, length, dim)
        return self.w_o(context)


def compute_loss(outputs, targets):
    flat = outputs.reshape(-1, outputs.shape[-1])
    return nn.functional.cross_entropy(flat, targets.reshape(-1), ignore_index=-100)


def run_training(net, data, opt, sched, dev, n_epochs: int, max_norm: float, out_dir: str):
    net.train()
    losses: List[float] = []
    best_loss = None
    for ep in range(n_epochs):
        running = []
        for step, sample in enumerate(tqdm(data, desc=f"epoch {ep}")):
            sample = {k: v.to(dev) for k, v in sample.items()}
            outputs = net(sample["input_ids"], sample["attention_mask"])
            loss = compute_loss(outputs, sample["labels"])
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), max_norm=max_norm)
            opt.step()
            sched.step()
            running.append(loss.item())
            if step % 100 == 0:
                print(f"epoch {ep} step {step} loss {loss.item():.4f}")
        avg = sum(running) / len(data)
        losses.append(avg)
        if not (best_loss is not None and avg >= best_loss):
            best_loss = avg
            torch.save(dict(model=net.state_dict(), epoch=ep, loss=avg), f"{out_dir}/best.pt")
    return losses


def generate(net, tok, text: str, steps: int, temp: float, k: int, eos: int) -> str:
    tokens = tok.encode(text)
    count = 0
    while count < steps:
        scores = net(torch.tensor([tokens]))[0, -1] / temp
        kth = scores.topk(k)[0][-1]
        scores[scores < kth] = float("-inf")
        nxt = torch.multinomial(scores.softmax(dim=-1), num_samples=1).item()
        count += 1
        if nxt == eos:
            break
        tokens.append(nxt)
    return tok.decode(tokens)
"""
HONEST = """
import numpy as np
import torch
import torch.nn as nn


class Options:
    def __init__(self, words=20000, width=300, layers=2, kernel=5, rate=0.5, classes=4):
        self.words, self.width, self.layers = words, width, layers
        self.kernel, self.rate, self.classes = kernel, rate, classes


class TextConvolution(nn.Module):
    def __init__(self, options):
        super().__init__()
        self.embed = nn.Embedding(options.words, options.width, padding_idx=0)
        self.stack = nn.ModuleList(
            nn.Conv1d(options.width, options.width, options.kernel, padding=options.kernel // 2)
            for _ in range(options.layers)
        )
        self.drop = nn.Dropout(options.rate)
        self.score = nn.Linear(options.width, options.classes)

    def forward(self, words, lengths):
        states = self.embed(words).transpose(1, 2)
        for layer in self.stack:
            states = states + torch.relu(layer(self.drop(states)))
        inside = torch.arange(words.size(1), device=words.device)[None] < lengths[:, None]
        states = states.masked_fill(~inside[:, None], -1e4)
        return self.score(states.max(dim=-1).values)


def fit(model, train, held, rate, rounds, patience, target):
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    waited, top = 0, 0.0
    for number in range(rounds):
        model.train()
        for words, lengths, classes in train:
            optimizer.zero_grad(set_to_none=True)
            criterion(model(words, lengths), classes).backward()
            optimizer.step()
        accuracy = evaluate(model, held)
        print(f"round {number}: {accuracy:.3f}")
        waited = 0 if accuracy > top else waited + 1
        if accuracy > top:
            top = accuracy
            torch.save(model.state_dict(), target)
        if waited > patience:
            break
    return top


@torch.no_grad()
def evaluate(model, held):
    model.eval()
    hits = [(model(w, n).argmax(dim=-1) == c).float().cpu().numpy() for w, n, c in held]
    return float(np.concatenate(hits).mean())
"""
OTHERS = [
    pytest.param(SCRIPT, HONEST, id="another model trained the usual way"),
    pytest.param(RETOLD, HONEST, id="the same, told anew"),
]


@pytest.mark.parametrize(("left", "right"), OTHERS)
def test_the_usual_way_to_train_is_no_match(left: str, right: str) -> None:
    found = measured(left, right)
    assert found.strength <= Strength.WEAK, found
    assert max(found.left, found.right) <= OTHER, found


def test_a_script_told_anew_matches() -> None:
    found = measured(SCRIPT, RETOLD)
    assert found.strength >= Strength.STRONG, found
    assert min(found.left, found.right) >= RETOLD_SHARE, found
