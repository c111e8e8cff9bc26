"""Which licence a text is, by its words; and what SPDX ids, headers and model cards state."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

_WORDS = re.compile(r"[a-z0-9]++")
_HOLDER = re.compile(r"(?:the )?copyright (?:holders?|owners?)")
# A licence text stands at the top; what is longer bundles others.
_MOST_CHARACTERS = 120_000
_TITLE = 400

SPDX = re.compile(
    r"SPDX-License-Identifier:\s{0,4}\(?([\w.+-]{2,60}(?:\s(?:OR|AND|WITH)\s[\w.+-]{2,60}){0,3})"
)
CARD = re.compile(r"^(license|license_name|base_model)\s{0,4}:\s{0,4}[\"']?([\w./+-]{2,120})")
STATED = re.compile(
    r"^\s{0,8}\"?license\"?\s{0,4}[=:]\s{0,4}\{?\s{0,4}(?:text\s{0,4}=\s{0,4})?[\"']([^\"'\n]{2,60})",
    re.MULTILINE,
)
CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?([^\"'\n]{3,60})")
# "released under the MIT license", "license: Apache 2.0" in the running text of a front page.
SAID = re.compile(
    r"\b(Apache(?:[- ]License)?,?[- ](?:Version )?2\.0|MIT(?=[- ]Licen[cs]e)|BSD[- ][23][- ]Clause"
    r"|(?:A|L)?GPL[- ]?v?[23](?:\.[01])?|MPL[- ]2\.0|CC[- ]BY(?:[- ](?:NC|SA|ND))*[- ]\d\.\d)",
    re.IGNORECASE,
)


class _Text(NamedTuple):
    identifier: str
    start: str
    end: str
    known: frozenset[str] = frozenset()


# The words between which a licence is the same wherever it stands, and BLAKE2b digests of these
# words as several independent projects ship them. What begins so and has another digest was
# edited. Copyright lines stand outside.
_TEXTS = (
    _Text(
        "MIT",
        "permission is hereby granted free of charge to any person obtaining a copy",
        "dealings in the software",
        frozenset(("79bf73b4ea8c8552",)),
    ),
    _Text(
        "ISC",
        "permission to use copy modify and or distribute this software for any purpose",
        "performance of this software",
        frozenset(("76f1b95dd2cc2053", "260598d44b4ebe00")),
    ),
    _Text(
        "Unlicense",
        "this is free and unencumbered software released into the public domain",
        "dealings in the software",
        frozenset(("79f501372ac4bf48",)),
    ),
    _Text(
        "BSD-3-Clause",
        "redistribution and use in source and binary forms",
        "possibility of such damage",
        frozenset(("0e892e3940cf9661", "5d61c607a598c3eb", "a741525e68ebf166", "da60dd5909342b75")),
    ),
    _Text(
        "BSD-2-Clause",
        "redistribution and use in source and binary forms",
        "possibility of such damage",
        frozenset(("d5724d42fd6ae89e", "61cce9421d248a09")),
    ),
    _Text(
        "Apache-2.0",
        "terms and conditions for use reproduction and distribution",
        "end of terms and conditions",
        frozenset(("57a4648bf1b625cd", "e78dbfeb50272a86")),
    ),
)
# Longer licences and those of models carry their name at the top.
_TITLES = (
    ("AGPL-3.0", "gnu affero general public license version 3"),
    ("LGPL-3.0", "gnu lesser general public license version 3"),
    ("LGPL-2.1", "gnu lesser general public license version 2 1"),
    ("GPL-3.0", "gnu general public license version 3"),
    ("GPL-2.0", "gnu general public license version 2"),
    ("MPL-2.0", "mozilla public license version 2 0"),
    ("Apache-2.0", "apache license version 2 0"),
    ("CC0-1.0", "cc0 1 0 universal"),
    ("CC-BY-NC-SA-4.0", "attribution noncommercial sharealike 4 0"),
    ("CC-BY-NC-ND-4.0", "attribution noncommercial noderivatives 4 0"),
    ("CC-BY-NC-4.0", "attribution noncommercial 4 0"),
    ("CC-BY-SA-4.0", "attribution sharealike 4 0"),
    ("CC-BY-ND-4.0", "attribution noderivatives 4 0"),
    ("CC-BY-4.0", "attribution 4 0 international"),
    ("Llama-2-Community", "llama 2 community license"),
    ("Llama-3-Community", "meta llama 3 community license"),
    ("Llama-3.1-Community", "llama 3 1 community license"),
    ("Llama-3.2-Community", "llama 3 2 community license"),
    ("Llama-3.3-Community", "llama 3 3 community license"),
    ("Llama-4-Community", "llama 4 community license"),
    ("Gemma", "gemma terms of use"),
    ("OpenRAIL", "open rail"),
)
# What files say at their top instead of the whole text.
_HEADERS = (
    ("Apache-2.0", "licensed under the apache license version 2 0"),
    ("MIT", "licensed under the mit license"),
    ("AGPL-3.0", "terms of the gnu affero general public license"),
    ("LGPL", "terms of the gnu lesser general public license"),
    ("GPL", "terms of the gnu general public license"),
    ("MPL-2.0", "subject to the terms of the mozilla public license"),
    ("BSD", "use of this source code is governed by a bsd style license"),
)


def words_of(text: str) -> str:
    """The words of a text, so that wrapping and signs do not matter."""
    return " ".join(_WORDS.findall(text[:_MOST_CHARACTERS].lower()))


def licence_of(text: str) -> tuple[str, str]:
    """The id of a licence text and ``text`` or ``edited text``; two empty strings for others."""
    words = words_of(text)
    title = words[:_TITLE]
    for identifier, name in _TITLES:
        if name in title and identifier != "Apache-2.0":
            return identifier, "text"
    edited = ""
    for each in _TEXTS:
        begin = words.find(each.start)
        if begin < 0:
            continue
        end = words.find(each.end, begin)
        if end >= 0 and _digest(words[begin : end + len(each.end)]) in each.known:
            return each.identifier, "text"
        # Licences of models borrow the headings of Apache's.
        if each.identifier != "Apache-2.0" or "apache license version 2 0" in words:
            edited = edited or _clauses(each.identifier, words)
    if edited:
        return edited, "edited text"
    return ("Apache-2.0", "edited text") if "apache license version 2 0" in title else ("", "")


def _clauses(identifier: str, words: str) -> str:
    """Tells the BSD licences apart by the clause on endorsement."""
    if not identifier.startswith("BSD"):
        return identifier
    return "BSD-3-Clause" if "endorse or promote" in words else "BSD-2-Clause"


def _digest(words: str) -> str:
    return hashlib.blake2b(_HOLDER.sub("H", words).encode(), digest_size=8).hexdigest()


def header_licences(text: str) -> Iterator[str]:
    """Licences that the top of a file states, by SPDX id or in the usual sentence."""
    for match in SPDX.finditer(text):
        yield spelled(match.group(1))
    words = words_of(text)
    for identifier, sentence in _HEADERS:
        if sentence in words:
            yield identifier


# SPDX ids as they are written, and how metadata and people spell what SPDX has an id for.
_IDS = """
    Apache-2.0 MIT ISC Unlicense BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear 0BSD Zlib BSL-1.0
    GPL-2.0 GPL-3.0 LGPL-2.1 LGPL-3.0 AGPL-3.0 MPL-2.0 EPL-2.0 ECL-2.0 AFL-3.0 WTFPL PostgreSQL
    GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later LGPL-3.0-only LGPL-3.0-or-later
    AGPL-3.0-only AGPL-3.0-or-later CC0-1.0 CC-BY-4.0 CC-BY-3.0 CC-BY-SA-3.0 CC-BY-SA-4.0
    CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-ND-4.0 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-NC-ND-4.0
"""
_SPELLED = {each.lower(): each for each in _IDS.split()} | {
    "apache software license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache": "Apache-2.0",
    "mit license": "MIT",
    "the mit license": "MIT",
    "bsd license": "BSD",
    "bsd-2": "BSD-2-Clause",
    "bsd-3": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "the unlicense (unlicense)": "Unlicense",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
# GPLv3, GPL v3 and GPL-3 are one licence.
_GPL = re.compile(r"((?:a|l)?gpl)[- ]?v?(\d)(?:\.(\d))?", re.IGNORECASE)


def spelled(text: str) -> str:
    """A stated licence under its SPDX id, where that is known."""
    text = text.strip()
    known = _SPELLED.get(text.lower()) or _SPELLED.get(re.sub(r"\s+", "-", text.lower()))
    gpl = _GPL.fullmatch(text)
    if gpl and not known:
        return f"{gpl.group(1).upper()}-{gpl.group(2)}.{gpl.group(3) or '0'}"
    return known or text


def said(text: str) -> str:
    """The id of a licence that running text names; empty when it names none."""
    match = SAID.search(text)
    if not match:
        return ""
    name = match.group(1)
    return "Apache-2.0" if name.lower().startswith("apache") else spelled(name)
