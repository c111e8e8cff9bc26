"""The cohort as a whole: how common things are in it, who shares rare ones, what chance gives."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from codesim.audit.messages import Cohorted, CohortTask, Known, Where, decoded
from codesim.audit.options import Options
from codesim.audit.pooling import cohort_of, rows_of
from codesim.audit.seams import Findable
from codesim.audit.store import Store, StoreError
from codesim.candidates import Policy, Rows, candidate_pairs
from codesim.detectors import DETECTORS
from codesim.errors import CodesimError
from codesim.supervise import Limits, supervised

POOL = "codesim.audit.pooling:pool"
# Counting holds all values of all members at once: about 16 bytes for each, twice.
_POOL_MEMORY = 8 << 30
_POOL_SECONDS = 1800.0
# Weights are whole thousandths of a bit, so that every engine adds them to the same sums.
_THOUSANDTHS = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two members by number, the first the lower, and the kinds that connect them."""

    left: int
    right: int


def pooled(known: Sequence[Known], base: Sequence[Known], where: Where, options: Options) -> str:
    """The name of the cohort in the store; empty where it is too small to tell what is common."""
    if len(known) < options.least_members:
        return ""
    sample = sorted(known, key=lambda each: _order(each.content + each.name))[: options.pool]
    least = max(3, round(options.common_share * len(sample)))
    task = CohortTask(where, tuple(known), tuple(sample), least, tuple(base))
    limits = Limits(_POOL_SECONDS, _POOL_MEMORY, 1 << 20)
    outcome = supervised(POOL, [task.encoded()], 1, limits)[0]
    if outcome.state != "done":
        StoreError.check(outcome.reason)
        raise CodesimError(
            f"the cohort could not be counted: {outcome.reason}. Nothing was written; run the same "
            "command again, which continues where this one ended."
        )
    return decoded(Cohorted, outcome.answer).name


def candidates(
    known: Sequence[Known],
    old: Sequence[bool],
    base: Sequence[Known],
    cohort: str,
    store: Store,
    options: Options,
) -> list[Candidate]:
    """Pairs that share rare values, the most telling first in each kind, kinds in turn."""
    rows = _rows(known, base, cohort, store)
    policy = Policy(options.most_documents, options.least_shared, options.partners)
    found = candidate_pairs(rows, np.array(old, dtype=np.bool_), policy, options.engine)
    pairs = dict.fromkeys(zip(found.left.tolist(), found.right.tolist(), strict=True))
    return [Candidate(left, right) for left, right in pairs]


def unconnected(
    count: int, old: Sequence[bool], taken: Sequence[Candidate], names: Sequence[str], most: int
) -> list[Candidate]:
    """Some pairs of new members that nothing connects: the same ones whoever else is there."""
    connected = {(each.left, each.right) for each in taken}
    new = [number for number in range(count) if not old[number]]
    if len(new) < 2:
        return []
    ranked = sorted(new, key=lambda number: _order(names[number]))
    found: list[Candidate] = []
    # Each with the next, then with the one after it, and so on: members take part evenly.
    for distance in range(1, len(ranked) // 2 + 1):
        for place, one in enumerate(ranked):
            other = ranked[(place + distance) % len(ranked)]
            pair = Candidate(min(one, other), max(one, other))
            if (pair.left, pair.right) not in connected:
                connected.add((pair.left, pair.right))
                found.append(pair)
            if len(found) == most:
                return found
    return found


def _rows(known: Sequence[Known], base: Sequence[Known], cohort: str, store: Store) -> Rows:
    parts: list[tuple[np.ndarray, ...]] = []
    for kind, detector in enumerate(DETECTORS):
        if not isinstance(detector, Findable):
            continue
        common = cohort_of(store, cohort, detector.kind)
        for number, each in enumerate(known):
            rows = rows_of(store, detector, each, base)
            if rows is None:
                raise CodesimError(
                    f"what is known of {each.name} was removed from the cache during the audit. "
                    "Run the same command again."
                )
            weight = np.ones(len(rows.values)) if common is None else common.weights(rows.values)
            thousandths = np.rint(rows.bits * weight * _THOUSANDTHS).astype(np.int32)
            kept = thousandths > 0
            size = int(kept.sum())
            parts.append((
                np.full(size, number, np.int32), np.full(size, kind, np.int16),
                rows.values[kept], thousandths[kept],
            ))  # fmt: skip
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Rows(*columns)


def _order(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
