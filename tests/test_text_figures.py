"""Shares as people read them, the same in the sentence of a detector and in a report."""

from __future__ import annotations

import pytest

from codesim.detectors.code.evidence import summary
from codesim.model import FilePair, Fragment, Strength
from codesim.report.words import percent

PAIR = FilePair(Fragment("a.py"), Fragment("b.py"), 0.9, 0.9, 0.9)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"), (0.004, "<1 %"), (0.01, "1 %"), (0.47, "47 %"),
        (0.996, "99 %"), (0.9999, "99 %"), (1.0, "100 %"),
    ],
)  # fmt: skip
def test_the_sentence_of_the_code_says_the_figure_of_the_bars(share, text):
    assert percent(share) == text
    said = summary(Strength.STRONG, (0.5, share), (PAIR,), (), "")
    assert said == f"{text} of right is in left, 50 % of left is in right"
    few = summary(Strength.NONE, (share, share), (PAIR,), (), "")
    assert few.endswith(f": {text} of right, {text} of left")
