"""Good submissions beside bad ones: read in children, each as if it were alone; nothing is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from handed_in import written, zipped
from hypothesis import given
from hypothesis import strategies as st

from codesim import CodesimError
from codesim.audit.submissions import Roster, read_roster
from codesim.audit.submissions.gradescope import read_metadata
from codesim.audit.submissions.names import named, shown
from codesim.audit.submissions.nouns import Draft
from codesim.supervise import Limits, Outcome, supervised

LIMITS = Limits(seconds=20.0, memory=1 << 30, answer=10_000_000)
GOOD = {
    "good1/model.py": b"x = 1\n", "good2.zip": zipped({"top/a.py": b"y = 2\n"}),
    "good3.ipynb": b"{}",
}  # fmt: skip
BAD = {
    "bad1.zip": b"no zip", "bad2.zip": zipped({"zeros.py": bytes(60_000_000)}), "bad3/": b"",
    "bad4.tar.gz": b"\x1f\x8b\x08 damaged", "bad5.rar": b"Rar!",
    "bad6\x1b[31m/crash.py": b"", "bad7/hang.py": b"",
}  # fmt: skip


def outcomes(roster: Roster, workers: int) -> dict[str, Outcome]:
    inputs = [
        json.dumps({"name": s.name, "sources": s.sources}).encode() for s in roster.submissions
    ]
    found = supervised("audit_tasks:whole", inputs, workers, LIMITS)
    return {s.name: o for s, o in zip(roster.submissions, found, strict=True)}


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no file here can do by itself: kill the process that reads it, or never end."""
    monkeypatch.setenv("CODESIM_FAULT", "segv@bad6 oom@bad7")


@pytest.mark.usefixtures("faults")
def test_bad_submissions_change_nothing_for_good_ones(tmp_path: Path) -> None:
    alone = outcomes(read_roster(str(written(tmp_path / "in", GOOD))), 1)
    assert all(outcome.is_done for outcome in alone.values())
    written(tmp_path / "in", BAD)
    (tmp_path / "in" / "bad8").symlink_to("/etc")
    roster = read_roster(str(tmp_path / "in"))
    assert [item.what for item in roster.skipped] == ["bad8"]
    for workers in (1, 3):
        both = outcomes(roster, workers)
        assert {name: both[name] for name in alone} == alone
        assert {name: (o.state, bool(o.reason)) for name, o in both.items() if "bad" in name} == {
            "bad1": ("failed", True), "bad2": ("failed", True), "bad3": ("failed", True),
            "bad4": ("failed", True), "bad5": ("failed", True),
            "bad6\\x1b[31m": ("crashed", True), "bad7": ("out of memory", True),
        }  # fmt: skip
        assert "bytes after decompression" in both["bad2"].reason
        assert str(tmp_path) not in repr(both)


@given(st.binary(max_size=300), st.sampled_from(["l.csv", "l.txt", "l.tsv"]))
def test_any_bytes_are_a_roster_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(b"name,url,path,time\n" + data if name == "l.csv" else data)
    try:
        roster = read_roster(str(path))
    except CodesimError as error:
        said = str(error)
    else:
        said = "".join(s.name + s.team for s in roster.submissions)
        said += "".join(item.what + item.reason for item in roster.skipped)
        assert len({s.name for s in roster.submissions}) == len(roster.submissions) > 0
    assert said.isprintable()


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=2)), max_size=12))
def test_names_are_unique_printable_and_independent_of_the_order(
    given_names: list[tuple[str, str]],
) -> None:
    drafts = [
        Draft(name, (f"{number:02}",), marks=(mark,))
        for number, (name, mark) in enumerate(given_names)
    ]
    submissions = named(drafts, old=False)
    names = [s.name for s in submissions]
    assert len({name.casefold() for name in names}) == len(drafts)
    assert all(name and name.isprintable() and len(name) <= 100 for name in names)
    assert sorted(s.sources for s in submissions) == [draft.sources for draft in drafts]
    assert named(drafts[::-1], old=False) == submissions


@given(st.text())
def test_a_shown_name_stays_as_it_is_when_shown_again(text: str) -> None:
    assert shown(shown(text)) == shown(text)


@given(st.text(alphabet="submission_1:\n -name'\"\\x0Ucreated_at", max_size=300))
def test_any_metadata_is_read_or_left_out(text: str) -> None:
    for folder, handed in read_metadata(text).items():
        assert folder.startswith("submission_")
        assert "\n- " not in handed.name


@given(st.lists(st.binary(min_size=1, max_size=12), min_size=1, max_size=8))
def test_any_file_names_are_submissions_or_said(
    tmp_path_factory: pytest.TempPathFactory, raw: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("names")
    names = {name.replace(b"/", b"_").replace(b"\0", b"_") for name in raw} - {b".", b".."}
    for name in names:
        with open(os.fsencode(folder) + b"/" + name, "wb"):
            pass
    with open(folder / "always.py", "wb"):
        pass
    roster = read_roster(str(folder))
    sources = sum(len(s.sources) for s in roster.submissions)
    assert sources + len(roster.skipped) == len(names | {b"always.py"})
