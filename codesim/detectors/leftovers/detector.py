"""The leftovers detector: names that belong to the other side, and shared rarities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from codesim.commons import Fingerprints
from codesim.detectors.leftovers.dangling import dangling, used_packages
from codesim.detectors.leftovers.evidence import emptiness, file_pairs, summary, tables
from codesim.detectors.leftovers.findable import common, found_by
from codesim.detectors.leftovers.found import Dangling, Shared
from codesim.detectors.leftovers.passages import in_passages, worths
from codesim.detectors.leftovers.profile import LeftoversProfile
from codesim.detectors.leftovers.rarity import Rarity
from codesim.detectors.leftovers.reader import Limits, read_profile
from codesim.detectors.leftovers.shared import shared_rarities
from codesim.detectors.leftovers.sides import Joined, Side, joined
from codesim.detectors.leftovers.strength import Steps, surprise
from codesim.model import Evidence, Excluded, Fact, Skipped, Snapshot, Strength


@dataclass(frozen=True, slots=True)
class LeftoversDetector:
    """Compares what nobody compares: comments, messages, names, addresses, and what is missing.

    Text is cut by regular expressions; nothing is parsed or run. What public projects have too says
    nothing, and what both sides define says more the fewer projects know its words.
    """

    # Longer text files are data; the worst hand-written file of 15,638 had 4 MB.
    max_bytes: int = 1_000_000
    # All text of a repository; transformers has 30 MB.
    max_total: int = 200_000_000
    # The modules of transformers 4.44 are 1,729 files; more than ten times that is data.
    max_files: int = 20_000
    # Below this a thing is one usual word or two.
    least_bits: float = 6.0
    steps: Steps = field(default_factory=Steps)

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "leftovers"

    def profile(self, snapshot: Snapshot) -> LeftoversProfile:
        """Everything the comparison needs of one snapshot."""
        return read_profile(snapshot, Limits(self.max_bytes, self.max_total, self.max_files))

    def compare(
        self, left: LeftoversProfile, right: LeftoversProfile, base: Sequence[LeftoversProfile] = ()
    ) -> Evidence:
        """What is left over of either side in the other, beyond the base."""
        rarity = Rarity()
        both = joined(left, right, base)
        one, two = both.left, both.right
        shared = in_passages(shared_rarities(one, two, rarity, self.least_bits))
        loose = [
            *dangling(one, two, "left", rarity, self.least_bits, both.base),
            *dangling(two, one, "right", rarity, self.least_bits, both.base),
        ]
        beyond = surprise(worths(shared, loose), (one.size, two.size), self.steps)
        return Evidence(
            kind=self.kind,
            strength=Strength.NONE if rarity.commons.problem else self.steps.of(beyond),
            score=round(max(0.0, beyond), 2),
            summary=summary(shared, loose, emptiness(left, right)),
            pairs=file_pairs(left, right, shared, loose),
            excluded=tuple(_excluded(left, right, both, rarity)),
            skipped=(*_unknown(rarity), *_skipped(left, right)),
            tables=tables(shared, loose),
            facts=_facts(shared, loose, both),
        )

    def found_by(
        self, profile: LeftoversProfile, base: Sequence[LeftoversProfile] = ()
    ) -> Fingerprints:
        """Lines, addresses and the like that no base and no public project has."""
        return found_by(profile, base, self.least_bits)

    def common(self, profiles: Iterable[LeftoversProfile], least: int) -> LeftoversProfile:
        """What at least so many of these have, to be used as a base."""
        return common(profiles, least)


def _facts(shared: list[Shared], loose: list[Dangling], both: Joined) -> dict[str, Fact]:
    return {
        "left_names_only_right_has": sum(each.side == "left" for each in loose),
        "right_names_only_left_has": sum(each.side == "right" for each in loose),
        "shared_rarities": len(shared),
        "shared_typos": sum(each.kind == "typo" for each in shared),
        "identical_files": len(both.identical),
    }


def _excluded(
    left: LeftoversProfile, right: LeftoversProfile, both: Joined, rarity: Rarity
) -> Iterator[Excluded]:
    if both.identical:
        count = len(both.identical)
        yield Excluded(
            "identical files", f"{count:,} file{'s' * (count != 1)}", "their content is not listed"
        )
    if both.explained:
        yield Excluded("shared lines and names", f"{both.explained:,}", "in the base")
    common = _common(both.left, both.right, rarity)
    if common:
        yield Excluded("shared lines and names", f"{common:,}", "in two or more public projects")
    for side, own, other in (
        ("left", both.left, both.right),
        ("right", both.right, both.left),
    ):
        for package in used_packages(own, other):
            reason = f"{side} uses it as a library, so that naming what it defines says nothing"
            yield Excluded(f"package {package}", "all its names", reason)
    for side, profile in (("left", left), ("right", right)):
        if profile.set_aside:
            count = len(profile.set_aside)
            reason = "legal texts, and folders for what others wrote"
            yield Excluded(
                f"{side}: third-party files", f"{count:,} file{'s' * (count != 1)}", reason
            )


def _common(one: Side, two: Side, rarity: Rarity) -> int:
    """How many things both sides have that public projects have too."""
    names = (one.bound.keys() | one.defined.keys()) & (two.bound.keys() | two.defined.keys())
    things = [*sorted(one.items.keys() & two.items.keys())]
    things += [("name", name) for name in sorted(names)]
    return sum(map(bool, rarity.frequencies(things)))


def _unknown(rarity: Rarity) -> tuple[Skipped, ...]:
    """Says so where the table of common words cannot be used, so that rarity is not known."""
    problem = rarity.commons.problem
    reason = f"{problem}; what is shared is listed, and its rarity is not known"
    return (Skipped("table of common words", reason),) * bool(problem)


def _skipped(left: LeftoversProfile, right: LeftoversProfile) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(f"{side}: {path}", reason)
        for side, profile in (("left", left), ("right", right))
        for path, reason in profile.skipped
    )
