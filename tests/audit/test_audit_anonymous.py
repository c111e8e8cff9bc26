"""``codesim audit --anonymise KEY``: names are gone from every file, and the findings are kept."""

from __future__ import annotations

import base64
import binascii
import csv
import html
import json
import re
import stat
import zlib
from pathlib import Path

import jsonschema
import pytest
from cohort_on_disk import OWN, STARTER, disguised, independent, write

from codesim.cli import main
from codesim.report.audit import schema

# Name, team, folder of each submission of the list, and what else stands in it.
ROWS = (
    ("Ilsebet Quandorff", "Snarkforge Owls", "hand-ins/iquandorff_final"),
    ("odo pflumkrantz", "Snarkforge Owls", "hand-ins/pflum-krantz"),
    ("Mark", "", "hand-ins/mark"),
    ("Zyx-Leela", "!!!", "hand-ins/one"),
    ("Zyx Leela", "???", "hand-ins/two"),
    ("\u00d8yvind \u00c6rlig", "", "hand-ins/oe"),
    ("<b>Brumblezot</b>", "", "hand-ins/brumble"),
    ("vexlumina/tiles", "", "https://localhost:1/vexlumina/tiles.git"),
    ("Tronquist", "", "hand-ins/tronquist_v2.zip"),
)
HIDDEN = (
    "quandorff", "ilsebet", "snarkforge", "pflumkrantz", "pflum-krantz", "zyx", "leela", "yvind",
    "brumble", "vexlumina", "tronquist", "hexapus", "gribblenet", "odo", "zyx-institut", "hand-ins",
    "2026-05", "23:59",
)  # fmt: skip
# Written apart, so that no file of the project holds the path of a home.
HEADER = '''\
# Author: Ilsebet Quandorff <ilse.q@zyx-institut.edu>
# With thanks to @hexapus-lab; run as ~HOME~/tronquist/run.py
"""Quandorff's solution, see https://github.com/vexlumina/gribblenet."""
'''.replace("~HOME~", "/" + "home")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A cohort whose names are everywhere: two copies of one work, one of them by Mark."""
    folder = tmp_path_factory.mktemp("nameless")
    write(folder / "hand-ins/iquandorff_final/quandorff_model", {
        "model.py": HEADER + STARTER + OWN, "README.md": "# Brumblezot's friend\n",
    })  # fmt: skip
    write(folder / "hand-ins/mark", {"mark.py": STARTER + disguised() + "\n# by ilsebet\n"})
    for number, name in enumerate(("pflum-krantz", "one", "two", "oe", "brumble", "late")):
        write(folder / "hand-ins" / name, {f"{name}/main.py": STARTER + independent(number)})
    write(folder / "hand-ins", {"tronquist_v2.zip": b"PK\3\4 and nothing else"})
    write(folder / "brumblezot-starter", {"main.py": STARTER})
    lines = ["path,name,team,time,room of tronquist"]
    for day, (name, team, path) in enumerate(ROWS, 1):
        lines.append(f'{path},{name},{team},2026-05-0{day}T23:59:00Z,"B 12"')
    lines.append("hand-ins/late,Late Brumblezot,,yesterday by Quandorff,")
    (folder / "list.csv").write_text("\n".join(lines) + "\n")
    (folder / "keys").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODESIM_CACHE_DIR", str(folder / "cache"))
        patch.chdir(folder)
        yield folder


def audited(place, output, *more):
    command = ["audit", "list.csv", "--base", "brumblezot-starter", "-o", output, "--markdown"]
    assert main([*command, *more]) == 0
    document = json.loads((place / output / "audit.json").read_text())
    jsonschema.validate(document, schema())
    return document


@pytest.fixture(scope="module")
def named(place):
    return audited(place, "named")


@pytest.fixture(scope="module")
def nameless(place, named):
    return audited(place, "nameless", "--anonymise", "keys/key.json")


@pytest.fixture(scope="module")
def key(place, nameless):
    return json.loads((place / "keys/key.json").read_text())


def texts(folder):
    """Every file of a report as text, with what is packed in it, as a browser would unpack it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = path.read_text("utf-8")
            plain = "\n".join([text, *inflated(text)])
            yield path.name, html.unescape(plain + re.sub(r"<[^>]*>", "", plain)).lower()


def inflated(text):
    for packed in re.findall(r"[A-Za-z0-9+/=]{120,}", text):
        try:
            yield zlib.decompress(base64.b64decode(packed), wbits=47).decode("utf-8", "replace")
        except (binascii.Error, zlib.error):
            continue


def test_no_name_is_left_in_any_file(place, nameless):
    told = dict(texts(place / "nameless"))
    assert {"audit.json", "audit.md", "index.html", "pairs.csv", "0001.html"} <= set(told)
    left = {
        name: [canary for canary in HIDDEN if re.search(rf"{re.escape(canary)}", text)]
        for name, text in told.items()
    }
    assert {name: found for name, found in left.items() if found} == {}
    # An ordinary word goes where it names somebody; pages have elements and parts of that name.
    for name in ("audit.json", "audit.md", "pairs.csv"):
        assert re.search(r"\bmark\b", told[name]) is None
    assert (
        re.search(r"mark\.py|>\s*mark\s*<|file:mark", told["index.html"] + told["0001.html"])
        is None
    )


def test_every_name_was_there(place, named):
    told = "\n".join(text for _, text in texts(place / "named"))
    assert [canary for canary in HIDDEN if canary not in told] == ["pflum-krantz", "hand-ins"]


def test_the_findings_are_the_same(named, nameless, key):
    def pairs(document, who):
        return sorted(
            (sorted((who(pair["left"]), who(pair["right"]))), pair["strength"], kind["kind"],
             kind["strength"], kind["score"])
            for pair in document["pairs"] for kind in pair["kinds"]
        )  # fmt: skip

    assert pairs(nameless, lambda name: key[name]["name"]) == pairs(named, str)
    assert len(nameless["submissions"]) == len(named["submissions"])
    for one in nameless["submissions"]:
        two = next(s for s in named["submissions"] if s["name"] == key[one["name"]]["name"])
        for field in ("state", "files", "code_lines", "base_lines", "strength", "cluster", "old"):
            assert one[field] == two[field]
    assert [key[c]["name"] for c in nameless["clusters"][0]["members"]] == [
        "Ilsebet Quandorff",
        "Mark",
    ]
    assert key[nameless["clusters"][0]["earliest"]]["name"] == "Ilsebet Quandorff"


def test_the_order_says_nothing_of_names(named, nameless, key):
    names = [each["name"] for each in nameless["submissions"]]
    assert names == sorted(names)
    real = [key[name]["name"] for name in names]
    assert real != sorted(real)
    for pair in nameless["pairs"]:
        assert pair["left"] < pair["right"]


def test_one_name_has_one_stand_in_on_all_pages(place, nameless, key):
    page = dict(texts(place / "nameless"))["0001.html"]
    pair = nameless["pairs"][0]
    model = next(note for note in pair["files"] if note["kind"] == "code")
    owner = {each["name"]: n for n, each in key["pseudonyms"].items()}["Ilsebet Quandorff"]
    surname = next(n for n, each in key["pseudonyms"].items() if each["name"] == "Quandorff")
    assert f"{surname}_model/model.py" in (model["left"], model["right"])
    assert f"author: {owner}" in page
    assert f"{surname}'s solution" in page


def test_the_key_tells_who_is_who(place, nameless, key):
    assert stat.S_IMODE((place / "keys/key.json").stat().st_mode) == 0o600
    told = {each["name"]: each for name, each in key.items() if name.startswith("submission")}
    assert set(told) == {name for name, _, _ in ROWS} | {"Late Brumblezot"}
    assert told["Mark"]["time"] == "2026-05-03T23:59:00Z"
    assert told["Zyx-Leela"]["team"] == "!!!"
    assert told["vexlumina/tiles"].get("origin", "") == ""


def test_what_was_left_out_is_told_without_names(nameless, key):
    tronquist = {each["name"]: n for n, each in key["pseudonyms"].items()}["Tronquist"]
    assert {each["what"] for each in nameless["skipped"]} == {
        f"column 'room of {tronquist}'", "line 11: time",
    }  # fmt: skip


def test_again_the_same_bytes(place, nameless):
    audited(place, "again", "--anonymise", "keys/again.json", "--no-cache", "--workers", "1")
    for path in (place / "nameless").rglob("*"):
        if path.is_file():
            other = place / "again" / path.relative_to(place / "nameless")
            assert other.read_bytes() == path.read_bytes(), path
    assert (place / "keys/again.json").read_bytes() == (place / "keys/key.json").read_bytes()


def test_the_summary_on_the_terminal_names_nobody(place, nameless, capsys):
    audited(place, "nameless", "--anonymise", "keys/third.json")
    out = capsys.readouterr().out.lower()
    assert "submission" in out
    assert [canary for canary in (*HIDDEN, "mark") if canary in out] == []


def test_the_table_has_stand_ins(place, nameless, key):
    with (place / "nameless/pairs.csv").open(newline="") as stream:
        row = next(csv.DictReader(stream))
    assert {key[row["left"]]["name"], key[row["right"]]["name"]} == {"Ilsebet Quandorff", "Mark"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nameless/key.json", "would lie in the folder of the report"),
        ("nameless/pairs/key.json", "would lie in the folder of the report"),
        ("link/key.json", "would lie in the folder of the report"),
        ("keys/key.json", "a key is never replaced"),
        ("-", "the key goes to a file"),
        ("keys", "it is a folder"),
    ],
)
def test_a_bad_place_for_the_key_is_refused_before_the_work(
    place, nameless, capsys, monkeypatch, name, says
):
    monkeypatch.setattr("codesim.audit.read_roster", lambda *_: pytest.fail("read"))
    if not Path("link").exists():
        Path("link").symlink_to("nameless")
    command = ["audit", "list.csv", "-o", "nameless", "--anonymise", name]
    assert main(command) == 2
    assert says in capsys.readouterr().err
