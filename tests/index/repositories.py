"""Small repositories for an index, each with code of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from codesim import snapshot_of
from codesim.index.content import Content, content_of
from codesim.model import Snapshot
from codesim.snapshot import open_snapshot

NEEDS_DUCKDB = "needs DuckDB: pip install 'codesim[scale]'"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

_SOURCE = '''\
def {name}_step(queries, keys, width, steps):
    """Weigh the keys by how well they fit the queries."""
    scores = [sum(a * b for a, b in zip(queries, key)) / width ** {number} for key in keys]
    highest = max(scores) - {number} * steps
    weights = [{number}.718 ** (score - highest) for score in scores]
    for step in range(steps + {number}):
        weights = [weight / (sum(weights) + step * 1e-{number}) for weight in weights]
        if step % {number} == 3:
            weights.append(highest * {number} - min(weights))
    return [round(weight, {number}) for weight in weights]
'''


def need_duckdb() -> None:
    """Skip a module of tests where the extra is not installed."""
    pytest.importorskip("duckdb", reason=NEEDS_DUCKDB)


def source(number: int) -> bytes:
    """A Python file that differs from that of any other number."""
    return _SOURCE.format(name=f"part{number}", number=number + 11).encode()


def snapshot(
    number: int, name: str = "", origin: str = "", revision: str | None = None
) -> Snapshot:
    """A repository of one file; with an origin and a revision it seems to come from there."""
    name = name or f"repository{number}"
    made = snapshot_of({"model.py": source(number), "README.md": b"read me\n" * 100}, name)
    return replace(made, origin=origin or f"file:{name}", revision=revision)


def content(number: int, **about: str) -> Content:
    """What an index holds of it."""
    return content_of(snapshot(number, **about))


def fixture(case: str, side: str) -> Snapshot:
    """A side of a fixture, under the name of its case."""
    return replace(open_snapshot(str(FIXTURES / case / side)), name=f"{case}/{side}")
