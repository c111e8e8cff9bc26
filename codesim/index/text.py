"""The answers to a search, and the list of an index, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codesim.index.content import Repository
from codesim.index.search import Answer, Search, Shared
from codesim.model import Evidence, Strength
from codesim.report.columns import cells, pad, shorten, wrap
from codesim.report.words import count, percent
from codesim.text import display

_INDENT = 6
_PAIRS = 3
_REVISION = 12


def render_search(search: Search, width: int) -> str:
    """The answers, best first; every text that is not ours is escaped."""
    return "\n".join(_lines(search, width)) + "\n"


def render_list(repositories: Sequence[Repository], width: int) -> str:
    """One line for each repository."""
    head = ("name", "origin", "revision", "files", "lines")
    rows = [
        (
            display(each.name), display(each.origin), display(each.revision[:_REVISION]) or "-",
            f"{each.files:,}", f"{each.lines:,}",
        )
        for each in repositories
    ]  # fmt: skip
    wide = [max(cells(row[place]) for row in (head, *rows)) for place in range(5)]
    left = max(20, width - sum(wide[2:]) - 8)
    wide[0] = min(wide[0], max(10, left // 2))
    wide[1] = min(wide[1], max(10, left - wide[0]))
    return "\n".join(_row(row, wide) for row in (head, *rows)) + "\n"


def _row(row: Sequence[str], wide: Sequence[int]) -> str:
    texts = [pad(shorten(text, room), room) for text, room in zip(row[:3], wide[:3], strict=True)]
    numbers = [text.rjust(room) for text, room in zip(row[3:], wide[3:], strict=True)]
    return "  ".join([*texts, *numbers]).rstrip()


def _lines(search: Search, width: int) -> Iterator[str]:
    name = display(search.query.name)
    among = count(search.among, "repository", "repositories")
    if not search.answers:
        yield from wrap(f"{name} shares nothing rare with any of the {among} in the index.", width)
        return
    told = f"{name} among {among}; below, left is what was asked about, right the answer"
    yield from wrap(told, width)
    for number, answer in enumerate(search.answers, start=1):
        yield ""
        yield shorten(f"{number:>3}.  {_title(answer)}", width)
        for line in _about(answer):
            yield from _indented(line, width)
        yield from _pairs(answer, width - _INDENT)
    yield ""
    yield from wrap(_promise(search), width)


def _title(answer: Answer) -> str:
    repository = answer.repository
    word = "" if answer.strength is None else _word(answer.strength) + "  "
    revision = f" @ {repository.revision[:_REVISION]}" if repository.revision else ""
    return f"{word}{display(repository.name)}  {display(repository.origin)}{display(revision)}"


def _word(strength: Strength) -> str:
    return strength.word.upper() if strength >= Strength.STRONG else strength.word


def _about(answer: Answer) -> Iterator[str]:
    if answer.identical:
        yield "the same content"
    for evidence in answer.evidence:
        yield f"{evidence.kind}: {display(evidence.summary)}"
    yield "; ".join(_share(shared) for shared in answer.shared)
    if answer.note:
        yield answer.note


def _share(shared: Shared) -> str:
    noun = "shared fingerprint of code" if shared.kind == "code" else "identical file"
    plural = "shared fingerprints of code" if shared.kind == "code" else None
    return (
        f"{count(shared.count, noun, plural)}: {percent(shared.of_query)} of left, "
        f"{percent(shared.of_repository)} of right"
    )


def _pairs(answer: Answer, width: int) -> Iterator[str]:
    for evidence in answer.evidence:
        if evidence.strength is not Strength.NONE:
            yield from (" " * _INDENT + line for line in _best(evidence, width))


def _best(evidence: Evidence, width: int) -> Iterator[str]:
    for pair in evidence.pairs[:_PAIRS]:
        paths = f"{display(pair.left.path)} ~ {display(pair.right.path)}"
        yield f"{percent(pair.similarity):>5}  {shorten(paths, width - 7)}"
    if len(evidence.pairs) > _PAIRS:
        yield f"       and {count(len(evidence.pairs) - _PAIRS, 'more pair')}"


def _indented(text: str, width: int) -> Iterator[str]:
    yield from (" " * _INDENT + line for line in wrap(text, width - _INDENT))


def _promise(search: Search) -> str:
    if all(answer.strength is None for answer in search.answers):
        return "Shared fingerprints rank the answers; without a comparison they have no strength."
    return (
        f"Whoever searches {search.among:,} repositories has as many chances of a coincidence. So "
        "strengths ask for more than in a comparison of two, and promise the same of the best "
        "answer. Similarity is evidence for a person to judge, not proof of copying."
    )
