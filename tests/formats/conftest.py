"""Limits in time and memory that every hostile file must keep."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest


@pytest.fixture
def bounded() -> Callable[[], AbstractContextManager[None]]:
    """A block that may take 5 s and 200 MB; tracing the memory slows it down by half or more."""

    @contextmanager
    def block() -> Iterator[None]:
        tracemalloc.start()
        start = time.process_time()
        try:
            yield
        finally:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert time.process_time() - start < 5
        assert peak < 200_000_000

    return block
