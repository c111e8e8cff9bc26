"""Every test here ends with no process and no folder left behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def _children() -> set[int]:
    own = os.getpid()
    found = set()
    for name in os.listdir("/proc"):
        try:
            stat = Path("/proc", name, "stat").read_text("utf-8")
        except OSError:
            continue
        if name.isdigit() and int(stat.rpartition(")")[2].split()[1]) == own:
            found.add(int(name))
    return found


@pytest.fixture(autouse=True)
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the private folders of children go."""
    folder = tmp_path_factory.mktemp("children")
    before = _children()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder
    assert list(folder.iterdir()) == []
    assert _children() <= before
