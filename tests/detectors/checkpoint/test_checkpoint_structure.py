"""Checkpoints under wholly other names: what structure maps, and where it says nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from checkpoints import INDEX, between, bridge, compared, index, llama, vision

from codesim import snapshot_of
from codesim.detectors.checkpoint import CheckpointDetector
from codesim.model import Evidence, Snapshot, Strength

WHOLE = [*llama("llm.", 20), *vision(layers=18), *bridge()]


def disguised(names: list[str], seed: int = 5) -> list[str]:
    """Names of which every segment but numbers and weight or bias is another word."""
    order = random.Random(seed)
    words: dict[str, str] = {}
    found = []
    for name in names:
        parts = name.split(".")
        for part in parts:
            if part not in words:
                words[part] = "".join(order.choices("bcdfghjklmnpqrstvwxz", k=9))
        kept = [p if p.isdigit() or p in {"weight", "bias"} else words[p] for p in parts]
        found.append(".".join(kept))
    return found


def test_a_public_architecture_under_other_names_is_no_evidence() -> None:
    evidence = between(llama(layers=12), disguised(llama(layers=12)))
    assert (evidence.strength, evidence.score) == (Strength.NONE, 0.0)
    assert "nothing beyond public architectures" in evidence.summary


def test_public_parts_joined_by_a_plain_projector_are_no_evidence() -> None:
    names = [*llama("llm.", 20), *vision(layers=18), "projector.0.weight", "projector.2.weight"]
    assert between(names, disguised(names)).strength is Strength.NONE


def test_another_size_is_no_evidence() -> None:
    sides = ({INDEX: index(WHOLE)}, {INDEX: index(disguised(WHOLE), 4_000_004)})
    assert compared(*sides).strength is Strength.NONE


@pytest.mark.parametrize("layers", [19, 21])
def test_another_depth_is_no_evidence(layers: int) -> None:
    other = [*llama("llm.", layers), *vision(layers=18), *bridge()]
    assert between(WHOLE, disguised(other)).strength is Strength.NONE


def test_a_base_that_is_built_so_explains_it() -> None:
    evidence = between(WHOLE, disguised(WHOLE), disguised(WHOLE, 9))
    assert evidence.strength is Strength.NONE


def test_plain_stacks_of_ones_own_are_no_evidence() -> None:
    block = [f"h.{n}.{part}.weight" for n in range(9) for part in ("a", "b", "c", "d", "e")]
    names = [*block, "wte.weight", "wpe.weight", "ln.weight", "head.weight"]
    assert between(names, disguised(names)).strength is Strength.NONE


def test_a_disguised_checkpoint_maps_whole() -> None:
    there, back = between(WHOLE, disguised(WHOLE)), between(disguised(WHOLE), WHOLE)
    for evidence in (there, back):
        assert evidence.facts["mapped"] == len(WHOLE)
        assert Strength.WEAK <= evidence.strength <= Strength.MODERATE
        assert evidence.summary == (
            f"{len(WHOLE)} of {len(WHOLE)} tensors map by structure, all under other names; "
            "same total size"
        )
    assert there.score == back.score
    assert {(r.left, r.right) for r in there.renames} == {(r.right, r.left) for r in back.renames}
    assert "names decide" in there.tables[1].note


def test_a_part_under_other_names_is_placed_by_structure() -> None:
    names = [*llama("llm.", 20), *disguised(vision(layers=18)), *bridge()]
    evidence = between(WHOLE, names)
    assert evidence.facts["mapped"] == len(WHOLE)
    assert evidence.strength >= Strength.STRONG


def test_deep_and_nested_names_end() -> None:
    deep = [".".join("abc"[: n % 3 + 1] * 100) + f".x{n}" for n in range(30)]
    assert between(deep, disguised(deep)).facts["tensors_right"] == len(deep)
    heads = ["a", "a.a", "a.a.a", "b", "b.c", "b.c.weight", "d.weight", "d.weight.bias", ""]
    assert between(heads, disguised(heads)).facts["tensors_right"] == len(heads)
    assert between(["a.b", "a.c", "a"], ["x", "y.z", "y.w"]).strength is Strength.NONE


def odd(seed: int) -> dict[str, bytes]:
    order = random.Random(seed)
    files = {}
    for number in range(12):
        names = [
            ".".join(order.choices("abcdefgh", k=8)) + f".w{n}.weight" for n in range(500)
        ]  # fmt: skip
        files[f"m{number}.safetensors.index.json"] = index(names)
    return files


def test_many_checkpoints_stay_in_time(
    bounded_seconds: Callable[[float], AbstractContextManager[None]],
) -> None:
    left, right = odd(1), odd(2)
    left["z/" + INDEX] = right["q/" + INDEX] = index(WHOLE)
    with bounded_seconds(15):
        evidence = compared(left, right)
    assert evidence.facts["mapped"] == len(WHOLE)


def test_checkpoints_beyond_the_limit_are_said() -> None:
    many = {f"{n:02}/{INDEX}": index(bridge(f"u{n}")) for n in range(23)}
    evidence = compared(many, {INDEX: index(bridge())})
    assert [(s.what, s.reason) for s in evidence.skipped] == [
        ("left: other checkpoints", "3 beyond the first 20 were not compared")
    ]


def test_files_that_say_nothing_are_counted() -> None:
    many = {f"{n:03}.bin": b"no checkpoint" for n in range(80)}
    evidence = compared(many, {INDEX: index(bridge())})
    assert len(evidence.skipped) == 51
    assert evidence.skipped[-1].reason == "30 more say nothing either"


def test_short_texts_are_not_read() -> None:
    texts = snapshot_of({f"a{n}.py": b"# " + b"x" * 130 for n in range(5)})
    asked: list[str] = []

    def reader(path: str) -> bytes:
        asked.append(path)
        return b""

    counting = Snapshot("s", "", None, texts.entries, reader)
    CheckpointDetector().profile(counting)
    assert not asked


def test_no_name_in_common() -> None:
    evidence = between(bridge(), ["zyx"])
    assert evidence.summary.startswith("no tensor name in common")
    assert "nothing beyond" not in evidence.summary


def sized(vocabulary: int, total: int = 26_000) -> dict[str, bytes]:
    config = {
        "hidden_size": 8, "intermediate_size": 16, "vocab_size": vocabulary,
        "torch_dtype": "float16", "num_attention_heads": 4, "num_key_value_heads": 2,
    }  # fmt: skip
    return {INDEX: index(llama(), total), "config.json": json.dumps(config).encode()}


def architecture(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    table = next(table for table in evidence.tables if table.title == "architecture")
    return {row[0]: row[1:] for row in table.rows}


def test_one_estimate_does_for_equal_checkpoints() -> None:
    parameters = 2 * 800 + 8 + 4 * (2 * 8 + 8 * 8 * 2 + 4 * 8 * 2 + 3 * 8 * 16)
    evidence = compared(sized(100, parameters * 4), sized(101, parameters * 4))
    rows = architecture(evidence)
    assert rows["parameters"] == (f"{parameters:,} (estimated)",) * 2 + ("same",)
    assert rows["bytes per parameter"][2] == "same"
    assert "both 4.000 bytes per parameter, declared float16" in evidence.summary


def test_estimates_that_differ_are_no_change() -> None:
    rows = architecture(compared(sized(100, 15_000), sized(120, 16_000)))
    assert rows["parameters"][2] == rows["bytes per parameter"][2] == ""
    assert rows["vocabulary"][2] == "changed"
