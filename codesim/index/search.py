"""Which of many repositories does this one come from? Candidates by what they share, then matches.

Candidates come from one join of fingerprints. What many repositories of the index have, or many
public projects, weighs little (an inverse document frequency: Spärck Jones, 1972). The best few are
then compared from what the index keeps of them.

Who searches N repositories has N chances to meet a coincidence. So an answer needs more than a pair
that somebody named: each strength promises of the best of N unrelated repositories what it promises
of one pair (``Steps.among``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from codesim.detectors.code import CodeDetector
from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.files import FilesDetector
from codesim.detectors.files.identity import FilesProfile
from codesim.index.content import (
    CODE,
    KINDS,
    Fingerprints,
    Kept,
    Repository,
    code_profile,
    digest_of,
    fingerprints_of,
    kept_of,
    unpacked_profiles,
)  # fmt: skip
from codesim.index.keeping import checksum
from codesim.index.store import Database, reading
from codesim.model import Evidence, Snapshot, Strength

# A fingerprint in so many repositories, or in this share of all, leads to none of them.
_FEW, _SHARE = 20, 0.05
# Fewer shared fingerprints of code, or less information in them, never reach weak in a comparison.
_LEAST_SHARED, _LEAST_BITS = 3, 20.0


@dataclass(frozen=True, slots=True)
class Shared:
    """What the query shares with a repository in one kind of fingerprint.

    ``bits`` is the information of what is shared, less where more of the index has it; it ranks
    the answers. ``of_query`` and ``of_repository`` are the shared part of either side, 0..1.
    """

    kind: str
    count: int
    bits: float
    of_query: float
    of_repository: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A repository of the index that shares something with the query, and what comparing the two
    found: ``evidence`` has the query on the left and the repository on the right. Where nothing was
    compared, ``note`` says why.
    """

    repository: Repository
    shared: tuple[Shared, ...]
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    identical: bool = False

    @property
    def strength(self) -> Strength | None:
        """The strongest kind of evidence; None where nothing was compared."""
        return max((each.strength for each in self.evidence), default=None)

    @property
    def bits(self) -> float:
        """The information in all that is shared."""
        return sum(each.bits for each in self.shared)


@dataclass(frozen=True, slots=True)
class Search:
    """The answers to one question, the best first; ``among`` repositories were looked at."""

    query: Snapshot
    among: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate before it is compared."""

    answer: Answer
    kept: bytes
    digest: str


def search(path: Path, snapshot: Snapshot, top: int = 10) -> Search:
    """The ``top`` repositories of the index that most likely gave to ``snapshot``, or took from it.

    Raises CodesimError for an index that cannot be used.
    """
    kept = kept_of(snapshot)
    code = code_profile(kept, snapshot.name)
    with reading(path) as database:
        among = int(database.run("SELECT count(*) FROM kept.main.repositories")[0][0])
        found = _candidates(database, fingerprints_of(code, kept.files), among, top)
    same = digest_of(kept)
    answers = [_compared(each, code, kept.files, among) for each in found]
    answers = [replace(each, identical=each.repository.digest == same) for each in answers]
    return Search(snapshot, among, tuple(sorted(answers, key=_order)))


# Repositories that hold what the query holds, each value weighed by the smaller of both weights and
# by how few repositories have it: in full where one has it, nothing where all have.
_JOIN = """
WITH hit AS MATERIALIZED (
    SELECT repository, kind, value, least(f.weight, q.weight) AS weight
    FROM kept.main.fingerprints f JOIN query q USING (kind, value)
), rare AS (
    SELECT kind, value, 1 - ln(count(*)) / ln($documents + 1) AS factor
    FROM hit GROUP BY ALL HAVING count(*) <= $most
)
SELECT repository, kind, count(*) AS count, sum(weight) AS plain, sum(weight * factor) AS weight
FROM hit JOIN rare USING (kind, value) GROUP BY ALL
"""
_BEST = """
WITH shared AS (JOINED), best AS (
    SELECT repository, sum(weight) AS weight FROM shared GROUP BY ALL
    ORDER BY weight DESC, repository LIMIT $top
)
SELECT repository, kind, count, shared.weight, plain, totals.weight AS total
FROM best JOIN shared USING (repository) JOIN kept.main.totals AS totals USING (repository, kind)
ORDER BY best.weight DESC, repository, kind
""".replace("JOINED", _JOIN)


def _candidates(database: Database, query: Fingerprints, documents: int, top: int) -> list[_Found]:
    """The repositories that share most with the query, without those that share nothing rare."""
    columns = {
        "kind": query.kind, "value": query.value.view(np.int64), "weight": query.weight,
    }  # fmt: skip
    most = max(_FEW, int(_SHARE * documents))
    with database.given("query", columns):
        rows = database.run(_BEST, documents=documents, most=most, top=top)
    totals = np.bincount(query.kind, query.weight, minlength=len(KINDS)).tolist()
    by_repository: dict[int, list[Shared]] = {}
    for number, kind, count, weight, plain, total in rows:
        shared = Shared(
            KINDS[kind], count, round(weight / 1000, 3), _share(plain, totals[kind]),
            _share(plain, total),
        )  # fmt: skip
        by_repository.setdefault(number, []).append(shared)
    return [_found(database, number, tuple(each)) for number, each in by_repository.items()]


def _share(part: float, whole: float) -> float:
    return round(min(1.0, part / whole), 6) if whole else 0.0


def _found(database: Database, number: int, shared: tuple[Shared, ...]) -> _Found:
    row = database.run(
        "SELECT name, origin, revision, r.digest, files, lines, p.digest, p.data"
        " FROM kept.main.repositories r LEFT JOIN kept.main.profiles p ON p.repository = r.id"
        " WHERE id = $number",
        number=number,
    )[0]
    *repository, digest, data = row
    return _Found(Answer(Repository(*repository), shared), data or b"", digest or "")


def _compared(found: _Found, code: CodeProfile, files: FilesProfile, among: int) -> Answer:
    """The answer with what comparing found, or why nothing was compared."""
    answer = found.answer
    if not found.kept:
        return replace(answer, note="no profile is kept; told by shared fingerprints alone")
    if not any(_promising(each) for each in answer.shared):
        return replace(answer, note="shares too little to be compared")
    try:
        if checksum(found.kept) != found.digest:
            raise ValueError("its checksum is wrong")
        kept = unpacked_profiles(found.kept)
    except ValueError as error:
        return replace(answer, note=f"its profile in the index is damaged: {error}")
    return replace(answer, evidence=_evidence(code, files, kept, answer.repository.name, among))


def _promising(shared: Shared) -> bool:
    if shared.kind != KINDS[CODE]:
        return True
    return shared.count >= _LEAST_SHARED and shared.bits >= _LEAST_BITS


def _evidence(
    code: CodeProfile, files: FilesProfile, kept: Kept, name: str, among: int
) -> tuple[Evidence, ...]:
    """What either detector says, in strengths that hold for the best of ``among`` repositories."""
    detector = CodeDetector()
    detector = replace(detector, steps=detector.steps.among(among))
    same = FilesDetector().compare(files, kept.files)
    return (
        detector.compare(code, code_profile(kept, name)),
        replace(same, strength=same.strength.among(among)),
    )


def _order(answer: Answer) -> tuple[int, float, str]:
    """Compared ones by strength; then by what is shared; then by name."""
    strength = Strength.NONE if answer.strength is None else answer.strength
    return -strength, -answer.bits, answer.repository.name
