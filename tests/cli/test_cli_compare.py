"""``codesim compare``, with a detector whose answer is known."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from codesim.errors import CodesimError, DetectorUnavailable
from codesim.model import Evidence, FilePair, Fragment, Skipped, Snapshot, Strength


@dataclass(frozen=True)
class Fixed:
    """Says what it was told to say."""

    kind: str = "code"
    strength: Strength = Strength.STRONG
    skips: bool = False
    missing: str = ""

    def profile(self, snapshot: Snapshot) -> tuple[str, ...]:
        if self.missing:
            raise DetectorUnavailable(self.missing)
        return tuple(entry.path for entry in snapshot.entries)

    def compare(
        self, left: tuple[str, ...], right: tuple[str, ...], base: Sequence[tuple[str, ...]] = ()
    ) -> Evidence:
        pairs = (
            FilePair(Fragment(a), Fragment(b), 1.0, 0.5, 0.8)
            for a, b in zip(left, right, strict=False)
        )
        skipped = (Skipped("weights.bin", "not read"),) if self.skips else ()
        summary = f"{len(left)} and {len(right)} files, {len(base)} base"
        return Evidence(self.kind, self.strength, 0.8, summary, tuple(pairs), (), skipped=skipped)


@pytest.fixture
def detectors(sides, monkeypatch):
    """Replaces the table of detectors, in a folder with something to compare."""

    def use(*chosen: Fixed) -> None:
        monkeypatch.setattr("codesim.detectors.DETECTORS", chosen, raising=False)

    use(Fixed())
    return use


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three folders to compare, and the working folder of the test."""
    monkeypatch.chdir(tmp_path)
    for side in ("left", "right", "upstream"):
        (tmp_path / side).mkdir()
        for number in range(3):
            (tmp_path / side / f"{side}_{number}.py").write_text(f"x = {number}\n")
    return tmp_path


COMPARE = ("compare", "left", "right")


def test_the_summary_is_the_result(codesim_run, detectors, sides):
    ended = codesim_run(*COMPARE)
    assert (ended.code, ended.err) == (0, "")
    assert "STRONG" in ended.out
    assert "3 and 3 files, 0 base" in ended.out
    assert "left_0.py" in ended.out
    assert "Similarity is evidence for a person to judge, not proof of copying." in ended.out


def test_all_reports_at_once(codesim_run, detectors, sides):
    ended = codesim_run(*COMPARE, "--html", "r.html", "--json", "r.json", "--markdown", "r.md")
    assert ended.code == 0
    assert ended.err == "Wrote r.html\nWrote r.json\nWrote r.md\n"
    assert Path("r.html").read_text("utf-8").lstrip().lower().startswith("<!doctype html>")
    assert json.loads(Path("r.json").read_bytes())["overall"]["strength"] == "strong"
    assert "left_0.py" in Path("r.md").read_text("utf-8")


@pytest.mark.parametrize("form", ["html", "json", "markdown"])
def test_a_report_on_stdout_stands_alone(codesim_run, detectors, sides, form):
    on_stdout = codesim_run(*COMPARE, f"--{form}", "-")
    codesim_run(*COMPARE, f"--{form}", "file")
    assert on_stdout.out == Path("file").read_text("utf-8")
    assert on_stdout.err == ""


def test_the_same_input_gives_the_same_bytes(codesim_run, detectors, sides):
    written = set()
    for name in ("a.json", "b.json"):
        codesim_run(*COMPARE, "--json", name)
        written.add(Path(name).read_bytes())
    assert len(written) == 1
    assert str(sides) not in written.pop().decode()


def test_base_is_passed_on(codesim_run, detectors, sides):
    assert "1 base" in codesim_run(*COMPARE, "--base", "upstream").out


def test_top_limits_the_pairs_shown(codesim_run, detectors, sides):
    shown = codesim_run(*COMPARE, "--top", "1").out
    assert "left_0.py" in shown
    assert "left_1.py" not in shown


def test_only_chooses_kinds(codesim_run, detectors, sides):
    detectors(Fixed("code"), Fixed("config", Strength.NONE))
    assert "config" in codesim_run(*COMPARE).out
    assert "config" not in codesim_run(*COMPARE, "--only", "code").out


def test_an_unknown_kind_is_refused_before_any_work(codesim_run, detectors, sides, monkeypatch):
    monkeypatch.setattr("codesim.open_snapshot", lambda *_, **__: pytest.fail("opened"))
    ended = codesim_run(*COMPARE, "--only", "cod")
    assert ended.code == 2
    assert "Did you mean 'code'? The kinds are: code, weights." in ended.err


@pytest.mark.parametrize(
    ("strength", "threshold", "code"),
    [
        ("NONE", "weak", 0),
        ("WEAK", "weak", 1),
        ("MODERATE", "strong", 0),
        ("STRONG", "strong", 1),
        ("VERY_STRONG", "strong", 1),
        ("STRONG", "very-strong", 0),
    ],
)
def test_fail_over(codesim_run, detectors, strength, threshold, code):
    detectors(Fixed(strength=Strength[strength]))
    assert codesim_run(*COMPARE, "--fail-over", threshold).code == code


@pytest.mark.parametrize(
    ("detector", "arguments", "code"),
    [
        (Fixed(skips=True), [], 0),
        (Fixed(skips=True), ["--strict"], 3),
        (Fixed(skips=True), ["--strict", "--fail-over", "strong"], 1),
        (Fixed(missing="needs more"), ["--strict"], 3),
        (Fixed(), ["--strict"], 0),
    ],
)
def test_strict(codesim_run, detectors, detector, arguments, code):
    detectors(detector)
    assert codesim_run(*COMPARE, *arguments).code == code


def test_what_could_not_run_is_named(codesim_run, detectors, sides):
    detectors(Fixed("weights", missing="needs torch: pip install 'codesim[weights]'"))
    assert "needs torch" in codesim_run(*COMPARE).out


def test_no_cache(codesim_run, detectors, sides, monkeypatch):
    monkeypatch.setenv("CODESIM_CACHE", "")
    codesim_run(*COMPARE, "--no-cache")
    assert os.environ["CODESIM_CACHE"] == "off"


def test_verbose_says_what_was_read(codesim_run, detectors, sides):
    said = codesim_run(*COMPARE, "--verbose").err.splitlines()
    assert "Opening left ..." in said
    assert any(line.startswith("right: right  3 files  0.0 MB") for line in said)
    assert "Comparing code ..." in said


def test_quiet_says_nothing(codesim_run, detectors, sides):
    ended = codesim_run("--quiet", *COMPARE, "--html", "r.html")
    assert ended.err == ""
    assert ended.out


def test_a_result_is_not_a_repository(codesim_run, detectors, sides):
    codesim_run(*COMPARE, "--json", "result.json")
    ended = codesim_run("compare", "left", "result.json")
    assert ended.code == 2
    assert "codesim report result.json" in ended.err


def test_a_missing_folder_is_named(codesim_run, detectors, sides):
    ended = codesim_run("compare", "left", "./nowhere")
    assert ended.code == 2
    assert "nowhere" in ended.err
    assert "Traceback" not in ended.err


def test_namesakes_are_told_apart(codesim_run, detectors, sides):
    for owner in ("alice", "bob"):
        (sides / owner / "right").mkdir(parents=True)
        (sides / owner / "right" / "a.py").write_text("x = 1\n")
    shown = codesim_run("compare", "alice/right", "bob/right", "--base", "right").out
    assert "alice/right" in shown
    assert "bob/right" in shown
    assert str(sides) not in shown


@pytest.mark.parametrize("wrong", ["./nowhere", "right/right_0.py#nope", "right@main", "ext::x"])
def test_a_wrong_source_is_found_before_a_directory_is_read(
    codesim_run, detectors, sides, monkeypatch, wrong
):
    monkeypatch.setattr(
        "codesim.snapshot.directory.open_directory", lambda *_, **__: pytest.fail("read")
    )
    ended = codesim_run("compare", "left", wrong)
    assert ended.code == 2
    assert ended.err.startswith("Error: ")


@pytest.mark.parametrize(
    "address",
    [
        "https://user:ghp_canary7canary7@github.com/a/b",
        "https://hf_canary7canary7@huggingface.co/a/b",
        "https://example.org/a/b?token=canary7canary7",
        "https://example.org/a/b?x=1&private_token=canary7canary7",
    ],
)
@pytest.mark.parametrize(
    "place",
    [["compare", "left", "{}"], ["compare", "left", "right", "{}"], ["{}"], ["report", "{}"],
     ["compare", "left", "right", "--only", "{}"], ["compare", "left", "right", "--html={}"],
     ["compare", "left", "right", "--fail-over", "{}"], ["--debug", "compare", "left", "{}"]],
)  # fmt: skip
def test_no_credential_is_repeated(codesim_run, detectors, sides, address, place):
    ended = codesim_run(*(word.format(address) for word in place))
    assert ended.code == 2
    assert "canary7" not in ended.out + ended.err


def test_a_failing_renderer_leaves_the_old_report(codesim_run, detectors, sides, monkeypatch):
    Path("r.html").write_text("old")

    def fail(*_: object, **__: object) -> str:
        raise CodesimError("no room")

    monkeypatch.setattr("codesim.report.html.html_files", fail)
    assert codesim_run(*COMPARE, "--html", "r.html").code == 2
    assert Path("r.html").read_text() == "old"
