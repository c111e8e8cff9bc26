"""The measurements themselves: labels, samples, tables, and what they read inside the detector."""

from __future__ import annotations

import json

import pytest

from benchmarks import __main__ as command
from benchmarks.calibration import run as calibrate
from benchmarks.definitions import alike, blanked, definitions, tokens_of
from benchmarks.inside import best_bits, left_coverage, matched
from benchmarks.labels import Relations, catalogue
from benchmarks.lists import DEVELOPMENT, HELD_OUT
from benchmarks.options import BenchmarkError, Options
from benchmarks.ours import Profiles
from benchmarks.packages import Pin, fetch
from benchmarks.slices import lines_of, slices
from benchmarks.table import Table

ONE = """
class AlphaBlock:
    def forward(self, x):
        return x * 2 + 1

    def reset(self):
        self.state = None
"""
TWO = """
# Copied from pack.models.one.AlphaBlock with Alpha->Beta
class BetaBlock:
    def forward(self, x):
        return x * 2 + 1

# Copied from pack.models.one.nothing
def lost():
    return 1

class Gamma:
    # Copied from pack.models.one.AlphaBlock.reset
    def reset(self):
        self.state = None

    def forward(self, y):
        return y
"""


@pytest.fixture
def found():
    files = {"pack/models/one.py": ONE.encode(), "pack/models/two.py": TWO.encode()}
    return catalogue(files)


def test_labels_are_resolved_at_every_level(found):
    pairs = {(p.copy.name, p.source.name, p.kind, p.replacements) for p in found.labelled}
    assert pairs == {
        ("BetaBlock", "AlphaBlock", "class", (("Alpha", "Beta"),)),
        ("Gamma.reset", "AlphaBlock.reset", "method", ()),
    }
    assert found.unresolved == 1


@pytest.mark.parametrize(
    ("one", "two", "related"),
    [
        ("BetaBlock", "AlphaBlock", True),
        ("BetaBlock.forward", "AlphaBlock.forward", True),
        ("Gamma.reset", "AlphaBlock.reset", True),
        ("Gamma", "AlphaBlock", True),  # by one method alone
        ("Gamma.forward", "AlphaBlock.forward", False),
        ("lost", "AlphaBlock", False),
    ],
)
def test_relations_reach_through_others(found, one, two, related):
    by_name = {each.name: each for each in found.by_key.values()}
    assert Relations(found).related(by_name[one], by_name[two]) is related


def test_definitions_stand_alone():
    texts = {each.name: each.source for each in definitions("two.py", TWO)}
    assert texts["Gamma.reset"] == "def reset(self):\n    self.state = None\n"


def test_tokens_leave_out_comments_docstrings_and_layout():
    tokens = tokens_of('def f(a):\n    """Say."""\n    # why\n    return a, "kept"\n')
    assert tokens == ("def", "f", "(", "a", ")", ":", "return", "a", ",", '"kept"')
    assert blanked(tokens) == ("def", "N", "(", "N", ")", ":", "return", "N", ",", "N")
    assert alike(tokens, tokens) == 1.0


def test_the_two_lists_of_packages_are_disjoint():
    assert not {pin.name for pin in DEVELOPMENT} & {pin.name for pin in HELD_OUT}


def test_a_table_in_text():
    table = Table("T", ("name", "n", "x"), (("a", 10, 0.5), ("bb", None, 0.25)), ("note",))
    assert table.text().splitlines() == [
        "T", "", "name   n      x", "----  --  -----", "a     10  0.500", "bb     -  0.250", "",
        "* note",
    ]  # fmt: skip


def test_a_missing_package_says_what_is_needed(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(BenchmarkError, match=r"nowhere 0\.0 could not be fetched.*\n.*network"):
        fetch(Pin("nowhere", "0.0", "nowhere"), tmp_path)


@pytest.fixture
def data(tmp_path):
    """Two packages of two short files each, as wheels."""
    import zipfile

    (tmp_path / "wheels").mkdir()
    for name, operator in (("left", "+"), ("right", "*")):
        wheel = tmp_path / "wheels" / f"{name}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for number in range(2):
                body = "".join(f"def f{i}(x):\n    return x {operator} {i}\n" for i in range(60))
                archive.writestr(f"{name}/m{number}.py", body)
            archive.writestr(f"{name}/tests/m.py", "x = 1\n")
    return tmp_path


def test_slices_are_disjoint_and_of_the_wanted_size(data):
    cuts = slices([Pin("left", "1.0", "left")], 130, 2, data)
    assert [sorted(cut.files) for cut in cuts] == [["left/m0.py"], ["left/m1.py"]]
    assert all(cut.lines == 120 for cut in cuts)
    assert lines_of(b"a\nb") == 2


def test_unrelated_and_calibration_from_end_to_end(data, monkeypatch, capsys):
    pins = (Pin("left", "1.0", "left"), Pin("right", "1.0", "right"))
    monkeypatch.setattr("benchmarks.unrelated.DEVELOPMENT", pins)
    monkeypatch.setattr("benchmarks.unrelated.HELD_OUT", pins[::-1])
    monkeypatch.setattr("benchmarks.calibration.PLOT", data / "plot.svg")
    monkeypatch.setattr("benchmarks.unrelated.SIZES", (130,))
    monkeypatch.setenv("CODESIM_CACHE", "off")
    raw, out = data / "raw.jsonl", data / "out.json"
    arguments = ["unrelated", "--data", str(data), "--raw", str(raw), "--json", str(out)]
    assert command.main(arguments) == 0
    assert "Unrelated repositories" in capsys.readouterr().out
    rows = [json.loads(line) for line in raw.read_text("utf-8").splitlines()]
    assert {(row["left"], row["right"]) for row in rows} == {
        (f"left/130/{a}", f"right/130/{b}") for a in (0, 1) for b in (0, 1)
    }
    assert json.loads(out.read_text("utf-8"))["benchmarks"]["unrelated"][0]["rows"]
    tables = calibrate(Options(data, raw=raw))
    steps = ["weak", "moderate", "strong", "very strong"]
    assert [[row[0] for row in table.rows] for table in tables[:2]] == [steps, steps]
    assert "held-out" in tables[0].title
    assert (data / "plot.svg").read_text("utf-8").startswith("<svg")


def test_a_missing_package_ends_with_two(data, monkeypatch, capsys):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("CODESIM_CACHE", "off")
    assert command.main(["modular", "--data", str(data)]) == 2
    assert "could not be fetched" in capsys.readouterr().err


HALVES = (
    "import math\n\n\ndef wave(x, n):\n    total = 0.0\n    for i in range(1, n):\n"
    "        total += math.sin(i * x) / (i * i + 0.25)\n    return math.tanh(total) - x / n\n",
    "import math\n\n\ndef fold(rows):\n    best = max(math.hypot(a, b) for a, b in rows)\n"
    "    kept = [(a / best, b / best) for a, b in rows if a * b > 0.125]\n"
    "    return sorted(kept, key=lambda r: math.atan2(r[1], r[0]))[::-1]\n",
)


def test_a_split_file_is_covered_by_its_halves_together():
    profiles = Profiles()
    whole = profiles.of("whole", {"whole.py": "".join(HALVES).encode()})
    parts = {f"part{i}.py": half.encode() for i, half in enumerate(HALVES)}
    found = matched(whole, profiles.of("parts", parts))
    one = left_coverage(found, "whole.py", lambda path: path == "part0.py")
    both = left_coverage(found, "whole.py", lambda path: path.startswith("part"))
    assert 0.2 < one < 0.8 < both <= 1.0
    assert left_coverage(found, "whole.py", lambda _: False) == 0.0


def test_bits_of_an_unrelated_pair_are_few():
    profiles = Profiles()
    one, two = (profiles.of(f"{i}", {"a.py": half.encode()}) for i, half in enumerate(HALVES))
    assert best_bits(one, two) < best_bits(one, one)
