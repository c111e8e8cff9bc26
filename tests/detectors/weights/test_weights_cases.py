"""Whole cases: folders ``fixtures/weights_*`` with two sides, through every layer of codesim.

To accept a changed text, run with ``CODESIM_UPDATE_GOLDEN=1`` and review the difference.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("torch")

import codesim
from codesim.detectors.weights import WeightsDetector
from codesim.model import Comparison, Evidence, Snapshot, Strength
from codesim.report import document_of, encode, render_text

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
CASES = sorted(folder.parent.name for folder in FIXTURES.glob("weights_*/left"))
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 16000000000\n" % 1
UPDATE = bool(os.environ.get("CODESIM_UPDATE_GOLDEN"))


def side(case: str, name: str) -> Snapshot:
    root = FIXTURES / case / name
    files = {path.name: path.read_bytes() for path in root.iterdir()}
    return codesim.snapshot_of(files, name=name)


@cache
def compared(case: str, use_base: bool = True, swapped: bool = False) -> Comparison:
    base = [side(case, "base")] if use_base and (FIXTURES / case / "base").is_dir() else []
    sides = [side(case, "left"), side(case, "right")]
    left, right = reversed(sides) if swapped else sides
    return codesim.compare(left, right, base=base, detectors=[WeightsDetector(device="cpu")])


def evidence(case: str, use_base: bool = True, swapped: bool = False) -> Evidence:
    [found] = compared(case, use_base, swapped).evidence
    return found


@pytest.mark.parametrize("swapped", [False, True])
def test_independent_models_show_nothing(swapped):
    found = evidence("weights_independent", swapped=swapped)
    assert (found.strength, found.facts["relation"]) == (Strength.NONE, "no evidence")
    assert found.pairs == ()


@pytest.mark.parametrize("swapped", [False, True])
def test_siblings_are_explained_by_their_base(swapped):
    found = evidence("weights_shared_base", swapped=swapped)
    assert (found.strength, found.facts["relation"]) == (Strength.NONE, "shared base")
    assert found.excluded


def test_siblings_without_their_base_are_told_that_none_was_named():
    found = evidence("weights_shared_base", use_base=False)
    assert found.facts["relation"] in ("fine-tuned", "derived", "shared base")
    assert "no base and no cohort named" in found.summary


@pytest.mark.parametrize("swapped", [False, True])
def test_a_noised_copy_under_other_names(swapped):
    found = evidence("weights_noised_copy", swapped=swapped)
    assert (found.strength, found.facts["relation"]) == (Strength.VERY_STRONG, "noised copy")
    assert found.facts["one_sigma"] is True
    assert found.facts["sigma"] == pytest.approx(0.004, rel=0.03)
    assert found.facts["direction"] == ("right to left" if swapped else "left to right")
    assert any("up_proj" in rename.left + rename.right for rename in found.renames)


def test_a_base_that_is_one_side_explains_it():
    sides = [side("weights_noised_copy", name) for name in ("left", "right")]
    [found] = codesim.compare(*sides, base=sides[0], detectors=[WeightsDetector()]).evidence
    assert found.strength is Strength.NONE
    assert "the base is left itself" in found.summary
    assert found.excluded


def test_a_base_that_has_nothing_to_do_with_it():
    sides = [side("weights_noised_copy", name) for name in ("left", "right")]
    base = side("weights_independent", "right")
    [found] = codesim.compare(*sides, base=base, detectors=[WeightsDetector()]).evidence
    assert found.strength is Strength.VERY_STRONG
    assert "the base explains nothing of it" in found.summary
    assert found.excluded == ()


def test_a_copy_of_what_was_added_to_the_base():
    found = evidence("weights_copy_beyond_base")
    assert found.facts["relation"] == "noised copy"
    assert found.strength >= Strength.STRONG
    assert found.facts["bases"] == 1


@pytest.mark.parametrize("case", CASES)
def test_the_text_that_a_reader_sees(case):
    golden = FIXTURES / case / "expected.txt"
    text = render_text(document_of(compared(case)), width=100)
    if UPDATE:
        golden.write_text(text, encoding="utf-8")

    assert golden.is_file(), "no golden text yet; run with CODESIM_UPDATE_GOLDEN=1 and review it"
    assert text == golden.read_text(encoding="utf-8")


def test_the_same_bytes_every_time():
    data = encode(document_of(compared("weights_noised_copy")))
    again = codesim.compare(
        side("weights_noised_copy", "left"),
        side("weights_noised_copy", "right"),
        detectors=[WeightsDetector(device="cpu")],
    )
    assert encode(document_of(again)) == data


def test_the_command_line(codesim_run, tmp_path):
    left, right = (str(FIXTURES / "weights_noised_copy" / name) for name in ("left", "right"))
    report = tmp_path / "r.json"
    ended = codesim_run("weights", left, f"{right}/model.safetensors", "--json", report)
    assert (ended.code, ended.err) == (0, f"Wrote {report}\n")
    assert "VERY STRONG" in ended.out
    [found] = json.loads(report.read_text())["evidence"]
    assert (found["kind"], found["facts"]["relation"]) == ("weights", "noised copy")
    assert found["plots"]
    assert codesim_run("weights", left, right, "--fail-over", "strong").code == 1


def test_compare_adds_weights_when_asked(codesim_run):
    sides = [str(FIXTURES / "weights_noised_copy" / name) for name in ("left", "right")]
    assert "noised copy" not in codesim_run("compare", *sides).out
    assert "noised copy" in codesim_run("compare", *sides, "--weights").out
    assert "noised copy" in codesim_run("compare", *sides, "--only", "weights").out


def test_a_folder_is_read_as_it_stands_also_in_git(codesim_run, tmp_path):
    """The committed state holds a pointer at best."""
    for name in ("left", "right"):
        folder = tmp_path / name
        (folder / ".git" / "objects").mkdir(parents=True)
        (folder / ".git" / "refs").mkdir()
        (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        data = (FIXTURES / "weights_noised_copy" / name / "model.safetensors").read_bytes()
        (folder / "model.safetensors").write_bytes(data)
    assert "noised copy" in codesim_run("weights", tmp_path / "left", tmp_path / "right").out


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({"README.md": b"nothing\n"}, "right: no file of weights"),
        ({"model.safetensors.index.json": b'{"weight_map": {"a": "m-00001-of-00001.safetensors"}}'},
         "right: only the names of tensors, without values"),
        ({"model.safetensors": b"\x10\0\0\0\0\0\0\0{}"}, "right: no file of weights"),
        ({"model.safetensors": POINTER}, "right: only pointers to files of weights; download"),
    ],
    ids=["no checkpoint", "only an index", "truncated", "pointer"],
)  # fmt: skip
def test_what_cannot_be_compared_has_a_name(files, state):
    left = side("weights_independent", "left")
    right = codesim.snapshot_of(files, name="right")
    [found] = codesim.compare(left, right, detectors=[WeightsDetector()]).evidence
    assert found.strength is Strength.NONE
    assert state in found.summary


def test_a_device_that_is_not_there(codesim_run):
    sides = [str(FIXTURES / "weights_noised_copy" / name) for name in ("left", "right")]
    ended = codesim_run("weights", *sides, "--device", "cuda:99")
    assert ended.code == 2
    assert "cannot compute on 'cuda:99'" in ended.err
    assert codesim_run("weights", *sides, "--device", "toaster").code == 2
