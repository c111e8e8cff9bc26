"""The report for an issue or a pull-request comment. No text of an input can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codesim.report.document import (
    EvidenceRecord,
    FragmentRecord,
    PairRecord,
    ResultDocument,
    SnapshotRecord,
)
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
from codesim.text import display

# A comment on GitHub holds 65,536 characters.
_TOP_PAIRS = 20
_TOP_DETAILS = 3
_TOP_MATCHES = 30
_TOP_ROWS = 40
_TOP_RENAMES = 30
_TOP_LISTED = 20
_LONGEST = 400

# Words of letters and numbers with the punctuation of a sentence. Everything else (names with
# underscores, paths, addresses, @mentions, #references, markup) is shown as code, where neither
# CommonMark nor GitHub reads anything into it. A word of hexadecimal digits may name a commit.
_PLAIN = re.compile(
    r"(?![0-9a-fA-F]{7})\(?(?:[^\W\d_]+(?:['’-][^\W\d_]+)*|\d{1,6}(?:[.,]\d{1,6})*|[%=~–—]|->)[.,;:)?]*"
)


def render_markdown(document: ResultDocument) -> str:
    """The whole report as GitHub-flavoured Markdown."""
    lines = [
        f"## codesim: {code(document.left.name)} and {code(document.right.name)}",
        "",
        f"**Overall: {document.overall.strength}.** {prose(document.overall.reason)}",
        "",
        *_evidence_table(document),
    ]
    for evidence in document.evidence:
        lines += [*_pairs(evidence, document), *_renames(evidence), *_tables(evidence)]
        lines += _plots(evidence)
    lines += [*_set_aside(document), *_skipped(document), *_provenance(document)]
    return "\n".join([*lines, f"_{NOT_PROOF}_", ""])


def code(text: str) -> str:
    """A code span that holds exactly ``display(text)``, safe in a table cell too."""
    shown = display(text[:_LONGEST]) + ("…" if len(text) > _LONGEST else "")
    # A pipe ends a table cell even in a code span, and readers disagree about escaped ones.
    shown = shown.replace("|", "\\x7c")
    if not shown.strip():
        return f"` {shown} `" if shown else "(empty)"
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    blank = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def prose(text: str) -> str:
    """A sentence: plain words as they are, everything else as code."""
    return " ".join(
        word if _PLAIN.fullmatch(word) else _code_word(word) for word in display(text).split()
    )


def _code_word(word: str) -> str:
    name = word.rstrip(".,;:")
    return code(name) + word[len(name) :] if name else code(word)


def _table(head: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = head.split("|")
    yield f"| {' | '.join(column.strip(' >') for column in columns)} |"
    # A column named with ``>`` holds figures and stands to the right.
    yield f"|{'|'.join('---:' if column.endswith('>') else '---' for column in columns)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _evidence_table(document: ResultDocument) -> Iterator[str]:
    return _table(
        "Evidence|Strength|Finding",
        ((code(e.kind), e.strength, prose(e.summary)) for e in document.evidence),
    )


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
    yield from _table(
        "Left|Right|Lines matched>|How|Similarity>|Left covered>|Right covered>",
        (_pair_row(pair, document) for pair in shown),
    )
    if len(evidence.pairs) > len(shown):
        yield f"And {count(len(evidence.pairs) - len(shown), 'more pair')}."
        yield ""
    for pair in shown[:_TOP_DETAILS]:
        yield from _matches(pair)


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
    yield "<details><summary>"
    yield ""
    yield f"{code(pair.left.path)} and {code(pair.right.path)}, match by match"
    yield ""
    yield "</summary>"
    yield ""
    yield from _table(
        "Left|Right|How|Why",
        (
            (_where(m.left), _where(m.right), CLONE_WORDS[m.clone_type], prose(m.why))
            for m in pair.matches[:_TOP_MATCHES]
        ),
    )
    if len(pair.matches) > _TOP_MATCHES:
        yield f"And {count(len(pair.matches) - _TOP_MATCHES, 'more match', 'more matches')}."
        yield ""
    yield "</details>"
    yield ""


def _where(fragment: FragmentRecord) -> str:
    if fragment.label == WHOLE_FILE or (fragment.start is None and not fragment.label):
        return WHOLE_FILE
    if fragment.start is None:
        return code(fragment.label)
    lines = f"{fragment.start}–{fragment.end}"
    return f"{lines} {code(fragment.label)}" if fragment.label else lines


def _renames(evidence: EvidenceRecord) -> Iterator[str]:
    if not evidence.renames:
        return
    yield f"### Renamed, {code(evidence.kind)}"
    yield ""
    yield from _table(
        "Left|Right|Role|Votes>|Consistency>",
        (
            (code(r.left), code(r.right), prose(r.role), f"{r.votes:,}", percent(r.consistency))
            for r in evidence.renames[:_TOP_RENAMES]
        ),
    )
    if len(evidence.renames) > _TOP_RENAMES:
        yield f"And {count(len(evidence.renames) - _TOP_RENAMES, 'more name')}."
        yield ""


def _tables(evidence: EvidenceRecord) -> Iterator[str]:
    for table in evidence.tables:
        if not table.rows:
            continue
        yield f"### {prose(table.title)}, {code(evidence.kind)}"
        yield ""
        if table.note:
            yield prose(table.note)
            yield ""
        yield from _table(
            "|".join(column.replace("|", "/") for column in table.columns),
            ([code(cell) for cell in row] for row in table.rows[:_TOP_ROWS]),
        )
        if len(table.rows) > _TOP_ROWS:
            yield f"And {count(len(table.rows) - _TOP_ROWS, 'more row')}."
            yield ""


def _plots(evidence: EvidenceRecord) -> Iterator[str]:
    """Which figures there are: they are drawn in the HTML report."""
    titles = [f"{prose(plot.title)}: {prose(plot.note)}" for plot in evidence.plots]
    return _listed(f"Figures in the HTML report, {code(evidence.kind)}", titles)


def _set_aside(document: ResultDocument) -> Iterator[str]:
    excluded = [each for evidence in document.evidence for each in evidence.excluded]
    return _listed(
        "Set aside",
        [f"{code(each.what)}: {prose(f'{each.amount}; {each.reason}')}" for each in excluded],
    )


def _skipped(document: ResultDocument) -> Iterator[str]:
    return _listed(
        "Skipped", [f"{code(each.what)}: {prose(each.reason)}" for each in document.all_skipped]
    )


def _listed(title: str, items: list[str]) -> Iterator[str]:
    if not items:
        return
    yield f"### {title}"
    yield ""
    yield from (f"- {item}" for item in items[:_TOP_LISTED])
    if len(items) > _TOP_LISTED:
        yield f"- and {len(items) - _TOP_LISTED:,} more"
    yield ""


def _provenance(document: ResultDocument) -> Iterator[str]:
    sides = [("left", document.left), ("right", document.right)]
    sides += [("base", base) for base in document.base]
    yield "### Provenance"
    yield ""
    for label, snapshot in sides:
        yield f"- {label}: {_snapshot(snapshot)}"
    yield f"- compared by codesim {code(document.codesim)}"
    yield ""


def _snapshot(snapshot: SnapshotRecord) -> str:
    revision = f" at {code(snapshot.revision)}" if snapshot.revision else ""
    return f"{code(snapshot.origin)}{revision}, {count(snapshot.files, 'file')}"
