"""Decode source bytes once, the same way everywhere."""

from __future__ import annotations

import codecs
import re

# PEP 263: the declaration stands in the first or second line.
_DECLARATION = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Codecs that turn bytes into something other than the text an editor shows are never used, however
# the file declares itself: a declaration is input. Nor are those that read the declaration itself
# as something else (UTF-16, EBCDIC): Python refuses such a file, and it would hide its code here.
_TEXT_CODECS = re.compile(r"^(utf-8|latin|iso8859|cp\d|windows|ascii|koi8|gb|big5|euc|shift|mac)")
_ASCII = bytes(range(128))


def decode(data: bytes) -> str:
    """Text of a source file: BOM, PEP 263 declaration, else UTF-8 with replacement; LF newlines."""
    text = _decode(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_declared(data), "replace")


def _declared(data: bytes) -> str:
    for line in data[:400].splitlines()[:2]:
        found = _DECLARATION.match(line)
        if found:
            name = found.group(1).decode("ascii").lower().replace("_", "-")
            return name if _extends_ascii(name) else "utf-8"
    return "utf-8"


def _extends_ascii(name: str) -> bool:
    try:
        if not _TEXT_CODECS.match(codecs.lookup(name).name):
            return False
        return _ASCII.decode(name, "replace") == _ASCII.decode("ascii")
    except LookupError:
        return False
