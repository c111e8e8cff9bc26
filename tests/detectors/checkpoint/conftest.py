"""A bound on processor time, which a loaded machine does not change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest


@pytest.fixture
def bounded_seconds() -> Callable[[float], AbstractContextManager[None]]:
    """A block that may take so many seconds of the processor."""

    @contextmanager
    def block(most: float) -> Iterator[None]:
        start = time.process_time()
        yield
        assert time.process_time() - start < most

    return block
