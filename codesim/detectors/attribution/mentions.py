"""Whether one side names the other, where, and which names were looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from codesim.detectors.attribution.names import parts_of, plain
from codesim.detectors.attribution.profile import CREDIT, AttributionProfile, Place


class Mention(NamedTuple):
    """A name of the other side that was found; ``of`` is work, owner, repository or paper."""

    of: str
    name: str
    found: str
    place: Place


@dataclass(frozen=True, slots=True)
class Named:
    """What one side says of the other. ``searched`` are the names that were looked for, ``shared``
    those that both go by, whose mention would say nothing.
    """

    searched: tuple[str, ...]
    mentions: tuple[Mention, ...]
    shared: tuple[str, ...] = ()

    @property
    def work(self) -> Mention | None:
        """The best place that names the work where people give credit."""
        return self._best(("repository", "work", "paper"), credit=True)

    @property
    def owner(self) -> Mention | None:
        """The best place that names only who made it."""
        return self._best(("owner",), credit=True)

    @property
    def trace(self) -> Mention | None:
        """A place in code or configuration, which names without giving credit."""
        return self._best(("repository", "work"), credit=False)

    def _best(self, kinds: Sequence[str], credit: bool) -> Mention | None:
        fitting = (m for m in self.mentions if (m.place.where in CREDIT) is credit)
        return next((m for kind in kinds for m in fitting if m.of == kind), None) or next(
            (m for m in self.mentions if m.of in kinds and (m.place.where in CREDIT) is credit),
            None,
        )


def named(speaker: AttributionProfile, other: AttributionProfile) -> Named:
    """Where ``speaker`` names ``other``. Names that both go by are not looked for."""
    own = {plain(each.name) for each in (*speaker.works, *speaker.owners)}
    own_ids = {each.name.lower() for each in speaker.repositories}
    works = [each.name for each in other.works if plain(each.name) not in own]
    owners = [each.name for each in other.owners if plain(each.name) not in own]
    exact = [each.name for each in other.repositories if each.name.lower() not in own_ids]
    own_papers = {each.name for each in speaker.papers}
    papers = [each.name for each in other.papers if each.name not in own_papers]
    mentions = [
        *_exact(speaker, exact, "repository"),
        *_words(speaker, works, "work"),
        *_exact(speaker, papers, "paper"),
        *_words(speaker, owners, "owner"),
    ]
    searched = dict.fromkeys([*exact, *works, *owners, *papers])
    all_names = [each.name for each in (*other.repositories, *other.works, *other.owners)]
    shared = dict.fromkeys(name for name in all_names if name not in searched)
    return Named(tuple(searched), tuple(sorted(mentions, key=_order)), tuple(shared))


_KINDS = ("repository", "work", "paper", "owner")


def _order(mention: Mention) -> tuple[bool, int, str, int, str]:
    place = mention.place
    credit = place.where not in CREDIT
    return credit, _KINDS.index(mention.of), place.path, place.line, mention.found


def _exact(speaker: AttributionProfile, names: Sequence[str], of: str) -> Iterator[Mention]:
    mentioned = dict(speaker.mentioned)
    for name in names:
        place = mentioned.get(name.lower())
        if place:
            yield Mention(of, name, name, place)


def _words(speaker: AttributionProfile, names: Sequence[str], of: str) -> Iterator[Mention]:
    """Words that are a name, begin with it, or have it as one of their parts."""
    wanted = {plain(name): name for name in names}
    if not wanted:
        return
    best: dict[str, Mention] = {}
    for word, place in speaker.words:
        for joined in _readings(word):
            if joined in wanted:
                mention = Mention(of, wanted[joined], word, place)
                known = best.get(joined)
                if known is None or _order(mention) < _order(known):
                    best[joined] = mention
    yield from (best[joined] for joined in sorted(best))


def _readings(word: str) -> set[str]:
    """The parts of a word, and its beginnings: minitile, minitilev and v of MiniTile-V."""
    parts = parts_of(word)
    return {*parts, *("".join(parts[:end]) for end in range(1, len(parts) + 1))}
