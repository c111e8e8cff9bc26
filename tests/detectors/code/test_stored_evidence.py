"""Evidence that is kept, and the version of the code under which everything is kept."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import codesim.detectors.code.stored as stored_module
from codesim import Strength, snapshot_of
from codesim.cache import Cache, user_cache
from codesim.detectors.code import CodeDetector, rarity
from codesim.detectors.code.stored import canonicaliser, recalled
from codesim.model import Evidence, FilePair, Fragment


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """An empty store for each test."""
    monkeypatch.setenv("CODESIM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("CODESIM_CACHE", raising=False)
    return user_cache()


@pytest.fixture
def profiles():
    """Two small profiles."""
    sides = ({"a.py": b"def f(x):\n    return x + 1\n"}, {"b.py": b"import torch\n"})
    return tuple(CodeDetector().profile(snapshot_of(side)) for side in sides)


def _files(cache):
    return sorted(path for path in cache.folder.glob("??/*"))


def _evidence(score=1.5):
    pair = FilePair(Fragment("a", (1, 2), "f"), Fragment("b"), 0.5, 1.0, 0.75)
    return Evidence("code", Strength.WEAK, score, "a summary", (pair,))


def test_evidence_is_computed_once_for_the_same_profiles_and_parameters(profiles):
    computed = []

    def compute():
        computed.append(1)
        return _evidence()

    left, right = profiles
    for _ in range(2):
        assert recalled(CodeDetector(), (left, right), compute) == _evidence()
    assert len(computed) == 1
    recalled(CodeDetector(max_depth=9), (left, right), compute)
    recalled(CodeDetector(), (right, left), compute)
    recalled(CodeDetector(), (left, right, left), compute)
    recalled(CodeDetector(), (replace(left, name="another"), right), compute)
    moved = replace(left.nodes, line=left.nodes.line + 1)
    recalled(CodeDetector(), (replace(left, nodes=moved), right), compute)
    assert len(computed) == 6


def test_evidence_depends_on_the_table_of_common_code(monkeypatch, profiles):
    recalled(None, profiles, _evidence)
    other = rarity.Rarity().commons.empty("another table")
    monkeypatch.setattr(rarity, "public_code", lambda: other)
    assert recalled(None, profiles, lambda: _evidence(2.5)).score == 2.5


def test_evidence_that_would_come_back_differently_is_not_kept(cache, profiles):
    before = len(_files(cache))
    recalled(CodeDetector(), profiles, lambda: _evidence(score=3))
    assert len(_files(cache)) == before


# -- the version ----------------------------------------------------------------------------------


def test_the_canonicaliser_covers_all_code_of_the_detector_and_the_parser():
    names = [name for name, _ in stored_module._sources()]
    folder = Path(stored_module.__file__).parent
    ours = {f"codesim.detectors.code/{path.name}" for path in folder.glob("*.py")}
    assert ours <= set(names)
    assert {"codesim.text/decode.py", "codesim.sequences/winnow.py"} <= set(names)
    assert len(names) == len(set(names))
    found = [name for name, data in stored_module._binaries() if data]
    assert [name.partition("/")[0] for name in found] == ["tree_sitter", "tree_sitter_python"]


def test_the_canonicaliser_changes_with_any_byte_of_code(monkeypatch):
    now = canonicaliser()
    changed = [(name, data + b"#") for name, data in stored_module._sources()]
    for number in range(len(changed)):
        files = list(stored_module._sources())
        files[number] = changed[number]
        monkeypatch.setattr(stored_module, "_sources", lambda files=files: files)
        assert canonicaliser.__wrapped__() != now
        monkeypatch.undo()
    assert canonicaliser.__wrapped__() == now


def test_every_process_finds_what_another_kept(tmp_path, cache):
    """Neither the seed of hashes nor the folder of work is part of a key."""
    code = (
        "from codesim import snapshot_of\n"
        "from codesim.detectors.code.reader import Limits, read_profile\n"
        "from codesim.cache import user_cache\n"
        "read_profile(snapshot_of({'a.py': b'def f(x):\\n  y = g = x; return y\\n'}),"
        " Limits(100_000, 100_000, 500_000, 150))\n"
        "print(*sorted(path.name for path in user_cache().folder.glob('??/*')))\n"
    )
    root = Path(stored_module.__file__).resolve().parents[3]
    seen = set()
    for seed in ("0", "1"):
        work = tmp_path / seed
        work.mkdir()
        environment = {
            "PYTHONHASHSEED": seed, "PYTHONPATH": str(root), "HOME": str(tmp_path),
            "CODESIM_CACHE_DIR": str(cache.folder.parent),
        }  # fmt: skip
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=work, env=environment, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        seen.add(run.stdout)
    assert len(seen) == 1
    assert len(seen.pop().split()) == 2


def test_a_cache_can_be_given(tmp_path, profiles):
    own = Cache(tmp_path / "own")
    evidence = recalled(None, profiles, _evidence, own)
    assert evidence == recalled(None, profiles, lambda: _evidence(9.5), own)
