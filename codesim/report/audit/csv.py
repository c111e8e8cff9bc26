"""Pairs as a table for spreadsheets."""

from __future__ import annotations

import csv
import io

from codesim.report.audit.document import AuditDocument

# What makes a spreadsheet take a text for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_pairs_csv(document: AuditDocument) -> str:
    """One row for each listed pair, best first, as RFC 4180 has it: names, strength, coverage, and
    a score and a strength for each kind of evidence.
    """
    kinds = list(dict.fromkeys(kind.kind for pair in document.pairs for kind in pair.kinds))
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    head = ["left", "right", "strength", *kinds, "left_coverage", "right_coverage"]
    writer.writerow([*head, *(f"{kind}_strength" for kind in kinds), "reason", "page"])
    for pair in document.pairs:
        found = {kind.kind: kind for kind in pair.kinds}
        scores = [f"{found[kind].score:g}" if kind in found else "" for kind in kinds]
        words = [found[kind].strength if kind in found else "" for kind in kinds]
        shares = ["" if s is None else f"{s:g}" for s in (pair.left_coverage, pair.right_coverage)]
        writer.writerow(map(_cell, [
            pair.left, pair.right, pair.strength, *scores, *shares, *words, pair.reason, pair.page,
        ]))  # fmt: skip
    return stream.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
