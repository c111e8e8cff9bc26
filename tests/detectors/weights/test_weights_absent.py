"""Without PyTorch everything else works, and one line says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import codesim
from codesim.detectors.weights import WeightsDetector, detector
from codesim.errors import DetectorUnavailable


@pytest.fixture
def no_torch(monkeypatch):
    """As on a machine without PyTorch."""
    found = detector.find_spec
    monkeypatch.setattr(
        detector, "find_spec", lambda name: None if name == "torch" else found(name)
    )


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for side in ("left", "right"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "model.py").write_text("x = 1\n")


def test_says_in_one_line_what_to_install(no_torch):
    with pytest.raises(DetectorUnavailable) as raised:
        WeightsDetector().profile(codesim.snapshot_of({"a": b""}))
    assert "pip install 'codesim[weights]'" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_compare_goes_on(no_torch, sides, codesim_run):
    ended = codesim_run("compare", "left", "right", "--weights")
    assert (ended.code, ended.err) == (0, "")
    assert "detector weights" in ended.out
    assert "codesim[weights]" in ended.out
    assert codesim_run("compare", "left", "right", "--weights", "--strict").code == 3


def test_weights_stops(no_torch, sides, codesim_run):
    ended = codesim_run("weights", "left", "right", "--html", "r.html")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: comparing the values of weights needs PyTorch")
    assert not Path("r.html").exists()


def test_compare_is_quiet_about_weights_that_nobody_asked_for(no_torch, sides, codesim_run):
    assert "torch" not in codesim_run("compare", "left", "right").out


def test_nothing_loads_torch_before_it_is_needed():
    code = (
        "import sys, codesim.cli, codesim.detectors.weights as w\n"
        "w.WeightsDetector()\n"
        "print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
