"""Work shared out among processors, with results that do not depend on how many there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import torch

# Each holds what it works on in memory, up to 150 MB.
_MOST = 4

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Workers share the processors. Each calculates with one thread, on which the last digits of a
    sum depend; and where others use the processors too, threads that wait for one another take
    many times as long.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def in_order(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """What is made of each item, in their order."""
    workers = min(_MOST, len(items), _processors())
    with one_thread_each():
        if workers < 2:
            return [work(item) for item in items]
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(work, items))


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
