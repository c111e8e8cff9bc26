"""The checkpoint detector: what files of weights say before any weight is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from codesim.detectors.checkpoint.evidence import (
    facts_of,
    file_pair,
    identical_pair,
    set_aside,
    summary,
)
from codesim.detectors.checkpoint.figures import both_figures
from codesim.detectors.checkpoint.identical import SameFiles, same_weights
from codesim.detectors.checkpoint.matching import Match, match_of
from codesim.detectors.checkpoint.pairing import promising
from codesim.detectors.checkpoint.profile import CheckpointProfile
from codesim.detectors.checkpoint.public import public_architectures
from codesim.detectors.checkpoint.reader import read_profile
from codesim.detectors.checkpoint.renames import renames_of
from codesim.detectors.checkpoint.sheet import groups_of, sheet_of
from codesim.detectors.checkpoint.strength import Steps
from codesim.detectors.checkpoint.tables import figure_table, template_table
from codesim.detectors.checkpoint.weighing import bits_of
from codesim.model import Evidence, Fact, Skipped, Snapshot, Table


@dataclass(frozen=True, slots=True)
class CheckpointDetector:
    """Compares inventories of tensors by name, shape and size, up to renaming."""

    # A repository of a pipeline has about five checkpoints.
    max_inventories: int = 20
    # Pairs of them that are compared in full, the most alike; each takes up to a second.
    max_pairs: int = 20
    # Tables of templates that are shown, the most telling first.
    max_tables: int = 5
    steps: Steps = field(default_factory=Steps)

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "checkpoint"

    def profile(self, snapshot: Snapshot) -> CheckpointProfile:
        """The inventories and files of one snapshot."""
        return read_profile(snapshot)

    def compare(
        self,
        left: CheckpointProfile,
        right: CheckpointProfile,
        base: Sequence[CheckpointProfile] = (),
    ) -> Evidence:
        """What the checkpoints of two snapshots share beyond the base."""
        files = same_weights(left, right, base, self.steps)
        matches = self._matches(left, right, base)
        bits = max([bits for bits, _ in matches], default=0.0)
        best = matches[0][1] if matches else None
        renames = renames_of(best) if best else ()
        same = [one for one, _ in files.telling]
        strength = self.steps.of(max(bits, files.bits))
        return Evidence(
            kind=self.kind,
            strength=strength,
            score=round(max(bits, files.bits), 2),
            summary=_emptiness(left, right, files) or summary(best, renames, bits, same),
            pairs=(
                *(identical_pair(one, two) for one, two in files.telling),
                *(file_pair(match) for _, match in matches if match.mapped),
            ),
            # Names that say nothing together say nothing one by one.
            renames=renames if strength else (),
            excluded=(*(set_aside(best) if best else ()), *files.excluded),
            skipped=_skipped(left, right, self.max_inventories),
            tables=(*self._tables([match for _, match in matches]), *files.tables),
            facts=_facts(best, bits, files),
        )

    def _matches(
        self, left: CheckpointProfile, right: CheckpointProfile, base: Sequence[CheckpointProfile]
    ) -> list[tuple[float, Match]]:
        """Inventories paired one to one, with their bits, the most telling first."""
        if not (left.inventories and right.inventories):
            return []
        table = public_architectures()
        known = [groups_of(inventory) for profile in base for inventory in profile.inventories]
        ours, theirs = (
            [sheet_of(each, table, known) for each in side.inventories[: self.max_inventories]]
            for side in (left, right)
        )
        pairs = promising(ours, theirs, self.max_pairs)
        found = [match_of(ours[one], theirs[two]) for one, two in pairs]
        ranked = sorted(((bits_of(m, table), m) for m in found), key=_order)
        return list(_one_to_one(ranked))

    def _tables(self, matches: Sequence[Match]) -> Iterator[Table]:
        for match in matches[: self.max_tables]:
            yield figure_table(*both_figures(match))
            yield template_table(match)


def _order(found: tuple[float, Match]) -> tuple[float, int, list[str], str]:
    bits, match = found
    paths = [match.left.inventory.path, match.right.inventory.path]
    return (-bits, -match.mapped, sorted(paths), paths[0])


def _one_to_one(ranked: Sequence[tuple[float, Match]]) -> Iterator[tuple[float, Match]]:
    used: tuple[set[str], set[str]] = (set(), set())
    for bits, match in ranked:
        one, two = match.left.inventory.path, match.right.inventory.path
        if one not in used[0] and two not in used[1]:
            used[0].add(one)
            used[1].add(two)
            yield bits, match


def _facts(best: Match | None, bits: float, files: SameFiles) -> dict[str, Fact]:
    found: dict[str, Fact] = {"identical_files": len(files.telling)}
    if best is not None:
        found |= facts_of(best, *both_figures(best), bits)
    return found


def _emptiness(left: CheckpointProfile, right: CheckpointProfile, files: SameFiles) -> str:
    """Why there is nothing to compare; empty when there is."""
    sides = [
        name
        for name, side in (("left", left), ("right", right))
        if not side.inventories and not any(file.is_weights for file in side.files)
    ]
    if sides:
        return f"no checkpoint on the {' and the '.join(sides)}"
    unread = [name for name, side in (("left", left), ("right", right)) if not side.inventories]
    if unread and not files.telling:
        return (
            f"no file of weights is identical; no names of tensors on the {' or the '.join(unread)}"
        )
    return ""


def _skipped(left: CheckpointProfile, right: CheckpointProfile, most: int) -> tuple[Skipped, ...]:
    found = []
    for side, profile in (("left", left), ("right", right)):
        found += [Skipped(f"{side}: {path}", reason) for path, reason in profile.skipped]
        beyond = len(profile.inventories) - most
        if beyond > 0:
            what = f"{side}: other checkpoints"
            found.append(Skipped(what, f"{beyond:,} beyond the first {most} were not compared"))
    return tuple(found)
