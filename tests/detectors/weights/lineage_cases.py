"""Who was made from whom: every case with the answer that is certain by construction.

The benchmark ``lineage`` prints the same cases as a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import relations as make
import torch
from relations import Model, trained

from codesim.detectors.weights import relation, stream, verdict
from codesim.detectors.weights.alignment import aligned
from codesim.detectors.weights.verdict import LEFT_TO_RIGHT, UNDECIDED, Verdict

Make = Callable[[], Model]


@dataclass(frozen=True)
class Case:
    """Two models, further ones that are declared as bases, and what has to be found. A direction
    of None is not asked for: where the change is too small to tell.
    """

    name: str
    left: Make
    right: Make
    relation: str
    direction: str | None = LEFT_TO_RIGHT
    bases: tuple[Make, ...] = ()
    says: str = ""


def judge(left: Model, right: Model, bases: tuple[Model, ...] = ()) -> Verdict:
    """The verdict on two models in memory."""
    one, two = make.values(left), make.values(right)
    pairs = aligned(one, two)
    others = [make.values(each) for each in bases]
    return relation.judged(pairs, stream.measured(pairs), one, two, others, stream.measured)


def verdict_of(case: Case, swapped: bool = False) -> Verdict:
    """The verdict on one case, or on its mirror image."""
    left, right = case.left(), case.right()
    bases = tuple(each() for each in case.bases)
    return judge(right, left, bases) if swapped else judge(left, right, bases)


def one(name: str) -> Make:
    """A trained model by name."""
    return lambda: trained(name)


PARENT = one("parent")


def _from(change: Callable[[Model], Model], name: str = "parent") -> Make:
    return lambda: change(trained(name))


def _original() -> Model:
    return make.with_modules(trained("tuned"), trained("independent"))


def _copy() -> Model:
    return make.renamed(make.noised(_original(), 0.028))


def _disguised() -> Model:
    hidden = make.rotated(make.flipped(make.permuted(trained("parent"))))
    return make.renamed(make.noised(hidden, 0.3))


def _average(weight: float, *names: str) -> Make:
    parts = [(weight, names[0]), (1 - weight, names[1])]
    return lambda: make.linear([(share, trained(name)) for share, name in parts])


INDEPENDENT = (
    Case("independent", PARENT, one("independent"), verdict.NONE, ""),
    Case("distilled", PARENT, one("distilled"), verdict.NONE, ""),
    Case("independent and distilled", one("independent"), one("distilled"), verdict.NONE, ""),
    Case("independent, both int4", _from(lambda m: make.quantised(m, 4, 32)),
         _from(lambda m: make.quantised(m, 4, 32), "independent"), verdict.NONE, ""),
    Case("independent, both pruned", _from(lambda m: make.pruned(m, 0.5)),
         _from(lambda m: make.pruned(m, 0.5), "independent"), verdict.NONE, ""),
    Case("distilled, disguised", PARENT,
         _from(lambda m: make.rotated(make.permuted(m)), "distilled"), verdict.NONE, ""),
)  # fmt: skip

DIRECT = (
    Case("same", PARENT, PARENT, verdict.IDENTICAL, UNDECIDED),
    Case("float32", PARENT, _from(lambda m: make.stored_as(m, torch.float32)), verdict.RE_ENCODED,
         UNDECIDED),
    Case("renamed, transposed, fused", PARENT,
         _from(lambda m: make.renamed(make.transposed_and_fused(m))), verdict.RE_ENCODED,
         UNDECIDED),
    Case("longer vocabulary", PARENT, _from(lambda m: make.extended(m, 100)), verdict.RE_ENCODED,
         UNDECIDED),
    Case("noise 0.003", PARENT, _from(lambda m: make.noised(m, 0.003)), verdict.NOISED, None,
         says="one sigma"),
    Case("noise 0.028", PARENT, _from(lambda m: make.noised(m, 0.028)), verdict.NOISED,
         says="one sigma"),
    Case("noise 0.028, bfloat16", PARENT,
         _from(lambda m: make.noised(m, 0.028, dtype=torch.bfloat16)), verdict.NOISED,
         says="one sigma"),
    Case("noise 0.3", PARENT, _from(lambda m: make.noised(m, 0.3)), verdict.NOISED,
         says="one sigma"),
    Case("noise 3", PARENT, _from(lambda m: make.noised(m, 3.0)), verdict.NOISED,
         says="one sigma"),
    Case("noise 0.1 of each tensor", PARENT,
         _from(lambda m: make.noised(m, 0.1, proportional=True)), verdict.NOISED,
         says="times the spread"),
    Case("int8", PARENT, _from(lambda m: make.quantised(m, 8)), verdict.QUANTISED, says="8 bits"),
    Case("int4, groups of 32", PARENT, _from(lambda m: make.quantised(m, 4, 32)),
         verdict.QUANTISED, says="4 bits"),
    Case("pruned to a half", PARENT, _from(lambda m: make.pruned(m, 0.5)), verdict.PRUNED,
         says="50%"),
    Case("fine-tuned", PARENT, one("tuned"), verdict.TUNED, UNDECIDED, says="third model"),
    Case("siblings, one tuned further", one("tuned"), one("sibling"), verdict.TUNED, UNDECIDED,
         says="third model"),
    Case("fine-tuned lightly", PARENT, one("tuned_lightly"), verdict.TUNED, None),
    Case("continued pretraining", PARENT, one("continued"), verdict.TUNED),
    Case("LoRA, trained", PARENT, one("adapted"), verdict.LOW_RANK, says="rank 4"),
    Case("LoRA, rank 8", PARENT, _from(lambda m: make.low_rank(m, 8)), verdict.LOW_RANK,
         says="rank 8"),
    Case("up-scaled", PARENT, _from(lambda m: make.with_layers(m, [0, 1, 2, 1, 2, 3])),
         verdict.UP_SCALED),
    Case("layer-pruned", PARENT, _from(lambda m: make.with_layers(m, [0, 1, 3])),
         verdict.LAYERS_REMOVED),
    Case("same seed", PARENT, one("same_seed"), verdict.SHARED_START, UNDECIDED),
)  # fmt: skip

DISGUISED = (
    Case("permuted", PARENT, _from(make.permuted), verdict.RE_ENCODED, UNDECIDED,
         says="neurons in order"),
    Case("sign-flipped", PARENT, _from(make.flipped), verdict.RE_ENCODED, UNDECIDED,
         says="flipping signs"),
    Case("rotated", PARENT, _from(make.rotated), verdict.RE_ENCODED, UNDECIDED,
         says="turning the residual stream"),
    Case("permuted and fine-tuned", PARENT, _from(make.permuted, "tuned"), verdict.TUNED,
         UNDECIDED),
    Case("all of these, noise 0.3, renamed", PARENT, _disguised, verdict.NOISED,
         says="one sigma"),
)  # fmt: skip

WITH_BASE = (
    Case("linear merge, base", one("tuned"), _average(0.5, "tuned", "adapted"), verdict.MERGED,
         bases=(PARENT, one("adapted")), says="0.50 of left plus 0.50 of base 2"),
    Case("linear merge of independents", PARENT, _average(0.7, "parent", "independent"),
         verdict.MERGED, bases=(one("independent"),), says="weighted mean: 0.70 of left"),
    Case("SLERP of independents", PARENT,
         lambda: make.slerp(trained("parent"), trained("independent"), 0.3), verdict.MERGED,
         bases=(one("independent"),), says="spherical"),
    Case("copy of a fine-tune with new modules", _original, _copy, verdict.NOISED, bases=(PARENT,),
         says="the base does not explain it"),
    Case("base plus noise", _original, _from(lambda m: make.renamed(make.noised(m, 0.028))),
         verdict.SHARED_BASE, UNDECIDED, (PARENT,)),
    Case("honest sibling, like data", _original, one("sibling"), verdict.SHARED_BASE, UNDECIDED,
         (PARENT,)),
    Case("honest LoRA sibling", one("tuned"), one("adapted"), verdict.SHARED_BASE, UNDECIDED,
         (PARENT,)),
)  # fmt: skip

CASES = (*INDEPENDENT, *DIRECT, *DISGUISED, *WITH_BASE)
MIRROR = {
    verdict.LEFT_TO_RIGHT: verdict.RIGHT_TO_LEFT, UNDECIDED: UNDECIDED, "": "",
}  # fmt: skip
