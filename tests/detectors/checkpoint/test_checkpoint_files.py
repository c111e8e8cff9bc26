"""Identical files, headers of every format, figures, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checkpoints import INDEX, bridge, compared, header, index, llama, pointer, states

from codesim import open_snapshot, snapshot_of
from codesim.detectors.checkpoint import CheckpointDetector
from codesim.model import CloneType, Entry, Snapshot, Strength

NAMES = [*llama(), *bridge()]
SHAPES = dict.fromkeys(NAMES, (4, 2))


def test_nothing_to_compare() -> None:
    evidence = compared({"a.py": b"x = 1\n"}, {INDEX: index(NAMES)})
    assert (evidence.summary, evidence.strength) == ("no checkpoint on the left", Strength.NONE)
    assert not evidence.pairs
    assert not evidence.tables
    assert compared({}, {}).summary == "no checkpoint on the left and the right"


def test_identical_weights_by_their_pointers() -> None:
    left = {"model-00001-of-00002.safetensors": pointer("a"), "b.safetensors": pointer("b")}
    right = {"part_one.safetensors": pointer("a"), "part_two.safetensors": pointer("b")}
    evidence = compared(left, right)
    assert evidence.strength is Strength.VERY_STRONG
    assert evidence.summary == "2 files of weights are identical"
    assert [match.clone_type for pair in evidence.pairs for match in pair.matches] == [
        CloneType.EXACT, CloneType.EXACT,
    ]  # fmt: skip
    (table,) = evidence.tables
    assert [row[0] for row in table.rows] == sorted(left)


def test_identical_weights_of_the_base_are_set_aside() -> None:
    left, right = {"tower.bin": pointer("a")}, {"x/tower.bin": pointer("a")}
    evidence = compared(left, right, {"t.bin": pointer("a")})
    assert evidence.strength is Strength.NONE
    assert [(e.what, e.amount) for e in evidence.excluded] == [("identical files", "1 file")]


def test_one_of_several_files_is_strong() -> None:
    left = {"a.bin": pointer("a"), "b.bin": pointer("b")}
    right = {"a.bin": pointer("a"), "b.bin": pointer("c")}
    assert compared(left, right).strength is Strength.STRONG


def test_other_files_are_listed_and_say_nothing() -> None:
    left = {"picture.png": pointer("a"), INDEX: index(llama())}
    evidence = compared(left, {"copy.png": pointer("a"), INDEX: index(llama())})
    assert evidence.strength is Strength.NONE
    assert "identical files" in [table.title for table in evidence.tables]


def test_states_of_a_training_run_are_no_weights() -> None:
    left = {"optimizer.pt": pointer("a"), "training_args.bin": pointer("b")}
    assert compared(left, left).strength is Strength.NONE


def test_a_missing_file_is_known_by_its_blob() -> None:
    def missing(path: str) -> Snapshot:
        entry = Entry(path, "12" * 20, None, readable=False)
        return Snapshot("s", "", None, (entry,), lambda _: b"")

    detector = CheckpointDetector()
    one, two = (detector.profile(missing(path)) for path in ("a/model.bin", "model.bin"))
    evidence = detector.compare(one, two)
    assert evidence.summary == "one file of weights is identical: a/model.bin"


def test_headers_in_shards_and_in_one_file_agree() -> None:
    half = dict(sorted(SHAPES.items())[:20])
    rest = dict(sorted(SHAPES.items())[20:])
    left = {
        INDEX: index(NAMES, None),
        "model-00001-of-00002.safetensors": header(half),
        "model-00002-of-00002.safetensors": header(rest),
    }
    evidence = compared(left, {"other.safetensors": header(SHAPES)})
    assert evidence.facts["mapped"] == len(NAMES)
    assert evidence.facts["total_size_left"] == evidence.facts["total_size_right"] == 48 * 32
    assert evidence.facts["bytes_per_parameter_left"] == 4.0
    assert set(states(evidence)) == {"common", "same"}
    assert set(states(evidence, "shape")) == {"4 x 2"}


def test_another_shape_is_a_change() -> None:
    other = SHAPES | {"bridge.gist_tokens": (5, 2)}
    evidence = compared({"m.safetensors": header(SHAPES)}, {"m.safetensors": header(other)})
    assert "changed" in states(evidence)
    assert "same total size" not in evidence.summary


def test_the_dtype_that_a_configuration_denies_is_noted() -> None:
    files = {"m.safetensors": header(SHAPES), "config.json": b'{"torch_dtype": "float16"}'}
    evidence = compared(files, files)
    table = next(table for table in evidence.tables if table.title == "architecture")
    assert table.note.startswith("left: 4.000 bytes per parameter, though float16 means 2")
    assert evidence.facts["declared_bytes_left"] == 2


def test_parameters_follow_from_the_configuration() -> None:
    config: dict[str, object] = {"hidden_size": 8, "intermediate_size": 16, "vocab_size": 100}
    config |= {"torch_dtype": "float16", "num_attention_heads": 4, "num_key_value_heads": 2}
    one_layer = 2 * 8 + 8 * 8 * 2 + 4 * 8 * 2 + 3 * 8 * 16
    parameters = 2 * 800 + 8 + 4 * one_layer
    files = {
        "w/" + INDEX: index(llama(), parameters * 4),
        "c/config.json": json.dumps(config).encode(),
    }
    facts = compared(files, files).facts
    assert facts["parameters_left"] == parameters
    assert facts["parameters_estimated_left"] is True
    assert facts["bytes_per_parameter_left"] == 4.0
    unknown = compared({INDEX: index(NAMES)}, {INDEX: index(NAMES)}).facts
    assert unknown["parameters_left"] is None
    assert unknown["bytes_per_parameter_left"] is None


def test_a_large_file_in_a_folder_shows_its_header(tmp_path: Path) -> None:
    shapes = {"model.embed_tokens.weight": (200_000, 100), "bridge.gist_tokens": (3,)}
    with (tmp_path / "model.safetensors").open("wb") as file:
        data = header(dict.fromkeys(shapes, (0,)))
        described = json.loads(data[8:])
        at = 0
        for name, shape in shapes.items():
            size = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
            described[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
            at += size
        text = json.dumps(described).encode()
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + at)
    profile = CheckpointDetector().profile(open_snapshot(str(tmp_path)))
    (inventory,) = profile.inventories
    assert [tensor.shape for tensor in inventory.tensors] == [(3,), (200_000, 100)]
    assert inventory.total_size == at > 64_000_000


BAD = {
    "model.safetensors": b"\xff" * 100,
    "m.gguf": b"GGUF" + b"\xff" * 45,
    "m.pt": b"\x80\x02cposix\nsystem\n(U\x04true\x85R.",
    "model.bin": b"PK\3\4 and no more",
    INDEX: b'{"weight_map": [[[',
}


@pytest.mark.parametrize("path", BAD)
def test_a_bad_file_is_named_and_harms_no_other(path: str) -> None:
    good = {"w/" + INDEX: index(NAMES)}
    evidence = compared({**good, path: BAD[path]}, good)
    assert [skipped.what for skipped in evidence.skipped] == [f"left: {path}"]
    alone = compared(good, good)
    assert (evidence.strength, evidence.score) == (alone.strength, alone.score)


def test_a_file_that_cannot_be_read_is_named() -> None:
    snapshot = snapshot_of({"m.safetensors": header(SHAPES)})
    broken = Snapshot(
        "s", "", None, (*snapshot.entries, Entry("n.gguf", None, 50)), snapshot.reader
    )
    profile = CheckpointDetector().profile(broken)
    assert [path for path, _ in profile.skipped] == ["n.gguf"]
    assert len(profile.inventories) == 1


def test_checkpoints_of_a_pipeline_are_paired_one_to_one() -> None:
    left = {"unet/" + INDEX: index(bridge("u")), "text/" + INDEX: index(llama())}
    right = {"a/" + INDEX: index(llama()), "b/" + INDEX: index(bridge("v"))}
    evidence = compared(left, right)
    assert [(pair.left.path, pair.right.path) for pair in evidence.pairs] == [
        ("unet/" + INDEX, "b/" + INDEX), ("text/" + INDEX, "a/" + INDEX),
    ]  # fmt: skip


def test_names_without_end_stay_in_time(bounded_seconds) -> None:
    left = [f"m{n % 50}.s{n % 7}.x{n}.weight" for n in range(1_400)]
    right = [f"k{n % 50}.t{n % 7}.x{n}.weight" for n in range(1_400)]
    with bounded_seconds(8):
        compared({INDEX: index(left)}, {INDEX: index(right)})
    many = [f"a{n}.weight" for n in range(15_000)]
    with bounded_seconds(8):
        evidence = compared({INDEX: index(many)}, {INDEX: index(many)})
    assert evidence.facts["mapped"] == 15_000
