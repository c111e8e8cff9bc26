"""The audit for an issue or a chat. No text of an input can become markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from codesim.report.audit.document import AuditDocument, AuditPairRecord
from codesim.report.audit.widespread import widespread
from codesim.report.markup import code, listed, prose, table
from codesim.report.words import NOT_PROOF, STRENGTHS, count, percent

# A comment on GitHub holds 65,536 characters.
_MOST = 65_000
_TOP_PAIRS, _TOP_LISTED, _TOP_NAMES = 100, 20, 8


def render_audit_markdown(document: AuditDocument) -> str:
    """The pairs as a table, then clusters, shared parts and what was not read, as far as there is
    room: GitHub-flavoured Markdown, never longer than a comment may be.
    """
    lines = list(_head(document))
    room = _MOST - sum(len(line) + 1 for line in lines)
    for section in (_pairs(document), _clusters(document), _shared(document), _unread(document)):
        for line in section:
            room -= len(line) + 1
            if room < 0:
                return "\n".join([*lines, "", "More in the HTML report.", ""])
            lines.append(line)
    return "\n".join(lines) + "\n"


def _head(document: AuditDocument) -> Iterator[str]:
    old = sum(each.old for each in document.submissions)
    new = count(len(document.submissions) - old, "submission")
    yield f"## codesim audit: {new}{f' and {old:,} of earlier years' if old else ''}"
    yield ""
    amounts = Counter(pair.strength for pair in document.pairs)
    found = ", ".join(f"{amounts[word]:,} {word}" for word in reversed(STRENGTHS) if amounts[word])
    compared = count(document.compared, "pair")
    yield f"{compared} compared closely. **Listed: {found or 'none'}.**"
    yield ""
    yield f"_{NOT_PROOF}_"
    yield ""
    if document.base:
        bases = ", ".join(code(each.origin or each.name) for each in document.base[:_TOP_NAMES])
        more = len(document.base) - _TOP_NAMES
        yield f"Set aside as base: {bases}{f' and {more:,} more' if more > 0 else ''}."
        yield ""


def _pairs(document: AuditDocument) -> Iterator[str]:
    if not document.pairs:
        return
    yield "### Pairs"
    yield ""
    yield from table(
        ("Left", "Right", "Strength", "Of left>", "Of right>", "Strongest evidence"),
        map(_row, document.pairs[:_TOP_PAIRS]),
    )
    if len(document.pairs) > _TOP_PAIRS:
        yield f"And {count(len(document.pairs) - _TOP_PAIRS, 'more pair')}."
        yield ""


def _row(pair: AuditPairRecord) -> tuple[str, ...]:
    shares = ("" if s is None else percent(s) for s in (pair.left_coverage, pair.right_coverage))
    return code(pair.left), code(pair.right), pair.strength, *shares, prose(pair.reason)


def _clusters(document: AuditDocument) -> Iterator[str]:
    items = []
    for each in document.clusters:
        more = len(each.members) - _TOP_NAMES
        names = ", ".join(map(code, each.members[:_TOP_NAMES]))
        first = f"; {code(each.earliest)} was handed in first" if each.earliest else ""
        items.append(f"{names}{f' and {more:,} more' if more > 0 else ''}{first}")
    return listed("Clusters", items, _TOP_LISTED)


def _shared(document: AuditDocument) -> Iterator[str]:
    items = [
        f"{code(each.label)} ({code(each.kind)}): the same in {count(each.members, 'submission')}"
        for each in document.shared[: _TOP_LISTED + 1]
    ]
    yield from listed("Shared by several", items, _TOP_LISTED)
    told = widespread(document)
    if told:
        yield told
        yield ""


def _unread(document: AuditDocument) -> Iterator[str]:
    items = [
        f"{code(each.name)}: {prose(each.reason) or count(each.unread_files, 'file')}"
        for each in document.submissions
        if each.state != "read"
    ]
    items += [f"{code(each.what)}: {prose(each.reason)}" for each in document.skipped]
    return listed("Not read, or in part", items, _TOP_LISTED)
