"""Idioms exchanged: the same values reached by other words of the language."""

from __future__ import annotations

import pytest
from rewriting import assert_other, assert_same, measured

from codesim import Strength

EVALUATE = """
import json
import torch


def evaluate(model, loader, folder, topk):
    hits, seen, rows = 0, 0, []
    for number, batch in enumerate(loader):
        scores = model(batch["pixels"], batch["ids"])
        ranked = scores.topk(topk, dim=-1).indices
        found = (ranked == batch["label"].unsqueeze(-1)).any(dim=-1)
        if not (found.all() and scores.isfinite().all()):
            rows.append({"batch": number, "missed": (~found).nonzero().flatten().tolist()})
        hits += found.sum().item()
        seen += found.numel()
    names = [row["batch"] for row in rows]
    with open(f"{folder}/missed.json", "w") as handle:
        json.dump({"rows": rows, "names": sorted(set(names))}, handle)
    return hits / seen if 0 < seen < 10 ** 9 else float("nan")
"""
COUNTED = """
import json
import torch


def evaluate(model, loader, folder, topk):
    hits, seen, rows = 0, 0, []
    number = 0
    for batch in loader:
        scores = model(batch["pixels"], batch["ids"])
        ranked = scores.topk(topk, dim=-1).indices
        found = (ranked == batch["label"].unsqueeze(-1)).any(dim=-1)
        if not (found.all() and scores.isfinite().all()):
            rows.append({"batch": number, "missed": (~found).nonzero().flatten().tolist()})
        hits += found.sum().item()
        seen += found.numel()
        number += 1
    names = [row["batch"] for row in rows]
    with open(f"{folder}/missed.json", "w") as handle:
        json.dump({"rows": rows, "names": sorted(set(names))}, handle)
    return hits / seen if 0 < seen < 10 ** 9 else float("nan")
"""
SPELLED_OUT = """
import json
import torch


def evaluate(model, loader, folder, topk):
    hits, seen, rows = 0, 0, list()
    for number, batch in enumerate(loader):
        scores = model(batch["pixels"], batch["ids"])
        ranked = scores.topk(topk, dim=-1).indices
        found = (ranked == batch["label"].unsqueeze(-1)).any(dim=-1)
        if not found.all() or not scores.isfinite().all():
            rows.append(dict(batch=number, missed=(~found).nonzero().flatten().tolist()))
        hits += found.sum().item()
        seen += found.numel()
    names = list(map(lambda row: row["batch"], rows))
    with open(folder + "/missed.json", "w") as handle:
        json.dump(dict(rows=rows, names=sorted(set(names))), handle)
    if seen > 0 and seen < 10 ** 9:
        return hits / seen
    return float("nan")
"""
SCRIPT = """
import pandas as pd
import torch

frame = pd.read_csv("captions.csv").dropna(subset=["caption", "path"])
frame["length"] = frame["caption"].str.split().str.len()
frame = frame[(frame["length"] > 3) & (frame["length"] < 60)].reset_index(drop=True)
order = torch.randperm(len(frame), generator=torch.Generator().manual_seed(17)).tolist()
cut = int(0.95 * len(order))
train, held = frame.iloc[order[:cut]], frame.iloc[order[cut:]]
weights = 1.0 / train.groupby("source")["path"].transform("count")
sampler = torch.utils.data.WeightedRandomSampler(weights.tolist(), num_samples=len(train))
held.to_parquet("held.parquet", index=False)
torch.save({"sampler": sampler, "paths": train["path"].tolist()}, "train.pt")
"""
IN_MAIN = """
import pandas as pd
import torch


def main():
    frame = pd.read_csv("captions.csv").dropna(subset=["caption", "path"])
    frame["length"] = frame["caption"].str.split().str.len()
    frame = frame[(frame["length"] > 3) & (frame["length"] < 60)].reset_index(drop=True)
    order = torch.randperm(len(frame), generator=torch.Generator().manual_seed(17)).tolist()
    cut = int(0.95 * len(order))
    train, held = frame.iloc[order[:cut]], frame.iloc[order[cut:]]
    weights = 1.0 / train.groupby("source")["path"].transform("count")
    sampler = torch.utils.data.WeightedRandomSampler(weights.tolist(), num_samples=len(train))
    held.to_parquet("held.parquet", index=False)
    torch.save({"sampler": sampler, "paths": train["path"].tolist()}, "train.pt")


if __name__ == "__main__":
    main()
"""
STARRED = """
from torch import *
from torch.nn.functional import *


def spread_loss(first, second, margin):
    first, second = normalize(first, dim=-1), normalize(second, dim=-1)
    between = cdist(first, second, p=2.0)
    nearest = topk(between, k=3, largest=False, dim=-1).values
    pull = smooth_l1_loss(nearest, zeros_like(nearest), beta=0.5)
    push = relu(margin - pdist(first)).pow(2).mean()
    covariance = einsum("ni,nj->ij", first - first.mean(0), second - second.mean(0))
    return pull + push + 0.01 * diagonal(covariance).square().sum().rsqrt()
"""
UNSTARRED = """
import torch
import torch.nn.functional as F


def spread_loss(first, second, margin):
    first, second = F.normalize(first, dim=-1), F.normalize(second, dim=-1)
    between = torch.cdist(first, second, p=2.0)
    nearest = torch.topk(between, k=3, largest=False, dim=-1).values
    pull = F.smooth_l1_loss(nearest, torch.zeros_like(nearest), beta=0.5)
    push = F.relu(margin - F.pdist(first)).pow(2).mean()
    covariance = torch.einsum("ni,nj->ij", first - first.mean(0), second - second.mean(0))
    return pull + push + 0.01 * torch.diagonal(covariance).square().sum().rsqrt()
"""
INDEXED = """
import torch


def beam_step(beams, logits, width, stop):
    candidates = []
    for i in range(len(beams)):
        tokens, score = beams[i]
        shares = torch.log_softmax(logits[i], dim=-1)
        values, places = shares.topk(width)
        for j in range(len(values)):
            penalty = ((5 + len(tokens)) / 6) ** 0.6
            candidates.append((tokens + [int(places[j])], (score + float(values[j])) / penalty))
    candidates.sort(key=lambda pair: pair[1], reverse=True)
    done = [pair for pair in candidates if pair[0][-1] == stop]
    return candidates[:width], done
"""
ITERATED = """
import torch


def beam_step(beams, logits, width, stop):
    candidates = []
    for (tokens, score), row in zip(beams, logits):
        shares = torch.log_softmax(row, dim=-1)
        values, places = shares.topk(width)
        for value, place in zip(values, places):
            penalty = ((5 + len(tokens)) / 6) ** 0.6
            candidates.append((tokens + [int(place)], (score + float(value)) / penalty))

    def worth(pair):
        return pair[1]

    candidates.sort(key=worth, reverse=True)
    done = [pair for pair in candidates if pair[0][-1] == stop]
    return candidates[:width], done
"""
OTHER_EVALUATE = """
import json


def collect_failures(runs, folder, limit):
    failures = []
    for number, run in enumerate(runs):
        if run["status"] != "done" or run["loss"] > limit:
            failures.append({"run": number, "reason": run.get("error", "diverged")})
    with open(f"{folder}/failures.json", "w") as handle:
        json.dump({"failures": failures, "count": len(failures)}, handle)
    order = sorted(runs, key=lambda run: run["finished"] - run["started"])
    middle = order[len(order) // 2]["name"] if order else None
    slowest = {run["name"]: run["finished"] - run["started"] for run in order[-limit:]}
    return len(failures) / max(1, len(runs)), middle, slowest
"""
OTHER_SCRIPT = """
import pandas as pd
import torch


def main():
    scores = pd.read_parquet("scores.parquet")
    best = scores.sort_values("f1").groupby("task").tail(1)
    table = best.pivot(index="model", columns="task", values="f1").fillna(0.0)
    table.loc["mean"] = table.mean()
    table.round(3).to_latex("table.tex")
    torch.save(torch.tensor(table.to_numpy()), "table.pt")


if __name__ == "__main__":
    main()
"""
OTHER_LOSS = """
from torch import *
from torch.nn.functional import *


def focal(logits, targets, gamma, alpha):
    shares = sigmoid(logits)
    plain = binary_cross_entropy_with_logits(logits, targets, reduction="none")
    correct = shares * targets + (1 - shares) * (1 - targets)
    balance = where(targets > 0, full_like(targets, alpha), full_like(targets, 1 - alpha))
    return (balance * pow(1 - correct, gamma) * plain).sum() / targets.sum()
"""
OTHER_BEAM = """
def merge_spans(spans, gap):
    merged = []
    for start, end in sorted(spans):
        if merged and start - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    lengths = [end - start for start, end in merged]
    return merged, sum(lengths) / max(1, len(lengths))
"""

DIFFERENT = [
    pytest.param(EVALUATE, OTHER_EVALUATE, id="two functions that write what failed"),
    pytest.param(SPELLED_OUT, OTHER_EVALUATE, id="the same, spelled out"),
    pytest.param(SCRIPT, OTHER_SCRIPT, id="two scripts on tables"),
    pytest.param(IN_MAIN, OTHER_SCRIPT, id="two main functions"),
    pytest.param(STARRED, OTHER_LOSS, id="two losses with star imports"),
    pytest.param(INDEXED, OTHER_BEAM, id="two loops over pairs"),
]
SAME = [
    pytest.param(EVALUATE, COUNTED, id="enumerate becomes a counter"),
    pytest.param(SCRIPT, IN_MAIN, id="a script moved into a main function"),
    pytest.param(STARRED, UNSTARRED, id="star imports resolved"),
]
# Only a part of these rewrites is undone: what they leave equal must still be plain to see.
PARTLY = [
    pytest.param(EVALUATE, SPELLED_OUT, id="literals, conditions and maps spelled out"),
    pytest.param(INDEXED, ITERATED, id="indexes become iteration"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_other_words_of_the_same_kind_do_not_match(left: str, right: str) -> None:
    assert_other(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_exchanged_idioms_match(left: str, right: str) -> None:
    assert_same(left, right)


@pytest.mark.parametrize(("left", "right"), PARTLY)
def test_partly_undone_rewrites_stay_strong(left: str, right: str) -> None:
    found = measured(left, right)
    assert found.strength >= Strength.MODERATE, found
    assert min(found.left, found.right) >= 0.7, found
