"""What is asked for ahead of reading: never too much, never twice, never in pieces too small."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import Future

import pytest

from codesim.snapshot.ahead import BLOCK, NEAR, Ahead
from codesim.snapshot.wire import WireError

DATA = bytes(random.Random(7).randbytes(1 << 20)) * 64  # 64 MiB
SIZE = len(DATA)
MEMORY = 48 << 20


class Server:
    """Answers at once, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.refuses = False

    def ask(self, _: str, start: int, size: int) -> Future[bytes]:
        self.asked.append((start, size))
        future: Future[bytes] = Future()
        if self.refuses:
            future.set_exception(WireError("no"))
        else:
            future.set_result(DATA[start : start + size])
        return future

    @property
    def total(self) -> int:
        return sum(size for _, size in self.asked)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def parts(server: Server) -> Ahead:
    return Ahead(server.ask, MEMORY)


def test_a_jump_asks_for_what_is_read_and_nothing_else(server: Server, parts: Ahead) -> None:
    for start in (5_000, 3_000_000, 100, 40_000_000):
        assert parts.read("f", start, 700, SIZE) == DATA[start : start + 700]
    assert server.asked == [(5_000, 700), (3_000_000, 700), (100, 700), (40_000_000, 700)]


def test_nothing_that_is_kept_is_asked_for_again(server: Server, parts: Ahead) -> None:
    parts.read("f", 1_000, 1_000, SIZE)
    parts.read("f", 1_200, 300, SIZE)
    assert parts.read("f", 500, 2_000, SIZE) == DATA[500:2_500]
    assert server.asked == [(1_000, 1_000), (500, 500), (2_000, 500)]


def test_reading_forward_asks_for_each_byte_once_in_long_pieces(
    server: Server, parts: Ahead
) -> None:
    step = 1 << 20
    for start in range(0, SIZE, step):
        assert parts.read("f", start, step, SIZE) == DATA[start : start + step]
    assert server.total == SIZE
    assert len(server.asked) <= SIZE // BLOCK + 8
    assert max(size for _, size in server.asked) <= BLOCK


def test_two_readers_of_one_file_are_told_apart(server: Server, parts: Ahead) -> None:
    step, half = 1 << 20, SIZE // 2
    for start in range(0, half, step):
        for place in (start, half + start):
            assert parts.read("f", place, step, SIZE) == DATA[place : place + step]
    # At the end of its half the first looks ahead into that of the second.
    assert server.total <= SIZE + (16 << 20)
    assert len(server.asked) <= SIZE // BLOCK + 20


def test_memory_is_bounded(server: Server, parts: Ahead) -> None:
    chance = random.Random(3)
    for _ in range(300):
        start = chance.randrange(SIZE - (4 << 20))
        parts.read("f", start, chance.randrange(1, 4 << 20), SIZE)
        assert parts._held <= MEMORY + (8 << 20)
    assert parts._held == sum(p.end - p.start for p in parts._kept.values())
    assert sorted(start for _, start in parts._kept) == parts._starts["f"]


def test_any_reads_give_the_right_bytes(server: Server, parts: Ahead) -> None:
    chance = random.Random(11)
    for _ in range(300):
        start, size = chance.randrange(3_000_000), chance.randrange(1, 400_000)
        if chance.random() < 0.3:
            parts.announce("f", [(chance.randrange(3_000_000), chance.randrange(90_000))])
        assert parts.read("f", start, size, SIZE) == DATA[start : start + size]
    ends = sorted((p.start, p.end) for p in parts._kept.values())
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(ends))


def test_announced_parts_near_each_other_are_one(server: Server, parts: Ahead) -> None:
    parts.announce("f", [(90_000, 10), (0, 100), (100 + NEAR, 50), (95_000, 10)])
    assert server.asked == [(0, 150 + NEAR), (90_000, 5_010)]
    parts.read("f", 20, 60, SIZE)
    parts.read("f", 95_000, 10, SIZE)
    assert len(server.asked) == 2


def test_the_end_of_the_file(server: Server, parts: Ahead) -> None:
    assert parts.read("f", SIZE - 5, 100, SIZE) == DATA[-5:]
    assert parts.read("f", SIZE, 1, SIZE) == b""
    assert server.asked == [(SIZE - 5, 5)]


def test_what_failed_is_not_kept(server: Server, parts: Ahead) -> None:
    server.refuses = True
    with pytest.raises(WireError):
        parts.read("f", 0, 10, SIZE)
    server.refuses = False
    assert parts.read("f", 0, 10, SIZE) == DATA[:10]
