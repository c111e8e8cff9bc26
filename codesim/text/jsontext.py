"""JSON from files that nobody vouches for: strict, bounded, and clear about what is wrong."""

from __future__ import annotations

import json
from typing import Any, NoReturn

# Below what a million-token tokenizer needs; above it a file is not configuration.
_MOST_BYTES = 256_000_000
# Nobody writes numbers of more digits; Python itself refuses to convert beyond 4,300.
_MOST_DIGITS = 1_000


class JsonError(ValueError):
    """Why a file is not JSON that can be trusted, in words that complete a sentence."""


def parse_json(data: bytes, unique: bool = True) -> Any:
    """The value of a JSON text in UTF-8, with or without a byte order mark.

    Raises JsonError for anything that RFC 8259 does not allow (NaN, Infinity, invalid UTF-8), for a
    key given twice in one object unless ``unique`` is False (then the last wins), for nesting that
    no parser takes, and for numbers beyond reason.
    """
    if len(data) > _MOST_BYTES:
        raise JsonError(f"has more than {_MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError(f"is not UTF-8 at byte {error.start:,}") from None
    try:
        return json.loads(
            text,
            object_pairs_hook=_distinct if unique else None,
            parse_constant=_refuse_constant,
            parse_int=_whole,
        )
    except json.JSONDecodeError as error:
        raise JsonError(f"is not JSON: {error.msg} in line {error.lineno}") from None
    except RecursionError:
        raise JsonError("is nested too deeply") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonError(f"gives the key {key[:60]!r} twice")
            seen.add(key)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"holds {name}, which is not JSON")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise JsonError(f"holds a number of {len(digits):,} digits")
    return int(digits)
