"""Definitions that people derived from others: ``class New(Old)`` in modular files."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.definitions import FEWEST_TOKENS, Definition, alike, definitions
from benchmarks.ladder.chance import Chance
from benchmarks.options import Options
from benchmarks.ours import STEPS, Profiles, one_file
from benchmarks.packages import MODULAR, python_files
from benchmarks.peers import unit_peers
from benchmarks.table import Cell, Table
from codesim.model import Strength

_FULL = 2_000
# Token similarity once the model name is put back: what an edit amounts to.
_BANDS = (("renamed alone", 0.995), ("small edits", 0.9), ("edited", 0.5), ("rewritten", 0.0))


@dataclass(frozen=True)
class Derived:
    """A class written out in full, the class it derives from, and how far they are apart."""

    old: Definition
    new: Definition
    similarity: float

    @property
    def band(self) -> str:
        """How much was edited."""
        return next(name for name, least in _BANDS if self.similarity >= least)


def run(options: Options) -> list[Table]:
    """Recall by how much was edited."""
    pairs = list(_derived(python_files(MODULAR, options.data, "transformers/models")))
    count = options.size(_FULL)
    if count < len(pairs):
        pairs = Chance("modular", options.seed).sample(pairs, count)
    profiles = Profiles()
    strengths = [_strength(profiles, pair) for pair in pairs]
    rows: list[tuple[Cell, ...]] = []
    for band, least in _BANDS:
        of_band = [s for s, pair in zip(strengths, pairs, strict=True) if pair.band == band]
        if of_band:
            shares = [sum(s >= step for s in of_band) / len(of_band) for step in STEPS]
            rows.append((band, f">= {least}", len(of_band), *shares))
    tables = [
        Table(
            f"Modular: classes derived by people in {MODULAR}",
            (
                "edit",
                "token similarity",
                "pairs",
                ">= weak",
                ">= moderate",
                ">= strong",
                ">= very strong",
            ),
            tuple(rows),
            ("the class as written out in full against the class that it derives from",),
        )
    ]
    return [*tables, _peers(pairs)] if options.peers else tables


def _strength(profiles: Profiles, pair: Derived) -> Strength:
    left = profiles.of(pair.old.key, one_file(pair.old.source))
    right = profiles.of(pair.new.key, one_file(pair.new.source))
    return profiles.compare(left, right).strength


def _peers(pairs: Sequence[Derived]) -> Table:
    """The mean score of each peer; it has no strengths, so this shows decay, not recall."""
    rows: list[tuple[Cell, ...]] = []
    peers, missing = unit_peers()
    for peer in peers:
        found = peer.each([(pair.old.source, pair.new.source) for pair in pairs])
        scores = list(zip((pair.band for pair in pairs), found, strict=True))
        rows.append(
            (peer.title(), *(_mean([s for b, s in scores if b == band]) for band, _ in _BANDS))
        )
    return Table(
        "Modular: mean score of the peers",
        ("tool", *(band for band, _ in _BANDS)),
        tuple(rows),
        (missing,),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _derived(files: Mapping[str, bytes]) -> Iterator[Derived]:
    known: dict[str, dict[str, Definition]] = {}

    def classes(path: str) -> dict[str, Definition]:
        if path not in known:
            text = files[path].decode("utf-8")
            known[path] = {d.name: d for d in definitions(path, text) if d.kind == "class"}
        return known[path]

    for path in sorted(files):
        if not posixpath.basename(path).startswith("modular_"):
            continue
        tree = ast.parse(files[path])
        origins = dict(_origins(tree, path))
        full = [p for p in files if posixpath.dirname(p) == posixpath.dirname(path) and p != path]
        for node in tree.body:
            base = _first_base(node)
            source = origins.get(base, "")
            if not isinstance(node, ast.ClassDef) or source not in files:
                continue
            old = classes(source).get(base)
            new = next((c for p in sorted(full) if (c := classes(p).get(node.name))), None)
            if old and new and min(len(old.tokens), len(new.tokens)) >= FEWEST_TOKENS:
                yield Derived(old, new, _similarity(old, new))


def _first_base(node: ast.stmt) -> str:
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return bases[0].id if bases and isinstance(bases[0], ast.Name) else ""


def _origins(tree: ast.Module, path: str) -> Iterator[tuple[str, str]]:
    """Imported class names with the file they come from: ``from ..llama.modeling_llama import``."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.level:
            folder = path
            for _ in range(node.level):
                folder = posixpath.dirname(folder)
            target = posixpath.join(folder, *node.module.split(".")) + ".py"
            yield from ((alias.asname or alias.name, target) for alias in node.names)


def _similarity(old: Definition, new: Definition) -> float:
    """Token similarity after the words in which the class names differ are put back."""
    ours, theirs = _words(old.name), _words(new.name)
    while ours and theirs and ours[-1] == theirs[-1]:
        ours.pop()
        theirs.pop()
    text = new.source
    if ours and theirs:
        text = text.replace("".join(theirs), "".join(ours))
        text = text.replace("_".join(theirs).lower(), "_".join(ours).lower())
    return alike(old.tokens, Definition(new.path, new.name, new.kind, 1, text).tokens)


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|\d+", name)
