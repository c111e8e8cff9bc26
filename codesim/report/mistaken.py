"""What a file is that was given for a result: the commonest slips, told by how they begin."""

from __future__ import annotations

import re

# What a file begins with, what it is then, and what to do about it.
_RESULT = "a result is the JSON that `codesim compare LEFT RIGHT --json FILE` writes"
_BEGINNINGS = (
    (rb"\s*\Z", "it is empty"),
    (rb"PK\x03\x04|PK\x05\x06", "it is a ZIP archive"),
    (rb"\x1f\x8b", "it is compressed with gzip; unpack it first"),
    (rb"\xff\xfe|\xfe\xff", "it is UTF-16 text, and a result is UTF-8"),
    (rb"%PDF-", "it is a PDF"),
    (rb"\s*<", "it is a web page, perhaps what --html wrote"),
    (rb"\s*## codesim", "it is Markdown, perhaps what --markdown wrote"),
    (rb"\"left repository\"", "it is a table, perhaps what --csv wrote"),
    (rb"\s*\{\s*\"\$schema\": \"[^\"]{0,200}sarif", "it is SARIF, perhaps what --sarif wrote"),
)
_AUDIT = re.compile(rb"\s*\{\s*\"schema\":\s*\"codesim/audit/")
AUDIT_AGAIN = "Write it again with `codesim audit SUBMISSIONS -o FOLDER`."
_SCHEMAS = {
    "codesim/key": "it is the key of an anonymised report",
    "codesim/audit": "it is an audit of many submissions, not a comparison of two",
}
# Python and JavaScript write these where a number is not finite; JSON has no such thing.
_NOT_FINITE = re.compile(rb"[:\[,]\s{0,20}(-?(?:NaN|Infinity|nan|inf))\b")


def by_beginning(data: bytes) -> str | None:
    """What the file is, and what a result would be; None where its beginning does not tell."""
    for beginning, what in _BEGINNINGS:
        if re.match(beginning, data[:400] if len(data) > 400 else data):
            return f"{what}; {_RESULT}"
    return None


def says_audit(data: bytes) -> bool:
    """Whether half a file, or a damaged one, began as an audit."""
    return _AUDIT.match(data[:200]) is not None


def by_schema(schema: str) -> str | None:
    """The same for a file of ours that says what it is."""
    what = _SCHEMAS.get(schema.rpartition("/")[0])
    return f"{what}; {_RESULT}" if what else None


def not_finite(data: bytes) -> str | None:
    """The first number that is none, and where it is."""
    found = _NOT_FINITE.search(data)
    if not found:
        return None
    return f"{found[1].decode()} at byte {found.start(1):,}, where a number was expected"
