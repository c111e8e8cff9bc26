"""From information in bits to a strength with an error rate."""

from __future__ import annotations

from dataclasses import dataclass

from codesim.model import Strength


@dataclass(frozen=True, slots=True)
class Steps:
    """How many bits beyond public architectures and the base each strength asks for.

    Set on 428 pairs of public architectures (transformers 4.44.2, diffusers 0.27.2, timm 1.0.31),
    each compared with a table of which both were left out: one pair was weak, X-CLIP and CLIP, and
    one more, BLIP-2 and InstructBLIP; of both, one was made from the other. Strong and beyond lie
    further out than that many pairs can show.
    """

    weak: float = 8.0
    moderate: float = 14.0
    strong: float = 22.0
    very_strong: float = 40.0
    # A file of weights that is the same byte for byte came from the other side or from a third
    # that the base does not name; some files only may be a public part that both have copied.
    some_files: float = 22.0
    all_files: float = 40.0
    # Smaller files of weights may be empty shells.
    least_bytes: int = 10_000

    def of(self, bits: float) -> Strength:
        """The strength of so many bits."""
        for strength, least in (
            (Strength.VERY_STRONG, self.very_strong),
            (Strength.STRONG, self.strong),
            (Strength.MODERATE, self.moderate),
            (Strength.WEAK, self.weak),
        ):
            if bits >= least:
                return strength
        return Strength.NONE
