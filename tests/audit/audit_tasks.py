"""The task of a child in these tests: open a submission, and say all that is in it."""

from __future__ import annotations

import json

from codesim.audit.submissions import Submission, open_submission


def whole(data: bytes) -> bytes:
    given = json.loads(data)
    snapshot = open_submission(Submission(given["name"], tuple(given["sources"])))
    files = {e.path: snapshot.read(e.path).hex() for e in snapshot.entries if e.readable}
    skipped = [[item.what, item.reason] for item in snapshot.skipped]
    return json.dumps([snapshot.name, snapshot.origin, files, skipped]).encode()
