"""What is handed in: from a folder, an archive or a list to submissions, and from one of them to a
snapshot.
"""

from codesim.audit.submissions.nouns import Roster, Submission
from codesim.audit.submissions.opening import open_submission, why_nothing
from codesim.audit.submissions.reading import joined, names_of, read_past, read_roster

__all__ = [
    "Roster", "Submission", "joined", "names_of", "open_submission", "read_past", "read_roster",
    "why_nothing",
]  # fmt: skip
