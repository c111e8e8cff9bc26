"""File names of learning platforms, and patterns of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import contents, reasons, written, zipped

from codesim import CodesimError
from codesim.audit.submissions import Submission, open_submission, read_roster
from codesim.audit.submissions import platforms as platforms_module
from codesim.audit.submissions.gradescope import Handed, read_metadata
from codesim.audit.submissions.platforms import PRESETS, recognised
from codesim.audit.submissions.times import iso_time, later
from codesim.supervise import Limits

METADATA = """\
---
submission_4711:
  :submitters:
  - :name: Ada Lovelace
    :sid: '17'
    :email: name@example.org
  - :name: "Zo\\xEB \\"Z\\" M\\u00FCller"
    :sid:
  :created_at: 2024-05-31 17:00:05.123456789 Z
  :score: 10
  :results:
    tests:
    - name: not a person
  :history:
  - :id: 1
    :created_at: 2001-01-01 00:00:00 Z
submission_4712:
  :submitters:
  - :name: 'O''Brien'
  :created_at: 2024-05-30 09:00:00 +02:00
"""


def test_moodle_files_and_folders(tmp_path: Path) -> None:
    files = {
        "Ada Lovelace_101_assignsubmission_file_model.py": b"1",
        "Ada Lovelace_101_assignsubmission_file_train_2_x.py": b"2",
        "Jean_Luc P_102_assignsubmission_file_/project.zip": zipped({"p/a.py": b"3"}),
        "Ada Lovelace_103_assignsubmission_file_/m.py": b"4",
        "Ada Lovelace_101_assignsubmission_onlinetext_onlinetext.html": b"<p>",
    }
    roster = read_roster(str(written(tmp_path, files)))
    assert {s.name: contents(open_submission(s)) for s in roster.submissions} == {
        "Ada Lovelace (101)": {"model.py": b"1", "train_2_x.py": b"2", "onlinetext.html": b"<p>"},
        "Ada Lovelace (103)": {"m.py": b"4"},
        "Jean_Luc P": {"a.py": b"3"},
    }
    assert roster.skipped == ()


def test_canvas_late_and_later_uploads(tmp_path: Path) -> None:
    """All files of a person count: what looks like an earlier upload may be what was copied."""
    files = {
        "lovelaceada_LATE_12345_67890_model-1.py": b"1",
        "lovelaceada_12345_67891_model.py": b"2",
        "lovelaceada_12345_67892_a_b.ipynb": b"{}",
        "bootbob_12346_67893_code.zip": zipped({"b.py": b"3"}),
        "bootbob_12399_67894_code.py": b"4",
    }
    roster = read_roster(str(written(tmp_path, files)))
    assert {s.name: contents(open_submission(s)) for s in roster.submissions} == {
        "bootbob (12346)": {"b.py": b"3"},
        "bootbob (12399)": {"code.py": b"4"},
        "lovelaceada": {"model-1.py": b"1", "model.py": b"2", "a_b.ipynb": b"{}"},
    }


@pytest.mark.parametrize("inside", ["folder", "zip"])
def test_gradescope(inside: str, tmp_path: Path) -> None:
    files = {
        "submission_4711/a.py": b"1", "submission_4712/b.py": b"2", "submission_4713/c.py": b"3",
        "submission_metadata.yml": METADATA.encode(),
    }  # fmt: skip
    source = written(tmp_path / "in", files)
    if inside == "zip":
        source = tmp_path / "all.zip"
        source.write_bytes(zipped({f"assignment_1_export/{n}": d for n, d in files.items()}))
    roster = read_roster(str(source))
    assert [(s.name, s.time) for s in roster.submissions] == [
        ('Ada Lovelace, Zoë "Z" Müller', "2024-05-31T17:00:05.123456789Z"),
        ("O'Brien", "2024-05-30T09:00:00+02:00"),
        ("submission", ""),
    ]
    assert [contents(open_submission(s)) for s in roster.submissions] == [
        {"a.py": b"1"}, {"b.py": b"2"}, {"c.py": b"3"}
    ]  # fmt: skip


def test_metadata_that_says_little() -> None:
    assert read_metadata("submission_1:\n  :submitters: []\nnonsense\n\t- :name: x\n") == {
        "submission_1": Handed("", "")
    }
    assert read_metadata("  :created_at: 2024-01-01\n- :name: x\n") == {}
    deep = "submission_1:\n" + "  :submitters:\n  - :name: " + "[" * 100_000
    assert len(read_metadata(deep)["submission_1"].name) == 100_000


@pytest.mark.parametrize(
    ("names", "platform"),
    [
        (["a_1_assignsubmission_file_", "b_2_assignsubmission_file_x.zip"], "moodle"),
        (["a_1_assignsubmission_file_", "b"], "none"),
        (["ada_12_34_m.py", "bob_13_35_m.py"], "canvas"),
        (["submission_1", "submission_2"], "gradescope"),
        # Must not be taken for one: all would become a single submission.
        (["hw_2024_05_ada.zip", "hw_2024_05_bob.zip"], "none"),
        (["hw_2024_05_ada.zip", "hw_2024_06_bob.zip"], "none"),
        (["hw1_2024_05_ada.zip", "hw2_2024_05_ada.zip", "hw1_2024_05_bob.zip"], "none"),
        (["submission_ada", "submission_bob"], "none"),
        ([], "none"),
    ],
)
def test_what_is_recognised_without_being_told(names: list[str], platform: str) -> None:
    assert recognised(names) == platform


MOODLE = {f"{name}_{n}_assignsubmission_file_m.py": b"1" for n, name in enumerate(("ada", "bob"))}


@pytest.mark.parametrize(
    ("more", "pattern", "told"),
    [
        ({"readme.txt": b""}, "", "2 of 3 look like those of Moodle, readme.txt does not"),
        ({"readme.txt": b""}, "none", ""),
        ({}, "", ""),
        ({"x.py": b"", "y.py": b""}, "", ""),
    ],
)
def test_names_that_nearly_all_come_from_a_platform(tmp_path, more, pattern, told) -> None:
    roster = read_roster(str(written(tmp_path, {**MOODLE, **more})), pattern)
    said = [each.reason for each in roster.skipped if each.what == "names of files"]
    assert [reason.partition(", so")[0] for reason in said] == ([told] if told else [])
    assert all("--pattern moodle reads those that do" in reason for reason in said)


def test_a_pattern_of_ones_own(tmp_path: Path) -> None:
    files = {
        "hw1-ada-reds-20240531_1700.py": b"1", "hw1-ada-reds-20240601_0900.ipynb": b"2",
        "hw1-ada-blues-nodate.py": b"3", "notes.txt": b"",
    }  # fmt: skip
    pattern = r"hw1-(?P<name>\w+)-(?P<team>\w+)-(?P<time>[\w]+)"
    roster = read_roster(str(written(tmp_path, files)), pattern)
    blues, reds = roster.submissions
    assert (blues.name, blues.team, blues.time) == ("ada (blues)", "blues", "")
    assert (reds.name, reds.time) == ("ada (reds)", "2024-06-01T09:00:00")
    assert len(reds.sources) == 2
    assert reasons(roster) == {"notes.txt": "its name does not match the pattern"}


def test_no_pattern_at_all(tmp_path: Path) -> None:
    files = {"ada_12_34_m.py": b"", "bob_13_35_m.py": b""}
    roster = read_roster(str(written(tmp_path, files)), "none")
    assert [s.name for s in roster.submissions] == ["ada_12_34_m", "bob_13_35_m"]


def test_a_preset_that_nothing_follows(tmp_path: Path) -> None:
    with pytest.raises(CodesimError, match=r"left out: ada \(its name does not match the pattern"):
        read_roster(str(written(tmp_path, {"ada/a.py": b""})), "moodle")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?P<name>", "is no regular expression: .*unterminated"),
        ("modle", "must be one of moodle, canvas, gradescope, none, or a regular expression"),
        ("(?P<who>.*)", "with a group"),
        ("(?P<name>.*)(?P<grade>.)", "has a group 'grade'; known are name, team, time"),
        ("(?P<name>.*)" + "x" * 1000, "at most 1,000 characters"),
        ("(?P<name>a{99999999999999999999})", "is no regular expression"),
    ],
)
def test_patterns_that_cannot_be_used(pattern: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CodesimError, match=message):
        read_roster(str(written(tmp_path, {"ada/a.py": b""})), pattern)


def test_a_pattern_that_never_ends_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms_module, "_MATCHING", Limits(1.0, 1 << 30, 1000))
    written(tmp_path, {"a" * 60 + "/x": b"", "b/x": b""})
    with pytest.raises(CodesimError, match=r"could not be matched with the file names \(hung\)"):
        read_roster(str(tmp_path), "(?P<name>(a+)+)$x")


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_take_no_time_on_any_name(preset: str) -> None:
    """A name has at most 255 bytes in a folder, but one in an archive may have 65,535."""
    for part in ("_", "_1", "a_x_", "_1_assignsubmission_", "1", "_late", "a_1__", "_1_1\n"):
        assert PRESETS[preset].fullmatch(part * (65_000 // len(part))) is None


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2024-05-31T17:00:05Z", "2024-05-31T17:00:05Z"),
        ("2024-05-31 17:00", "2024-05-31T17:00"),
        (" 2024-05-31 ", "2024-05-31"),
        ("2024-05-31 17:00:00 UTC", "2024-05-31T17:00:00Z"),
        ("2024-05-31 17:00:00 +0200", "2024-05-31T17:00:00+0200"),
        ("20240531", "20240531"),
        ("2024-05-31_17-00-05", "2024-05-31T17:00:05"),
        ("202405311700", "2024-05-31T17:00:00"),
        ("2024.05.31", "2024-05-31"),
        ("05/06/2024", ""),
        ("2024-13-01", ""),
        ("yesterday", ""),
        ("", ""),
        ("2" * 100, ""),
        ("٢٠٢٤-05-31", ""),
    ],
)
def test_times(given: str, iso: str) -> None:
    assert iso_time(given) == iso


def test_sources_of_a_platform_stay_in_order(tmp_path: Path) -> None:
    files = {f"a_1_{n}_f{n}.py": b"" for n in (30, 10, 20)} | {"b_2_40_f.py": b""}
    first, _ = read_roster(str(written(tmp_path, files))).submissions
    assert first == Submission("a", tuple(str(tmp_path / f"a_1_{n}_f{n}.py") for n in (10, 20, 30)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024-06-01T10:00:00+02:00", "2024-06-01T09:00:00Z"),
        ("2024-06-01T10:00:00+02:00", "2024-06-01T09:00:00"),  # without a zone: UTC
        ("2024-06-01", "2024-06-01T00:00:01"),
        ("", "2024-06-01"),
        ("no time", "2024-06-01"),
    ],
)
def test_the_later_of_two_times_is_that_of_the_later_moment(one: str, other: str) -> None:
    assert later(one, other) == later(other, one) == other
