"""The terminal summary of an audit: a pure function of the document, the width and the colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from codesim.report.audit.document import AuditDocument, AuditPairRecord, KindRecord
from codesim.report.audit.widespread import widespread
from codesim.report.columns import cells, pad, shorten, wrap
from codesim.report.terminal import Page, joined
from codesim.report.words import NOT_PROOF, STRENGTHS, count, percent
from codesim.text import display

_TOP_CLUSTERS, _TOP_SHARED, _TOP_SKIPPED = 5, 4, 6
_NAMES = 6
_TITLE = "Strongest pairs"


def render_audit_text(
    document: AuditDocument, width: int = 80, color: bool = False, top: int = 10
) -> str:
    """The summary with at most ``top`` pairs, in lines of at most ``width`` cells (40 to 140)."""
    page = Page.of(width, color)
    return joined((
        _counts(document, page),
        _pairs(document, page, top),
        _clusters(document, page),
        _shared(document, page),
        _unreadable(document, page),
        iter(wrap(NOT_PROOF, page.width)),
    ))  # fmt: skip


def _counts(document: AuditDocument, page: Page) -> Iterator[str]:
    old = sum(each.old for each in document.submissions)
    told = count(len(document.submissions) - old, "submission")
    told += f" and {old:,} of the archive" if old else ""
    yield from page.labelled("Compared", wrap(told, page.width - page.label))
    if document.base:
        names = ", ".join(display(each.origin or each.name) for each in document.base)
        yield from page.labelled("Base", wrap(names, page.width - page.label))
    pairs = (
        f"{count(document.candidates, 'candidate pair')}, and a sample of "
        f"{document.compared - document.candidates:,} that nothing connects, compared in full"
    )
    yield from page.labelled("Pairs", wrap(pairs, page.width - page.label))
    steps = Counter(pair.strength for pair in document.pairs)
    found = [f"{steps[word]:,} {word}" for word in reversed(STRENGTHS) if steps[word]]
    yield from page.labelled("Found", wrap(", ".join(found) or "nothing", page.width - page.label))


def _pairs(document: AuditDocument, page: Page, top: int) -> Iterator[str]:
    shown = document.pairs[:top]
    if not shown:
        return
    names = [(display(pair.left), display(pair.right)) for pair in shown]
    most = max(8, (page.width - 40) // 2)
    left, right = (min(most, max(cells(each[side]) for each in names)) for side in (0, 1))
    wide = max(left + 3 + right, cells(_TITLE)) + 2
    head = f"{pad(_TITLE, wide)}{'strength':<13}{'of left':>8}{'of right':>10}"
    yield page.styled(head, "faint")
    for (one, two), pair in zip(names, shown, strict=True):
        word = pair.strength.upper() if "strong" in pair.strength else pair.strength
        shares = "".join(
            f"{'' if share is None else percent(share):>{width}}"
            for share, width in ((pair.left_coverage, 8), (pair.right_coverage, 10))
        )
        yield (
            f"{pad(f'{pad(shorten(one, left), left)} ~ {shorten(two, right)}', wide)}"
            f"{page.styled(pad(word, 13), pair.strength)}{shares}"
        )
        yield from (f"    {line}" for line in wrap(_reason(pair), page.width - 4)[:2])
    if len(document.pairs) > len(shown):
        yield page.styled(f"and {count(len(document.pairs) - len(shown), 'more pair')}", "faint")


def _reason(pair: AuditPairRecord) -> str:
    """The strongest kind, and which others agree with it."""
    telling = [kind for kind in pair.kinds if kind.strength != "none"]
    others = [f"{kind.kind} {kind.strength}" for kind in telling if not _sets(kind, pair)]
    return display(pair.reason) + (f"; also {', '.join(others)}" if others else "")


def _sets(kind: KindRecord, pair: AuditPairRecord) -> bool:
    return pair.reason.startswith(f"{kind.kind}: ")


def _clusters(document: AuditDocument, page: Page) -> Iterator[str]:
    lines: list[str] = []
    for each in document.clusters[:_TOP_CLUSTERS]:
        first = f"; {display(each.earliest)} was handed in first" if each.earliest else ""
        told = f"{_names(each.members)}{first}"
        lines += wrap(told, page.width - page.label)
    if len(document.clusters) > _TOP_CLUSTERS:
        lines.append(page.styled(f"and {len(document.clusters) - _TOP_CLUSTERS:,} more", "faint"))
    return page.labelled("Clusters", lines)


def _shared(document: AuditDocument, page: Page) -> Iterator[str]:
    lines: list[str] = []
    for each in document.shared[:_TOP_SHARED]:
        told = f"{display(each.label)} ({each.kind}): the same in {each.members:,} submissions"
        lines += wrap(told, page.width - page.label)
    if len(document.shared) > _TOP_SHARED:
        lines.append(page.styled(f"and {len(document.shared) - _TOP_SHARED:,} more", "faint"))
    lines += wrap(widespread(document), page.width - page.label)
    return page.labelled("Shared", lines)


def _unreadable(document: AuditDocument, page: Page) -> Iterator[str]:
    told = [
        (each.name, f"unreadable: {each.reason}")
        for each in document.submissions
        if each.state == "unreadable"
    ]
    told += [
        (each.name, f"{count(each.unread_files, 'file')} not read, or in part")
        for each in document.submissions
        if each.state == "in part"
    ]
    told += [(each.what, each.reason) for each in document.skipped]
    lines: list[str] = []
    for what, reason in told[:_TOP_SKIPPED]:
        lines += wrap(f"{display(what)}: {display(reason)}", page.width - page.label)
    if len(told) > _TOP_SKIPPED:
        lines.append(
            page.styled(f"and {len(told) - _TOP_SKIPPED:,} more; audit.json names each", "faint")
        )
    return page.labelled("Skipped", lines)


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(map(display, names[:_NAMES]))
    return shown + (f" and {len(names) - _NAMES:,} more" if len(names) > _NAMES else "")
