"""The files of one folder taken together as one tokenizer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from codesim.detectors.tokenizer.forms import ORDER
from codesim.detectors.tokenizer.profile import Reading, Special, Vocabulary


def assembled(readings: Sequence[tuple[str, Reading]]) -> Reading:
    """What the files of one tokenizer say together; the first form is believed."""
    ordered = [reading for form in ORDER for name, reading in readings if name == form]
    vocabulary = next((each.vocabulary for each in ordered if each.vocabulary), None)
    roles: dict[str, str] = {}
    parts: dict[str, str] = {}
    for reading in ordered:
        for role, text in reading.roles:
            roles.setdefault(role, text)
        for name, text in reading.parts:
            parts.setdefault(name, text)
    specials = _specials([special for reading in ordered for special in reading.specials])
    return Reading(
        vocabulary=vocabulary,
        merges=next((each.merges for each in ordered if each.merges), ()),
        specials=_numbered(specials, vocabulary, set(roles.values())),
        roles=tuple(sorted(roles.items())),
        parts=tuple(sorted(parts.items())),
        template=next((each.template for each in ordered if each.template), ""),
    )


def _specials(mentions: Iterable[Special]) -> list[Special]:
    """One entry per token: the first that knows the id, with the first flags."""
    found: dict[str, Special] = {}
    for mention in mentions:
        known = found.get(mention.text)
        if known is None:
            found[mention.text] = mention
        elif known.id is None and mention.id is not None:
            found[mention.text] = replace(mention, flags=mention.flags or known.flags)
        elif known.flags is None and mention.flags is not None:
            found[mention.text] = replace(known, flags=mention.flags)
    return list(found.values())


def _numbered(
    specials: Sequence[Special], vocabulary: Vocabulary | None, roles: Collection[str]
) -> tuple[Special, ...]:
    """Special tokens in the order of ids, with those that the vocabulary knows.

    An ordinary token that has a role, such as "!" for padding, is no special token.
    """
    if vocabulary and any(special.id is None for special in specials):
        ids = vocabulary.by_token()
        specials = [
            replace(each, id=ids.get(each.text)) if each.id is None else each for each in specials
        ]
    kept = (each for each in specials if each.id is not None or each.text not in roles)
    return tuple(sorted(kept, key=_order))


def _order(special: Special) -> tuple[bool, int, str]:
    return special.id is None, special.id or 0, special.text
