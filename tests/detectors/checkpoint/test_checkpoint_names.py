"""Names up to renaming: what must map, what must not, and what is worth nothing."""

from __future__ import annotations

import json
import random

import hypothesis.strategies as st
import pytest
from checkpoints import (
    INDEX,
    between,
    bridge,
    compared,
    index,
    llama,
    rename_map,
    renamed,
    states,
    vision,
)
from hypothesis import given, settings

from codesim.model import Evidence, Strength

WHOLE = [*llama("llm."), *vision(), *bridge()]

HONEST = {
    "two models of one public architecture": (llama(), llama()),
    "the same wrapped": (llama(), llama("base.")),
    "two depths": (llama(layers=4), llama(layers=6)),
    "two vision towers": (vision(), vision("encoder_v")),
    "unlike architectures": (llama(), vision()),
    "modules of one's own": (
        [*llama(), "adapter.down.weight", "adapter.up.weight"],
        [*llama(), "projector.0.weight", "projector.2.weight"],
    ),
    "the same everyday module": (
        [*llama(), "projector.0.weight", "projector.2.weight"],
        [*llama(), "projector.0.weight", "projector.2.weight"],
    ),
    "one name each": (["weight"], ["weight"]),
}


@pytest.mark.parametrize("case", HONEST)
def test_public_names_are_no_evidence(case: str) -> None:
    evidence = between(*HONEST[case])
    assert evidence.strength is Strength.NONE
    assert evidence.score < 3.0


def test_a_public_architecture_is_named_and_set_aside() -> None:
    evidence = between(llama(), llama())
    assert evidence.summary == (
        "39 of 39 tensors have the same name; same total size; "
        "nothing beyond public architectures and the base"
    )
    (excluded,) = evidence.excluded
    assert (excluded.what, excluded.amount) == ("transformers LlamaForCausalLM", "39 tensors")
    assert set(states(evidence)) == {"common"}


def test_what_the_base_explains_is_set_aside() -> None:
    left, right = [*WHOLE, "mine.weight"], [*WHOLE, "yours.weight"]
    assert between(left, right).strength >= Strength.STRONG
    evidence = between(left, right, WHOLE)
    assert evidence.strength is Strength.NONE
    assert "base" in states(evidence)
    assert ("base checkpoint", f"{len(WHOLE)} tensors") in [
        (each.what, each.amount) for each in evidence.excluded
    ]


COPIES = {
    "nothing renamed": (WHOLE, {}),
    "two prefixes": (
        renamed(WHOLE, ("tower.", "eyes."), ("bridge.", "link.")),
        {"tower": "eyes", "bridge": "link"},
    ),
    "a prefix before all": (renamed(WHOLE, ("", "")), {}),
    "a wrapper": ([f"net.core.{name}" for name in WHOLE], {"(added prefix)": "net.core"}),
    "a level left out": (renamed(WHOLE, ("llm.model.", "llm.")), {"model": "(added prefix)"}),
    "a module inside": (renamed(WHOLE, ("self_attn", "attention")), {"self_attn": "attention"}),
    "a module inside a renamed one": (
        renamed(WHOLE, ("tower.", "eyes."), ("mlp", "ffn")),
        {"tower": "eyes", "mlp": "ffn"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COPIES)
def test_renamed_copies_map_whole(case: str) -> None:
    names, renames = COPIES[case]
    evidence = between(WHOLE, names)
    assert evidence.facts["mapped"] == len(WHOLE)
    assert evidence.strength >= Strength.STRONG
    assert renames.items() <= rename_map(evidence).items()
    assert f"{len(WHOLE)} of {len(WHOLE)} tensors" in evidence.summary
    assert "same total size" in evidence.summary


def test_two_renamed_prefixes_in_words() -> None:
    evidence = between(WHOLE, renamed(WHOLE, ("tower.", "eyes."), ("bridge.", "link.")))
    assert evidence.summary == (
        f"{len(WHOLE)} of {len(WHOLE)} tensors map by renaming 2 prefixes; same total size"
    )
    assert [(r.left, r.right, r.votes, r.consistency, r.role) for r in evidence.renames] == [
        ("tower", "eyes", 52, 1.0, "tensor prefix"),
        ("bridge", "link", 9, 1.0, "tensor prefix"),
    ]


def test_renamed_leaves_are_paired_by_likeness() -> None:
    evidence = between(WHOLE, renamed(WHOLE, (".q_proj.", ".wq."), (".v_proj.", ".wv.")))
    assert evidence.facts["mapped"] == len(WHOLE)
    assert rename_map(evidence)["q_proj"] == "wq"


def test_moved_layers() -> None:
    moved = [
        name.replace(f"layers.{n}.", f"layers.{n + 2}.")
        for n in range(4) for name in llama("llm.") if f"layers.{n}." in name
    ]  # fmt: skip
    evidence = between([*llama("llm."), *bridge()], [*moved, *bridge()])
    assert rename_map(evidence)["llm.model.layers.*"] == "llm.model.layers.* + 2"
    assert evidence.renames[0].role == "layer offset"
    assert evidence.facts["mapped"] == 36 + 9


def test_a_part_of_a_checkpoint() -> None:
    evidence = between(WHOLE, [*llama("other.", 2), *bridge("glue")])
    assert evidence.strength >= Strength.MODERATE
    assert rename_map(evidence)["bridge"] == "glue"
    assert "of 100 left and 30 right" in evidence.summary


def test_sides_swap() -> None:
    other = renamed([*WHOLE, "extra.weight"], ("tower.", "eyes."), ("mlp", "ffn"))
    there, back = between(WHOLE, other), between(other, WHOLE)
    assert (there.strength, there.score) == (back.strength, back.score)
    assert rename_map(back) == {right: left for left, right in rename_map(there).items()}
    assert mirrored(there) == mirrored(back, swap=True)


def mirrored(evidence: Evidence, swap: bool = False) -> list[tuple[object, ...]]:
    sides = -1 if swap else 1
    return [
        (
            (pair.left, pair.right)[::sides],
            (pair.left_coverage, pair.right_coverage)[::sides],
            sorted(
                ((m.left.lines, m.right.lines)[::sides], m.why) for m in pair.matches
            ),
        )
        for pair in evidence.pairs
    ]  # fmt: skip


def test_order_and_layout_of_an_index_change_nothing() -> None:
    other = renamed(WHOLE, ("tower.", "eyes."))
    shuffled = random.Random(7).sample(other, len(other))
    compact = json.dumps({"weight_map": dict.fromkeys(shuffled, "m"), "metadata": {
        "total_size": 4_000_000}}, separators=(",", ":")).encode()  # fmt: skip
    one = compared({INDEX: index(WHOLE)}, {INDEX: index(other)})
    two = compared({INDEX: index(WHOLE)}, {INDEX: compact})
    assert (one.strength, one.score, one.summary) == (two.strength, two.score, two.summary)
    assert (one.renames, one.tables, one.facts) == (two.renames, two.tables, two.facts)
    lines = [match.left.lines for match in two.pairs[0].matches]
    assert set(lines) == {None}


def test_passages_show_the_lines_of_both_indexes() -> None:
    evidence = between(WHOLE, renamed(WHOLE, ("bridge.", "zlink.")))
    (pair,) = evidence.pairs
    shown = {m.left.label: (m.left.lines, m.right.lines, m.why) for m in pair.matches}
    assert shown["bridge"] == (
        (6, 14),
        (97, 105),
        "9 tensors of the same name but for its beginning",
    )


SEGMENTS = st.sampled_from(["alpha", "beta", "gamma_mix", "delta", "fold", "ridge"])


@settings(max_examples=60)
@given(
    names=st.sets(
        st.lists(SEGMENTS, min_size=1, max_size=4).map(".".join), min_size=1, max_size=30
    ),
    others=st.sets(
        st.lists(SEGMENTS, min_size=1, max_size=4).map(".".join), min_size=1, max_size=30
    ),
    order=st.randoms(use_true_random=False),
)
def test_any_names_map_one_to_one_whatever_their_order(
    names: set[str], others: set[str], order: random.Random
) -> None:
    there, back = between(names, others), between(others, names)
    assert (there.strength, there.score) == (back.strength, back.score)
    mapped = there.facts["mapped"]
    assert isinstance(mapped, int)
    assert mapped <= min(len(names), len(others))
    shuffled = [json.dumps({name: "m"})[1:-1] for name in order.sample(sorted(names), len(names))]
    text = '{"metadata": {"total_size": 4000000}, "weight_map": {' + ",".join(shuffled) + "}}"
    again = compared({INDEX: text.encode()}, {INDEX: index(others)})
    assert (again.summary, again.score, again.renames) == (
        there.summary,
        there.score,
        there.renames,
    )


@settings(max_examples=60)
@given(
    names=st.sets(st.lists(SEGMENTS, min_size=2, max_size=4).map(".".join), min_size=2, max_size=30)
)
def test_a_prefix_before_any_names_is_found(names: set[str]) -> None:
    evidence = between(names, [f"outer.{name}" for name in names])
    assert evidence.facts["mapped"] == len(names)
    assert rename_map(evidence) == {"(added prefix)": "outer"}
