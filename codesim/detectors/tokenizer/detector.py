"""The tokenizer detector: what two tokenizers share beyond every public one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from codesim.detectors.tokenizer.base import upstream
from codesim.detectors.tokenizer.evidence import excluded, file_pairs, renames
from codesim.detectors.tokenizer.pairing import findings
from codesim.detectors.tokenizer.profile import TokenizerProfile
from codesim.detectors.tokenizer.reader import read_profile
from codesim.detectors.tokenizer.strength import Steps, strength_of
from codesim.detectors.tokenizer.summary import emptiness, facts, summary
from codesim.detectors.tokenizer.tables import tables
from codesim.model import Evidence, Skipped, Snapshot, Strength


@dataclass(frozen=True, slots=True)
class TokenizerDetector:
    """Compares vocabularies, merges, special tokens and chat templates, whatever their format.

    What a public tokenizer has under the same id says nothing; the table of public tokenizers is
    part of the package. Nothing is run, and files whose bytes are missing count by their ids.
    """

    # The largest public tokenizer.json, of 262,000 tokens, has 33 MB.
    max_bytes: int = 40_000_000
    # A repository has one, its checkpoints and tests some more.
    max_tokenizers: int = 50
    # Pairs compared in full; each takes up to half a second.
    max_pairs: int = 10
    steps: Steps = field(default_factory=Steps)

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "tokenizer"

    def profile(self, snapshot: Snapshot) -> TokenizerProfile:
        """The tokenizers of one snapshot."""
        return read_profile(snapshot, self.max_bytes, self.max_tokenizers)

    def compare(
        self, left: TokenizerProfile, right: TokenizerProfile, base: Sequence[TokenizerProfile] = ()
    ) -> Evidence:
        """What the tokenizers of two snapshots share beyond public ones and the base."""
        skipped = _skipped(left, right)
        if not left.tokenizers or not right.tokenizers:
            said = emptiness(left, right)
            return Evidence(self.kind, Strength.NONE, 0.0, said, skipped=skipped)
        found = findings(left.tokenizers, right.tokenizers, upstream(base), self.max_pairs)
        return Evidence(
            kind=self.kind,
            strength=strength_of(found[0].bits, self.steps),
            score=found[0].bits,
            summary=summary(found),
            pairs=file_pairs(found),
            renames=renames(found),
            excluded=excluded(found),
            skipped=skipped,
            tables=tables(found),
            facts=facts(found),
        )


def _skipped(left: TokenizerProfile, right: TokenizerProfile) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(f"{side}: {path}", reason)
        for side, profile in (("left", left), ("right", right))
        for path, reason in profile.skipped
    )
