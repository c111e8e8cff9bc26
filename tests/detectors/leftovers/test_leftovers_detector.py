"""What is left over of one side in the other, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leftover_sides import COPY, ORIGINAL, UNRELATED, Files, compared, dangling, shared, snapshot

from codesim.detectors.leftovers import LeftoversDetector
from codesim.detectors.leftovers.rarity import Rarity
from codesim.detectors.leftovers.typos import usual_word
from codesim.errors import SnapshotError
from codesim.model import Entry, Snapshot, Strength
from codesim.snapshot import snapshot_of

NAME = "modeling_lumigrid.LumigridTokenizerWrapper"


# Negative: must not be found.
@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(UNRELATED, ORIGINAL, id="unrelated"),
        pytest.param(
            UNRELATED,
            {**UNRELATED, "train.py": UNRELATED["train.py"].replace("32", "64")},
            id="what public projects have too",
        ),
        pytest.param(
            {"run.py": "import lumigrid\nlumigrid.LumigridTokenizerWrapper()\n",
             "requirements.txt": "lumigrid>=1\n"},
            {"lumigrid/__init__.py": "", "lumigrid/m.py": ORIGINAL["modeling_lumigrid.py"]},
            id="a library that is used",
        ),
        pytest.param(
            {"a.json": '{"_target_": "torch.optim.AdamW"}'},
            {"torch/__init__.py": "", "torch/optim.py": "class AdamW:\n    pass\n"},
            id="the library everybody uses",
        ),
        pytest.param(
            {"a.json": f'{{"auto_map": {{"AutoTokenizer": "{NAME}"}}}}'},
            {"a.json": f'{{"auto_map": {{"AutoTokenizer": "{NAME}"}}}}', "b.py": "x = 1\n"},
            id="named by both, defined by neither",
        ),
        pytest.param(
            {"LICENSE": "The lumigrid quiver may be used by lena only, and by nobody else.\n"},
            {"LICENSE.txt": "The lumigrid quiver may be used by lena only, and by nobody else.\n"},
            id="legal texts",
        ),
        pytest.param(
            {"third_party/q.py": ORIGINAL["quiverpool.py"], "a.py": "x = 1\n"},
            {"vendor/q2.py": ORIGINAL["quiverpool.py"] + "z = 1\n", "b.py": "y = 1\n"},
            id="folders for what others wrote",
        ),
        pytest.param(
            {"a.py": "# use modeling_bert.py and tokenizer_config.json and setup.py\n"},
            {"tokenizer_config.json": "{}", "setup.py": "x = 1\n"},
            id="files that every repository may have",
        ),
        pytest.param({}, ORIGINAL, id="nothing"),
    ],
)  # fmt: skip
def test_not_left_over(left: Files, right: Files) -> None:
    for one, two in ((left, right), (right, left)):
        evidence = compared(one, two)
        assert evidence.strength is Strength.NONE
        assert not dangling(evidence)


def test_a_class_named_where_only_the_other_side_has_it() -> None:
    evidence = compared(ORIGINAL, COPY)

    assert dangling(evidence) == {("right: mine/tokenizer_config.json:4", NAME)}
    assert f"right names 1 thing that only left has: {NAME}" in evidence.summary
    assert evidence.strength >= Strength.WEAK
    assert evidence.facts["right_names_only_left_has"] == 1
    assert evidence.facts["left_names_only_right_has"] == 0


def test_both_places_are_shown() -> None:
    pair = next(p for p in compared(ORIGINAL, COPY).pairs if "tokenizer" in p.right.path)
    (match,) = pair.matches

    assert (pair.left.path, match.left.lines) == ("modeling_lumigrid.py", (5, 5))
    assert match.right.lines == (4, 4)
    assert NAME in match.right.label
    assert "only left has" in match.why


def test_a_comment_with_slips_that_both_have() -> None:
    evidence = compared(ORIGINAL, COPY)

    assert ("comment", "tiles kwiver in the last rowe, see notes of lena") in shared(evidence)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from .quiverpool import QuiverPooler\n", "quiverpool"),
        ("import modeling_lumigrid\n", "modeling_lumigrid"),
        ('TARGET = "quiverpool.QuiverPooler"\n', "quiverpool.QuiverPooler"),
        ("# as in modeling_lumigrid.py of the paper\n", "modeling_lumigrid.py"),
        ("# call LumigridTokenizerWrapper before\n", "LumigridTokenizerWrapper"),
        ("out = tokenizer.quiver_begin_token()\n", "quiver_begin_token"),
    ],
)
def test_ways_to_name_what_is_not_there(line: str, name: str) -> None:
    assert name in {found for _, found in dangling(compared({"x.py": line}, ORIGINAL))}


def test_swapping_sides_swaps_the_result() -> None:
    one, two = compared(ORIGINAL, COPY), compared(COPY, ORIGINAL)

    assert (one.strength, one.score) == (two.strength, two.score)
    assert one.facts["right_names_only_left_has"] == two.facts["left_names_only_right_has"]
    assert [(p.left.path, p.right.path) for p in one.pairs] == [
        (p.right.path, p.left.path) for p in two.pairs
    ]


def test_the_base_explains_what_it_has() -> None:
    base = {"q.py": ORIGINAL["quiverpool.py"] + "z = 1\n"}
    evidence = compared(ORIGINAL, COPY, base)

    assert not [text for kind, text in shared(evidence) if kind == "comment"]
    assert any("in the base" in each.reason for each in evidence.excluded)


@pytest.mark.parametrize(
    "base",
    [
        pytest.param({"zorkmid_frob.py": "class Other:\n    pass\n"}, id="the file"),
        pytest.param({"q.py": "class ZorkmidFrobnicator:\n    pass\n"}, id="the definition"),
        pytest.param({"c.json": '{"a": "zorkmid_frob.ZorkmidFrobnicator"}'}, id="the mention"),
    ],
)
def test_the_base_explains_what_is_missing(base: Files) -> None:
    left = {"config.json": '{"auto_map": {"AutoModel": "zorkmid_frob.ZorkmidFrobnicator"}}'}
    right = {"zorkmid_frob.py": "class ZorkmidFrobnicator:\n    pass\n"}

    assert dangling(compared(left, right))
    assert not dangling(compared(left, right, base))
    assert not dangling(compared(left, right, right))
    assert compared(left, right, right).strength is Strength.NONE


def test_identical_files_are_counted_and_not_listed() -> None:
    evidence = compared(ORIGINAL, ORIGINAL)

    assert evidence.facts["identical_files"] == len(ORIGINAL)
    assert not evidence.pairs
    assert any(each.what == "identical files" for each in evidence.excluded)


def test_many_files_are_bounded_and_those_at_the_top_are_read() -> None:
    files = {f"a/x{n}.py": "" for n in range(9)}
    detector = LeftoversDetector(max_files=3)
    profile = detector.profile(snapshot({**files, "z.py": "import lumigrid\n"}))

    assert [file.path for file in profile.files] == ["a/x0.py", "a/x1.py", "z.py"]
    assert profile.skipped == (
        ("7 further text files", "only the first 3 files are read, those nearest the top first"),
    )


def test_nothing_to_read() -> None:
    evidence = compared({"a.png": "x"}, ORIGINAL)

    assert evidence.summary == "no text files on the left"
    assert (evidence.strength, evidence.pairs, evidence.tables) == (Strength.NONE, (), ())


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    def read(path: str) -> bytes:
        if path == "a.py":
            raise SnapshotError("the object is missing")
        return b"# the lumigrid must warm up first\n"

    entries = (Entry("a.py", size=3), Entry("b.py", size=3), Entry("c.py", size=9_000_000))
    profile = LeftoversDetector().profile(Snapshot("s", "", None, entries, read))

    assert [path for path, _ in profile.skipped] == ["a.py", "c.py"]
    assert [file.path for file in profile.files] == ["b.py"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=120), min_size=2, max_size=2))
def test_any_bytes_are_compared(data: list[bytes]) -> None:
    detector = LeftoversDetector()
    left, right = (
        detector.profile(snapshot_of({"a.py": each, "b.json": each, "c.md": each})) for each in data
    )

    assert detector.compare(left, right).kind == "leftovers"


@settings(max_examples=25, deadline=None)
@given(st.permutations(sorted(COPY)), st.sampled_from(["", "\n", "\n\n\n"]))
def test_order_and_blank_lines_change_nothing(order: list[str], gap: str) -> None:
    moved = {path: gap + COPY[path].replace("\n", "\n" + gap) for path in order}

    assert shared(compared(ORIGINAL, moved)) == shared(compared(ORIGINAL, COPY))


def test_the_same_input_gives_the_same_evidence() -> None:
    assert compared(ORIGINAL, COPY) == compared(ORIGINAL, COPY)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("paramter", "parameter"),
        ("tranform", "transform"),
        ("fucntion", "function"),
        ("outputt", "output"),
        ("modle", ""),
        ("lumigrid", ""),
        ("training", ""),
        ("x1y2z3", ""),
        ("größenordnung", ""),
    ],
)
def test_slips_of_the_fingers(word: str, meant: str) -> None:
    rarity = Rarity()
    if rarity.commons.problem:
        pytest.skip(rarity.commons.problem)
    known = rarity.frequencies([("word", word)])[0]

    assert usual_word(word, rarity) == meant or known


def test_profiles_do_not_depend_on_where_a_snapshot_was() -> None:
    detector = LeftoversDetector()
    one, two = (detector.profile(snapshot(ORIGINAL, name)) for name in ("one", "two"))

    assert one.files == two.files
