"""The same input gives the same bytes, whatever the hash seed, the place or the order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_rewrites_assignments import AVERAGES, ROTARY, ROTARY_SPLIT
from test_rewrites_layout import SPLIT, WHOLE
from test_rewrites_loops import VOCAB_COMPREHENSION, VOCAB_LOOP

import codesim
from codesim.report import document_of, encode

# Prints the whole result of a comparison, and every number of a profile.
PROGRAM = """
import hashlib, json, sys
import numpy as np
import codesim
from codesim.detectors.code import CodeDetector
from codesim.report import document_of, encode
left, right = json.load(sys.stdin)
sides = [codesim.snapshot_of({path: text.encode() for path, text in side.items()}, name)
         for name, side in (("left", left), ("right", right))]
print(encode(document_of(codesim.compare(*sides, only=["code"]))).decode())
profile = CodeDetector().profile(sides[0])
for name in profile.nodes.__slots__:
    value = np.ascontiguousarray(getattr(profile.nodes, name))
    print(name, value.dtype, hashlib.sha256(value.tobytes()).hexdigest())
"""
LEFT = {"a.py": ROTARY, "b.py": AVERAGES, "c.py": WHOLE, "d.py": VOCAB_LOOP}
RIGHT = {"x.py": ROTARY_SPLIT, "y.py": VOCAB_COMPREHENSION, **SPLIT}


def result(folder: Path, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps([LEFT, RIGHT]), text=True, check=True,
        capture_output=True, cwd=folder, timeout=60,
        env={**os.environ, "PYTHONPATH": ":".join(filter(None, sys.path)), **environment},
    )  # fmt: skip
    return run.stdout


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    return result(tmp_path_factory.mktemp("plain"), PYTHONHASHSEED="0", CODESIM_CACHE="off")


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"PYTHONHASHSEED": "1"}, id="another hash seed"),
        pytest.param({"PYTHONHASHSEED": "random"}, id="a random hash seed"),
        pytest.param(
            {"PYTHONHASHSEED": "2", "LC_ALL": "C", "TZ": "Asia/Tokyo"}, id="another place"
        ),
    ],
)
def test_the_same_bytes(plain: str, tmp_path: Path, environment: dict[str, str]) -> None:
    assert len(plain) > 2_000
    assert result(tmp_path, CODESIM_CACHE="off", **environment) == plain


def test_the_same_bytes_from_a_cold_and_a_warm_cache(plain: str, tmp_path: Path) -> None:
    kept = {"CODESIM_CACHE": "on", "CODESIM_CACHE_DIR": str(tmp_path / "cache")}
    assert result(tmp_path, PYTHONHASHSEED="3", **kept) == plain
    assert result(tmp_path, PYTHONHASHSEED="4", **kept) == plain


def test_the_order_of_files_does_not_matter() -> None:
    def compared(left: list[str], right: list[str]) -> bytes:
        one = codesim.snapshot_of({path: LEFT[path].encode() for path in left}, "left")
        two = codesim.snapshot_of({path: RIGHT[path].encode() for path in right}, "right")
        return encode(document_of(codesim.compare(one, two, only=["code"])))

    forward = compared(sorted(LEFT), sorted(RIGHT))
    assert compared(sorted(LEFT, reverse=True), sorted(RIGHT, reverse=True)) == forward
