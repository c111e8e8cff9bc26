"""Audit documents made by hand for the tests of their reports."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec

from codesim.report.audit import AuditDocument
from codesim.report.audit.document import (
    AuditPairRecord,
    ClusterRecord,
    CohortRecord,
    FileNote,
    HolderRecord,
    KindRecord,
    SharedRecord,
    SubmissionRecord,
)
from codesim.report.document import SkippedRecord, SnapshotRecord

# Fields that hold one of a fixed list of words.
_FIXED = {"schema", "strength", "state"}


def submission(name: str, **changes: Any) -> SubmissionRecord:
    """A submission that was read as a whole and is in no listed pair."""
    fields = {
        "name": name, "team": "", "time": "", "old": False, "origin": f"file:{name}",
        "revision": None, "state": "read", "reason": "", "files": 4, "unread_files": 0,
        "code_lines": 120, "base_lines": 20, "unread": (), "strength": "none", "cluster": None,
    }  # fmt: skip
    return SubmissionRecord(**{**fields, **changes})


def kind(name: str, strength: str, score: float = 1.0, note: str = "") -> KindRecord:
    return KindRecord(name, strength, score, f"what {name} says", note, 0.99)


def pair(
    left: str, right: str, strength: str = "weak", score: float = 10.0, **changes: Any
) -> AuditPairRecord:
    """A pair whose code sets the strength."""
    fields = {
        "left": left, "right": right, "strength": strength, "reason": "code: what code says",
        "left_coverage": 0.5, "right_coverage": 0.25, "kinds": (kind("code", strength, score),),
        "files": (), "page": "",
    }  # fmt: skip
    return AuditPairRecord(**{**fields, **changes})


def audit(
    submissions: tuple[SubmissionRecord, ...] = (), pairs: tuple[AuditPairRecord, ...] = (),
    **changes: Any,
) -> AuditDocument:  # fmt: skip
    fields = {
        "schema": "codesim/audit/1", "codesim": "0.1.0", "parameters": {},
        "strength": pairs[0].strength if pairs else "none", "base": (),
        "submissions": submissions, "compared": len(pairs), "candidates": len(pairs),
        "pairs": pairs, "clusters": (), "cohort": (), "shared": (), "skipped": (),
    }  # fmt: skip
    return AuditDocument(**{**fields, **changes})


def rich() -> AuditDocument:
    """Everything that an audit can tell: times, teams, a cluster, an archive, the unreadable."""
    submissions = (
        submission("ann", time="2025-03-01T10:00:00Z", team="Owls", strength="very strong",
                   cluster=1, revision="a1" * 20),
        submission("ben", state="unreadable", reason="the archive is damaged", files=0),
        submission("cat", state="in part", unread_files=2, strength="weak",
                   unread=(SkippedRecord("big.py", "it has more than 1,000,000 bytes"),)),
        submission("dan", old=True, strength="moderate"),
        submission("zoe", time="2025-03-02T09:00:00Z", strength="very strong", cluster=1),
    )  # fmt: skip
    note = "lowered from strong: of the 10 pairs of this cohort about 2 score as much by chance"
    pairs = (
        pair("ann", "zoe", "very strong", 131.5, left_coverage=0.97, right_coverage=0.98,
             kinds=(kind("code", "very strong", 131.5), kind("files", "moderate", 3.0, note)),
             files=(FileNote("code", "main.py", "run.py", 0.97),), page="pairs/0001.html"),
        pair("cat", "dan", "moderate", 31.25, page="pairs/0002.html",
             kinds=(kind("code", "moderate", 31.25, note), kind("config", "none", 0.0))),
        pair("ann", "cat", "weak", 0.0, reason="files: what files says", left_coverage=None,
             right_coverage=None, kinds=(kind("files", "weak", 2.0), kind("code", "none", 0.0))),
        pair("dan", "zoe", "weak", 6.5),
    )  # fmt: skip
    return audit(
        submissions, pairs, compared=9, candidates=4, strength="very strong",
        parameters={"audit": {"partners": 4}, "code": {"steps": {"weak": 5.0}}},
        base=(SnapshotRecord("starter", "file:starter", None, 3),),
        clusters=(ClusterRecord(("ann", "zoe"), "ann", "very strong", 1),),
        cohort=(
            CohortRecord("code", (0.0, 0.0, 3.5, 6.5, 31.25), {"weak": 8.0, "moderate": 20.0}),
            CohortRecord("files", (0.0, 1.0), {}),
        ),
        shared=(
            SharedRecord("code", "normalise", 4, (HolderRecord("ann", "main.py", 4, 19),
                                                  HolderRecord("cat", "a.py", None, None))),
        ),
        skipped=(SkippedRecord("notes.txt", "it is no submission"),),
    )  # fmt: skip


def many(number: int) -> AuditDocument:
    """So many submissions, each in a pair with the next."""
    names = [f"s{n:03}" for n in range(number)]
    pairs = tuple(
        pair(left, right, "weak", 5 + n % 40, page=f"pairs/{n + 1:04}.html" if n < 100 else "")
        for n, (left, right) in enumerate(pairwise(names))
    )
    return audit(tuple(map(submission, names)), pairs)


def holding(text: str) -> AuditDocument:
    """The rich document with ``text`` in every field that can hold any."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return msgspec.convert(_replaced(msgspec.to_builtins(rich()), text), AuditDocument)


def _replaced(value: Any, text: str, name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in _FIXED else text
    if isinstance(value, list | tuple):
        return [_replaced(each, text, name) for each in value]
    if not isinstance(value, dict):
        return value
    if name in ("parameters", "steps"):
        return {text: _replaced(each, text) for each in list(value.values())[:1]}  # noqa: B035
    return {each: _replaced(inner, text, each) for each, inner in value.items()}
