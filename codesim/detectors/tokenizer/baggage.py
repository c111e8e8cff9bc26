"""Which special tokens anything else in a repository mentions."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from codesim.detectors.tokenizer.forms import form_of
from codesim.errors import SnapshotError
from codesim.model import Entry, Snapshot

# Where code and text stand that may use a token; data sets and weights are not searched.
_TEXT = (
    ".py", ".ipynb", ".md", ".rst", ".txt", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg",
    ".sh", ".jinja", ".jinja2", ".j2", ".js", ".ts", ".mjs", ".html", ".c", ".cc", ".cpp", ".h",
    ".hpp", ".cu", ".rs", ".go", ".java", ".kt", ".swift", ".cs",
)  # fmt: skip
# One file, and all files together; a repository of 100,000 lines of code has 4 MB.
_MOST_BYTES = 1_000_000
_MOST_TOTAL = 20_000_000
# Tokens of another shape are searched one by one.
_MOST_ODD = 50
_SHAPED = re.compile(r"<[^<>\s]{1,80}>|\[[^\[\]\s]{1,80}\]")


def unmentioned(snapshot: Snapshot, tokens: Collection[str]) -> frozenset[str]:
    """The tokens that no code or text outside tokenizer files mentions, as far as was searched.

    Where nothing can be searched nothing is said: the answer is empty.
    """
    left = {token for token in tokens if _SHAPED.fullmatch(token)}
    odd = sorted(token for token in tokens if token.strip() and token not in left)[:_MOST_ODD]
    searched = False
    for text in _texts(snapshot):
        searched = True
        left.difference_update(_SHAPED.findall(text))
        odd = [token for token in odd if token not in text]
        if not left and not odd:
            break
    return frozenset((*left, *odd)) if searched else frozenset()


def _texts(snapshot: Snapshot) -> Iterator[str]:
    total = 0
    for entry in snapshot.entries:
        if not _searched(entry) or total > _MOST_TOTAL:
            continue
        try:
            data = snapshot.read(entry.path)
        except SnapshotError:
            continue  # a detector that needs this file says so
        total += len(data)
        yield data.decode("utf-8", "replace").replace("\\n", "\n")


def _searched(entry: Entry) -> bool:
    name = posixpath.basename(entry.path).lower()
    return (
        entry.readable
        and name.endswith(_TEXT)
        and form_of(entry.path) is None
        and (entry.size is None or entry.size <= _MOST_BYTES)
    )
