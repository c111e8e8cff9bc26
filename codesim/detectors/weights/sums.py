"""The sums of one pass, block by block, with as few passes over each block as they allow."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from codesim.detectors.weights.arithmetic import PROCESSOR, TORCH, Arithmetic, Room
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.sampling import LARGEST

# Every eighth group of rows gives the means and what only describes the difference; of millions of
# elements the error is below a thousandth. A matrix of few groups is taken as a whole.
_EVERY = 8
_ALL_OF = 16
# A sum of squares below this holds no number beyond LARGEST.
TOO_MUCH = LARGEST**2 / 2


def every_of(whole: int, step: int) -> int:
    """Every which group of ``step`` rows is sampled, of a matrix of ``whole`` rows."""
    return 1 if whole <= _ALL_OF * step else _EVERY


class Sums:
    """Takes blocks of consecutive rows of A and B and gives their moments.

    Rows are sampled in groups of ``step``, counted from the first of the whole matrix, which has
    ``whole`` rows; the first that is added here is its row ``before``. The same ones are sampled
    however the matrix is cut.
    """

    def __init__(
        self, rows: int, columns: int, step: int, whole: int, before: int, device: torch.device
    ) -> None:
        self.found = Moments(rows, columns)
        self.device = device
        self.do: Arithmetic = PROCESSOR if device.type == "cpu" else TORCH
        self.step = step
        self.every = every_of(whole, step)
        self.before = before
        self.row_energy = [torch.zeros(0, device=device)]
        self.row_dots = torch.zeros(rows, device=device)
        self.column_dots = torch.zeros(columns, dtype=torch.float64, device=device)
        self.column_energy = torch.zeros(columns, dtype=torch.float64, device=device)
        self.along = torch.zeros(columns, device=device)
        self.rooms: dict[int, Room] = {}

    def add(self, first: int, a: Tensor, b: Tensor) -> None:
        """Rows from ``first`` on, of any number type, shape (rows, columns)."""
        room = self._room(a)
        room.a.copy_(a)
        room.b.copy_(b)
        squares = self._squares(room)
        # False for infinities and for NaN too.
        if not sum(squares) < TOO_MUCH:
            self._leave_out(room)
            squares = self._squares(room)
        found = self.found
        found.count += room.a.numel()
        found.aa += squares[0]
        found.bb += squares[1]
        found.d2 += squares[2]
        one, two, difference, _, same = room.lanes
        found.equal += self.do.agree(one, two, same)
        self._describe_sample(room, self.before + first)
        self.do.row_dots(one, two, self.row_dots[first : first + len(a)])
        # The difference is not needed any more; its room is still in the cache.
        self.do.multiply(one, two, difference)
        self.column_dots += torch.sum(room.d, 0, out=self.along)

    def _room(self, block: Tensor) -> Room:
        rows = len(block)
        if rows not in self.rooms:
            self.rooms[rows] = Room.of(rows, block.shape[1], self.device, self.do.lane)
        return self.rooms[rows]

    def _squares(self, room: Room) -> tuple[float, float, float]:
        """Sums of squares of A, B and D."""
        a, b, d, *_ = room.lanes
        self.do.subtract(b, a, d)
        dot = self.do.dot
        return dot(a, a), dot(b, b), dot(d, d)

    def _leave_out(self, room: Room) -> None:
        """Zeros on both sides where either is no number, which are not counted as equal."""
        good = (room.a.abs() <= LARGEST) & (room.b.abs() <= LARGEST)
        zero = torch.zeros((), device=self.device)
        room.a.copy_(torch.where(good, room.a, zero))
        room.b.copy_(torch.where(good, room.b, zero))
        bad = int((~good).sum())
        found = self.found
        found.unusable += bad
        found.count -= bad
        found.equal -= bad

    def _describe_sample(self, room: Room, row: int) -> None:
        """Describe the rows of a block that are sampled; ``row`` is its first."""
        rows, step = len(room.a), self.step
        if self.every == 1 or (rows <= step and row // step % self.every == 0):
            self._describe(room)
        elif rows > step:
            numbers = torch.arange(row, row + rows)
            chosen = (numbers // step % self.every == 0).nonzero()[:, 0].to(self.device)
            part = Room.of(len(chosen), room.a.shape[1], self.device, self.do.lane)
            for name in ("a", "b", "d", "same"):
                getattr(part, name).copy_(getattr(room, name)[chosen])
            self._describe(part)

    def _describe(self, room: Room) -> None:
        """Sums, third and fourth powers, absolute values, energies along rows and columns."""
        found, do = self.found, self.do
        a, b, d, p, same = room.lanes
        found.a += room.a.sum().item()
        found.b += room.b.sum().item()
        do.multiply(d, d, p)
        found.d3 += do.dot(p, d)
        found.d4 += do.dot(p, p)
        self.row_energy.append(room.p.sum(1))
        self.column_energy += torch.sum(room.p, 0, out=self.along)
        found.zeroed += do.zeros(b, same)
        do.absolute(d, d)
        do.absolute(a, p)
        found.abs_d += room.d.sum().item()
        found.abs_a += room.p.sum().item()
        found.abs_da += do.dot(p, d)
        found.sampled += room.d.numel()

    def moments(self) -> Moments:
        """Everything so far."""
        found = self.found
        found.row_dots = self.row_dots.double().cpu()
        found.ab = float(found.row_dots.sum())
        found.column_dots = self.column_dots.cpu()
        found.column_energy = self.column_energy.cpu()
        found.row_energy = torch.cat(self.row_energy).double().cpu()
        return found


def scaled(found: Moments) -> Moments:
    """Sums over the sample, raised to all elements."""
    total = found.count + found.unusable
    if 0 < found.sampled < total:
        for name in ("a", "b", "d3", "d4", "abs_d", "abs_a", "abs_da", "zeroed"):
            setattr(found, name, getattr(found, name) * total / found.sampled)
    if not math.isfinite(found.d4):
        found.d4 = 0.0
    return found
