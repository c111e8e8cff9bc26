"""Stand-ins for the names of a cohort, the same in every file of a report."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec

from codesim.audit.messages import ShowTask, decoded
from codesim.audit.options import Options
from codesim.audit.people import keep_people
from codesim.audit.progress import Progress, counted, silent
from codesim.audit.run import Audited
from codesim.audit.store import Store, drawn_by
from codesim.audit.submissions import Submission
from codesim.report.anonymise import (
    FIXED_IN_AUDIT,
    Anonymiser,
    Key,
    Known,
    Survey,
    anonymised_audit,
    census,
    of_source,
    stand_ins,
    strings,
)
from codesim.supervise import Limits, supervised

SURVEY = "codesim.audit.pairing:survey"
# Names and identifiers of the texts of one page, which are at most 16 million characters.
_MOST_ANSWER = 64_000_000
_UNSHOWN = "the names in it could not be looked for"


def anonymous(
    audited: Audited, store: Store, options: Options, progress: Progress = silent
) -> tuple[Audited, Key]:
    """The audit with stand-ins for names, and the key to them.

    Names are those of the submissions, and what the texts that the report shows say to be names:
    these are read in children first, so that one name has one stand-in on all pages. A page whose
    texts could not be read so is not shown.
    """
    surveys = _surveys(audited.tasks, store, options, progress)
    document, submissions = audited.document, audited.submissions
    own = Survey.of(_known(audited), strings(document, FIXED_IN_AUDIT))
    there = [own, *(each for each in surveys if each)]
    taken = {stem for survey in there for stem in survey.taken}
    people = stand_ins("submission", [each.name for each in submissions], taken)
    teams = stand_ins("team", [each.team for each in submissions if each.team], taken)
    met = census(there, [*people.values(), *teams.values()])
    names = {
        record.name: people[each.name].pseudonym
        for record, each in zip(document.submissions, submissions, strict=True)
    }
    change = Anonymiser(met)
    hidden = anonymised_audit(
        document, names, {name: each.pseudonym for name, each in teams.items()}, change
    )
    kept = keep_people(store, met)
    tasks = tuple(
        msgspec.structs.replace(
            task, people=kept, unshown="" if survey else _UNSHOWN,
            called=(people[task.left.name].pseudonym, people[task.right.name].pseudonym),
        )
        for task, survey in zip(audited.tasks, surveys, strict=True)
    )  # fmt: skip
    sides = {
        people[each.name].pseudonym: _told(each, record.origin, record.revision)
        for record, each in zip(document.submissions, submissions, strict=True)
    }
    return replace(audited, document=hidden, tasks=tasks), Key(change.pseudonyms, sides)


def _surveys(
    tasks: Sequence[ShowTask], store: Store, options: Options, progress: Progress
) -> list[Survey | None]:
    """Whom each page would name; None where nobody can tell."""
    inputs = [task.encoded() for task in tasks]
    keys = [("survey", drawn_by(), hashlib.blake2b(data).hexdigest()) for data in inputs]
    found = [store.read(*key) for key in keys]
    missing = [number for number, data in enumerate(found) if data is None]
    limits = Limits(options.seconds, options.memory, _MOST_ANSWER)
    note = counted(progress, "looking for names in", len(tasks), len(tasks) - len(missing))
    asked = [inputs[number] for number in missing]
    outcomes = supervised(SURVEY, asked, options.workers, limits, note) if asked else []
    for number, outcome in zip(missing, outcomes, strict=True):
        if outcome.state == "done":
            found[number] = outcome.answer
            store.write(outcome.answer, *keys[number])
    return [None if data is None else decoded(Survey, data) for data in found]


def _known(audited: Audited) -> Iterator[Known]:
    """What is known before any text is read: names, teams, where submissions came from."""
    for each in audited.submissions:
        for name in filter(None, (each.name, each.team)):
            yield Known("person", name)
            # The words of a name alone name who bears it, however it was typed.
            yield Known("person", name.title() if " " in name else name)
    for each in audited.submissions:
        for source in each.sources:
            yield from _of_place(source)
    document = audited.document
    origins = [(each.origin, each.revision) for each in document.base]
    origins += [(each.origin, each.revision) for each in document.submissions]
    for places, revision in origins:
        for origin in places.split():
            label = re.split(r"[/:]", origin.rstrip("/"))[-1].removesuffix(".git")
            yield from of_source(label, origin, revision)


def _of_place(source: str) -> Iterator[Known]:
    """An address, or the last part of a path and all parts of a place in an archive."""
    path, _, member = source.partition("!")
    if not os.path.lexists(path) and "." in path.partition("/")[0]:
        yield from of_source("", path if "://" in path else f"https://{path}", None)
        return
    for piece in (path.rstrip("/").rpartition("/")[2], *member.split("/")):
        yield Known("folder", piece)
        yield Known("folder", piece.partition(".")[0])


def _told(submission: Submission, origin: str, revision: str | None) -> dict[str, str]:
    told = {
        "name": submission.name, "team": submission.team, "time": submission.time,
        "origin": origin, "revision": revision or "",
    }  # fmt: skip
    return {field: text for field, text in told.items() if text}
