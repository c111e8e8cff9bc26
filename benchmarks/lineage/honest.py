"""Models that no threshold was chosen on: every pair of independents, and further derivations."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import torch

from benchmarks.lineage.derivations import EVIDENCE, Derived, cases
from benchmarks.lineage.held_out import INDEPENDENT, trained_models
from benchmarks.options import Options
from benchmarks.table import Cell, Table

# What is made without any weights of another model, and so is independent of it.
_FRESH = ("llama-1-distilled", "plain-1-distilled")
_CLOSEST = 8


def tables(options: Options) -> list[Table]:
    """Both tables, from models that are trained first where they are not there yet."""
    torch.set_num_threads(1)
    paths = trained_models(options.data / "lineage")
    return [_independent(paths, options), _derived(paths, options)]


def _independent(paths, options: Options) -> Table:  # type: ignore[no-untyped-def]
    import stored

    names = [*INDEPENDENT, *_FRESH]
    models = {n: stored.model({"m.safetensors": paths[n].read_bytes()}) for n in names}
    pairs = list(combinations(names, 2))
    pairs = pairs[: options.size(len(pairs))]
    rows, found, aligned = [], Counter[str](), 0
    for left, right in pairs:
        verdict = _verdict(models[left], models[right])
        if verdict is None:
            found["no tensor of a common shape"] += 1
            continue
        found[verdict.relation] += 1
        aligned += bool(verdict.matched)
        rows.append((verdict.log10_p, left, right, verdict))
    closest = sorted(rows, key=lambda row: row[0])[:_CLOSEST]
    said = ", ".join(f"{count} {relation}" for relation, count in sorted(found.items()))
    most = max((max(v.matched[1:] or v.matched) for *_, v in rows if v.matched), default=0.0)
    first = max((v.matched[0] for *_, v in rows if v.matched), default=0.0)
    notes = (
        f"{len(pairs)} pairs of {len(names)} models: {said}; above, those of the smallest p",
        f"neurons of {aligned} pairs could be aligned: at most {first:.1%} agree in a first layer,"
        f" {most:.1%} in any other",
        "p concerns independent initialisation; the smallest of so many is expected to be small",
    )
    columns = ("left", "right", "has to be", "found", "z", "p", "most neurons that agree")
    return Table("Independent models, held out", columns, tuple(map(_row, closest)), notes)


def _row(row) -> tuple[Cell, ...]:  # type: ignore[no-untyped-def]
    _, left, right, verdict = row
    z = " ".join(f"{test.z:.1f}" for test in verdict.tests)
    most = f"{max(verdict.matched):.1%}" if verdict.matched else "-"
    return (left, right, "no evidence", verdict.relation, z or "-", verdict.p, most)


def _derived(paths, options: Options) -> Table:  # type: ignore[no-untyped-def]
    every = cases(paths)
    rows, right = [], 0
    for case in every[: options.size(len(every))]:
        left, made = case.left(), case.right()
        bases = [base() for base in case.bases]
        found = [_verdict(*sides, bases) for sides in ((left, made), (made, left))]
        said = [verdict.relation if verdict else "not compared" for verdict in found]
        agree = all(_allowed(case, relation) for relation in said)
        right += agree
        one = found[0]
        grade = (one.grade or "-", one.direction or "-", one.p) if one else ("-", "-", "-")
        both = said[0] if said[0] == said[1] else f"{said[0]} / {said[1]}"
        has_to = " or ".join(case.allowed)
        rows.append((case.name, has_to, both, "yes" if agree else "NO", *grade))
    columns = ("right of left", "has to be", "found", "as it has to be", "grade", "direction", "p")
    notes = (f"{right} of {len(rows)} as they have to be in both orders",)
    return Table("Derivations, held out", columns, tuple(rows), notes)


def _allowed(case: Derived, relation: str) -> bool:
    if EVIDENCE in case.allowed:
        return relation not in ("no evidence", "not compared")
    return relation in case.allowed


def _verdict(left, right, bases=()):  # type: ignore[no-untyped-def]
    from codesim.detectors.weights.comparing import compared

    return compared(left, right, bases, "cpu").verdict
