"""Pseudonyms for names, in any texts, in a result document and in an audit."""

from codesim.report.anonymise.anonymiser import Anonymiser
from codesim.report.anonymise.audit import FIXED_IN_AUDIT, anonymised_audit
from codesim.report.anonymise.document import anonymised, anonymised_pair, surveyed
from codesim.report.anonymise.identities import (
    Identity,
    Known,
    Survey,
    census,
    of_source,
    stand_ins,
)
from codesim.report.anonymise.key import Key
from codesim.report.anonymise.strings import mapped, strings

__all__ = [
    "FIXED_IN_AUDIT", "Anonymiser", "Identity", "Key", "Known", "Survey", "anonymised",
    "anonymised_audit", "anonymised_pair", "census", "mapped", "of_source", "stand_ins", "strings",
    "surveyed",
]  # fmt: skip
