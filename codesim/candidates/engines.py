"""One question, several engines: numpy for some documents, one Ibis expression for many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from codesim.candidates.connections import connected, has_duckdb
from codesim.candidates.expression import pairs_expression
from codesim.candidates.join import joined
from codesim.candidates.rows import (
    PAIR_TYPES,
    Flags,
    Pairs,
    Policy,
    Rows,
    columns_of,
    sorted_pairs,
)  # fmt: skip

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

# Up to here numpy needs less time than DuckDB takes to start, or about as much (measured with
# ``python -m benchmarks index``).
_SMALL = 3_000_000


def candidate_pairs(rows: Rows, old: Flags, policy: Policy, engine: str = "auto") -> Pairs:
    """The pairs of documents that share enough rare values, as ``policy`` says.

    ``old`` has one flag per document: two old documents never make a pair, though both count when
    it comes to how many documents have a value. ``engine`` is ``numpy``, ``duckdb``, the address of
    a Spark master (``spark://host:port`` or ``local[*]``), or ``auto``: DuckDB for many rows where
    it is installed, else numpy. Every engine gives the same pairs, ties included. Raises ValueError
    for rows that are none, CodesimError for an engine that is not known, not installed or fails.
    """
    rows.check(len(old))
    if engine == "auto":
        engine = "duckdb" if len(rows) > _SMALL and has_duckdb() else "numpy"
    if engine == "numpy":
        return joined(rows, old, policy)
    with connected(engine) as connection:
        return _answer(connection.rows(_arrow(rows, old)), policy)


def stored_pairs(folder: Path, policy: Policy, engine: str = "duckdb") -> Pairs:
    """The same for rows in the Parquet files of a folder, which a Spark cluster reads by itself.

    They have the columns document, kind, value (signed) and weight, as ``codesim index export``
    writes them. No document is old. Raises CodesimError.
    """
    with connected(engine) as connection:
        return _answer(connection.files(folder).mutate(old=False), policy)


def _arrow(rows: Rows, old: Flags) -> pa.Table:
    """The rows with the flag of their document. Values become signed: not every engine has
    unsigned numbers, and all that matters is which are equal.
    """
    import pyarrow as pa

    columns = {**dict(columns_of(rows)), "value": rows.value.view(np.int64)}
    return pa.table({**columns, "old": old[rows.document]})


def _answer(table: ir.Table, policy: Policy) -> Pairs:
    found = pairs_expression(table, policy).to_pyarrow()
    return sorted_pairs([found[name].to_numpy().astype(np.int64) for name in PAIR_TYPES])
