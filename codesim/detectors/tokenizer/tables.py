"""The tables of a report: tokens row by row, figures, and tokens that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codesim.detectors.tokenizer.finding import Finding
from codesim.detectors.tokenizer.profile import Special
from codesim.detectors.tokenizer.tokens import BASE, COMMON, TokenRow
from codesim.detectors.tokenizer.vocabularies import MergeFinding, VocabularyFinding
from codesim.model import Table
from codesim.text import display

# More rows than anybody reads; the figures count all of them.
_MOST_ROWS = 300


def tables(found: Sequence[Finding]) -> tuple[Table, ...]:
    """The tables of the most telling pair of tokenizers."""
    if not found:
        return ()
    best = found[0]
    return tuple(table for table in (_tokens(best), _baggage(best), _respects(best)) if table.rows)


def shown(text: str) -> str:
    """A token as a report shows it."""
    if text and not text.strip():
        name = "spaces" if set(text) == {" "} else "white space"
        return f"{len(text)} x {name}"
    return display(text)


def _tokens(finding: Finding) -> Table:
    """Tokens beyond public tokenizers and base."""
    rows = [row for row in finding.rows if row.state not in {COMMON, BASE}]
    note = f"the first {_MOST_ROWS} of {len(rows):,}" if len(rows) > _MOST_ROWS else ""
    return Table(
        title="added and special tokens",
        columns=("token", "left id", "right id", "flags", "state", "name known from"),
        rows=tuple(_token(row) for row in rows[:_MOST_ROWS]),
        note=note,
    )


def _token(row: TokenRow) -> tuple[str, ...]:
    texts = dict.fromkeys(shown(each.text) for each in (row.left, row.right) if each)
    return (
        " / ".join(texts),
        _number(row.left),
        _number(row.right),
        _flags(row),
        row.state,
        row.source,
    )


def _number(special: Special | None) -> str:
    return "" if special is None else "no id" if special.id is None else str(special.id)


def _flags(row: TokenRow) -> str:
    flags = [", ".join(each.flags) for each in (row.left, row.right) if each and each.flags]
    return " / ".join(dict.fromkeys(flags))


def _baggage(finding: Finding) -> Table:
    """Shared tokens that the code and text of a side never mention."""
    rows = []
    for row in finding.shared:
        one = row.left or row.right
        if one is None:
            continue
        unused = (one.text in finding.left.unused, one.text in finding.right.unused)
        if any(unused):
            marks = ["never used" if each else "used" for each in unused]
            rows.append((shown(one.text), *marks))
    return Table(
        title="unused baggage",
        columns=("token", "left", "right"),
        rows=tuple(rows[:_MOST_ROWS]),
        note="shared tokens that no code or text of a side mentions outside its tokenizer",
    )


def _respects(finding: Finding) -> Table:
    """Everything else in which two tokenizers can agree."""
    return Table(
        title="tokenizers",
        columns=("what", "left", "right", "state"),
        rows=tuple(_rows(finding)),
    )


def _rows(finding: Finding) -> Iterator[tuple[str, str, str, str]]:
    names = [origin.name or "not recognised" for origin in finding.origins]
    yield "public tokenizer", names[0], names[1], "same" if names[0] == names[1] else "changed"
    if finding.vocabulary:
        yield from _vocabulary(finding.vocabulary)
    if finding.merges:
        yield from _merges(finding.merges)
    if finding.template:
        lengths = [
            f"{len(each.reading.template):,} characters" for each in (finding.left, finding.right)
        ]
        yield "chat template", lengths[0], lengths[1], finding.template
    yield from _parts(finding)


def _vocabulary(found: VocabularyFinding) -> Iterator[tuple[str, str, str, str]]:
    left, right = found.sizes
    whole = found.same_id == left == right
    yield "vocabulary", f"{left:,} tokens", f"{right:,} tokens", "same" if whole else "changed"
    yield "shared tokens", _part(found.shared, left), _part(found.shared, right), ""
    same = _part(found.same_id, found.shared)
    yield "same id, of the shared", same, same, ""
    yield "equal from the first id on", f"{found.prefix:,}", f"{found.prefix:,}", ""


def _merges(found: MergeFinding) -> Iterator[tuple[str, str, str, str]]:
    left, right = found.sizes
    whole = found.prefix == left == right
    yield "merges", f"{left:,}", f"{right:,}", "same" if whole else "changed"
    yield "equal from the first merge on", f"{found.prefix:,}", f"{found.prefix:,}", ""
    yield "order of shared merges (Kendall tau)", f"{found.tau:.3f}", f"{found.tau:.3f}", ""


def _part(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.0%})" if whole else "0"


def _parts(finding: Finding) -> Iterator[tuple[str, str, str, str]]:
    """Normaliser, pre-tokeniser, decoder and the like, and what each role is filled with."""
    ours, theirs = finding.left.reading, finding.right.reading
    for kind in ("parts", "roles"):
        one, two = dict(getattr(ours, kind)), dict(getattr(theirs, kind))
        for name in sorted({*one, *two}):
            left, right = one.get(name, ""), two.get(name, "")
            state = "only right" if not left else "only left" if not right else "changed"
            yield name, _short(left), _short(right), "same" if left == right else state


def _short(text: str) -> str:
    return display(text if len(text) <= 60 else text[:57] + "...")
