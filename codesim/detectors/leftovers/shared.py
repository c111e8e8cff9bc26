"""Rarities that both sides have: names, comments, messages, addresses, numbers, typos."""

from __future__ import annotations

from collections.abc import Iterator

from codesim.detectors.leftovers.found import Shared
from codesim.detectors.leftovers.rarity import Rarity
from codesim.detectors.leftovers.sides import Place, Side, distinct
from codesim.detectors.leftovers.typos import is_typo, usual_word

# What a kind adds to or takes from the information of its words. A note to oneself, code that was
# switched off, a path of one's own machine and a wrong letter are not written twice by chance; an
# address or the name of a repository is what two works on one subject both cite.
_EXTRA = {
    "path": 6.0,
    "tracking id": 3.0,
    "odd character": 4.0,
    "commented-out code": 2.0,
    "TODO": 2.0,
    "handle": 1.0,
    "e-mail": 2.0,
}
# Two works on one subject cite the same papers and start from the same models.
_CITED = {"URL": 5.0, "repository": 5.0}
# A word that no public project writes may still be a word.
_TYPO = 6.5


def shared_rarities(left: Side, right: Side, rarity: Rarity, least: float) -> list[Shared]:
    """Everything rare that both sides have, the rarest first; ``least`` bits or more."""
    found = [
        *_items(left, right, rarity),
        *_names(left, right, rarity),
        *_typos(left, right, rarity),
    ]
    rare = [each for each in found if each.bits >= least]
    return sorted(rare, key=lambda each: (-each.bits, each.kind, each.text))


def _items(left: Side, right: Side, rarity: Rarity) -> Iterator[Shared]:
    both = sorted(left.items.keys() & right.items.keys())
    for (kind, text), frequency in zip(both, rarity.frequencies(both), strict=True):
        if frequency:
            continue
        bits = _CITED.get(kind, rarity.bits(text) + _EXTRA.get(kind, 0.0))
        places = left.items[kind, text], right.items[kind, text]
        yield Shared(kind, text, *places, round(bits, 2), _why(rarity))


def _names(left: Side, right: Side, rarity: Rarity) -> Iterator[Shared]:
    """Names that both sides define; what only a library defines is nobody's here."""
    one, two = _own_names(left), _own_names(right)
    both = distinct(one.keys() & two.keys())
    asked = rarity.frequencies([("name", name) for name in both])
    for name, frequency in zip(both, asked, strict=True):
        if not frequency:
            yield Shared(
                "name", name, one[name], two[name], round(rarity.bits(name), 2), _why(rarity)
            )


def _own_names(side: Side) -> dict[str, Place]:
    """Names that a side defines, without those of files that both have to the byte."""
    names = {**side.bound, **side.defined}
    if not side.identical:
        return names
    return {name: place for name, place in names.items() if place[0] not in side.identical}


def _typos(left: Side, right: Side, rarity: Rarity) -> Iterator[Shared]:
    both = distinct(left.words.keys() & right.words.keys())
    asked = rarity.frequencies([("word", word) for word in both])
    for word, frequency in zip(both, asked, strict=True):
        if frequency or not is_typo(word, rarity):
            continue
        why = f"no public project writes it; one letter from {usual_word(word, rarity)!r}"
        yield Shared("typo", word, left.words[word], right.words[word], _TYPO, why)


def _why(rarity: Rarity) -> str:
    if rarity.commons.problem:
        return "how common it is was not known"
    return f"in at most one of {rarity.projects} public projects"
