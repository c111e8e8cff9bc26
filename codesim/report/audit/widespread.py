"""What is said of parts that so many submissions have that they count for nothing."""

from __future__ import annotations

from codesim.report.audit.document import AuditDocument
from codesim.report.words import count

_HALF = 0.5


def widespread(document: AuditDocument) -> str:
    """A sentence on parts that half of the submissions have; empty where there are none.

    Nobody can tell from the works alone whether most have a part from the task or from each other.
    """
    readable = sum(each.state != "unreadable" for each in document.submissions)
    parts = sum(each.members >= _HALF * readable for each in document.shared)
    if not parts:
        return ""
    told = "is" if parts == 1 else "are"
    return (
        f"{count(parts, 'part')} {told} the same in half of the submissions or more and so "
        f"{'counts' if parts == 1 else 'count'} for little. Name starter code with --base; if "
        "nobody handed this out, one work may have gone round: look here first."
    )
