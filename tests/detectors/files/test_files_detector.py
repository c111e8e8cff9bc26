"""Equal files of any kind: what counts, what is set aside, and what needs no bytes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim import Entry, Snapshot, SnapshotError, Strength, snapshot_of
from codesim.detectors.files import FilesDetector

DETECTOR = FilesDetector()
TELLING = {f"notes/{n}.txt": bytes([65 + n]) * 900 for n in range(12)}


def compared(left, right, *base):
    profiles = [DETECTOR.profile(s if isinstance(s, Snapshot) else snapshot_of(s)) for s in
                (left, right, *base)]  # fmt: skip
    return DETECTOR.compare(profiles[0], profiles[1], profiles[2:])


def unread(**entries):
    """A snapshot whose bytes are missing: blob id and size by path."""

    def reader(path):
        raise SnapshotError(f"{path}: missing")

    listed = tuple(
        Entry(path.replace("__", "."), blob, size, readable=False)
        for path, (blob, size) in sorted(entries.items())
    )
    return Snapshot("gone", "memory:gone", None, listed, reader)


def pointer(content):
    oid = hashlib.sha256(content).hexdigest()
    return (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}\n"
    ).encode()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({}, {}),
        ({"a.txt": b"x" * 900}, {"a.txt": b"y" * 900}),
        ({"LICENSE": b"MIT " * 300}, {"LICENSE": b"MIT " * 300}),
        ({"pkg/__init__.py": b""}, {"other/__init__.py": b""}),
        ({"VERSION": b"1.0.0\n"}, {"VERSION": b"1.0.0\n"}),
        ({"train.py": b"import torch\n" * 90}, {"train.py": b"import torch\n" * 90}),
    ],
    ids=["nothing", "same name other bytes", "licence", "empty", "short", "code is judged as code"],
)
def test_says_nothing(left, right):
    assert compared(left, right).strength is Strength.NONE


FAMILYS = {
    name: name.encode() * 200
    for name in ("vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json",
                 "normalizer.json", "generation_config.json", "preprocessor_config.json")
}  # fmt: skip


def test_the_files_that_every_model_of_a_family_has_count_for_nothing():
    found = compared(FAMILYS, {f"model/{path}": data for path, data in FAMILYS.items()})
    assert found.strength is Strength.NONE
    assert found.summary == (
        "7 files are the same on both sides; judged as tokenizer or configuration"
    )
    assert len(found.pairs) == 7


SHORT = {"notes.txt": b"n" * 100}
CODE = {"train.py": b"import torch\n" * 90}


@pytest.mark.parametrize(
    ("shared", "base", "says"),
    [
        (SHORT, {}, "1 file is the same on both sides; too short to tell"),
        (CODE, {}, "1 file is the same on both sides; judged as code"),
        (
            SHORT | CODE,
            {},
            "2 files are the same on both sides; 1 judged as code, 1 too short to tell",
        ),
        (
            TELLING | SHORT,
            TELLING,
            "1 file is the same on both sides, beyond what is set aside; too short to tell",
        ),
        (
            {**SHORT, "x.txt": b"x" * 900, "y.txt": b"y" * 900},
            {"x.txt": b"x" * 900},
            "2 files are the same on both sides, beyond what is set aside, byte for byte: y.txt",
        ),
        (TELLING, TELLING, "12 files are the same on both sides, none beyond what is set aside"),
    ],
)
def test_the_sentence_counts_what_remains(shared, base, says):
    found = compared(shared, shared, base)
    assert found.summary == says


@pytest.mark.parametrize(
    ("count", "strength"), [(1, Strength.WEAK), (4, Strength.MODERATE), (12, Strength.STRONG)]
)
def test_strength_grows_with_the_files(count, strength):
    chosen = dict(list(TELLING.items())[:count])
    found = compared(chosen, {f"else/{path}": data for path, data in chosen.items()})
    assert found.strength is strength
    assert len(found.pairs) == count


def test_a_few_of_many_files_stay_moderate():
    others = {f"own/{n}.txt": b"%d" % n * 400 for n in range(60)}
    left = TELLING | others
    right = TELLING | {path: data[::-1] + b"!" for path, data in others.items()}
    assert compared(left, right).strength is Strength.MODERATE


def test_a_checkpoint_is_known_by_its_blob_id_without_its_bytes():
    one = unread(model__safetensors=("ab" * 20, 5_000_000))
    two = unread(weights__safetensors=("ab" * 20, 5_000_000))
    found = compared(one, two)
    assert found.strength is Strength.STRONG
    assert found.facts["identical"] == 1


def test_a_pointer_is_its_content():
    content = b"w" * 2_000_000
    found = compared({"a.bin": pointer(content)}, {"b.bin": content})
    assert found.strength is Strength.STRONG
    assert found.tables[0].rows[0][2] == "2,000,000"


def test_the_base_explains_equal_files():
    found = compared(TELLING, TELLING, TELLING)
    assert found.strength is Strength.NONE
    assert found.pairs == ()
    assert found.excluded[0].amount == "12 identical files"


def test_copies_of_one_file_pair_by_path_then_by_name():
    data = b"z" * 700
    found = compared(
        {"a/x.txt": data, "b/y.txt": data, "c/z.txt": data},
        {"a/x.txt": data, "d/y.txt": data, "q.txt": data},
    )
    assert {(p.left.path, p.right.path) for p in found.pairs} == {
        ("a/x.txt", "a/x.txt"), ("b/y.txt", "d/y.txt"), ("c/z.txt", "q.txt"),
    }  # fmt: skip


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([b"1" * 600, b"2" * 600, b"3"])),
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([b"1" * 600, b"2" * 600, b"3"])),
)
def test_sides_exchanged_exchange_the_result(left, right):
    one, two = compared(left, right), compared(right, left)
    assert one.strength is two.strength
    assert one.facts["identical"] == two.facts["identical"]


def test_many_equal_files_cost_little():
    many = {f"{n:05}.txt": b"q" * 600 for n in range(20_000)}
    assert compared(many, {f"x{path}": data for path, data in many.items()}).score == 20_000


def test_a_data_set_is_no_checkpoint():
    data = {"data/images.npz": b"\x07" * 2_000_000, "data/train.h5": b"\x08" * 2_000_000}
    assert compared(data, data).strength is Strength.WEAK
    model = {"out/model.h5": b"\x07" * 2_000_000}
    assert compared(model, model).strength is Strength.STRONG


def test_a_data_set_counts_once_however_many_files_it_has():
    batches = {f"hw/datasets/part{n}/batch_{n}": bytes([n]) * 900 for n in range(9)}
    evidence = compared(batches, batches | {"more.txt": b"x" * 900})
    assert (evidence.strength, evidence.score) == (Strength.WEAK, 1.0)
    assert evidence.facts["identical_telling"] == 9
    moved = {path.replace("hw/datasets", "hw/parts"): data for path, data in batches.items()}
    assert compared(moved, moved | {"more.txt": b"x" * 900}).strength is Strength.MODERATE
