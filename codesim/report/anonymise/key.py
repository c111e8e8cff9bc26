"""The key: who is behind each pseudonym. It is kept apart from every report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from codesim.report.anonymise.identities import Identity

SCHEMA = "codesim/key/1"
_NOTE = (
    "This file names the people behind the pseudonyms of a report. Keep it apart from the report, "
    "and from those who are not to know."
)


@dataclass(frozen=True, slots=True)
class Key:
    """Who is behind each pseudonym, and what each side is called."""

    pseudonyms: Mapping[str, Identity]
    sides: Mapping[str, Mapping[str, str]]

    def encode(self) -> bytes:
        """UTF-8 JSON in the order in which names were first met."""
        found = {
            "schema": SCHEMA,
            "note": _NOTE,
            **self.sides,
            "pseudonyms": {
                pseudonym: {"kind": each.kind, "name": each.text}
                for pseudonym, each in self.pseudonyms.items()
            },
        }
        text = json.dumps(found, ensure_ascii=False, indent=1)
        return text.encode("utf-8", "backslashreplace") + b"\n"
