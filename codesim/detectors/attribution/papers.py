"""Which papers are about a repository itself: not those that it only cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from codesim.detectors.attribution.names import is_front, plain, runs_of
from codesim.detectors.attribution.profile import OwnName

_PAPER = re.compile(
    r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})|arXiv:\s?(\d{4}\.\d{4,5})"
    r"|\beprint\s{0,8}=\s{0,8}[{\"](\d{4}\.\d{4,5})",
    re.IGNORECASE,
)
# One entry of a bibliography, without the next.
_ENTRY = re.compile(r"@\w{4,20}\{[^@]{1,3000}")
_MOST_ENTRIES = 50
_LINK = re.compile(
    r"\[([^\[\]]{0,200})\]\([^()\s]{0,400}\)|<[^<>]{0,400}>|https?://[^\s)>\]]{1,400}"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# Names and links of a work stand above the first section of its front page.
_FRONT = 2_500
_SECTION = re.compile(r"^#{2,6}\s|<h[2-6]", re.MULTILINE)
# A line of more words is a sentence, and cites.
_MOST_WORDS = 3
# What a link to the paper of the work itself is called.
_WORDS = """
    paper papers arxiv pdf report technical tech preprint our the abs link read here badge
"""
_CALLED = frozenset(_WORDS.split())
# Building blocks, data and base models that thousands of works cite; nobody's own here.
_CITED = """
    1412.6980 1512.03385 1607.06450 1706.03762 1810.04805 1907.11692 1910.01108 1910.03771
    1910.07467 1910.10683 2002.05202 2005.14165 2006.11477 2010.11929 2103.00020 2103.14030
    2104.09864 2106.09685 2112.10752 2201.11903 2203.02155 2205.14135 2210.17323 2212.04356
    2302.13971 2304.08485 2305.14314 2305.18290 2307.08691 2307.09288 2310.06825 2401.04088
"""
_EVERYBODYS = frozenset(_CITED.split())


def own_papers(texts: dict[str, str], names: Sequence[str]) -> Iterator[OwnName]:
    """Papers of the title block, of a citation that names one of ``names``, or of CITATION.cff."""
    works = {plain(name) for name in names}
    for path, text in sorted(texts.items()):
        found: list[str] = []
        if path.lower() == "citation.cff":
            found = list(_ids(text.partition("\nreferences:")[0]))
        elif is_front(path):
            found = [*_in_title(text, works), *_in_bibliography(text, works)]
        for name in found:
            if name not in _EVERYBODYS:
                yield OwnName(name, path)


def _ids(text: str) -> Iterator[str]:
    for groups in _PAPER.findall(text):
        yield next(filter(None, groups))


def _in_title(text: str, works: set[str]) -> Iterator[str]:
    """Papers above the first section, in lines that are links and no sentences."""
    block = text[:_FRONT]
    first = _SECTION.search(block)
    for line in block[: first.start() if first else None].split("\n"):
        if not _PAPER.search(line) or len(_WORD.findall(_bare(line))) > _MOST_WORDS:
            continue
        for piece in _LINK.finditer(line):
            called = piece.group(1) or ""
            if _is_own(called, works):
                yield from _ids(piece.group())
        if _is_own(_bare(line), works):
            yield from _ids(_LINK.sub(" ", line))


def _bare(line: str) -> str:
    return _PAPER.sub(" ", _LINK.sub(" ", line))


def _is_own(called: str, works: set[str]) -> bool:
    """True for a link called "Paper", or by the name of the work."""
    words = [word.lower() for word in _WORD.findall(_LINK.sub(" ", called))]
    return all(word in _CALLED for word in words) or bool(runs_of(called) & works)


def _in_bibliography(text: str, works: set[str]) -> Iterator[str]:
    """Papers of entries that name the work; front pages list entries of others too."""
    for entry in islice(_ENTRY.finditer(text), _MOST_ENTRIES):
        if runs_of(entry.group()) & works:
            yield from _ids(entry.group())
