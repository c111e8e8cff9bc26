"""A look into a few tensors: what it must not say, what it must, and how little it reads."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="comparing weights needs the extra [weights]")

import endless
from endless import Recipe
from rangeserver import Hub, hub

from codesim import snapshot_of
from codesim.detectors.weights import WeightsDetector
from codesim.detectors.weights.models import Model
from codesim.model import Evidence, Strength
from codesim.snapshot import open_weights

MODELS = Path(__file__).resolve().parents[3] / "fixtures" / "weights_models"
SCREEN = WeightsDetector(device="cpu", screen=True)


def _local(name: str) -> Model:
    data = (MODELS / f"{name}.safetensors").read_bytes()
    return SCREEN.profile(snapshot_of({"model.safetensors": data}, name))


# --- trained models, whose relations are known

# left, right, base, relation, strength
NOT = [
    ("parent", "independent", "", "no evidence", "none"),
    ("parent", "distilled", "", "no evidence", "none"),
    ("independent", "distilled", "", "no evidence", "none"),
    ("tuned", "independent", "parent", "no evidence", "none"),
    ("tuned", "sibling", "parent", "shared base", "none"),
    ("tuned", "adapted", "parent", "shared base", "none"),
    ("continued", "tuned", "parent", "shared base", "none"),
    ("tuned", "parent", "parent", "alike in a screen", "none"),
    ("parent", "same_seed", "", "alike in a screen", "weak"),
]
MUST = [
    ("parent", "parent", "", "alike in a screen", "strong"),
    ("parent", "tuned", "", "alike in a screen", "strong"),
    ("parent", "tuned_lightly", "", "alike in a screen", "strong"),
    ("parent", "adapted", "", "alike in a screen", "strong"),
    ("parent", "continued", "", "alike in a screen", "strong"),
    ("tuned", "sibling", "independent", "alike in a screen", "strong"),
    ("tuned", "tuned", "parent", "alike in a screen", "moderate"),
]


@pytest.mark.parametrize(("left", "right", "base", "relation", "strength"), [*NOT, *MUST])
def test_trained_models(left: str, right: str, base: str, relation: str, strength: str) -> None:
    bases = [_local(base)] if base else []
    evidence = SCREEN.compare(_local(left), _local(right), bases)
    assert (evidence.facts["relation"], evidence.strength.word) == (relation, strength)
    assert "screened, not read whole" in evidence.summary
    assert evidence.facts["screened"] is True
    assert evidence.strength <= Strength.STRONG  # never what the whole may be worth
    assert evidence.facts["direction"] in ("", "undecided")


def test_it_never_names_what_it_cannot_see() -> None:
    for name in ("adapted", "continued", "tuned"):
        evidence = SCREEN.compare(_local("parent"), _local(name))
        said = evidence.summary + " ".join(m.why for p in evidence.pairs for m in p.matches)
        assert not any(word in said for word in ("LoRA", "rank", "noise", "trained further"))
        changes = {row[-1] for table in evidence.tables for row in table.rows
                   if table.title == "tensors"}  # fmt: skip
        assert changes <= {"alike in part", "identical", "identical but for rounding"}
        assert not [table for table in evidence.tables if "without a counterpart" in table.title]


def test_the_sign_test_is_exact_for_independent_models() -> None:
    names = ("parent", "independent", "distilled")
    for one, two in ((a, b) for a in names for b in names if a < b):
        evidence = SCREEN.compare(_local(one), _local(two))
        (table,) = [t for t in evidence.tables if t.title.startswith("tests of")]
        (row,) = table.rows
        assert abs(float(row[1])) < 3.5, (one, two)  # of a standard normal, three times
        assert float(row[2]) > 15


# --- models of 8 billion parameters on the Hub, 16 GB each


needs_hub = pytest.mark.skipif(
    find_spec("httpx2") is None or find_spec("huggingface_hub") is None,
    reason="reading from servers needs the extra [hub]",
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("CODESIM_HTTP_LOOPBACK", "1")
    with hub({"a/left": endless.model(Recipe(1))}) as found:
        monkeypatch.setenv("HF_ENDPOINT", found.main.url)
        yield found


def _screened(server: Hub, right: Recipe) -> Evidence:
    server.add("a/right", endless.model(right))
    sides = [SCREEN.profile(open_weights(f"hf:a/{side}")) for side in ("left", "right")]
    return SCREEN.compare(*sides)


def _cost(server: Hub, side: str) -> tuple[float, int]:
    """MB that one side gave, and requests that it took, on both hosts."""
    seen = [each for each in server.seen if f"/a/{side}" in each.path]
    return sum(each.sent for each in seen) / 1e6, len(seen)


@needs_hub
def test_a_copy_with_noise_is_seen_in_two_megabytes(server: Hub) -> None:
    evidence = _screened(server, Recipe(1, noise=0.3, own=9))
    assert evidence.strength is Strength.STRONG
    assert evidence.facts["grade"] == "A"
    assert evidence.facts["log10_p"] < -30
    assert 0.95 < float(evidence.facts["correlation"] or 0) < 0.965  # 1 / sqrt(1.09)
    assert "64 KiB of each of 32 tensors; 2.1 MB of 16.1 GB of left" in evidence.summary
    for side in ("left", "right"):
        megabytes, requests = _cost(server, side)
        # The listing, an index, four beginnings and ways to them, and 32 parts.
        assert megabytes < 2.4
        assert requests <= 1 + 2 + 4 * 2 + 32


@needs_hub
def test_independent_models_of_one_shape_are_not_alike(server: Hub) -> None:
    evidence = _screened(server, Recipe(2))
    assert (evidence.strength, evidence.facts["relation"]) == (Strength.NONE, "no evidence")
    assert evidence.facts["log10_p"] == 0
    for side in ("left", "right"):
        megabytes, requests = _cost(server, side)
        assert megabytes < 5
        assert requests <= 350


def _own_names(name: str) -> str:
    """A name that says nothing of layer or role, and keeps what is no matrix apart."""
    return (
        f"norm.{name}"
        if "norm" in name
        else f"t{abs(sum(map(ord, name)) * 7919 % 100_003)}{len(name)}.{name[::-1]}x"
    )


@needs_hub
def test_a_copy_under_other_names_is_found_by_its_content(server: Hub) -> None:
    evidence = _screened(server, Recipe(1, noise=0.1, own=9, rename=_own_names))
    assert (evidence.facts["grade"], evidence.strength) == ("A", Strength.STRONG)
    assert "128 KiB of each of 32 tensors" in evidence.summary
    assert "a sample pairs 226 of 226 matrices, and 32 of the 32" in evidence.summary
    for side in ("left", "right"):
        megabytes, requests = _cost(server, side)
        assert megabytes < 7
        assert requests <= 350


def _only_attention(name: str) -> bool:
    return "self_attn" in name


@needs_hub
def test_a_part_that_is_shared_is_said_to_be_one(server: Hub) -> None:
    evidence = _screened(server, Recipe(1, own=9, is_shared=_only_attention))
    assert evidence.facts["grade"] == "A"
    related = int(evidence.facts["tensors_related"] or 0)
    assert 8 <= related <= 20
    assert f"{related} of the 32 tensors that were looked into hold the same" in evidence.summary
