"""SARIF 2.1.0 for code review tools: one result per match, the other side as related location.

OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 2020. No level is ever
``error``: a match is something to look at.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

from codesim.report.document import (
    EvidenceRecord,
    FragmentRecord,
    MatchRecord,
    PairRecord,
    ResultDocument,
    Side,
    SnapshotRecord,
    StrengthWord,
)
from codesim.report.words import CLONE_WORDS, NOT_PROOF, WHOLE_FILE, percent
from codesim.text import display

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASES: dict[Side, str] = {"left": "%LEFTROOT%", "right": "%RIGHTROOT%"}
# `error` would be a verdict. A kind without strength is listed for completeness only.
_LEVELS: dict[StrengthWord, str] = {
    "none": "none",
    "weak": "note",
    "moderate": "note",
    "strong": "warning",
    "very strong": "warning",
}
_SKIPPED = "skipped"
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9._~/-]*")


def render_sarif(document: ResultDocument) -> bytes:
    """The whole result as one run. Read from the left side: put there what you review."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(document)]}
    return msgspec.json.format(msgspec.json.encode(log), indent=1) + b"\n"


def message(text: str) -> dict[str, str]:
    """A message that shows exactly this text: no link, no placeholder, no control character."""
    shown = display(text).replace("{", "{{").replace("}", "}}")  # section 3.11.5
    return {"text": shown.replace("](", "] (") or "-"}  # section 3.11.6


def relative_uri(path: str) -> str | None:
    """A path below the root of its side as a URI reference; None for one that leads elsewhere."""
    if any(part in ("", ".", "..") for part in path.split("/")) or "\\" in path:
        return None
    return quote(path.encode("utf-8", "backslashreplace"), safe="/")


def _run(document: ResultDocument) -> dict[str, Any]:
    kinds = list(dict.fromkeys(evidence.kind for evidence in document.evidence))
    places = _Places(document, {kind: index for index, kind in enumerate(kinds)})
    return {
        "tool": {"driver": _driver(document, kinds)},
        "invocations": [{"executionSuccessful": True, **_notifications(document)}],
        "originalUriBaseIds": {
            base: {"description": message(_title(side, getattr(document, side)))}
            for side, base in _BASES.items()
        },
        **_provenance(document),
        "columnKind": "unicodeCodePoints",
        "defaultEncoding": "utf-8",
        "results": list(places.results()),
        "properties": _properties(document),
    }


def _title(side: str, snapshot: SnapshotRecord) -> str:
    revision = f" at {snapshot.revision}" if snapshot.revision else ""
    return f"{side}: {snapshot.name}{revision}, from {snapshot.origin}"


def _driver(document: ResultDocument, kinds: list[str]) -> dict[str, Any]:
    return {
        "name": "codesim",
        "version": display(document.codesim) or "unknown",
        "shortDescription": message("Compares two model repositories and shows what is alike."),
        "fullDescription": message(NOT_PROOF),
        "rules": [_rule(kind) for kind in kinds],
        "notifications": [
            {"id": _SKIPPED, "shortDescription": message("Something was not looked at.")}
        ],
    }


def _rule(kind: str) -> dict[str, Any]:
    return {
        "id": display(kind) or "-",
        "shortDescription": message(f"Alike on both sides: {kind}"),
        "fullDescription": message(
            f"Fragments of the left side that are like fragments of the right side, as evidence of "
            f"the kind {kind}. The level follows the strength of that kind."
        ),
        "help": message(f"Look at both places side by side. {NOT_PROOF}"),
        "defaultConfiguration": {"level": "note"},
    }


def _notifications(document: ResultDocument) -> dict[str, Any]:
    found = [
        {
            "descriptor": {"id": _SKIPPED, "index": 0},
            "level": "note",
            "message": message(f"{each.what}: {each.reason}"),
        }
        for each in document.all_skipped
    ]
    return {"toolExecutionNotifications": found} if found else {}


def _provenance(document: ResultDocument) -> dict[str, Any]:
    """Which commit each side is, where its origin is a plain web address."""
    known = [
        {
            "repositoryUri": snapshot.origin,
            **({"revisionId": display(snapshot.revision)} if snapshot.revision else {}),
            "mappedTo": {"uriBaseId": base},
        }
        for base, snapshot in zip(_BASES.values(), (document.left, document.right), strict=True)
        if _ADDRESS.fullmatch(snapshot.origin)
    ]
    return {"versionControlProvenance": known} if known else {}


def _properties(document: ResultDocument) -> dict[str, Any]:
    return {
        "strength": document.overall.strength,
        "reason": display(document.overall.reason),
        "note": NOT_PROOF,
        "kinds": [
            {"kind": display(e.kind), "strength": e.strength, "summary": display(e.summary)}
            for e in document.evidence
        ],
        "setAside": [
            display(f"{each.what}: {each.amount}; {each.reason}")
            for evidence in document.evidence
            for each in evidence.excluded
        ],
    }


@dataclass
class _Places:
    """The results of one run, and how often the same two names were met."""

    document: ResultDocument
    rules: dict[str, int]
    met: Counter[str] = field(default_factory=Counter)
    lines: dict[tuple[Side, str], list[str]] = field(default_factory=dict)

    def results(self) -> Iterator[dict[str, Any]]:
        """One result per match, or per pair that lists none, in the order of the document."""
        for evidence in self.document.evidence:
            for pair in evidence.pairs:
                for match in pair.matches or [_whole(pair)]:
                    yield self._result(evidence, pair, match)

    def _result(
        self, evidence: EvidenceRecord, pair: PairRecord, match: MatchRecord
    ) -> dict[str, Any]:
        level = _LEVELS[evidence.strength]
        return {
            "ruleId": display(evidence.kind) or "-",
            "ruleIndex": self.rules[evidence.kind],
            # Without a level a result says by its kind that it is for information.
            **({"kind": "informational"} if level == "none" else {}),
            "level": level,
            "message": message(_sentence(match)),
            "locations": [_location("left", match.left)],
            "relatedLocations": [
                {"id": 1, **_location("right", match.right), "message": message(_other(match))}
            ],
            "partialFingerprints": self._fingerprints(evidence.kind, match),
            "properties": {
                "similarity": match.similarity,
                "alike": CLONE_WORDS[match.clone_type],
                "strengthOfKind": evidence.strength,
                "leftCoverageOfFile": pair.left_coverage,
                "rightCoverageOfFile": pair.right_coverage,
            },
        }

    def _fingerprints(self, kind: str, match: MatchRecord) -> dict[str, str]:
        """By names and by text. Neither holds a line number, so both outlast edits elsewhere."""
        left, right = match.left, match.right
        names = _digest(kind, left.path, left.label, right.path, right.label)
        self.met[names] += 1
        found = {"codesimNames/v1": f"{names}:{self.met[names]}"}
        texts = [self._text("left", left), self._text("right", right)]
        if None not in texts:
            found["codesimText/v1"] = _digest(kind, *map(str, texts))
        return found

    def _text(self, side: Side, fragment: FragmentRecord) -> str | None:
        """The text of a fragment without blanks; None where it is not in the document."""
        texts: dict[str, str] = getattr(self.document.sources, side)
        if fragment.path not in texts or fragment.start is None:
            return None
        key = (side, fragment.path)
        if key not in self.lines:
            self.lines[key] = texts[fragment.path].split("\n")
        return "".join("".join(self.lines[key][fragment.start - 1 : fragment.end]).split())


def _whole(pair: PairRecord) -> MatchRecord:
    """A pair that lists no match, as one match of its files."""
    left, right = (FragmentRecord(side.path, None, None, "") for side in (pair.left, pair.right))
    return MatchRecord(left, right, 1 if pair.similarity == 1 else 3, pair.similarity, "")


def _digest(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _sentence(match: MatchRecord) -> str:
    """What a reviewer reads beside the line: the other place, how alike, and why."""
    alike = f"{percent(match.similarity)} alike, {CLONE_WORDS[match.clone_type]}"
    why = f": {match.why.rstrip('.')}" if match.why else ""
    return f"{_name(match.left)} and, on the right, {_name(match.right)} are {alike}{why}."


def _other(match: MatchRecord) -> str:
    return f"the right side: {_name(match.right)}"


def _name(fragment: FragmentRecord) -> str:
    lines = "" if fragment.start is None else f":{fragment.start}-{fragment.end}"
    label = "" if fragment.label in ("", WHOLE_FILE) else f" {fragment.label}"
    return f"{fragment.path}{lines}{label}"


def _location(side: Side, fragment: FragmentRecord) -> dict[str, Any]:
    found: dict[str, Any] = {}
    uri = relative_uri(fragment.path)
    if uri is not None:
        found["physicalLocation"] = {
            "artifactLocation": {"uri": uri, "uriBaseId": _BASES[side]},
            **_region(fragment),
        }
    name = fragment.label if uri is not None else f"{fragment.path} {fragment.label}".strip()
    if name and name != WHOLE_FILE:
        found["logicalLocations"] = [{"fullyQualifiedName": display(name)}]
    return found


def _region(fragment: FragmentRecord) -> dict[str, Any]:
    if fragment.start is None:
        return {}
    return {"region": {"startLine": fragment.start, "endLine": fragment.end}}
