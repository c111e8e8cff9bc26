"""Parts of files that are far away: asked for before they are needed, kept for a while.

Reading forward is met by asking for more each time, as an operating system does for a disk; parts
that are known to be needed can be announced all at once. What is kept is bounded.
"""

from __future__ import annotations

import bisect
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

Span = tuple[int, int]
"""Start and size in bytes."""
Ask = Callable[[str, int, int], Future[bytes]]

# One request: long enough that the way to the server costs little beside it.
BLOCK = 4 << 20
# So much is asked for beyond what is read, at most, of each run forward through a file.
_FURTHEST = 16 << 20
# Runs forward through one file that are told apart.
_RUNS = 8
# Parts with less than this between them are cheaper as one: 100 ms at 1 MB/s, less on most lines.
NEAR = 16 << 10


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes ``start`` to ``end`` of a file that were asked for."""

    path: str
    start: int
    end: int
    data: Future[bytes]

    def cut(self, start: int, end: int) -> bytes:
        """The bytes of the piece that are in a range; waits for them."""
        data = self.data.result()
        return data[max(0, start - self.start) : max(0, end - self.start)]


class Ahead:
    """Reads parts of files by ``ask``, and keeps at most ``memory`` bytes of them.

    Pieces of one file never overlap, so that no byte that is kept is asked for again.
    """

    def __init__(self, ask: Ask, memory: int) -> None:
        self._ask = ask
        self._memory = memory
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], _Piece] = OrderedDict()
        self._starts: dict[str, list[int]] = {}
        self._held = 0
        self._runs: dict[str, deque[tuple[int, int]]] = {}

    def announce(self, path: str, spans: Sequence[Span]) -> None:
        """Ask for parts that will be read soon, near ones together. Waits for nothing."""
        with self._lock:
            for start, end in _merged(spans):
                self._cover(path, start, end)

    def know(self, path: str, start: int, data: bytes) -> None:
        """Keep bytes that came before."""
        done: Future[bytes] = Future()
        done.set_result(data)
        with self._lock:
            if data and not any(self._between(path, start, start + len(data))):
                self._add(_Piece(path, start, start + len(data), done))

    def read(self, path: str, start: int, size: int, length: int) -> bytes:
        """``size`` bytes from ``start`` of a file of ``length`` bytes."""
        end = min(start + size, length)
        if start >= end:
            return b""
        with self._lock:
            further = min(length, end + self._further(path, start, end))
            # Not for every step forward a little: half of what lies ahead may be used up first.
            is_near = any(self._gaps(path, end, (end + further) // 2))
            pieces = self._cover(path, start, further if is_near else end)
        parts = []
        for piece in pieces:
            if piece.start >= end:
                break
            try:
                parts.append(piece.cut(start, end))
            except BaseException:
                self._forget(pieces)
                raise
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _further(self, path: str, start: int, end: int) -> int:
        """How far beyond its end a read is worth going on: nothing where it jumps, twice as far
        each time where it goes on from an earlier one.
        """
        runs = self._runs.setdefault(path, deque(maxlen=_RUNS))
        before = next((run for run in runs if run[0] == start), None)
        if before is None:
            runs.append((end, 0))
            return 0
        runs.remove(before)
        further = min(_FURTHEST, max(2 * before[1], end - start))
        runs.append((end, further))
        return further

    def _cover(self, path: str, start: int, end: int) -> list[_Piece]:
        """The pieces that hold a range, in order; those that are missing are asked for."""
        found = []
        for low, high in self._gaps(path, start, end):
            for at in range(low, high, BLOCK):
                self._keep(path, at, min(high, at + BLOCK))
        for piece in self._between(path, start, end):
            self._kept.move_to_end((path, piece.start))
            found.append(piece)
        self._let_go(found)
        return found

    def _gaps(self, path: str, start: int, end: int) -> list[Span]:
        """What of a range no piece holds, as starts and ends."""
        gaps = []
        at = start
        for piece in self._between(path, start, end):
            if piece.start > at:
                gaps.append((at, piece.start))
            at = max(at, piece.end)
        return [*gaps, (at, end)] if at < end else gaps

    def _between(self, path: str, start: int, end: int) -> Iterator[_Piece]:
        starts = self._starts.get(path, [])
        first = max(0, bisect.bisect_right(starts, start) - 1)
        for at in starts[first : bisect.bisect_left(starts, end)]:
            piece = self._kept[path, at]
            if piece.end > start:
                yield piece

    def _keep(self, path: str, start: int, end: int) -> None:
        self._add(_Piece(path, start, end, self._ask(path, start, end - start)))

    def _add(self, piece: _Piece) -> None:
        self._kept[piece.path, piece.start] = piece
        bisect.insort(self._starts.setdefault(piece.path, []), piece.start)
        self._held += piece.end - piece.start

    def _let_go(self, needed: Sequence[_Piece]) -> None:
        """Drop what was used longest ago, beyond the memory that there is."""
        spared = {(piece.path, piece.start) for piece in needed}
        for key in list(self._kept) if self._held > self._memory else ():
            if key not in spared:
                self._drop(self._kept[key])
            if self._held <= self._memory:
                break

    def _drop(self, piece: _Piece) -> None:
        if self._kept.get((piece.path, piece.start)) is piece:
            del self._kept[piece.path, piece.start]
            starts = self._starts[piece.path]
            del starts[bisect.bisect_left(starts, piece.start)]
            self._held -= piece.end - piece.start

    def _forget(self, pieces: Sequence[_Piece]) -> None:
        """Drop pieces that could not be had, so that they may be asked for again."""
        with self._lock:
            for piece in pieces:
                if piece.data.done() and (piece.data.cancelled() or piece.data.exception()):
                    self._drop(piece)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Ranges as starts and ends, those that lie near each other as one."""
    found: list[Span] = []
    for start, size in sorted(spans):
        if found and start - found[-1][1] <= NEAR:
            found[-1] = (found[-1][0], max(found[-1][1], start + size))
        elif size > 0:
            found.append((start, start + size))
    return found
