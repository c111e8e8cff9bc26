"""Honest neighbours: models of one library that share its house style and no copied code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.options import Options
from benchmarks.ours import Profiles
from benchmarks.packages import TRANSFORMERS, python_files
from benchmarks.peers import Peer, all_peers
from benchmarks.table import Cell, Table
from codesim import Strength

_MODELS = "transformers/models"
# The first is what the goal names. No chain of `# Copied from` labels joins the two of a pair.
_PAIRS = (("bert", "llama"), ("gpt2", "t5"), ("swin", "whisper"), ("bloom", "vit"))
# A base of 255 model files takes a minute or more for each pair.
_WITH_BASE = 1
Files = Mapping[str, bytes]


def run(options: Options) -> list[Table]:
    """Every pair as it is, and the first with the rest of the library as base."""
    files = python_files(TRANSFORMERS, options.data, _MODELS)
    pairs = _PAIRS[: options.size(len(_PAIRS))]
    profiles = Profiles()
    base = profiles.of("rest", _rest(files, pairs))
    rows: list[tuple[Cell, ...]] = []
    peers, missing = all_peers() if options.peers else ([], "no peer was asked for")
    for number, (left, right) in enumerate(pairs):
        one, two = _model(files, left), _model(files, right)
        name = f"{left} ~ {right}"
        sides = profiles.of(left, one), profiles.of(right, two)
        rows.append((name, "codesim", *_ours(profiles, sides, ())))
        if number < _WITH_BASE:
            rows.append((name, "codesim, with base", *_ours(profiles, sides, (base,))))
        texts = next(iter(one.values())).decode(), next(iter(two.values())).decode()
        rows += [(name, peer.title(), "-", *_theirs(peer, *texts)) for peer in peers]
    return [_table(rows, missing)]


def _model(files: Files, model: str) -> Files:
    path = f"{_MODELS}/{model}/modeling_{model}.py"
    return {path: files[path]}


def _rest(files: Files, pairs: Sequence[tuple[str, str]]) -> Files:
    """Models of other families than the compared ones: what both sides may have started from."""
    compared = {model for pair in pairs for model in pair}
    return {
        path: content
        for path, content in files.items()
        if "/modeling_" in path
        and "/modeling_flax_" not in path
        and "/modeling_tf_" not in path
        and path.split("/")[2] not in compared
    }


def _ours(profiles: Profiles, sides: tuple[Any, Any], base: Sequence[Any]) -> tuple[Cell, ...]:
    evidence = profiles.compare(*sides, base)
    best = max(evidence.pairs, key=lambda pair: pair.similarity, default=None)
    shares = (best.similarity, best.left_coverage, best.right_coverage) if best else (0.0,) * 3
    return Strength(evidence.strength).word, *shares


def _theirs(peer: Peer, left: str, right: str) -> tuple[float, float, float]:
    found = peer.scores({"left.py": left}, {"right.py": right})
    one, two = found.get(("left.py", "right.py"), (0.0, 0.0))
    return (one + two) / 2, one, two


def _table(rows: Sequence[tuple[Cell, ...]], *notes: str) -> Table:
    return Table(
        f"Neighbours: model files of {TRANSFORMERS}",
        ("models", "tool", "strength", "similarity", "left covered", "right covered"),
        tuple(rows),
        (
            "similarity: what a report lists, covered information of both sides over all of both; a"
            " peer: the mean of its shares of both sides",
            "base: the model files of the other families, which both sides may have started from",
            *notes,
        ),
    )  # fmt: skip
