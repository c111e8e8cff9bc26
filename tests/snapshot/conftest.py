"""Every test here gets its own temporary directory for snapshots, and must leave it empty."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where private repositories go; nothing may be left once nobody holds a snapshot."""
    folder = tmp_path_factory.mktemp("private")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        for name in ("GITHUB_TOKEN", "GH_TOKEN", "HF_TOKEN"):
            patch.delenv(name, raising=False)
        yield folder
    gc.collect()
    assert list(folder.iterdir()) == []
