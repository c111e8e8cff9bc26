"""Whole audits, through the command: who is found, who is not, and the same bytes every time."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from cohort_on_disk import OWN, STARTER, cohort, disguised, independent, write

from codesim.cli import main
from codesim.report.audit import decode_audit, schema
from codesim.report.html.audit import render_audit_html

MEMBERS = 12


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A cohort on disk, its starter code, and a cache that all tests of this file share."""
    folder = tmp_path_factory.mktemp("audit")
    cohort(folder / "work", MEMBERS)
    write(folder / "starter", {"main.py": STARTER})
    os.environ["CODESIM_CACHE_DIR"] = str(folder / "cache")
    yield folder
    del os.environ["CODESIM_CACHE_DIR"]


def audited(place, *arguments, output="report", submissions="work", code=0):
    """The audit document of a run, which obeys its schema."""
    command = ["audit", str(place / submissions), "-o", str(place / output), *map(str, arguments)]
    assert main(command) == code
    document = json.loads((place / output / "audit.json").read_text())
    jsonschema.validate(document, schema())
    return document


def files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def named(document):
    return {each["name"]: each for each in document["submissions"]}


def strong(document):
    return [
        (pair["left"], pair["right"]) for pair in document["pairs"] if "strong" in pair["strength"]
    ]


def test_the_copy_is_found_and_nobody_else(place):
    document = audited(place, "--base", place / "starter")
    assert strong(document) == [("ann", "zoe")]
    assert [each["members"] for each in document["clusters"]] == [["ann", "zoe"]]
    pair = document["pairs"][0]
    assert pair["left_coverage"] > 0.9 < pair["right_coverage"]
    page = (place / "report" / pair["page"]).read_text()
    assert "residuals" in page
    assert "gaps" in page


def test_the_table_for_spreadsheets_says_the_same(place):
    document = audited(place, "--base", place / "starter")
    with (place / "report" / "pairs.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["left"], row["right"]) for row in rows] == [
        (pair["left"], pair["right"]) for pair in document["pairs"]
    ]
    assert float(rows[0]["code"]) == pytest.approx(document["pairs"][0]["kinds"][0]["score"])


def test_the_page_leads_to_the_pages_of_pairs_that_are_there(place):
    document = audited(place, "--base", place / "starter", "--markdown")
    folder = place / "report"
    page = (folder / "index.html").read_text()
    assert page == render_audit_html(decode_audit((folder / "audit.json").read_bytes()))
    linked = set(re.findall(r'href="(pairs/[^"]*)"', page))
    assert linked == {pair["page"] for pair in document["pairs"] if pair["page"]} != set()
    assert all('href="../index.html"' in (folder / name).read_text() for name in linked)
    assert "| `ann` | `zoe` |" in (folder / "audit.md").read_text()


def test_starter_code_is_no_part_of_anyones_work(place):
    submissions = named(audited(place, "--base", place / "starter"))
    lines = len(STARTER.splitlines())
    for each in submissions.values():
        assert 0.3 * lines < each["base_lines"] <= lines
        assert each["code_lines"] > lines


def test_without_a_base_the_cohort_knows_what_all_have(place):
    assert strong(audited(place, output="no-base")) == [("ann", "zoe")]


def test_a_starter_file_that_all_have_to_the_letter_is_no_part_of_anyones_work(place):
    works = {f"s{number:02d}": independent(number) for number in range(MEMBERS)}
    for name, text in {**works, "ann": OWN, "zoe": disguised()}.items():
        write(place / "beside" / name, {"starter.py": STARTER * 3, "model.py": text})
    document = audited(place, submissions="beside", output="beside-report")
    assert strong(document) == [("ann", "zoe")]
    (code,) = (each for each in document["cohort"] if each["kind"] == "code")
    assert max(code["scores"][:-1]) < 5.0


def test_a_large_group_of_copies_does_not_pass_for_chance(place):
    copies = [f"c{number}" for number in range(7)]
    for number in range(10):
        write(place / "ring" / f"s{number:02d}", {"main.py": STARTER + independent(number)})
    for name in copies:
        write(place / "ring" / name, {"main.py": f"{STARTER}{OWN}# by {name}\n"})
    document = audited(place, "--base", place / "starter", submissions="ring", output="ring-report")
    assert {name for pair in strong(document) for name in pair} == set(copies)
    assert [each["members"] for each in document["clusters"]] == [copies]


def test_the_same_bytes_whatever_the_workers_the_cache_and_the_folder(place, monkeypatch):
    base = ("--base", place / "starter")
    audited(place, *base, "--workers", "1", output="one")
    first = files(place / "one")
    audited(place, *base, "--workers", "3", output="three")
    assert files(place / "three") == first
    monkeypatch.chdir(place)
    audited(place, *base, "--no-cache", output="cold")
    assert files(place / "cold") == first


BROKEN = {
    "binary": {"main.py": bytes(range(256)) * 40},
    "empty": {},
    "no code": {"notes.txt": "later\n"},
    "not an archive": "gone.zip",
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_submission_changes_nothing_for_others(place, case):
    base = ("--base", place / "starter")
    good = audited(place, *base)
    folder = place / f"with {case}"
    cohort(folder, MEMBERS)
    if BROKEN[case] == "gone.zip":
        (folder / "gone.zip").write_bytes(b"PK\3\4 and nothing else")
    else:
        (folder / "broken").mkdir()
        write(folder / "broken", BROKEN[case])
    found = audited(place, *base, submissions=folder.name, output=f"report with {case}")
    assert found["pairs"] == good["pairs"]
    mine = {name: each for name, each in named(found).items() if name in named(good)}
    assert mine == named(good)
    told = [name for name in named(found) if name not in named(good)]
    told += [each["what"] for each in found["skipped"]]
    assert any("broken" in name or "gone" in name for name in told)


def test_a_file_that_ends_its_reader_costs_itself_alone(place, monkeypatch):
    base = ("--base", place / "starter")
    good = audited(place, *base)
    folder = place / "with fault"
    cohort(folder, MEMBERS)
    write(folder / "s03", {"bad.py": "x = 'reader-killer'\n", "also.py": "y = 1\n"})
    monkeypatch.setenv("CODESIM_FAULT", "segv@reader-killer")
    # The fault is in the content; what children are told of it is its path.
    monkeypatch.setenv("CODESIM_FAULT", "segv@bad.py")
    found = audited(place, *base, submissions=folder.name, output="report with fault")
    assert strong(found) == strong(good)
    assert named(found)["s03"]["state"] in ("read", "in part")


def test_old_ones_are_compared_with_new_ones_only(place):
    old = place / "last year"
    cohort(old, 4)
    (old / "ann" / "main.py").rename(old / "ann" / "old.py")
    document = audited(place, "--base", place / "starter", "--archive", old, output="with archive")
    submissions = named(document)
    archived = {name for name, each in submissions.items() if each["old"]}
    assert len(archived) == 6
    assert submissions["s00 (past)"]["origin"] == "file:last year/s00 (past)"
    assert document["pairs"]
    for pair in document["pairs"]:
        assert not {pair["left"], pair["right"]} <= archived


def test_fail_over_and_min_strength(place):
    base = ("--base", place / "starter")
    audited(place, *base, "--fail-over", "strong", code=1)
    document = audited(place, *base, "--min-strength", "very-strong")
    assert {pair["strength"] for pair in document["pairs"]} == {"very strong"}


def test_times_tell_who_was_first(place):
    rows = ["path,name,time"]
    for folder in sorted((place / "work").iterdir()):
        day = {"ann": 3, "zoe": 2}.get(folder.name, 1)
        rows.append(f"work/{folder.name},{folder.name},2026-05-0{day}T10:00:00Z")
    (place / "list.csv").write_text("\n".join(rows) + "\n")
    document = audited(place, "--base", place / "starter", submissions="list.csv", output="timed")
    assert document["clusters"][0]["earliest"] == "zoe"


def test_an_interrupted_audit_goes_on_to_the_same_bytes(place):
    base = ("--base", str(place / "starter"))
    audited(place, *base, output="whole", submissions="work")
    expected = files(place / "whole")
    environment = {**os.environ, "CODESIM_CACHE_DIR": str(place / "fresh cache")}
    command = [
        sys.executable, "-m", "codesim", "audit", str(place / "work"), *base, "-o",
        str(place / "stopped"),
    ]  # fmt: skip
    for wait in (1.5, 3.0, 4.5):
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL)  # fmt: skip
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == 130, (wait, said[-600:])
        if (place / "stopped").exists():  # it was as good as done
            assert b"interrupted; the report is complete" in said
            assert files(place / "stopped") == expected
            break
        assert b"interrupted; no report was written" in said
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert files(place / "stopped") == expected


def test_one_submission_is_refused_with_what_to_do(place, capsys):
    write(place / "lonely" / "only", {"main.py": STARTER + OWN})
    assert main(["audit", str(place / "lonely"), "-o", str(place / "none")]) == 2
    said = capsys.readouterr().err
    assert "1 of 1 submission can be read, and an audit compares two or more" in said
    assert ".. Check" not in said
    assert not (place / "none").exists()


def test_a_folder_of_other_things_is_not_replaced(place, capsys):
    write(place / "photos", {"holiday.txt": "sun"})
    assert main(["audit", str(place / "work"), "-o", str(place / "photos")]) == 2
    assert "holds other files" in capsys.readouterr().err
    assert Path(place / "photos" / "holiday.txt").read_text() == "sun"


def test_two_identical_submissions(place):
    folder = place / "twins"
    cohort(folder, MEMBERS)
    write(folder / "yan", {"run.py": STARTER + disguised()})
    document = audited(
        place, "--base", place / "starter", submissions="twins", output="twin report"
    )
    assert ("yan", "zoe") in strong(document)
    assert [each["members"] for each in document["clusters"]] == [["ann", "yan", "zoe"]]
