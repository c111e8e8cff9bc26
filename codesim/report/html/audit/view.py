"""What the page of an audit shows: the document with its derived figures, anchors and links."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codesim.report.audit.document import (
    AuditDocument,
    AuditPairRecord,
    KindRecord,
    SharedRecord,
    SubmissionRecord,
)
from codesim.report.audit.widespread import widespread
from codesim.report.html.audit.pictures import Scores, cohort_map, scores
from codesim.report.html.charts import HeatMap
from codesim.report.html.firstscreen import Step
from codesim.report.html.page import parameter_rows
from codesim.report.words import STRENGTHS, count

# Rows that a browser sorts and filters at once; the table for spreadsheets has every pair.
MOST_PAIRS = 3_000
# The only links that leave the page: pages of the same report, by a name that we gave.
_PAGE = re.compile(r"pairs/[0-9]{4}\.html")


@dataclass(frozen=True, slots=True)
class PairView:
    """One listed pair; ``number`` makes its anchor, ``href`` is its page or empty."""

    number: int
    record: AuditPairRecord
    strongest: KindRecord | None
    others: Sequence[KindRecord]
    score: float | None
    href: str

    @property
    def reason(self) -> str:
        """The finding without the name of its kind, which stands beside it."""
        kind = self.strongest
        return self.record.reason.removeprefix(f"{kind.kind}: " if kind else "")

    @property
    def kinds(self) -> list[str]:
        """Kinds that found something."""
        return [kind.kind for kind in self.record.kinds if kind.strength != "none"]

    @property
    def rank(self) -> int:
        return STRENGTHS.index(self.record.strength)

    def other(self, name: str) -> str:
        """The one that is compared with ``name``."""
        return self.record.right if self.record.left == name else self.record.left

    def covered(self, name: str) -> tuple[float, float] | None:
        """Shares of the code of ``name`` that is in the other, and the other way."""
        shares = (self.record.left_coverage or 0.0, self.record.right_coverage or 0.0)
        if not any(shares):
            return None
        return shares if self.record.left == name else (shares[1], shares[0])


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """One submission; ``number`` makes its anchor, ``read`` is the share of files read whole."""

    number: int
    record: SubmissionRecord
    read: float | None
    pairs: Sequence[PairView]
    shared: Sequence[SharedRecord]

    @property
    def rank(self) -> int:
        return STRENGTHS.index(self.record.strength)


@dataclass(frozen=True, slots=True)
class Page:
    """``anchors`` are numbers of submissions by name, ``columns`` the kinds that found anything."""

    pairs: Sequence[PairView]
    more_pairs: int
    submissions: Sequence[SubmissionView]
    anchors: Mapping[str, int]
    kinds: Sequence[str]
    counts: Sequence[Step]
    scores: Scores | None
    heat: HeatMap | None
    more_in_heat: int
    parameters: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    widespread: str

    @property
    def new(self) -> list[SubmissionView]:
        return [each for each in self.submissions if not each.record.old]

    @property
    def read(self) -> list[SubmissionView]:
        """The new ones that could be compared."""
        return [each for each in self.new if each.record.state != "unreadable"]

    @property
    def unread(self) -> list[SubmissionView]:
        """Those that could not be read as a whole, the unreadable first."""
        found = [each for each in self.submissions if each.record.state != "read"]
        return sorted(found, key=lambda each: each.record.state != "unreadable")

    @property
    def base_lines(self) -> int:
        return sum(each.record.base_lines for each in self.submissions)

    @property
    def has_times(self) -> bool:
        return any(each.record.time for each in self.submissions)

    @property
    def has_teams(self) -> bool:
        return any(each.record.team for each in self.submissions)


def view_of(document: AuditDocument, linked: bool = True) -> Page:
    """Everything the page shows, in the order of the document."""
    figures = scores(document)
    kind = figures.kind if figures else ""
    pairs = [
        _pair(number, record, kind, linked)
        for number, record in enumerate(document.pairs[:MOST_PAIRS], 1)
    ]
    anchors = {each.name: number for number, each in enumerate(document.submissions, 1)}
    heat, more = cohort_map(document, MOST_PAIRS)
    found = Counter(name for pair in pairs for name in pair.kinds)
    return Page(
        pairs=pairs,
        more_pairs=len(document.pairs) - len(pairs),
        submissions=list(_submissions(document, pairs)),
        anchors=anchors,
        kinds=sorted(found, key=lambda name: (-found[name], name)),
        counts=_counts(document),
        scores=figures,
        heat=heat,
        more_in_heat=more,
        parameters=parameter_rows(document.parameters),
        widespread=widespread(document),
    )


def _pair(number: int, record: AuditPairRecord, kind: str, linked: bool) -> PairView:
    top = [each for each in record.kinds if each.strength == record.strength != "none"]
    named = [each for each in top if record.reason.startswith(f"{each.kind}: ")]
    strongest = next(iter(named or top), None)
    # What the cohort lowered to nothing is told too, with why.
    told = [each for each in record.kinds if each.strength != "none" or each.note]
    others = [each for each in told if each is not strongest]
    others.sort(key=lambda each: -STRENGTHS.index(each.strength))
    score = next((each.score for each in record.kinds if each.kind == kind), None)
    href = record.page if linked and _PAGE.fullmatch(record.page) else ""
    return PairView(number, record, strongest, others, score, href)


def _submissions(document: AuditDocument, pairs: Sequence[PairView]) -> Iterator[SubmissionView]:
    own: dict[str, list[PairView]] = defaultdict(list)
    for pair in pairs:
        for name in dict.fromkeys((pair.record.left, pair.record.right)):
            own[name].append(pair)
    parts: dict[str, list[SharedRecord]] = defaultdict(list)
    for part in document.shared:
        for name in dict.fromkeys(holder.name for holder in part.holders):
            parts[name].append(part)
    for number, each in enumerate(document.submissions, 1):
        read = max(0.0, 1 - each.unread_files / each.files) if each.files else None
        yield SubmissionView(number, each, read, own[each.name], parts[each.name])


def _counts(document: AuditDocument) -> list[Step]:
    """The scale of strengths with the number of listed pairs at each."""
    amounts = Counter(pair.strength for pair in document.pairs)
    reached = STRENGTHS.index(document.strength)
    return [
        Step(word, count(amounts[word], "pair"), n == reached, 0 < n <= reached)
        for n, word in enumerate(STRENGTHS)
        if n or amounts[word]
    ]
