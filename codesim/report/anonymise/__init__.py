"""Pseudonyms for names, in any texts and in a result document."""

from codesim.report.anonymise.anonymiser import Anonymiser
from codesim.report.anonymise.document import anonymised
from codesim.report.anonymise.identities import Identity, Known, of_source
from codesim.report.anonymise.key import Key
from codesim.report.anonymise.strings import mapped, strings

__all__ = [
    "Anonymiser",
    "Identity",
    "Key",
    "Known",
    "anonymised",
    "mapped",
    "of_source",
    "strings",
]
