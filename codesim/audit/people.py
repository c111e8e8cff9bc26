"""Who is hidden in the report of an audit, as it is kept for the children that draw pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from codesim.audit.store import Store
from codesim.errors import SnapshotError
from codesim.report.anonymise import Identity


def keep_people(store: Store, people: Mapping[str, Identity]) -> str:
    """The name under which they are kept; equal ones have the same."""
    told = {
        name: (*each[:-1], tuple(sorted(each.seams)))
        for name, each in people.items()
    }  # fmt: skip
    data = msgspec.json.encode(told, order="deterministic")
    name = hashlib.blake2b(data, digest_size=20).hexdigest()
    store.keep_bytes(data, "people", name)
    return name


def people_of(store: Store, name: str) -> dict[str, Identity]:
    """Raises SnapshotError where they were lost."""
    data = store.read("people", name)
    if data is None:
        raise SnapshotError("names to be hidden were removed from the cache during the audit")
    return msgspec.json.decode(data, type=dict[str, Identity])
