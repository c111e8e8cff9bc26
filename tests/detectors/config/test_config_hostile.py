"""Files that are made to hurt: a named rejection or a degraded read, and no neighbour lost."""

from __future__ import annotations

from time import perf_counter

import pytest
from config_samples import compared, profile

from codesim import Entry, Snapshot
from codesim.detectors.config import ConfigDetector
from codesim.errors import SnapshotError

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{key}: &{key} [{','.join([f'*{before}'] * 9)}]\n"
    for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{key}: &{key}\n  <<: [{','.join([f'*{before}'] * 9)}]\n"
    for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "alias bomb": ("config.yaml", LAUGHS, "more than 50,000 values"),
    "merge bomb": ("config.yaml", MERGES, "more than 50,000 values"),
    "alias of itself": ("config.yaml", "a: &a [*a]\n", "contains itself"),
    "unknown alias": ("config.yaml", "a: *a\n", "line 1"),
    "yaml of 65 levels": ("config.yaml", "a: " + "[" * 70 + "]" * 70, "more than 64 levels"),
    "yaml of 20,000 levels": ("config.yaml", "[" * 20_000, "more than 64 levels"),
    "yaml of a million brackets": ("config.yaml", "[" * 400_000, "brackets"),
    "yaml of 600 kB": ("config.yaml", "a: 1\n" * 120_000, "characters of YAML"),
    "yaml with control characters": ("config.yaml", b"a: \x00\n", "is not YAML"),
    "yaml that ends early": ("config.yaml", "a: 'b", "is not YAML in line"),
    "json of 100,000 levels": ("config.json", '{"a":' * 100_000, "more than 64 levels"),
    "json of 60,000 values": ("config.json", '{"a": [' + "[]," * 60_000 + "]}", "50,000 values"),
    "json that ends early": ("config.json", '{"a": 1', "is not JSON in line 1"),
    "json with words": ("config.json", '{\n"a": word}', "is not JSON in line 2"),
    "toml of 20,000 parts": ("config.toml", ".".join("a" * 20_000) + " = 1", "dots in line 1"),
    "toml of deep tables": ("config.toml", ".".join("a" * 90) + " = 1", "more than 64 levels"),
    "toml of deep lists": ("config.toml", "a = " + "[" * 50_000, "is not TOML"),
    "toml that ends early": ("config.toml", "a = 1\nb", "is not TOML"),
    "ini without a key": ("config.ini", "[a]\nno key here\n", "is not INI in line 2"),
    "python of deep brackets": ("config.py", "x = " + "(" * 50_000, "is not Python"),
    "python of deep signs": ("config.py", "x = " + "-" * 50_000 + "1", "is not Python"),
    "python of long sums": ("config.py", "x = " + "1+" * 50_000 + "1", "is not Python"),
    "python with NUL": ("config.py", b"x = 1\0", "is not Python"),
    "python of many defaults": (
        "config.py", "".join(f"x{n} = 1\n" for n in range(6_000)), "more than 5,000 defaults",
    ),
    "a large file": ("config.json", b" " * 1_000_001, "more than 1,000,000 bytes"),
    "a pointer": ("config.json", "version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
}  # fmt: skip
READ = {
    "key given twice": ("config.json", '{"a": 1, "a": 2}', {"a": "2"}),
    "yaml key given twice": ("config.yaml", "a: 1\na: 2\n", {"a": "2"}),
    "huge whole number": ("config.json", '{"a": 1' + "0" * 100 + "}", {"a": "1" + "0" * 100}),
    "number beyond floats": ("config.json", '{"a": 1e999}', {"a": "1e999"}),
    "lone surrogate": ("config.json", '{"a": "\\ud800"}', {"a": "?"}),
    "invalid UTF-8": ("config.json", b'{"a": "\xff"}', {"a": "\ufffd"}),
    "UTF-16": ("config.json", '{"a": 1}'.encode("utf-16"), {"a": "1"}),
    "base 60": ("config.yaml", "a: 1" + ":59" * 20, {"a": "1" + ":59" * 20}),
    "python tag": ("config.yaml", "a: !!python/object/apply:os.system [x]\n", {"a": "[x]"}),
    "impossible date": ("config.yaml", "a: 2020-99-99\n", {"a": "2020-99-99"}),
    "mapping as key": ("config.yaml", "? {a: b}\n: 1\nc: 2\n", {"?": "1", "c": "2"}),
    "merge key": ("config.yaml", "a: &a {b: 1}\nc:\n  <<: *a\n", {"a.b": "1", "c.<<.b": "1"}),
    "power tower": ("config.py", "x = 9**9**9**9\ny = 1 / 0\nz = 2**64\n", {"z": str(2**64)}),
}  # fmt: skip
SOUND = {"ok/config.json": '{"crystal_slots": 96}'}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_reason_and_in_time(case):
    path, text, reason = REFUSED[case]
    start = perf_counter()
    found = profile({path: text, **SOUND})
    assert perf_counter() - start < 5.0
    assert [unit.path for unit in found.units] == ["ok/config.json"]
    assert [(where, reason in why) for where, why in found.skipped] == [(path, True)]


@pytest.mark.parametrize("case", READ)
def test_read_all_the_same(case):
    path, text, expected = READ[case]
    found = profile({path: text, **SOUND})
    values = {s.label: s.value for u in found.units if u.path == path for s in u.settings}
    assert values == expected
    assert len(found.units) == 2


def test_what_cannot_be_read_is_named_on_its_side():
    evidence = compared({"config.json": "{", **SOUND}, SOUND)
    assert [(s.what, s.reason) for s in evidence.skipped] == [
        ("left: config.json", "is not JSON in line 1")
    ]
    assert evidence.pairs


def test_a_missing_object_is_one_skipped_file_and_an_unreadable_one_none():
    def read(path: str) -> bytes:
        if path == "config.json":
            raise SnapshotError("the object is missing")
        return b'{"a": 1}'

    entries = (
        Entry("config.json", None, 10), Entry("gone/config.json", None, None, readable=False),
        Entry("other.json", None, 8),
    )  # fmt: skip
    found = ConfigDetector().profile(Snapshot("x", "x", None, entries, read))
    assert [unit.path for unit in found.units] == ["other.json"]
    assert found.skipped == (("config.json", "the object is missing"),)


def test_nothing_is_imported_or_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "import pathlib\npathlib.Path('RAN').touch()\nclass Config:\n    a = 1\n"
    tagged = "a: !!python/object/apply:os.system ['touch RAN']\n"
    profile(
        {"config.py": code, "a.yaml": tagged, "b.yaml": "_target_: os.system\ncmd: touch RAN\n"}
    )
    assert not (tmp_path / "RAN").exists()
