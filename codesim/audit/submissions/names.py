"""Names that can be shown, are unique, and stay the same from run to run."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from codesim.audit.submissions.nouns import Draft, Submission
from codesim.text.display import display

_LONGEST = 100
UNNAMED = "unnamed"


def shown(text: str) -> str:
    """A text from an input as a name: one printable line of at most 100 characters."""
    line = display(" ".join(unicodedata.normalize("NFC", text).split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def named(drafts: Sequence[Draft], old: bool) -> tuple[Submission, ...]:
    """Submissions sorted by name; namesakes are told apart by a mark in which all of them differ,
    or else by numbers, in the order of their sources.

    Names that differ only in upper and lower case count as one, as do files named after them.
    """
    namesakes: dict[str, list[Draft]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda draft: (draft.sources, draft.time)):
        namesakes[_same(shown(draft.name) or UNNAMED)].append(draft)
    taken = set(namesakes)
    submissions = []
    for alike in namesakes.values():
        for draft, name in zip(alike, _told_apart(alike, taken), strict=True):
            team = shown(draft.team)
            submissions.append(
                Submission(
                    name, draft.sources, team, draft.time, draft.revision, old, draft.refused
                )
            )
    return tuple(sorted(submissions, key=lambda submission: submission.name))


def renamed_apart(groups: Sequence[Sequence[Submission]]) -> tuple[Submission, ...]:
    """Submissions of several rosters as one; a later roster yields where names collide."""
    taken: set[str] = set()
    kept = []
    for group in groups:
        for submission in group:
            name = submission.name
            if submission.old and _same(name) in taken:
                name = shown(f"{name[: _LONGEST - 7]} (past)")
            kept.append(replace(submission, name=free(name, taken)))
    return tuple(sorted(kept, key=lambda submission: submission.name))


def _told_apart(alike: list[Draft], taken: set[str]) -> list[str]:
    """Names for namesakes; adds to what is taken."""
    plain = [shown(draft.name) or UNNAMED for draft in alike]
    if len(plain) == 1:
        return plain
    taken.discard(_same(plain[0]))
    for level in range(min(len(draft.marks) for draft in alike)):
        names = [
            _marked(name, draft.marks[level]) for name, draft in zip(plain, alike, strict=True)
        ]
        new = {_same(name) for name in names}
        if len(new) == len(alike) and not new & taken:
            taken |= new
            return names
    return [free(name, taken) for name in plain]


def _marked(name: str, mark: str) -> str:
    mark = shown(mark)
    if not mark:
        return name
    longer = mark if mark.startswith(name) else f"{name} ({mark})"
    return longer if len(longer) <= _LONGEST else name


def free(name: str, taken: set[str]) -> str:
    """The name, with the first number that makes it new; takes it."""
    number, free = 2, name
    while _same(free) in taken:
        ending = f" ({number})"
        free, number = name[: _LONGEST - len(ending)] + ending, number + 1
    taken.add(_same(free))
    return free


def _same(name: str) -> str:
    return name.casefold()
