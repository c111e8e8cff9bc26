"""N submissions against each other and against an archive."""

from codesim.audit.options import Options
from codesim.audit.run import Audited, audit, documents
from codesim.audit.submissions import Roster, Submission, open_submission, read_roster

__all__ = [
    "Audited", "Options", "Roster", "Submission", "audit", "documents", "open_submission",
    "read_roster",
]  # fmt: skip
