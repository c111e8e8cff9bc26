"""A cohort of which we know who took from whom: 300 pieces of work on one small assignment."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.cohorts.author import Author
from benchmarks.cohorts.broken import ALL, Broken
from benchmarks.cohorts.copies import copied, merged
from benchmarks.cohorts.forms import FORMS, files_of, hand_in, laid_out
from benchmarks.cohorts.work import Work, starter, written
from benchmarks.ladder.chance import Chance

# The second is never looked at while anything is built or tuned.
DEVELOPMENT, HELD_OUT = 2024, 3571
_BEGIN = datetime(2024, 5, 1, 8)


@dataclass(frozen=True)
class Sizes:
    """How many submissions there are, and how many of them are not what they seem."""

    submissions: int = 300
    copies: int = 12
    chains: int = 3
    merges: int = 2
    broken: int = 15


@dataclass(frozen=True)
class Link:
    """Two submissions of which one has something of the other. ``level`` is that of the disguise
    ladder; ``kind`` is copy, chain, merge, or implied: both ends of a chain.
    """

    left: str
    right: str
    level: int
    kind: str


@dataclass
class Cohort:
    """Where the submissions are and what is true of them."""

    submissions: Path
    starter: Path
    listing: Path
    links: list[Link] = field(default_factory=list)
    broken: dict[str, Broken] = field(default_factory=dict)


def planted(folder: Path, seed: int, sizes: Sizes = Sizes(), usual: float = 0.0) -> Cohort:
    """Write a cohort below a new folder: submissions, starter, list.csv and truth.csv. ``usual`` is
    how much the assignment prescribes (``Author``).
    """
    cohort = Cohort(folder / "submissions", folder / "starter", folder / "list.csv")
    cohort.submissions.mkdir(parents=True)
    laid_out(cohort.starter, {path: text.encode() for path, text in starter().items()})
    writer = _Writer(cohort, seed, sizes, usual)
    writer.copies()
    writer.chains()
    writer.merges()
    writer.broken()
    writer.independents()
    writer.tell(folder)
    return cohort


class _Writer:
    """Hands out names and times and writes one submission after the other."""

    def __init__(self, cohort: Cohort, seed: int, sizes: Sizes, usual: float) -> None:
        self.cohort, self.seed, self.sizes, self.usual = cohort, seed, sizes, usual
        names = [f"s{number:03d}" for number in range(1, sizes.submissions + 1)]
        Chance("names", seed).shuffle(names)
        self.names = iter(names)
        self.numbers = itertools.count()
        self.rows: list[tuple[str, str, str]] = []

    def copies(self) -> None:
        """One source and one copy each, at levels 1 to 4 in turn."""
        for number in range(self.sizes.copies):
            level = 1 + number % 4
            source, work, when = self._original()
            name = self._take(work, level, when)[0]
            self.cohort.links.append(_link(source, name, level, "copy"))

    def chains(self) -> None:
        """The second from the first, the third from the second."""
        for number in range(self.sizes.chains):
            first, work, when = self._original()
            levels = (1 + number % 3, 1 + (number + 1) % 3)
            second, work, when = self._take(work, levels[0], when)
            third, _, _ = self._take(work, levels[1], when)
            self.cohort.links += [
                _link(first, second, levels[0], "chain"),
                _link(second, third, levels[1], "chain"),
                _link(first, third, max(levels), "implied"),
            ]

    def merges(self) -> None:
        """One from two who do not know each other, at levels 1 and 2 in turn."""
        for number in range(self.sizes.merges):
            level = 1 + number % 2
            authors = self._author("student"), self._author("student")
            works = written(authors[0]), written(authors[1])
            sources = [self._hand_in(work) for work in works]
            joined = merged(*authors, self._author("merger"), works)
            name, _, _ = self._take(joined, level, max(when for _, when in sources))
            for source, _ in sources:
                self.cohort.links.append(_link(source, name, level, "merge"))

    def broken(self) -> None:
        """Broken and hostile ones, each of another kind."""
        chance = Chance("broken", self.seed)
        for kind in chance.sample(ALL, self.sizes.broken):
            name = next(self.names)
            work = written(Author(f"student:{name}", self.seed, self.usual))
            kind.make(self.cohort.submissions / name, files_of(work), chance)
            self.cohort.broken[name] = kind
            (place,) = self.cohort.submissions.glob(f"{name}*")
            self.rows.append((name, place.name, self._told(self._time())))

    def independents(self) -> None:
        """All others."""
        for name in self.names:
            self._hand_in(written(Author(f"student:{name}", self.seed, self.usual)), name)

    def tell(self, folder: Path) -> None:
        """Write what is true, outside of the submissions."""
        rows = [(n, f"submissions/{s}", t) for n, s, t in sorted(self.rows)]
        _table(self.cohort.listing, ("name", "source", "time"), rows)
        self.cohort.links.sort(key=lambda link: (link.left, link.right))
        links = [(k.left, k.right, k.level, k.kind) for k in self.cohort.links]
        _table(folder / "truth.csv", ("left", "right", "level", "kind"), links)
        broken = [(n, b.kind, b.expected) for n, b in sorted(self.cohort.broken.items())]
        _table(folder / "broken.csv", ("name", "kind", "expected"), broken)

    def _original(self) -> tuple[str, Work, datetime]:
        work = written(self._author("student"))
        name, when = self._hand_in(work)
        return name, work, when

    def _take(self, source: Work, level: int, when: datetime) -> tuple[str, Work, datetime]:
        """A copy in a disguise, handed in some time after its source."""
        work = copied(source, level, self._author("copier"), self.seed)
        later = when + timedelta(hours=Chance("later", self.seed + len(self.rows)).randint(1, 60))
        return (*self._hand_in(work, when=later)[:1], work, later)

    def _author(self, kind: str) -> Author:
        return Author(f"{kind}:{next(self.numbers)}", self.seed, self.usual)

    def _hand_in(
        self, work: Work, name: str = "", when: datetime | None = None
    ) -> tuple[str, datetime]:
        name, when = name or next(self.names), when or self._time()
        chance = Chance(f"form:{name}", self.seed)
        place = self.cohort.submissions / name
        made = hand_in(place, files_of(work), chance.choice(FORMS), chance)
        self.rows.append((name, made.name, self._told(when)))
        return name, when

    def _time(self) -> datetime:
        minutes = Chance(f"time:{len(self.rows)}", self.seed).randrange(20 * 24 * 60)
        return _BEGIN + timedelta(minutes=minutes)

    def _told(self, when: datetime) -> str:
        """Times are known of most, not of all."""
        known = Chance(f"known:{len(self.rows)}", self.seed).often(0.7)
        return when.isoformat() if known else ""


def _link(one: str, two: str, level: int, kind: str) -> Link:
    return Link(min(one, two), max(one, two), level, kind)


def _table(place: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with place.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
