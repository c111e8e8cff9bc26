"""A bare repository of our own making: the only Git directory that Git is ever started in.

Its configuration is ours and holds no remote. What is fetched lands here; the objects of a local
repository are borrowed by path. So no configuration, hook, filter or promisor remote of an input
is ever consulted, and whom the input belongs to does not matter.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

_CONFIG = """[core]
\trepositoryformatversion = 0
\tbare = true
\tcommitGraph = false
\tmultiPackIndex = false
"""


class Bare:
    """A private bare repository, removed when its last user is gone or the program ends."""

    def __init__(self, objects: Path | None = None) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="codesim-"))
        self._remove = weakref.finalize(self, _remove, self.root, os.getpid())
        self.git_dir = self.root / "repository.git"
        self.objects = objects or self.git_dir / "objects"
        for folder in ("refs", "objects"):
            (self.git_dir / folder).mkdir(parents=True)
        (self.git_dir / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        self.seal()

    def seal(self) -> None:
        """Write our own configuration, over whatever a fetch has noted in it."""
        (self.git_dir / "config").write_text(_CONFIG, encoding="ascii")

    @contextlib.contextmanager
    def removed_on_failure(self) -> Iterator[None]:
        """Remove everything at once when the block fails or is interrupted."""
        try:
            yield
        except BaseException:
            self._remove()
            raise


def _remove(root: Path, owner: int) -> None:
    # A forked child that ends must not take the directory from its parent.
    if os.getpid() == owner:
        shutil.rmtree(root, ignore_errors=True)
