"""Canonical spelling of values: what means the same in any format is spelled the same."""

from __future__ import annotations

import hashlib
import math
import re

# (canonical spelling, form) of one value.
Spelled = tuple[str, str]

_NUMBER = re.compile(r"[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_SPECIAL = re.compile(r"[-+]?\.?(?:inf|infinity|nan)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d*)?[eE][-+]?\d+")
# PyTorch prints its types with its own name in front.
_DTYPE = re.compile(r"(?:torch|jnp|tf|np|numpy)\.(?=b?float|u?int|bool)")
_WORDS = {
    "true": ("true", "flag"), "True": ("true", "flag"), "TRUE": ("true", "flag"),
    "false": ("false", "flag"), "False": ("false", "flag"), "FALSE": ("false", "flag"),
    "null": ("null", "null"), "Null": ("null", "null"), "NULL": ("null", "null"),
    "None": ("null", "null"), "~": ("null", "null"), "": ("null", "null"),
}  # fmt: skip
# A longer text is known by its beginning and a digest of all of it.
_LONGEST = 200
# Beyond this nobody writes a number, and converting it takes time that grows with its square.
_MOST_DIGITS = 60
_EXACT = 1e15


def plain_scalar(text: str) -> Spelled:
    """What an unquoted scalar means, nearly as in YAML 1.2: ``on`` and ``no`` stay text."""
    text = text.strip()
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _MOST_DIGITS:
        if _NUMBER.fullmatch(text):
            return _read_number(text.replace("_", ""))
        if _SPECIAL.fullmatch(text):
            return number(float(text.replace(".", "")))
    return quoted(text)


def quoted(text: str) -> Spelled:
    """A text. One in scientific notation is a number that some YAML reader left as text."""
    if len(text) <= _MOST_DIGITS and _SCIENTIFIC.fullmatch(text):
        return _read_number(text)
    return short(_DTYPE.sub("", " ".join(text.split()))), "text"


def flag(value: bool) -> Spelled:
    """True or false."""
    return ("true" if value else "false"), "flag"


def number(value: int | float) -> Spelled:
    """A number; a whole one is spelled without a point, whatever its type."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if isinstance(value, int) and value.bit_length() > 3 * _MOST_DIGITS:
        return short(hex(value)), "text"
    if isinstance(value, float) and math.isnan(value):
        return "nan", "number"
    return repr(value), "number"


def short(text: str) -> str:
    """A text of any length in bounded space, without code points that no encoding can write."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) <= _LONGEST:
        return text
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=6).hexdigest()
    return f"{text[:_LONGEST]} ... ({len(text):,} characters, {digest})"


def _read_number(text: str) -> Spelled:
    if text.lstrip("+-").startswith(("0x", "0o")):
        return number(int(text, 0))
    if re.fullmatch(r"[-+]?\d+", text):
        return number(int(text))
    value = float(text)
    return number(value) if math.isfinite(value) else (short(text), "text")
