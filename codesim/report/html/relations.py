"""What was found about two models in everyday words, and what it does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codesim.report.document import EvidenceRecord, ResultDocument

_CHANGED = "The trained numbers of one side are those of the other, "
# By the names of relations that a result may hold; of others nothing is said in other words.
_SAYS: Mapping[str, str] = {
    "identical": "Both sides hold the same trained numbers in all that was compared.",
    "re-encoded": "Both sides hold the same trained numbers, written down differently.",
    "noised copy": _CHANGED + "with small random changes on top.",
    "quantised": _CHANGED + "rounded to far fewer different values.",
    "pruned": _CHANGED + "with many set to zero or left out.",
    "LoRA-merged": _CHANGED + "with the kind of change that a small added adapter makes.",
    "layer-pruned": _CHANGED + "with whole layers left out.",
    "up-scaled": _CHANGED + "with some layers repeated.",
    "merged": "The trained numbers of one side are a mix of those of other models.",
    "fine-tuned": _CHANGED + "trained a little further.",
    "derived": "A part of the trained numbers is the same on both sides, the rest was changed.",
    "shared base": "Both sides come from the base that was named, and each was changed since.",
    "shared initialisation": "Both sides seem to have begun from the same random numbers.",
    "alike in a screen": "The small part of both sides that was read is alike.",
}
_DIRECTED = (
    "The figures fit best that the {child} was made from the {parent}, but do not prove it: a "
    "third model from which both come would look the same, and at times so would the reverse."
)
_UNDIRECTED = (
    "The numbers do not tell which side was first, nor whether both come from a third model."
)
_BASED = "Of these two sides neither need come from the other."
_STARTED = "That happens to two models that were trained apart, too."
_SCREENED = "Too little was read to tell how they are related, and which side was first."
_CAVEATS: Mapping[str, str] = {
    "shared base": _BASED, "shared initialisation": _STARTED, "alike in a screen": _SCREENED,
}  # fmt: skip
_WAYS: Mapping[object, tuple[str, str]] = {
    "left to right": ("right", "left"), "right to left": ("left", "right"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlainWords:
    """One sentence for everybody, and beside it what else would look the same."""

    says: str
    caveat: str


def plain_words(document: ResultDocument) -> PlainWords | None:
    """Of the kind that decides; None where it names no relation that has such words."""
    kind = document.overall.reason.partition(": ")[0]
    for evidence in document.evidence:
        if evidence.kind == kind:
            return _of(evidence)
    return None


def _of(evidence: EvidenceRecord) -> PlainWords | None:
    relation = str(evidence.facts.get("relation"))
    if relation not in _SAYS:
        return None
    way = _WAYS.get(evidence.facts.get("direction"))
    caveat = _DIRECTED.format(child=way[0], parent=way[1]) if way else _UNDIRECTED
    return PlainWords(_SAYS[relation], _CAVEATS.get(relation, caveat))
