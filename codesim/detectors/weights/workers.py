"""Work shared out among processors, with results that do not depend on how many there are."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

import torch

# Each holds what it works on in memory, up to 110 MB.
_MOST = 4
# Blocks of memory from this size on are given back when they are freed. Smaller ones, such as the
# pieces of a file, are kept for the next: to give back their pages takes as long as to sum them up.
_LARGE = 1 << 23
# Names of these settings in malloc.h of glibc, which otherwise keeps whatever it has seen freed.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Workers share the processors. Each calculates with one thread, on which the last digits of a
    sum depend; and where others use the processors too, threads that wait for one another take
    many times as long.
    """
    _settle_memory()
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


@cache
def _settle_memory() -> None:
    """Say to glibc what to keep of freed memory; other libraries do as they do."""
    settle = getattr(ctypes.CDLL(None), "mallopt", None)
    if settle is not None:
        settle(_MMAP_THRESHOLD, _LARGE)
        settle(_TRIM_THRESHOLD, 2 * _LARGE)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
