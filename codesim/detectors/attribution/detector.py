"""The attribution detector: was the source named, and was its licence kept?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.attribution.evidence import facts, summary, tables
from codesim.detectors.attribution.mentions import named
from codesim.detectors.attribution.pairs import Both, readings
from codesim.detectors.attribution.profile import AttributionProfile
from codesim.detectors.attribution.reader import Limits, read_profile
from codesim.model import Evidence, Skipped, Snapshot, Strength


@dataclass(frozen=True, slots=True)
class AttributionDetector:
    """Says how matches are to be read; it changes none, and is no evidence of copying itself.

    Which side is the source is not known, so both directions are told.
    """

    # Longer text files are data; licences and front pages are far below.
    max_bytes: int = 1_000_000
    # All text of a repository, and how many files; the modules of transformers 4.44 are 1,729.
    max_total: int = 200_000_000
    max_files: int = 20_000

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "attribution"

    def profile(self, snapshot: Snapshot) -> AttributionProfile:
        """Everything the comparison needs of one snapshot."""
        return read_profile(snapshot, Limits(self.max_bytes, self.max_total, self.max_files))

    def compare(
        self,
        left: AttributionProfile,
        right: AttributionProfile,
        base: Sequence[AttributionProfile] = (),
    ) -> Evidence:
        """Licences and mentions, where nothing is known of matched files."""
        return self.review(left, right, base, ())

    def review(
        self,
        left: AttributionProfile,
        right: AttributionProfile,
        base: Sequence[AttributionProfile],  # noqa: ARG002 - the interface of a reviewer
        found: Sequence[Evidence],
    ) -> Evidence:
        """How what the other detectors found is to be read. The base has no say in it."""
        both = Both(left, right, named(left, right), named(right, left))
        read = readings(both, found)
        return Evidence(
            kind=self.kind,
            strength=Strength.NONE,
            score=0.0,
            summary=summary(both, read),
            skipped=tuple(
                Skipped(f"{side}: {path}", reason)
                for side, profile in (("left", left), ("right", right))
                for path, reason in profile.skipped
            ),
            tables=tables(both, read),
            facts=facts(both, read),
        )
