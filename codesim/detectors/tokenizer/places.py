"""In which line of a file a token stands."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

# Added tokens stand before the vocabulary, which nobody needs to read again.
_READ = 1 << 20
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)+)"')


def lines_of(data: bytes, tokens: Collection[str], quoted: bool) -> dict[str, int]:
    """The first line, 1-based, of each token: as a JSON string, or as the whole line."""
    text = data[:_READ].decode("utf-8-sig", "replace")
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        written = map(_plain, _QUOTED.findall(line)) if quoted else (line.rstrip("\r"),)
        for token in written:
            if token in tokens:
                found.setdefault(token, number)
    return found


def _plain(inside: str) -> str:
    if "\\" not in inside:
        return inside
    try:
        return str(json.loads(f'"{inside}"'))
    except ValueError:
        return inside
