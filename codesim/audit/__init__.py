"""N submissions against each other and against an archive."""

from codesim.audit.anonymous import anonymous
from codesim.audit.options import Options
from codesim.audit.run import Audited, audit
from codesim.audit.showing import pages
from codesim.audit.store import Store
from codesim.audit.submissions import (
    Roster,
    Submission,
    joined,
    open_submission,
    read_past,
    read_roster,
)

__all__ = [
    "Audited", "Options", "Roster", "Store", "Submission", "anonymous", "audit", "joined",
    "open_submission", "pages", "read_past", "read_roster",
]  # fmt: skip
