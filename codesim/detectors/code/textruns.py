"""Runs of equal tokens of two units of which one could not be parsed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.code.tokenview import GAP, TEXT_BLOCK, information, unit_tokens
from codesim.sequences import maximal_segments, tiles

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TextRun:
    """A dense run of equal tokens of two units, with its lines on both sides."""

    bits: float
    left_lines: tuple[int, int]
    right_lines: tuple[int, int]


def text_runs(
    left: CodeProfile,
    right: CodeProfile,
    u: int,
    v: int,
    weights: tuple[Weights, Weights],
    least: float,
) -> list[TextRun]:
    """Runs of equal tokens between two units of which one could not be parsed.

    ``weights`` of the tokens of either unit are 0 for what a base explains, which neither adds to a
    run nor ends it.
    """
    a, b = unit_tokens(left, u), unit_tokens(right, v)
    where = _blocks(left, right, a, b)
    worth = weights[0][: a.stop - a.start].copy()
    own, twins = list(where), list(where.values())
    worth[own] = np.minimum(worth[own], weights[1][twins])
    signs = np.full(len(worth), -GAP)
    signs[own] = 1.0
    scores = (left.tokens.bits[a] * worth * signs).tolist()
    found = []
    for segment in maximal_segments(scores, least):
        mine = [n for n in range(segment.first, segment.last) if n in where and worth[n]]
        theirs = sorted(where[n] for n in mine)
        bits = sum(
            information(left, a.start + run[0], len(run)) * float(worth[run].mean())
            for run in _consecutive(mine)
        )
        found.append(
            TextRun(
                min(bits, segment.score),
                _token_lines(left, a.start + mine[0], a.start + mine[-1]),
                _token_lines(right, b.start + theirs[0], b.start + theirs[-1]),
            )
        )
    return [run for run in found if run.bits >= least]


def _blocks(left: CodeProfile, right: CodeProfile, a: slice, b: slice) -> dict[int, int]:
    """Partner of each left token in a block of equal tokens, as offsets into the units."""
    one, two = left.tokens.canonical[a].tolist(), right.tokens.canonical[b].tolist()
    return {
        tile.left + n: tile.right + n
        for tile in tiles(one, two, TEXT_BLOCK)
        for n in range(tile.length)
    }


def _consecutive(places: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _token_lines(profile: CodeProfile, first: int, last: int) -> tuple[int, int]:
    return int(profile.tokens.line[first]), int(profile.tokens.line[last])
