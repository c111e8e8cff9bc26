"""The identity of some content, as Git names it."""

from __future__ import annotations

import hashlib


def blob_id_of(data: bytes, like: str = "") -> str:
    """The Git blob id of some content, which is also its SWHID (content); in the hash that the id
    ``like`` was made with: SHA-1, or SHA-256.
    """
    digest = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
