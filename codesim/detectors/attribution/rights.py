"""Copyright lines and credits, as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codesim.detectors.attribution.profile import Credit

_LINE = re.compile(
    r"(?:(?:(?:\(c\)|©)\s{0,2})?\bcopyright\b|\(c\)|©)[\s:]{0,3}(?:\(c\)|©)?\s{0,3}"
    r"(?:(?:19|20)\d\d(?:\s?[-\u2013,]\s?(?:(?:19|20)\d\d|present|now))*[,.]?)?\s{0,3}(?:by\s)?"
    r"([^\s\d][^\n]{1,120})",
    re.IGNORECASE,
)
# The licence texts themselves speak of copyright, and templates leave the holder open.
_NOBODY = re.compile(
    r"^(?:notice|license|licence|holder|owner|statement|law|and |or |in |is |to |of |as "
    r"|the (?:copyright|licen[cs]e|software|following|above|original|author disclaim|terms)"
    r"|interest|protection|infring|disclaimer|header|grant|for |under |line|\[|<|\{|name of)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:all rights reserved|and (?:its|other) .*|https?://\S*|<[^>]{0,80}>|\(?[\w.+-]{1,64}@\S*"
    r"|licensed under.*|\*/|-->|\"\"\"|''').*$",
    re.IGNORECASE,
)
# What was taken and from where; thanks; "source:" or "original code"; and an address behind one of
# these words. "Implementation of" says what a file is, and not whose.
_CREDIT = re.compile(
    r"\b(?:copied|adapted|borrowed|modified|taken|ported|derived|forked|translated|converted|based"
    r"|built|inspired|reused|originat(?:es|ed)|lifted|extracted|code|implementation)\b[^\n]{0,60}?"
    r"\b(?:from|on|upon|by|off)\b"
    r"|\b(?:credits?|courtesy|thanks|kudos)\b[^\n]{0,30}?\b(?:to|of|go|goes|for)\b"
    r"|\b(?:source|reference|ref|credit)s?\s?:"
    r"|\boriginal(?:ly)?\s(?:code|implementation|version|source|authors?|repo|repository|paper|from"
    r"|by|file|work)\b"
    r"|\b(?:source|reference|original|official|implementation|code|repo)\b[^\n]{0,40}https?://"
    r"|^\W{0,8}(?:from|see|source|reference|ref|credit)s?:?\s{1,4}https?://",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:\b(?:from|on|by|of|to)|:)\W{0,4}$")
_HINT = re.compile(r"copyright|\(c\)|©", re.IGNORECASE)
_LONGEST = 400


def holder_of(line: str) -> str:
    """The normalised holder of a copyright line; empty for other lines."""
    if not _HINT.search(line):
        return ""
    match = _LINE.search(line[:_LONGEST])
    if not match or _NOBODY.match(match.group(1)):
        return ""
    holder = _TAIL.sub("", match.group(1))
    return " ".join(re.findall(r"[^\W_]+", holder.casefold()))[:80]


def credit_of(text: str, number: int) -> Credit | None:
    """A comment that says where something was taken from."""
    text = text[:_LONGEST]
    return Credit(number, " ".join(text.split())) if _CREDIT.search(text) else None


def gives_credit(text: str, number: int, last: Sequence[Credit]) -> bool:
    """True for a line of credit, and for the line behind one that goes on or gives an address."""
    if not last or number - last[0].line > 1:
        return False
    return number == last[0].line or "://" in text or bool(_GOES_ON.search(last[0].text))
