"""Labelled copies inside transformers: recall on them, false matches on pairs that are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.definitions import FEWEST_TOKENS, Definition, alike, blanked
from benchmarks.labels import Catalogue, Relations, catalogue
from benchmarks.ladder.chance import Chance
from benchmarks.options import Options
from benchmarks.ours import STEPS, Profiles, one_file
from benchmarks.packages import TRANSFORMERS, python_files
from benchmarks.peers import Peer, unit_peers
from benchmarks.table import Cell, Table
from codesim.model import Strength

_FULL_COPIES = 4_000
_FULL_NEGATIVES = 3_000
# Two definitions are of similar length within this share.
_LENGTH = 0.3
# Unmarked pairs above this are copies that nobody labelled: grey, and never sampled.
_NEAR = 0.85
_NEAR_NAMED = 0.7
# So is a shared run of this many equal tokens, the size from which we ask for evidence; such pairs
# are shown by themselves.
_RUN = FEWEST_TOKENS
_FALSE_RATE = 1 / 1_000
_TRIES = 60


@dataclass(frozen=True)
class Pair:
    """Two definitions; ``group`` says what is known about them."""

    left: Definition
    right: Definition
    group: str


@dataclass(frozen=True)
class Scored:
    """What one tool says of a pair. ``strength`` and ``similarity`` are codesim's alone."""

    pair: Pair
    score: float
    strength: Strength = Strength.NONE
    similarity: float = 0.0


def run(options: Options) -> list[Table]:
    """Recall by kind of definition, false matches by kind of negative, peers at equal error."""
    found = catalogue(python_files(TRANSFORMERS, options.data, "transformers/models"))
    copies = _copies(found, options)
    negatives = _negatives(found, options)
    ours = _ours([*copies, *negatives])
    tables = [_by_group(ours, found)]
    scored = [
        ("codesim, score", ours),
        ("codesim, similarity", [replace(each, score=each.similarity) for each in ours]),
    ]
    peers, missing = unit_peers() if options.peers else ([], "no peer was asked for")
    for peer in peers:
        scored.append((peer.title(), _theirs([*copies, *negatives], peer)))
    tables.append(_at_equal_error(scored, missing))
    return tables


def _copies(found: Catalogue, options: Options) -> list[Pair]:
    pairs = {}
    for each in found.labelled:
        if min(len(each.copy.tokens), len(each.source.tokens)) >= FEWEST_TOKENS:
            how = "renamed" if each.replacements else "as is"
            pairs[each.copy.key] = Pair(each.source, each.copy, f"copied {each.kind}, {how}")
    chosen = list(pairs.values())
    count = options.size(_FULL_COPIES)
    if count < len(chosen):
        chosen = Chance("copies", options.seed).sample(chosen, count)
    return chosen


def _negatives(found: Catalogue, options: Options) -> list[Pair]:
    """As many hard pairs as easy ones, none related, none grey."""
    chance = Chance("negatives", options.seed)
    pool = sorted(
        (each for each in found.by_key.values() if _is_model(each)), key=lambda each: each.key
    )
    relations = Relations(found)
    count = options.size(_FULL_NEGATIVES)
    return [
        *_sampled("hard", pool, relations, chance, count),
        *_sampled("easy", pool, relations, chance, count),
    ]


def _is_model(each: Definition) -> bool:
    return "/modeling_" in each.path and len(each.tokens) >= FEWEST_TOKENS


def _family(each: Definition) -> str:
    return each.path.split("/")[2]


def _role(each: Definition) -> str:
    """The method's name, or what kind of class it is: ``LlamaAttention`` is an ``Attention``."""
    words = re.findall(r"[A-Z][a-z0-9]*|[A-Z]+(?![a-z])", each.name)
    return words[-1] if each.kind == "class" and words else each.last_name


def _part(each: Definition, group: str) -> tuple[str, str]:
    return each.kind, _role(each) if group == "hard" else ""


def _sampled(
    group: str, pool: Sequence[Definition], relations: Relations, chance: Chance, count: int
) -> list[Pair]:
    """Pairs of the pool; for hard ones the partner plays the same role elsewhere."""
    partners: dict[tuple[str, str], list[Definition]] = {}
    for each in pool:
        partners.setdefault(_part(each, group), []).append(each)
    pairs: dict[tuple[str, str], Pair] = {}
    grey: dict[tuple[str, str], Pair] = {}
    for _ in range(count * _TRIES):
        if len(pairs) >= count:
            break
        left = chance.choice(pool)
        right = chance.choice(partners[_part(left, group)])
        key = (min(left.key, right.key), max(left.key, right.key))
        if key in pairs or key in grey or not _is_negative(left, right, relations):
            continue
        if _runs(left) & _runs(right):
            grey[key] = Pair(left, right, f"grey, {group}")
        else:
            pairs[key] = Pair(left, right, f"unrelated, {group}")
    return [*pairs.values(), *list(grey.values())[:count]]


def _runs(definition: Definition) -> set[tuple[str, ...]]:
    """Every run of equal length of a definition's tokens."""
    tokens = definition.tokens
    return {tokens[start : start + _RUN] for start in range(len(tokens) - _RUN + 1)}


def _is_negative(left: Definition, right: Definition, relations: Relations) -> bool:
    one, two = left.tokens, right.tokens
    if _family(left) == _family(right) or relations.related(left, right):
        return False
    if abs(len(one) - len(two)) > _LENGTH * max(len(one), len(two)):
        return False
    return alike(blanked(one), blanked(two)) < _NEAR and alike(one, two) < _NEAR_NAMED


def _ours(pairs: Sequence[Pair]) -> list[Scored]:
    profiles = Profiles()
    found = []
    for pair in pairs:
        left = profiles.of(pair.left.key, one_file(pair.left.source))
        right = profiles.of(pair.right.key, one_file(pair.right.source))
        evidence = profiles.compare(left, right)
        similarity = max((each.similarity for each in evidence.pairs), default=0.0)
        found.append(Scored(pair, evidence.score, evidence.strength, similarity))
    return found


def _theirs(pairs: Sequence[Pair], peer: Peer) -> list[Scored]:
    scores = peer.each([(pair.left.source, pair.right.source) for pair in pairs])
    return [Scored(pair, score) for pair, score in zip(pairs, scores, strict=True)]


def _by_group(scored: Sequence[Scored], found: Catalogue) -> Table:
    rows: list[tuple[Cell, ...]] = []
    groups = sorted({each.pair.group for each in scored})
    for group in [*groups, "copied"]:
        of_group = [each for each in scored if each.pair.group.startswith(group)]
        if of_group:
            shares = [sum(e.strength >= step for e in of_group) / len(of_group) for step in STEPS]
            rows.append(("all copied" if group == "copied" else group, len(of_group), *shares))
    return Table(
        f"Copied from: labelled copies in {TRANSFORMERS}",
        ("pairs", "count", ">= weak", ">= moderate", ">= strong", ">= very strong"),
        tuple(rows),
        (
            f"{len(found.labelled)} labels resolved, {found.unresolved} not;"
            f" definitions of {FEWEST_TOKENS} tokens or more, each as a repository of one file",
            "hard: the same method name or class role in another model family, of similar length",
            f"grey: an unlabelled pair with a common run of {_RUN} equal tokens, so not unrelated;"
            " near-identical unlabelled pairs are left out",
        ),
    )


def _at_equal_error(tools: Sequence[tuple[str, Sequence[Scored]]], missing: str) -> Table:
    """Recall of every tool at the threshold that one in a thousand hard negatives reaches."""
    rows: list[tuple[Cell, ...]] = []
    for name, scored in tools:
        hard = sorted((e.score for e in scored if e.pair.group == "unrelated, hard"), reverse=True)
        allowed = int(_FALSE_RATE * len(hard))
        threshold = hard[allowed] if hard else 0.0
        copied = [e.score for e in scored if e.pair.group.startswith("copied")]
        above = sum(score > threshold for score in copied)
        rows.append((name, threshold, above / len(copied), len(copied), len(hard)))
    return Table(
        "Copied from: recall at one false match in 1,000 hard negatives",
        ("tool", "threshold", "recall", "copies", "hard negatives"),
        tuple(rows),
        (
            "the threshold is in the units of each tool and is set on the negatives of this table",
            missing,
        ),
    )
