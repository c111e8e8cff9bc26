"""Runs of equal tokens of two units that are compared as text, as when one cannot be parsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from codesim.commons.cohort import Weights
from codesim.detectors.code.profile import CodeProfile, Hashes
from codesim.detectors.code.tokenview import GAP, TEXT_BLOCK, information, unit_tokens
from codesim.sequences import maximal_segments, tiles


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
    """Runs of equal tokens between two units that are compared as text; exchanging the sides
    changes nothing else.

    ``weights`` of the tokens of either unit are 0 for what a base explains, which neither adds to a
    run nor ends it.
    """
    one, two = (p.tokens.canonical[unit_tokens(p, n)] for p, n in ((left, u), (right, v)))
    if (len(two), two.tobytes()) < (len(one), one.tobytes()):
        turned = text_runs(right, left, v, u, weights[::-1], least)
        return [TextRun(run.bits, run.right_lines, run.left_lines) for run in turned]
    a, b = unit_tokens(left, u), unit_tokens(right, v)
    where = _blocks(one, two)
    worth = weights[0][: len(one)].copy()
    own, twins = list(where), list(where.values())
    worth[own] = np.minimum(worth[own], weights[1][twins])
    signs = np.full(len(worth), -GAP)
    signs[own] = 1.0
    found = []
    for segment in maximal_segments((left.tokens.bits[a] * worth * signs).tolist(), least):
        counted = [n for n in range(segment.first, segment.last) if worth[n]]
        mine = [n for n in counted if n in where]
        theirs = sorted(where[n] for n in mine)
        bits = sum(
            information(left, [a.start + n for n in run]) * float(worth[run].mean())
            for run in _consecutive(counted, where)
        )
        ours = _token_lines(left, a.start + mine[0], a.start + mine[-1])
        others = _token_lines(right, b.start + theirs[0], b.start + theirs[-1])
        found.append(TextRun(min(bits, segment.score), ours, others))
    return [run for run in found if run.bits >= least]


def _blocks(one: Hashes, two: Hashes) -> dict[int, int]:
    """Partner of each left token in a block of equal tokens, as offsets into the units."""
    return {
        tile.left + n: tile.right + n
        for tile in tiles(one.tolist(), two.tolist(), TEXT_BLOCK)
        for n in range(tile.length)
    }


def _consecutive(places: Sequence[int], paired: Mapping[int, int]) -> list[list[int]]:
    """Places that are paired, cut where one between them is not."""
    return [list(run) for told, run in groupby(places, paired.__contains__) if told]


def _token_lines(profile: CodeProfile, first: int, last: int) -> tuple[int, int]:
    return int(profile.tokens.line[first]), int(profile.tokens.line[last])
