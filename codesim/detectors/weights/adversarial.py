"""Undoing what leaves a model's function alone: permuted neurons, flipped signs, a turned stream.

Run where the direct comparison is silent. The residual stream is turned back by the orthogonal map
between the embeddings (Procrustes), neurons are matched by their gate rows, and their up rows and
down columns, which took no part in that, say whether the matches are true.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.frames import MOST_ROWS, Frame
from codesim.detectors.weights.neighbours import agreeing, mutual, signs_of
from codesim.detectors.weights.residual import RESTORED
from codesim.detectors.weights.roles import role_of, stack_of
from codesim.detectors.weights.sampling import Window, cleaned, correlation
from codesim.detectors.weights.symmetry import SymmetryTest, order_test, pooled, products
from codesim.detectors.weights.units import MOST_UNITS
from codesim.detectors.weights.values import Values
from codesim.detectors.weights.verdict import reached
from codesim.formats import ByteSource, TensorRecord

# Independent models of one data set match up to 0.08 of the neurons of layer 0 and 0.023 of any
# other: ten times the latter, in half of the layers, layer 0 left out.
_MATCHED = 0.25
# Embedding rows that already agree need no turning.
_AGREES = 0.3
# Of these so many say whether they agree.
_FEW_TOKENS = 1024
# Coordinates of the stream that neurons are matched by, and rows of embeddings taken at once.
_COORDINATES = 1024
_ROWS = 1024
# Numbers of one side that are kept for the residual.
_KEPT = 1 << 25
# Wrong matches among true ones, which no step is named after.
_SOME = 0.05

Side = Mapping[tuple[int, str], Values]


@dataclass(frozen=True, slots=True)
class Restored:
    """Pairs after undoing, the share of neurons matched by layer (both held-out projections
    agree), which steps were needed, the test of neuron order after turning the stream, and the
    widths of both streams.
    """

    pairs: tuple[Aligned, ...]
    matched: tuple[float, ...]
    steps: tuple[str, ...]
    test: SymmetryTest | None
    widths: tuple[int, int] = (0, 0)

    @property
    def holds(self) -> bool:
        """True when enough neurons of half the layers, the first left out, are matched."""
        return reached(self.matched) >= _MATCHED

    @property
    def correlation(self) -> float:
        """The median correlation of what agrees in the MLPs, in size."""
        sizes = sorted(abs(pair.sampled) for pair in self.pairs if _is_mlp(pair))
        return sizes[len(sizes) // 2] if sizes else 0.0


def _is_mlp(pair: Aligned) -> bool:
    return role_of(pair.names[0]) in ("gate", "up", "down")


def restored(left: Sequence[Values], right: Sequence[Values]) -> Restored | None:
    """What is left of a disguise when it is undone; None where names or shapes do not allow it."""
    one, two = _side(left), _side(right)
    depth = min(_depth(one), _depth(two))
    if not depth or not all((-1, "embedding") in side for side in (one, two)):
        return None
    work = _Work(one, two, *_turn(*(side[-1, "embedding"] for side in (one, two))), depth)
    work.add("embedding", -1, *work.both(-1, "embedding"))
    for layer in range(depth):
        work.layer(layer)
    if (-1, "head") in one and (-1, "head") in two:
        work.add("head", -1, *work.both(-1, "head", "final"))
    return work.done()


def _side(values: Sequence[Values]) -> Side:
    """Tensors by layer number and role, the first expert for all; norms by the place that their
    name says.
    """
    found: dict[tuple[int, str], Values] = {}
    for each in values:
        place = stack_of(each.name)
        role = role_of(each.name) or _norm(each.name, place is None)
        if role:
            found.setdefault((place[1] if place else -1, role), each)
    return found


def _norm(name: str, last: bool) -> str:
    if "norm" not in name:
        return ""
    if last:
        return "final"
    late = any(word in name for word in ("post_attention", "ffn_norm", "norm2", "norm_2"))
    return "before mlp" if late else "before attention"


def _depth(side: Side) -> int:
    return sum(role == "gate" and {(n, "up"), (n, "down")} <= set(side) for n, role in side)


def _rows(values: Values, first: int, last: int) -> Tensor:
    return cleaned(values.read(first, min(last, values.rows)))


def _turn(one: Values, two: Values) -> tuple[Tensor, bool]:
    """The orthogonal map from the left residual stream to the right one, shape (width, width), from
    the embeddings of both.
    """
    rows = min(one.rows, two.rows, MOST_ROWS)
    if one.columns == two.columns:
        few = [_rows(side, 0, min(rows, _FEW_TOKENS)).reshape(-1) for side in (one, two)]
        if abs(correlation(few[0], few[1])) > _AGREES:
            return torch.eye(one.columns), False
    total = torch.zeros(one.columns, two.columns)
    for first in range(0, rows, _ROWS):
        last = min(rows, first + _ROWS)
        total += _rows(one, first, last).T @ _rows(two, first, last)
    return _orthogonal(total), True


def _orthogonal(product: Tensor) -> Tensor:
    """The orthogonal matrix nearest to a product, which is used up; the identity where that says
    nothing.
    """
    size = float(product.abs().max()) if product.numel() else 0.0
    same = torch.eye(*product.shape)
    if not 0 < size < math.inf:
        return same
    try:
        u, _, v = torch.linalg.svd(product.div_(size), full_matrices=False)
    except torch.linalg.LinAlgError:
        return same
    found: Tensor = u @ v
    return found


class _Work:
    """Both sides in one frame, and the pairs that come out."""

    def __init__(self, one: Side, two: Side, turn: Tensor, turned: bool, depth: int) -> None:
        self.sides, self.turned = (one, two), turned
        widths, self.width = turn.shape, min(turn.shape[1], _COORDINATES)
        seen = turn[:, : self.width].clone() if turned else None
        self.frames = Frame(widths[0], self.width, seen), Frame(widths[1], self.width)
        self.kept = max(1, _KEPT // (self.width * (7 * depth + 2)))
        self.found: list[tuple[str, str, Tensor, Tensor]] = []
        self.matched: list[float] = []
        self.tests: list[SymmetryTest] = []
        self.permuted = self.flipped = 0.0

    def both(self, layer: int, role: str, norm: str = "") -> tuple[Tensor, Tensor]:
        """A tensor of both sides: units by coordinates of the right stream. The gain of the norm
        that it reads from is folded in where the stream was turned.
        """
        found = []
        for side, frame in zip(self.sides, self.frames, strict=True):
            gain = side.get((layer, norm)) if self.turned else None
            if gain is not None and gain.record.elements == frame.width:
                frame = replace(frame, gain=cleaned(gain.read(0, gain.rows)).reshape(-1))
            found.append(frame.of(side[layer, role], role in ("down", "out")))
        return found[0], found[1]

    def add(self, role: str, layer: int, one: Tensor, two: Tensor) -> None:
        """One pair of what stands in the same place now."""
        rows = min(len(one), len(two), self.kept)
        names = [side[layer, role].name for side in self.sides]
        # Copies: a view would keep the whole matrix.
        self.found.append((names[0], names[1], one[:rows].clone(), two[:rows].clone()))

    def layer(self, layer: int) -> None:
        """The neurons, then the rows of the attention projections."""
        if self._neurons(layer):
            self._attention(layer)

    def _neurons(self, layer: int) -> bool:
        """Match the neurons; False where there are none."""
        gate, up = (self.both(layer, role, "before mlp") for role in ("gate", "up"))
        down = self.both(layer, "down")
        if not min(len(gate[0]), len(gate[1])):
            return False
        self._order(layer, gate, up, down)
        ours, theirs = mutual(gate[0], gate[1], signed=True)
        for each in (up, down):
            agrees = agreeing(each, ours, theirs)
            ours, theirs = ours[agrees], theirs[agrees]
        self.matched.append(len(ours) / max(1, min(len(gate[0]), len(gate[1]))))
        signs = signs_of(up, ours, theirs)
        if len(ours):
            self.permuted = max(self.permuted, float((ours != theirs).double().mean()))
            self.flipped = max(self.flipped, float((signs < 0).double().mean()))
        same = torch.ones(len(ours))
        for role, sides, sign in (("gate", gate, same), ("up", up, signs), ("down", down, signs)):
            self._add_matched(role, layer, sides, (ours, theirs, sign))
        return True

    def _add_matched(
        self, role: str, layer: int, sides: tuple[Tensor, Tensor], found: tuple[Tensor, ...]
    ) -> None:
        """Rows of both sides that are found to be the same, with signs for those of the left."""
        ours, theirs, signs = (each[: self.kept] for each in found)
        if len(ours) > 1:
            self.add(role, layer, sides[0][ours] * signs[:, None], sides[1][theirs])

    def _order(self, layer: int, *parts: tuple[Tensor, Tensor]) -> None:
        """The map between embeddings knows nothing of the labels of neurons, so that their order
        is still exactly testable.
        """
        if all(a.shape == b.shape for a, b in parts):
            total = None
            for a, b in parts:
                total = products(a[:MOST_UNITS], b[:MOST_UNITS], total)
            test = order_test(total, name=f"neurons of layer {layer}")
            self.tests += [test] if test else []

    def _attention(self, layer: int) -> None:
        for role in ("query", "key", "value", "out"):
            if not all((layer, role) in side for side in self.sides):
                continue
            sides = self.both(layer, role, "" if role == "out" else "before attention")
            ours, theirs = mutual(*sides, signed=False)
            found = ours, theirs, signs_of(sides, ours, theirs)
            self._add_matched(role, layer, sides, found)

    def _pairs(self) -> list[Aligned]:
        """What was found, turned once more by all of it: the embeddings alone leave an error."""
        more = torch.eye(self.width)
        if self.turned and self.width == self.frames[0].width:
            more = _orthogonal(sum((a.T @ b for _, _, a, b in self.found), torch.zeros(())))
        pairs = []
        while self.found:
            left, right, a, b = self.found.pop(0)
            one = a @ more if self.turned else a
            windows = Window.of(_in_memory(left, one)), Window.of(_in_memory(right, b))
            r = correlation(one.reshape(-1), b.reshape(-1))
            pairs.append(Aligned(windows[0], windows[1], r, RESTORED))
        return pairs

    def done(self) -> Restored:
        """Everything, with the steps in words."""
        steps = [
            words for needed, words in (
                (self.turned, "turning the residual stream back"),
                (self.permuted > _SOME, "putting the neurons in order"),
                (self.flipped > _SOME, "flipping signs back"),
            ) if needed
        ]  # fmt: skip
        test = pooled(self.tests, "order of MLP neurons, embeddings aligned")
        widths = self.frames[0].width, self.frames[1].width
        return Restored(tuple(self._pairs()), tuple(self.matched), tuple(steps), test, widths)


def _in_memory(name: str, matrix: Tensor) -> Values:
    data = matrix.contiguous().numpy().tobytes()
    record = TensorRecord(name, tuple(matrix.shape), "F32", "memory", 0, len(data))
    return Values(record, ByteSource.of(data, "memory"))
