"""``codesim commons``: the table made from wheels, and shown."""

from __future__ import annotations

import hashlib
import zipfile

import pytest

from codesim.cli.packages import Pin, licence_of, read_pins, wheel_snapshot
from codesim.commons import read
from codesim.errors import CodesimError

SHARED = b"""
import torch

def average(model, other, rate=0.999):
    for mine, theirs in zip(model.parameters(), other.parameters()):
        mine.data.mul_(rate).add_(theirs.data, alpha=1 - rate)
    return torch.stack([p.norm() for p in model.parameters()]).mean()
"""
ALONE = b"""
import json

def names(path):
    with open(path) as file:
        return sorted({row["name"].lower() for row in json.load(file)["rows"] if row["kept"]})
"""
RUNS = b"raise SystemExit('a package was run')\n"


def wheel(folder, name, files, metadata="License-Expression: MIT\n", tag="py3-none-any"):
    folder.mkdir(exist_ok=True)
    stem = f"{name.replace('-', '_')}-1.0"
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, data in files.items():
            archive.writestr(inside, data)
        archive.writestr(f"{stem}.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n{metadata}")
    return path


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Two packages that share one function, and a list of them. The index cannot be reached."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    folder = tmp_path / "packages"
    wheel(folder, "Alpha-One", {"alpha/ema.py": SHARED, "alpha/run.py": RUNS})
    wheel(folder, "beta", {"beta/ema.py": SHARED, "beta/n.py": ALONE, "setup.py": RUNS})
    listed = tmp_path / "list.txt"
    listed.write_text("# two packages\n\nalpha_one==1.0\nbeta==1.0  # the second\n")
    return tmp_path


def build(codesim_run, packages, *more):
    return codesim_run(
        "commons", "build", "--from", packages / "list.txt", "--packages", packages / "packages",
        "--workers", "1", "--output", packages / "table.bin", *more,
    )  # fmt: skip


def test_a_table_is_made_from_wheels_that_are_there(codesim_run, packages):
    ended = build(codesim_run, packages)
    assert ended.code == 0
    assert "2 packages" in ended.err
    commons = read(packages / "table.bin")
    assert [(p.name, p.version, p.licence) for p in commons.projects] == [
        ("alpha_one", "1.0", "MIT"),
        ("beta", "1.0", "MIT"),
    ]
    assert commons.entries > 5


def test_the_table_is_the_same_with_more_processes(codesim_run, packages):
    assert build(codesim_run, packages).code == 0
    first = (packages / "table.bin").read_bytes()
    assert build(codesim_run, packages, "--workers", "2").code == 0
    assert (packages / "table.bin").read_bytes() == first


def test_info_shows_the_table(codesim_run, packages):
    build(codesim_run, packages)
    shown = codesim_run("commons", "info", packages / "table.bin")
    assert shown.code == 0
    assert "(this codesim)" in shown.out
    assert "projects       2" in shown.out
    assert shown.out.splitlines()[-1].split()[:2] == ["beta", "1.0"]


@pytest.mark.parametrize("kind", [[], ["--kind", "code"], ["--kind", "config"]])
def test_info_shows_the_shipped_table(codesim_run, kind):
    shown = codesim_run("commons", "info", *kind)
    assert shown.code == 0
    assert "transformers 4.44.2" in shown.out
    assert "(this codesim)" in shown.out


def test_a_table_of_settings_holds_what_one_package_has(codesim_run, packages):
    """The value of a setting in one public library is a public default; code is its own."""
    folder = packages / "packages"
    settings = b"crystal_slots: 96\nripple_window: 1733\n"
    for path in folder.glob("beta*"):
        path.unlink()
    wheel(folder, "beta", {"beta/configs/a.yaml": settings, "beta/tests/b.yaml": b"other: 1\n"})
    assert build(codesim_run, packages, "--kind", "config").code == 0
    commons = read(packages / "table.bin")
    assert commons.entries == 6  # two keys, two values, two of both
    assert [project.fingerprints for project in commons.projects] == [0, 6]
    shown = codesim_run("commons", "info", "--kind", "config", packages / "table.bin")
    assert "6 in one or more projects" in shown.out
    assert "(this codesim)" in shown.out


def test_a_kind_that_is_not_known_is_refused(codesim_run, packages):
    assert build(codesim_run, packages, "--kind", "weights").code == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [(None, "No such file"), (b"", "it is empty"), (b"PK" * 99, "not a commons table")],
)
def test_info_of_what_is_no_table(codesim_run, tmp_path, data, says):
    path = tmp_path / "x.bin"
    if data is not None:
        path.write_bytes(data)
    ended = codesim_run("commons", "info", path)
    assert ended.code == 2
    assert says in ended.err


def test_a_package_that_cannot_be_fetched_stops_the_build_and_the_old_table_stays(
    codesim_run, packages
):
    (packages / "table.bin").write_bytes(b"old")
    (packages / "list.txt").write_text("beta==1.0\nnowhere-to-be-found==3.1\n")
    ended = build(codesim_run, packages)
    assert ended.code == 2
    assert "nowhere-to-be-found==3.1 could not be fetched" in ended.err
    assert "network is needed" in ended.err
    assert (packages / "table.bin").read_bytes() == b"old"


def test_another_version_of_a_package_is_not_taken(codesim_run, packages):
    (packages / "list.txt").write_text("beta==1.0.1\n")
    assert "could not be fetched" in build(codesim_run, packages).err


def test_the_pinned_hash_is_checked(codesim_run, packages):
    data = next((packages / "packages").glob("beta*")).read_bytes()
    good = hashlib.sha256(data).hexdigest()
    (packages / "list.txt").write_text(f"beta==1.0 --hash=sha256:{good}\n")
    assert build(codesim_run, packages).code == 0
    (packages / "list.txt").write_text(f"beta==1.0 --hash=sha256:{'0' * 64}\n")
    ended = build(codesim_run, packages)
    assert ended.code == 2
    assert "SHA-256 differs" in ended.err


def test_a_broken_wheel_is_named(codesim_run, packages):
    next((packages / "packages").glob("beta*")).write_bytes(b"PK\3\4 broken")
    ended = build(codesim_run, packages)
    assert ended.code == 2
    assert "beta-1.0-py3-none-any.whl is not a readable wheel" in ended.err


@pytest.mark.parametrize(
    "line",
    [
        "beta", "beta>=1.0", "beta==1.*", "--index-url=https://example.org", "-r other.txt",
        "beta @ file:///x.whl", "beta==1.0; python_version < '3'", "../beta==1.0",
        "https://example.org/x.whl", "beta==1.0 --hash=md5:00", "beta==1.0\nBeta==2.0",
    ],
)  # fmt: skip
def test_only_pinned_packages_are_listed(tmp_path, line):
    path = tmp_path / "list.txt"
    path.write_text(line + "\n")
    with pytest.raises(CodesimError, match=r"line \d"):
        read_pins(path)


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_list_is_refused(tmp_path, text):
    path = tmp_path / "list.txt"
    path.write_text(text)
    with pytest.raises(CodesimError, match="lists no package"):
        read_pins(path)


def test_a_list_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(CodesimError, match="cannot read the list"):
        read_pins(tmp_path)


def test_a_pin_is_read_with_its_hash(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(f"a.b-c==1.0+cpu   --hash=sha256:{'0a' * 32} # why\n")
    assert read_pins(path) == (Pin("a.b-c", "1.0+cpu", "0a" * 32),)


def test_tests_and_other_files_of_a_wheel_are_left_out(tmp_path):
    kept = ["beta/__init__.py", "beta/contest.py"]
    left = ["beta/tests/test_a.py", "tests/b.py", "beta/data.json", "beta/a.pyc"]
    path = wheel(tmp_path, "beta", dict.fromkeys([*kept, *left], b"x = 1\n"))
    assert [entry.path for entry in wheel_snapshot(path, "beta").entries] == kept


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("", "not stated"),
        ("License: UNKNOWN\n", "not stated"),
        ("License-Expression: BSD-3-Clause\nLicense: other\n", "BSD-3-Clause"),
        ("License: Apache 2.0\nClassifier: License :: OSI Approved :: X\n", "Apache 2.0"),
        ("Classifier: License :: OSI Approved :: MIT License\n", "MIT License"),
        ("License: UNKNOWN\nClassifier: License :: OSI Approved :: ISC\n", "ISC"),
        ("License: The text\n        of a licence\n", "The text"),
        ("License: \x1b[31mred\n", "\\x1b[31mred"),
        (f"License: {'long ' * 40}\n", ("long " * 12)[:60]),
    ],
)
def test_the_licence_is_what_the_wheel_states(tmp_path, metadata, licence):
    assert licence_of(wheel(tmp_path, "beta", {}, metadata)) == licence
