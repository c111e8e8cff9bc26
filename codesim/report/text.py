"""The terminal summary: a pure function of the result document, the width and the colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codesim.report.columns import cells, pad, shorten, wrap
from codesim.report.document import (
    EvidenceRecord,
    PairRecord,
    RenameRecord,
    ResultDocument,
    SnapshotRecord,
)
from codesim.report.spans import pair_lines
from codesim.report.terminal import LABEL, Page, joined
from codesim.report.words import MOST_TELLING, NOT_PROOF, count, disguise, percent
from codesim.text import display

_KIND = LABEL
_STRENGTH = 13
_LINES = "lines left/right"
# Of the kinds after the first one that has pairs.
_TOP_FURTHER = 3
_TOP_RENAMES = 6
_TOP_EXCLUDED = 4
_TOP_SKIPPED = 3


def render_text(
    document: ResultDocument, width: int = 80, color: bool = False, top: int = 10
) -> str:
    """The summary with at most ``top`` pairs, in lines of at most ``width`` cells (40 to 140)."""
    page = Page.of(width, color)
    blocks = (
        _snapshots(document, page),
        _kinds(document, page),
        _pairs(document, page, top),
        _renames(document, page),
        _set_aside(document, page),
        _skipped(document, page),
        iter(wrap(NOT_PROOF, page.width)),
    )
    return joined(blocks)


def _snapshots(document: ResultDocument, page: Page) -> Iterator[str]:
    sides = [("left", document.left), ("right", document.right)]
    sides += [("base", base) for base in document.base]
    titles = [_title(snapshot) for _, snapshot in sides]
    if page.narrow and max(map(cells, titles)) > page.width - page.label - 14:
        for (label, snapshot), title in zip(sides, titles, strict=True):
            lines = wrap(shorten(title, 2 * (page.width - page.label)), page.width - page.label)
            yield from page.labelled(label, [*lines, count(snapshot.files, "file")])
        return
    room = page.width - page.label - 14
    column = min(max(map(cells, titles)), room)
    amounts = [count(snapshot.files, "file") for _, snapshot in sides]
    last = max(map(len, amounts))
    for (label, snapshot), title, amount in zip(sides, titles, amounts, strict=True):
        line = f"{pad(shorten(title, column), column)}   {pad(amount, last)}"
        origin = display(snapshot.origin)
        if cells(line) + cells(origin) + 3 + page.label <= page.width and origin != snapshot.name:
            line = f"{line}   {page.styled(origin, 'faint')}"
        yield from page.labelled(label, [line])


def _title(snapshot: SnapshotRecord) -> str:
    revision = f" @ {display(snapshot.revision[:12])}" if snapshot.revision else ""
    return display(snapshot.name) + revision


def _kinds(document: ResultDocument, page: Page) -> Iterator[str]:
    if not document.evidence:
        yield "Nothing was compared."
    for evidence in document.evidence:
        kind = pad(shorten(display(evidence.kind), _KIND - 2), _KIND)
        loud = evidence.strength in ("strong", "very strong")
        word = evidence.strength.upper() if loud else evidence.strength
        strength = word if page.narrow else pad(word, _STRENGTH)
        head = page.styled(kind, "bold") + page.styled(strength, evidence.strength)
        indent = page.label if page.narrow else _KIND + _STRENGTH
        lines = wrap(display(evidence.summary), page.width - indent) or [""]
        if page.narrow:
            yield head
        else:
            yield head + lines.pop(0)
        yield from (" " * indent + line for line in lines)


def _pairs(document: ResultDocument, page: Page, top: int) -> Iterator[str]:
    first = True
    telling = [e for e in document.evidence if e.strength != "none"]
    for evidence in telling or document.evidence:
        shown = evidence.pairs[: top if first else min(top, _TOP_FURTHER)]
        if not shown:
            continue
        if not first:
            yield ""
        first = False
        paths = [_paths(pair) for pair in shown]
        tails = [_tail(pair, document) for pair in shown]
        heading = (
            f"alike  {_LINES}"
            if any(sum(pair_lines(pair, document)) for pair in shown)
            else "alike"
        )
        room = page.width - 4 - max(map(cells, (*tails, heading)))
        yield from _table(page, paths, tails, (_titles(evidence), heading), room)
        hidden = len(evidence.pairs) - len(shown)
        if hidden:
            kind = display(evidence.kind)
            yield page.styled(f"and {count(hidden, f'more {kind} pair')}", "faint")


def _table(
    page: Page,
    paths: list[tuple[str, str]],
    tails: list[str],
    headings: tuple[Sequence[str], str],
    room: int,
) -> Iterator[str]:
    """A line for each pair; on a narrow page three, so that names are not cut."""
    titles, heading = headings
    if page.narrow and max(cells(left) + cells(right) for left, right in paths) > room:
        yield page.styled(titles[0], "faint")
        yield page.styled(heading, "faint")
        for (left, right), tail in zip(paths, tails, strict=True):
            yield shorten(tail, page.width)
            yield f"    {shorten(left, page.width - 4)}"
            yield f"  ~ {shorten(right, page.width - 4)}"
        return
    first, second = _two_columns(paths, room)
    title = next(each for each in (*titles, "") if len(each) <= first + second + 3)
    yield page.styled(f"{pad(title, first + second + 3)} {heading}", "faint")
    for (left, right), tail in zip(paths, tails, strict=True):
        yield f"{pad(shorten(left, first), first)} ~ {pad(shorten(right, second), second)} {tail}"


def _titles(evidence: EvidenceRecord) -> tuple[str, ...]:
    """Headings for the pairs of a kind, the fullest first."""
    kind = shorten(display(evidence.kind), _KIND - 2)
    return (MOST_TELLING, "Files") if kind == "code" else (f"Matching files, {kind}", kind)


def _paths(pair: PairRecord) -> tuple[str, str]:
    return display(pair.left.path), display(pair.right.path)


def _two_columns(rows: list[tuple[str, str]], room: int) -> tuple[int, int]:
    """Widths for two columns of paths: what each needs, else half, else what the other leaves."""
    left = max(cells(row[0]) for row in rows)
    right = max(cells(row[1]) for row in rows)
    if left + right <= room:
        return left, right
    half = room // 2
    if left <= half:
        return left, room - left
    if right <= half:
        return room - right, right
    return half, room - half


def _tail(pair: PairRecord, document: ResultDocument) -> str:
    left, right = pair_lines(pair, document)
    lines = count(left, "line") if left == right else f"{left:,}/{right:,} lines"
    notes = [lines] if left or right else []
    notes += [word for word in [disguise(pair)] if word]
    return f"{percent(pair.similarity):>5}  {', '.join(notes)}"


def _renames(document: ResultDocument, page: Page) -> Iterator[str]:
    lines: list[str] = []
    hidden = 0
    most = _TOP_RENAMES
    telling = [e for e in document.evidence if e.strength != "none"]
    for renames in filter(None, (evidence.renames for evidence in telling)):
        for rename in renames[:most]:
            lines += _rename(rename, page.width - page.label)
        hidden += max(0, len(renames) - most)
        most = _TOP_FURTHER
    if hidden:
        lines.append(page.styled(f"and {hidden:,} more", "faint"))
    yield from page.labelled("Renames", lines)


def _rename(rename: RenameRecord, room: int) -> Iterator[str]:
    role = shorten(f"  ({display(rename.role)}{_often(rename)})" if rename.role else "", 22)
    left, right = display(rename.left), display(rename.right)
    whole = f"{left} -> {right}{role}"
    if cells(whole) <= room:
        yield whole
        return
    yield shorten(left, room)
    yield f"  -> {shorten(right, room - 5 - cells(role))}{role}"


def _often(rename: RenameRecord) -> str:
    """Marks a name that stands for several others too."""
    if rename.consistency == 1:
        return ""
    return ", mostly" if rename.consistency >= 0.5 else ", partly"


def _set_aside(document: ResultDocument, page: Page) -> Iterator[str]:
    excluded = [each for evidence in document.evidence for each in evidence.excluded]
    items = [
        display(f"{each.what} ({each.amount})" if each.amount else each.what)
        for each in excluded[:_TOP_EXCLUDED]
    ]
    if len(excluded) > _TOP_EXCLUDED:
        items.append(f"and {len(excluded) - _TOP_EXCLUDED:,} more")
    return page.labelled("Set aside", wrap("; ".join(items), page.width - page.label))


def _skipped(document: ResultDocument, page: Page) -> Iterator[str]:
    skipped = document.all_skipped
    room = page.width - page.label
    lines: list[str] = []
    for each in skipped[:_TOP_SKIPPED]:
        lines += wrap(f"{shorten(display(each.what), room)}: {display(each.reason)}", room)
    if len(skipped) > _TOP_SKIPPED:
        more = f"and {len(skipped) - _TOP_SKIPPED:,} more; --html and --json name each"
        lines += [page.styled(line, "faint") for line in wrap(more, room)]
    return page.labelled("Skipped", lines)
