"""N submissions in, one audit document out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codesim.audit.acts import acts
from codesim.audit.assembling import JudgedPair, document, listed, ranked
from codesim.audit.background import beyond
from codesim.audit.calibration import Chance
from codesim.audit.cohort import Candidate, candidates, pooled, unconnected
from codesim.audit.comparing import compared
from codesim.audit.messages import Compared, CompareTask, Known, ShowTask, Where
from codesim.audit.options import Options
from codesim.audit.progress import Progress, silent
from codesim.audit.reading import Read, read_all, shuffled
from codesim.audit.seams import Weighing
from codesim.audit.store import Store
from codesim.audit.submissions import Roster, Submission, names_of
from codesim.detectors import DETECTORS
from codesim.errors import CodesimError
from codesim.model import Skipped
from codesim.report.audit.document import AuditDocument


@dataclass(frozen=True, slots=True)
class Audited:
    """A finished audit: its document, and what is needed to show its pairs side by side."""

    document: AuditDocument
    tasks: tuple[ShowTask, ...]
    # In the order of the document.
    submissions: tuple[Submission, ...]


def audit(
    roster: Roster,
    base: Sequence[str],
    store: str,
    options: Options = Options(),  # noqa: B008 - frozen
    progress: Progress = silent,
    nameless: bool = False,
) -> Audited:
    """Compare all submissions with each other, old ones with new ones only.

    ``base`` are sources of code that anyone may share. ``store`` is a folder for what is kept
    between two runs. ``nameless`` puts submissions in an order that says nothing of their names,
    and calls them by their numbers in it. Raises CodesimError where fewer than two submissions can
    be read, or a base cannot.
    """
    where = Where(store)
    Store(store).check()
    bases = _read_bases(base, where, options)
    known_base = [read.profiled.known for read in bases if read.profiled]
    reads = read_all(roster.submissions, known_base, where, options, progress)
    if nameless:
        reads = shuffled(reads)
    told = _numbered(reads) if nameless else reads
    found = _Cohort.of(reads, told, known_base, Store(store), options)
    answers = compared(found.tasks(where), Store(store), options, progress)
    pairs, chance, skipped = found.judged(answers, options)
    counts = (len(found.chosen) + len(found.sampled), len(found.chosen))
    left_out = (*roster.skipped, *skipped)
    return Audited(
        document(told, bases, pairs, chance, counts, left_out, options),
        tuple(found.shown(listed(pairs, options), bases, where, options)),
        tuple(read.submission for read in reads),
    )


def _numbered(reads: Sequence[Read]) -> list[Read]:
    """Numbers of one length, so that their order as texts is this one."""
    width = len(str(len(reads)))
    return [
        replace(read, submission=replace(read.submission, name=f"{number:0{width}}"))
        for number, read in enumerate(reads, 1)
    ]


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Submissions that could be read, what each is called, and the pairs that are compared."""

    known: tuple[Known, ...]
    submissions: tuple[Submission, ...]
    names: tuple[str, ...]
    base: tuple[Known, ...]
    name: str
    chosen: tuple[Candidate, ...]
    sampled: tuple[Candidate, ...]
    population: int

    @classmethod
    def of(
        cls,
        reads: Sequence[Read],
        told: Sequence[Read],
        base: Sequence[Known],
        store: Store,
        options: Options,
    ) -> _Cohort:
        """Counts what is common, joins on what is rare. Raises CodesimError for fewer than two."""
        there = [read for read in reads if read.profiled is not None]
        known = tuple(read.profiled.known for read in there if read.profiled)
        old = [read.submission.old for read in there]
        _check(there, reads)
        name = pooled(known, base, Where(store.folder), options)
        chosen = candidates(known, old, base, name, store, options)
        names = [each.name for each in known]
        sampled = unconnected(len(known), old, chosen, names, options.sample)
        fresh = old.count(False)
        population = fresh * (fresh - 1) // 2 + fresh * old.count(True)
        submissions = tuple(read.submission for read in there)
        called = tuple(read.submission.name for read in told if read.profiled is not None)
        return cls(
            known, submissions, called, tuple(base), name, tuple(chosen), tuple(sampled), population
        )

    def tasks(self, where: Where) -> list[CompareTask]:
        """All comparisons: candidates, then the sample."""
        return [self._task(where, each) for each in (*self.chosen, *self.sampled)]

    def judged(
        self, answers: Sequence[Compared | str], options: Options
    ) -> tuple[list[JudgedPair], Chance, list[Skipped]]:
        """Pairs as they rank in this cohort, what chance gives in it, and what was not compared."""
        count = len(self.chosen)
        skipped = [
            Skipped(
                f"pair {self.names[pair.left]}, {self.names[pair.right]}", f"not compared: {answer}"
            )
            for pair, answer in zip(self.chosen, answers[:count], strict=True)
            if isinstance(answer, str)
        ]
        answered = [
            ((pair.left, pair.right), answer)
            for pair, answer in zip((*self.chosen, *self.sampled), answers, strict=True)
            if isinstance(answer, Compared)
        ]
        kept = [numbers for numbers, _ in answered]
        leading = frozenset(each.kind for each in DETECTORS if isinstance(each, Weighing))
        found = beyond(kept, [answer for _, answer in answered], leading)
        first = count - len(skipped)
        chance = Chance.of(
            found[first:], found[:first], self.population, leading, options.least_sample,
            acts(kept, found),
        )  # fmt: skip
        named = [(self.names[left], self.names[right]) for left, right in kept[:first]]
        pairs = [(*names, each) for names, each in zip(named, found[:first], strict=True)]
        return ranked(pairs, chance), chance, skipped

    def shown(
        self,
        pairs: Sequence[JudgedPair],
        bases: Sequence[Read],
        where: Where,
        options: Options,
    ) -> Iterator[ShowTask]:
        """What makes the document of each pair that gets a page."""
        numbers = {name: number for number, name in enumerate(self.names)}
        for pair in pairs[: options.top]:
            candidate = Candidate(numbers[pair.left], numbers[pair.right])
            yield ShowTask(
                where=where,
                compare=self._task(where, candidate),
                left=self.submissions[candidate.left],
                right=self.submissions[candidate.right],
                bases=tuple(read.submission for read in bases),
                strengths={
                    each.found.kind: (each.strength.word, each.note) for each in pair.judged
                },
            )

    def _task(self, where: Where, pair: Candidate) -> CompareTask:
        left, right = self.known[pair.left], self.known[pair.right]
        return CompareTask(where, left, right, self.base, self.name)


def _read_bases(base: Sequence[str], where: Where, options: Options) -> list[Read]:
    submissions = [
        Submission(name=name, sources=(source,))
        for name, source in zip(names_of(base), base, strict=True)
    ]
    reads = read_all(submissions, (), where, options)
    for source, read in zip(base, reads, strict=True):
        if read.profiled is None:
            raise CodesimError(f"--base {source}: {read.reason}")
    return reads


def _check(there: Sequence[Read], reads: Sequence[Read]) -> None:
    new = [read for read in there if not read.submission.old]
    if not new or len(there) < 2:
        broken = [f"{r.submission.name}: {r.reason}" for r in reads if r.profiled is None]
        told = "; ".join(broken[:3]) + ("; and others" if len(broken) > 3 else "")
        told = told.rstrip(".")
        noun = "submission" if len(reads) == 1 else "submissions"
        raise CodesimError(
            f"{len(there)} of {len(reads)} {noun} can be read, and an audit compares two or "
            f"more, at least one of them new{': ' if told else ''}{told}. Check what the argument "
            "names: a folder with one folder or file for each submission, or a list of sources."
        )
