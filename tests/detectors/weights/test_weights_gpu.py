"""A GPU makes the same sums, and so the same verdicts."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch
from relations import noised, trained, values

from codesim.detectors.weights.alignment import aligned
from codesim.detectors.weights.relation import judged
from codesim.detectors.weights.stream import measured

pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="PyTorch finds no GPU that it can compute on here"
)


@pytest.mark.parametrize("other", ["noised", "independent"])
def test_sums_and_verdicts_do_not_depend_on_the_device(other: str) -> None:
    left = values(trained("parent"))
    right = values(noised(trained("parent"), 0.1) if other == "noised" else trained(other))
    pairs = aligned(left, right)
    sums = {device: measured(pairs, device) for device in ("cpu", "cuda")}
    for one, two in zip(sums["cpu"], sums["cuda"], strict=True):
        assert two.count == one.count
        assert two.correlation == pytest.approx(one.correlation, abs=1e-5)
        assert two.sigma == pytest.approx(one.sigma, rel=1e-5)
    found = [judged(pairs, sums[device], left, right) for device in ("cpu", "cuda")]
    assert found[0].relation == found[1].relation
    assert found[0].log10_p == pytest.approx(found[1].log10_p, rel=1e-3)
