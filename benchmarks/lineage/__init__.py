"""Tiny models of known lineage: the recipe, the table of relations and the null distribution."""
