"""The report for an issue or a pull-request comment. No text of an input can become markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codesim.report.document import (
    EvidenceRecord,
    FragmentRecord,
    PairRecord,
    ResultDocument,
    SnapshotRecord,
)
from codesim.report.markup import cell, code, details, listed, prose, table
from codesim.report.spans import pair_lines
from codesim.report.words import (
    CLONE_WORDS,
    COVERED_MEANS,
    NOT_PROOF,
    WHOLE_FILE,
    count,
    disguise,
    extent,
    percent,
)

# A comment on GitHub holds 65,536 characters, on GitLab a million.
_MOST = 65_000
_TOP_KINDS = 20
_TOP_PAIRS = 20
_TOP_DETAILS = 3
_TOP_MATCHES = 30
_TOP_ROWS = 40
_TOP_RENAMES = 30
_TOP_LISTED = 20
_TOP_BASES = 5


class _Section(NamedTuple):
    """Some lines, and how early they are left out where there is no room: 0 never, then 5 to 1."""

    rank: int
    lines: list[str]

    @property
    def size(self) -> int:
        return sum(len(line) + 1 for line in self.lines)


def render_markdown(document: ResultDocument) -> str:
    """The report as GitHub-flavoured Markdown, never longer than a comment may be."""
    sections = [_Section(0, list(_head(document)))]
    for evidence in document.evidence[:_TOP_KINDS]:
        sections += _kind(evidence, document)
    sections += [
        _Section(1, list(_set_aside(document))),
        _Section(1, list(_skipped(document))),
        _Section(0, list(_provenance(document))),
    ]
    return "\n".join(_fitting(sections))


def _fitting(sections: list[_Section]) -> Iterator[str]:
    """The lines of as many sections as there is room for, the more important ones first."""
    room = _MOST
    chosen: set[int] = set()
    for number, section in sorted(enumerate(sections), key=lambda each: (each[1].rank, each[0])):
        if section.rank == 0 or section.size <= room:
            chosen.add(number)
            room -= section.size
    for number, section in enumerate(sections):
        yield from section.lines if number in chosen else ()
    left_out = len(sections) - len(chosen)
    if left_out:
        yield f"{count(left_out, 'section')} left out for want of room; the HTML report has all."
        yield ""


def _head(document: ResultDocument) -> Iterator[str]:
    yield f"## codesim: {code(document.left.name)} and {code(document.right.name)}"
    yield ""
    yield f"**Overall: {document.overall.strength}.** {prose(document.overall.reason)}"
    yield ""
    yield f"_{NOT_PROOF}_"
    yield ""
    yield from table(
        ("Evidence", "Strength", "Finding"),
        (
            (code(e.kind), e.strength, prose(e.summary) or "(empty)")
            for e in document.evidence[:_TOP_KINDS]
        ),
    )


def _kind(evidence: EvidenceRecord, document: ResultDocument) -> Iterator[_Section]:
    yield _Section(2, list(_pairs(evidence, document)))
    for pair in evidence.pairs[:_TOP_DETAILS]:
        yield _Section(4, list(_matches(pair)))
    yield _Section(3, list(_renames(evidence)))
    yield from (_Section(5, list(lines)) for lines in _tables(evidence))
    yield _Section(5, list(_plots(evidence)))


def _pairs(evidence: EvidenceRecord, document: ResultDocument) -> Iterator[str]:
    if not evidence.pairs:
        return
    yield f"### Matching files, {code(evidence.kind)}"
    yield ""
    # Only code is weighed by its lines.
    yield (
        f"Most telling first. {COVERED_MEANS}" if evidence.kind == "code" else "Most telling first."
    )
    yield ""
    shown = evidence.pairs[:_TOP_PAIRS]
    yield from table(
        ("Left", "Right", "Lines matched>", "How", "Similarity>", "Left covered>",
         "Right covered>"),
        (_pair_row(pair, document) for pair in shown),
    )  # fmt: skip
    yield from _more(len(evidence.pairs), len(shown), "more pair")


def _pair_row(pair: PairRecord, document: ResultDocument) -> tuple[str, ...]:
    left, right = pair_lines(pair, document)
    return (
        code(pair.left.path),
        code(pair.right.path),
        extent(pair, left, right),
        disguise(pair),
        percent(pair.similarity),
        percent(pair.left_coverage),
        percent(pair.right_coverage),
    )


def _matches(pair: PairRecord) -> Iterator[str]:
    if not pair.matches:
        return
    rows = (
        (_where(m.left), _where(m.right), CLONE_WORDS[m.clone_type], prose(m.why))
        for m in pair.matches[:_TOP_MATCHES]
    )
    yield from details(
        f"{code(pair.left.path)} and {code(pair.right.path)}, match by match",
        [
            *table(("Left", "Right", "How", "Why"), rows),
            *_more(len(pair.matches), _TOP_MATCHES, "more match", "more matches"),
        ],
    )


def _where(fragment: FragmentRecord) -> str:
    if fragment.label == WHOLE_FILE or (fragment.start is None and not fragment.label):
        return WHOLE_FILE
    if fragment.start is None:
        return code(fragment.label)
    start, end = fragment.start, fragment.end
    lines = f"{start}" if start == end else f"{start}–{end}"
    return f"{lines} {code(fragment.label)}" if fragment.label else lines


def _renames(evidence: EvidenceRecord) -> Iterator[str]:
    if not evidence.renames:
        return
    rows = (
        (code(r.left), code(r.right), prose(r.role), f"{r.votes:,}", percent(r.consistency))
        for r in evidence.renames[:_TOP_RENAMES]
    )
    yield from details(
        f"Renamed, {code(evidence.kind)}: {count(len(evidence.renames), 'name')}",
        [
            *table(("Left", "Right", "Role", "Votes>", "Consistency>"), rows),
            *_more(len(evidence.renames), _TOP_RENAMES, "more name"),
        ],
    )


def _tables(evidence: EvidenceRecord) -> Iterator[Iterator[str]]:
    for found in evidence.tables:
        if found.rows and found.columns:
            note = [prose(found.note), ""] if found.note.strip() else []
            rows = ([cell(each) for each in row] for row in found.rows[:_TOP_ROWS])
            yield details(
                f"{prose(found.title)}, {code(evidence.kind)}: {count(len(found.rows), 'row')}",
                [
                    *note,
                    *table(map(prose, found.columns), rows),
                    *_more(len(found.rows), _TOP_ROWS, "more row"),
                ],
            )


def _plots(evidence: EvidenceRecord) -> Iterator[str]:
    """Which figures there are: they are drawn in the HTML report."""
    titles = [f"{prose(plot.title)}: {prose(plot.note)}" for plot in evidence.plots]
    return listed(f"Figures in the HTML report, {code(evidence.kind)}", titles, _TOP_LISTED)


def _more(total: int, shown: int, noun: str, plural: str | None = None) -> Iterable[str]:
    return (f"And {count(total - shown, noun, plural)}.", "") if total > shown else ()


def _set_aside(document: ResultDocument) -> Iterator[str]:
    items = [
        f"{code(each.what)}: {prose(f'{each.amount}; {each.reason}')}"
        for evidence in document.evidence
        for each in evidence.excluded
    ]
    return listed("Set aside", items, _TOP_LISTED)


def _skipped(document: ResultDocument) -> Iterator[str]:
    items = [f"{code(each.what)}: {prose(each.reason)}" for each in document.all_skipped]
    return listed("Skipped", items, _TOP_LISTED)


def _provenance(document: ResultDocument) -> Iterator[str]:
    sides = [("left", document.left), ("right", document.right)]
    sides += [("base", base) for base in document.base]
    items = [f"{label}: {_snapshot(snapshot)}" for label, snapshot in sides[: 2 + _TOP_BASES]]
    hidden = len(sides) - len(items)
    more = [f"and {count(hidden, 'more base', 'more bases')}"] if hidden else []
    written = f"compared by codesim {code(document.codesim)}"
    return listed("Provenance", [*items, *more, written], len(sides) + 2)


def _snapshot(snapshot: SnapshotRecord) -> str:
    revision = f" at {code(snapshot.revision)}" if snapshot.revision else ""
    return f"{code(snapshot.origin)}{revision}, {count(snapshot.files, 'file')}"
