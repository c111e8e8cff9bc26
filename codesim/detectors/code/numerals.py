"""One spelling for each number."""

from __future__ import annotations

# Digits that two spellings of the same fraction agree on; whole numbers keep all of theirs.
_DIGITS = 12
MOST_DIGITS = 40
_LONGEST = 400  # characters kept of what is no number that a person writes


def plain(text: str) -> str:
    """``1e-5`` and ``0.00001`` alike; what cannot be read stays as it is."""
    bare = text.replace("_", "").replace(" ", "")
    try:
        if len(bare) < MOST_DIGITS and not bare.lower().endswith(("l", "j")):
            if bare.lower().lstrip("-").startswith(("0x", "0o", "0b")):
                return _spelled(int(bare, 0))
            digits = bare.lstrip("-").isdigit()
            return _spelled(int(bare) if digits else float(bare))
    except (ValueError, OverflowError):
        pass
    return bare[:_LONGEST]


def _spelled(value: float) -> str:
    """``1.0`` and ``1`` alike, and no digit of a whole number lost."""
    short = f"{float(value):.{_DIGITS}g}"
    whole = isinstance(value, int) or value.is_integer()
    if not whole or int(float(short)) == value:
        return short
    return str(int(value))
