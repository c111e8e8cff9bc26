"""The bytes of a table: reproducible, checked, and harmless where they are not what they were."""

from __future__ import annotations

import random
import struct

import numpy as np
import pytest
from synthetic import project, random_values

from codesim.commons import Commons, DamagedError, build, load, lookup, read

SHARED = random_values(300, 41)
PROJECTS = [
    project("one", SHARED, random_values(500, 42)),
    project("two", SHARED, random_values(700, 43), licence="näher bestimmt"),
    project("three", SHARED[:100]),
]
TABLE = build(PROJECTS, "synthetic")
ASKED = np.concatenate([SHARED, random_values(300, 44)])


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Where the shipped table is looked for; not there yet."""
    path = tmp_path / "code.bin"
    monkeypatch.setattr(lookup, "DATA", tmp_path)
    load.cache_clear()
    yield path
    load.cache_clear()


def test_the_same_projects_give_the_same_bytes_in_any_order():
    turned = [each._replace(fingerprints=each.fingerprints[::-1]) for each in PROJECTS]
    assert build(turned[::-1], "synthetic") == TABLE
    assert build(iter(PROJECTS), "synthetic") == TABLE


def test_other_projects_give_another_version(tmp_path):
    versions = set()
    for number, projects in enumerate((PROJECTS, PROJECTS[:2], [])):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(build(projects, "synthetic"))
        versions.add(read(path).version)
    assert len(versions) == 3


def test_a_table_says_what_it_was_made_of(shipped):
    shipped.write_bytes(TABLE)
    commons = load()
    assert commons.problem == ""
    assert commons.canonicaliser == "synthetic"
    assert [(p.name, p.licence, p.fingerprints) for p in commons.projects] == [
        ("one", "MIT", 800),
        ("three", "MIT", 100),
        ("two", "näher bestimmt", 1000),
    ]
    assert commons.entries == len(SHARED)
    assert commons.frequency(SHARED).tolist() == [3] * 100 + [2] * 200


def test_the_table_is_loaded_once(shipped):
    shipped.write_bytes(TABLE)
    first = load()
    shipped.unlink()
    assert load() is first


def test_a_table_that_is_replaced_while_in_use_stays_as_it_was(shipped, tmp_path):
    shipped.write_bytes(TABLE)
    commons = load()
    new = tmp_path / "new.bin"
    new.write_bytes(build([], "other"))
    new.replace(shipped)
    assert (commons.frequency(SHARED) >= 2).all()


def _knows_nothing(commons: Commons) -> bool:
    return (
        not commons.frequency(ASKED).any()
        and commons.explain(ASKED) == commons.recognise(ASKED) == commons.projects == ()
        and commons.version == ""
    )


def test_a_missing_table_is_a_problem_and_no_error(shipped):
    commons = load()
    assert "missing" in commons.problem
    assert _knows_nothing(commons)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (TABLE[:20], "cut off"),
        (TABLE[:-1], "checksum"),
        (TABLE + b"\0", "checksum"),
        (b"\0" * len(TABLE), "not a commons table"),
        (TABLE[:8] + struct.pack("<I", 99) + TABLE[12:], "has format 99"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(shipped, data, says):
    shipped.write_bytes(data)
    commons = load()
    assert says in commons.problem
    assert _knows_nothing(commons)


def test_no_wrong_byte_goes_unnoticed(shipped):
    """Every byte up to the columns, and a thousand places after."""
    places = [*range(600), *random.Random(0).sample(range(600, len(TABLE)), 1000)]
    for place in places:
        wrong = bytearray(TABLE)
        wrong[place] ^= 1 << place % 8
        shipped.write_bytes(wrong)
        with pytest.raises(DamagedError):
            read(shipped)
    load.cache_clear()
    assert load().problem
    assert _knows_nothing(load())


def test_a_folder_in_place_of_the_table_is_a_problem(shipped):
    shipped.mkdir()
    assert load().problem
    assert _knows_nothing(load())


@pytest.mark.parametrize(
    "field", ["bucket_bits", "entries", "sampled", "scale_bits"], ids=lambda name: name
)
@pytest.mark.parametrize("value", [-1, 10**12, "many", None])
def test_a_sound_checksum_over_an_impossible_header_is_refused(shipped, monkeypatch, field, value):
    import msgspec

    encode = msgspec.json.encode

    def forged(header, **options):
        fields = msgspec.to_builtins(header) | {field: value}
        return encode(fields, **options)

    monkeypatch.setattr(msgspec.json, "encode", forged)
    shipped.write_bytes(build(PROJECTS, "synthetic"))
    with pytest.raises(DamagedError):
        read(shipped)


def test_two_projects_of_one_name_are_refused():
    with pytest.raises(ValueError, match="twice"):
        build([PROJECTS[0], PROJECTS[0]], "")


def test_more_projects_than_a_byte_can_number_are_refused():
    with pytest.raises(ValueError, match="at most 255"):
        build([project(str(n), SHARED[:1]) for n in range(256)], "")
    assert build([project(str(n), SHARED[:1]) for n in range(255)], "")
