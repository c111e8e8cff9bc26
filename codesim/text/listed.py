"""Lists that people write: one thing in each line, with comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"(?:^|\s)#.*")


def listed(text: str) -> Iterator[tuple[int, str]]:
    """What each line names, with its number; what follows ``#`` at the start of a line or after a
    blank is a comment, so that an address keeps its ``#folder``.
    """
    for number, line in enumerate(text.split("\n"), 1):
        named = _COMMENT.sub("", line, count=1).strip()
        if named:
            yield number, named
