"""The code detector: Python source compared through disguise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from codesim.commons import Cohort, Fingerprints
from codesim.detectors.code.base import set_aside, without
from codesim.detectors.code.completion import completed
from codesim.detectors.code.elsewhere import with_moved_helpers
from codesim.detectors.code.evidence import coverage, emptiness, file_pair, sameness, summary
from codesim.detectors.code.filepairs import FileMatch, file_matches
from codesim.detectors.code.findable import everything, extent, found_by, parts
from codesim.detectors.code.identical import all_identical, identical_pairs
from codesim.detectors.code.matching import View, unit_matches
from codesim.detectors.code.nearly import beyond_idiom, whole_files, whole_share, with_wholes
from codesim.detectors.code.profile import CodeProfile, Hashes
from codesim.detectors.code.reader import Limits, read_profile
from codesim.detectors.code.renames import renames
from codesim.detectors.code.stored import recalled
from codesim.detectors.code.strength import Steps, strength_of
from codesim.detectors.code.upstream import explained
from codesim.model import Evidence, Fragment, Skipped, Snapshot, Strength


@dataclass(frozen=True, slots=True)
class CodeDetector:
    """Compares Python files and notebooks by token view and value graph.

    The value graph is labelled by Weisfeiler-Lehman refinement (Shervashidze et al., 2011), unit
    pairs come from a join on rare fingerprints, and regions are scored like local alignments.
    """

    # The worst real file of 15,638 was 4 MB; 99.9 % are below this.
    max_bytes: int = 1_000_000
    # Notebooks carry outputs, which are dropped; JSON takes three times this in memory.
    max_notebook_bytes: int = 32_000_000
    max_nodes: int = 500_000
    # Deeper than any code a person wrote; expression handlers recurse this far at most.
    max_depth: int = 150
    # Partners aligned per unit: a split function has a few, boilerplate has many.
    candidates_per_unit: int = 4
    # Regions below this are idioms.
    min_region_bits: float = 8.0
    steps: Steps = field(default_factory=Steps)
    # Works on the same task, in which what the task asks for is common.
    cohort: Cohort | None = None

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "code"

    @property
    def limits(self) -> Limits:
        """The budgets of one file."""
        return Limits(self.max_bytes, self.max_notebook_bytes, self.max_nodes, self.max_depth)

    def profile(self, snapshot: Snapshot) -> CodeProfile:
        """Everything the comparison needs of one snapshot."""
        return read_profile(snapshot, self.limits)

    def compare(
        self, left: CodeProfile, right: CodeProfile, base: Sequence[CodeProfile] = ()
    ) -> Evidence:
        """What the code of two snapshots shares beyond the base."""
        return recalled(self, (left, right, *base), lambda: self._compared(left, right, base))

    def found_by(self, profile: CodeProfile, base: Sequence[CodeProfile] = ()) -> Fingerprints:
        """Fingerprints of what no base explains."""
        return found_by(profile, base, self)

    def values(self, profile: CodeProfile) -> Hashes:
        """All values whose rarity may be asked for."""
        return everything(profile)

    def lines(self, profile: CodeProfile, base: Sequence[CodeProfile] = ()) -> tuple[int, int]:
        """Lines of all files, and lines of code that a base explains."""
        return extent(profile, base, self)

    def parts(
        self, profile: CodeProfile, base: Sequence[CodeProfile] = ()
    ) -> tuple[tuple[int, Fragment], ...]:
        """Definitions that no base explains, each with a number that equal ones share."""
        return tuple(parts(profile, base, self))

    def _compared(
        self, left: CodeProfile, right: CodeProfile, base: Sequence[CodeProfile]
    ) -> Evidence:
        one, two, excluded = set_aside(left, right, base, self)
        pairs, whole = self._matched(one, two)
        upstream = explained(one, two, pairs, one.rarity.commons)
        if upstream:
            one, two, public = without(one, two, upstream)
            excluded += public
            pairs, whole = self._matched(one, two)
        sure = beyond_idiom(one, two, pairs)
        bits = [sure * match.bits for pair in pairs for match in pair.matches]
        shares = coverage(one, two, pairs)
        units = (len(left.units), len(right.units))
        strength = strength_of(bits, shares, units, self.steps, whole)
        total = sum((pair.excess for pair in pairs), 0.0)
        # Context completes the picture; it is no evidence of its own.
        pairs = self._completed(one, two, pairs)
        shares = coverage(one, two, pairs)
        pairs = with_moved_helpers(one, two, pairs)
        shown = tuple(file_pair(one, two, pair) for pair in pairs)
        found = renames(one, two, pairs)
        return Evidence(
            kind=self.kind,
            strength=strength,
            score=round(total, 2),
            summary=summary(strength, shares, shown, found, _special(one, two, strength)),
            pairs=shown,
            renames=found,
            excluded=excluded,
            skipped=(*_unknown(one), *_skipped(left, right)),
            facts={"left_coverage": round(shares[0], 4), "right_coverage": round(shares[1], 4)},
        )

    def _pairs(self, one: View, two: View) -> list[FileMatch]:
        return self._completed(one, two, self._matched(one, two)[0])

    def _completed(self, one: View, two: View, pairs: Sequence[FileMatch]) -> list[FileMatch]:
        noise = self.steps.noise(len(one.profile.units), len(two.profile.units))
        return completed(one, two, pairs, noise)

    def _matched(self, one: View, two: View) -> tuple[list[FileMatch], tuple[float, float]]:
        """File pairs, and the bits and share of those that agree from end to end."""
        same = identical_pairs(one, two)
        wholes = whole_files(one, two, same)
        found = unit_matches(one, two, self.candidates_per_unit, self.min_region_bits)
        found = with_wholes(one, two, found, wholes, same)
        noise = self.steps.noise(len(one.profile.units), len(two.profile.units))
        best = max((whole.bits for whole in wholes), default=0.0)
        return file_matches(one, two, found, noise, same), (best, whole_share(one, two, wholes))


def _special(one: View, two: View, strength: Strength) -> str:
    """A summary of its own where there is nothing to compare or nothing to tell apart."""
    if all_identical(one, two):
        return sameness(strength, len(one.profile.files))
    return emptiness(one.profile, two.profile)


def _unknown(one: View) -> tuple[Skipped, ...]:
    """Says so when rarity is uniform because the table of common code cannot be used."""
    problem = one.rarity.commons.problem
    return (Skipped("table of common code", f"{problem}; every match counts as rare"),) * bool(
        problem
    )


def _skipped(left: CodeProfile, right: CodeProfile) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(f"{side}: {path}", reason)
        for side, profile in (("left", left), ("right", right))
        for path, reason in profile.skipped
    )
