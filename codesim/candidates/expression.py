"""The join as one Ibis expression, for every engine that Ibis can speak to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.candidates.rows import Policy

if TYPE_CHECKING:
    import ibis.expr.types as ir

_VALUE = ["kind", "value"]


def pairs_expression(rows: ir.Table, policy: Policy) -> ir.Table:
    """Kind, left, right, shared and weight of the candidate pairs.

    ``rows`` has the columns document, kind, value, weight, and old: whether the document is old.
    """
    rare = rows.group_by(_VALUE).having(rows.count().between(2, policy.most_documents)).agg()
    usable = rows.semi_join(rare, _VALUE)
    return _best(_shared(usable, policy.least_shared), policy.keep)


def _shared(rows: ir.Table, least: int) -> ir.Table:
    """Each pair of a new document with a later or an old one, and what the two share."""
    import ibis

    one, two = rows, rows.view()
    later = two.old | (one.document < two.document)
    joined = one.join(two, [*_VALUE, ~one.old & later], lname="{name}", rname="{name}_two")
    pairs = joined.select(
        "kind",
        left=ibis.least(joined.document, joined.document_two),
        right=ibis.greatest(joined.document, joined.document_two),
        weight=ibis.least(joined.weight, joined.weight_two).cast("int64"),
    )
    summed = pairs.group_by(["kind", "left", "right"]).agg(
        shared=pairs.count().cast("int64"), weight=pairs.weight.sum().cast("int64")
    )
    return summed.filter(summed.shared >= least)


def _best(pairs: ir.Table, keep: int) -> ir.Table:
    """The pairs that are among the heaviest of either of their documents."""
    import ibis

    own = ibis.array([pairs.left, pairs.right]).unnest()
    ends = pairs.mutate(own=own)
    other = ends.left + ends.right - ends.own
    order = [ends.weight.desc(), other]
    rank = ibis.row_number().over(group_by=[ends.kind, ends.own], order_by=order)
    best = ends.mutate(rank=rank).filter(lambda ranked: ranked["rank"] < keep)
    return best.select(pairs.columns).distinct()
