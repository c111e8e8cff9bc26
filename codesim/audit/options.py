"""What an audit can be told, and the numbers behind its defaults."""

from __future__ import annotations

from dataclasses import dataclass

from codesim.model import Strength


@dataclass(frozen=True, slots=True)
class Options:
    """Parameters of an audit. All but ``workers``, ``engine`` and ``top`` decide about results."""

    workers: int = 2
    engine: str = "auto"
    # Pairs below this are not listed.
    min_strength: Strength = Strength.WEAK
    # Listed pairs that get a page with the files side by side, the strongest first.
    top: int = 100
    # A value that more submissions have pairs nobody: what so many share is the task.
    most_documents: int = 32
    # Two rare values in common are a coincidence.
    least_shared: int = 3
    # Partners of a submission for each kind of evidence that are compared in full.
    partners: int = 4
    # Pairs that nothing connects, compared to see what chance gives in this cohort.
    sample: int = 100
    # Fewer pairs than these say nothing about what chance gives in a cohort.
    least_sample: int = 30
    # What this share of the members has is what the task or its custom asks for.
    common_share: float = 0.25
    # Members from which on the cohort can tell what is common in it.
    least_members: int = 8
    # Members that stand for all of them where that is asked.
    pool: int = 200
    # One submission in a child; the worst real file takes half a second.
    seconds: float = 120.0
    # A probe looks at some files of a submission that made its child fail.
    probe_seconds: float = 15.0
    # NumPy, the parser and the tables take 0.4 GB of address space.
    memory: int = 3 << 30
    # Files that may be left out of a submission so that the rest can be read.
    most_culprits: int = 20
