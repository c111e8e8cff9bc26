"""Whatever is wrong with one side has a name in the result, and nothing else is lost for it."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

pytest.importorskip("torch")

import relations as make
import stored
import torch
from relations import trained

import codesim
from codesim.detectors.weights import WeightsDetector
from codesim.detectors.weights.comparing import compared
from codesim.detectors.weights.evidence import evidence_of
from codesim.detectors.weights.models import open_model
from codesim.errors import SnapshotError
from codesim.model import Evidence, Strength

INDEX = "model.safetensors.index.json"
FIRST, SECOND = (f"model-0000{n}-of-00002.safetensors" for n in (1, 2))
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 16000000000\n" % 1
_FORBIDDEN = ("plagiar", "stolen", "guilty", "copied")
Files = Mapping[str, bytes]


def _parent(name: str = "parent") -> make.Model:
    """Two layers, with the embeddings."""
    return {n: v for n, v in trained(name).items() if ".2." not in n and ".3." not in n}


def _copy() -> make.Model:
    return make.noised(_parent(), 0.05, dtype=torch.float32)


def _one(state: make.Model) -> Files:
    return {"model.safetensors": stored.safetensors(state)}


def _shards(second: bytes | None) -> Files:
    names = list(_copy())
    first = {name: _copy()[name] for name in names[: len(names) // 2]}
    places = {name: FIRST if name in first else SECOND for name in names}
    files = {INDEX: stored.index(places), FIRST: stored.safetensors(first)}
    return files if second is None else {**files, SECOND: second}


def _second_shard() -> bytes:
    names = list(_copy())
    return stored.safetensors({name: _copy()[name] for name in names[len(names) // 2 :]})


def _spoilt(value: float, every: int = 1, only: str = "") -> Files:
    made = {name: tensor.float().clone() for name, tensor in _copy().items()}
    for name, tensor in made.items():
        if tensor.ndim > 1 and only in name:
            tensor[::every, ::every] = value
    return _one(made)


class _Evil:
    """What a pickle may do when it is loaded."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
        import os

        return os.system, ("exit 1",)


def _pytorch(state: object, zipped: bool = True) -> bytes:
    out = io.BytesIO()
    torch.save(state, out, _use_new_zipfile_serialization=zipped)
    return out.getvalue()


@dataclass(frozen=True)
class Spoilt:
    """A right side, the relation to be found, and what summary and skipped have to say."""

    name: str
    files: Callable[[], Files]
    relation: str
    says: str
    skipped: tuple[str, ...] = ()


NOTHING, COPY = "no evidence", "noised copy"
CASES = (
    Spoilt("other shapes", lambda: _one({"a": torch.randn(33, 17), "b": torch.randn(9, 5)}),
           NOTHING, "no tensor of the left has a counterpart of its shape on the right"),
    Spoilt("another architecture", lambda: _one({
        f"h.{n}.mlp.c_fc.weight": torch.randn(64, 256) for n in range(2)}), NOTHING,
        "no tensor of the left has a counterpart"),
    Spoilt("unrelated", lambda: _one(_parent("independent")), NOTHING,
           "nothing tells the two from models that were initialised and trained independently"),
    Spoilt("some not finite", lambda: _spoilt(float("nan"), 7), COPY,
           "numbers are not finite and left out", ("not finite on one side or the other",)),
    Spoilt("one tensor not finite", lambda: _spoilt(float("inf"), only="lm_head"), COPY,
           "65,536 numbers are not finite", ("65,536 numbers in 1 pair of tensors",)),
    Spoilt("all not finite", lambda: _spoilt(float("nan")), NOTHING,
           "nothing could be compared, since no number is finite on both sides", ("not finite",)),
    Spoilt("zeros", lambda: _spoilt(0.0), NOTHING, "every matrix of right holds zeros only"),
    Spoilt("a shard cut short", lambda: _shards(_second_shard()[:-30_000]), COPY,
           "right is not whole: 17 of 21 tensors can be read", ("is cut short",)),
    Spoilt("a shard that is missing", lambda: _shards(None), COPY, "10 of 21 tensors can be read",
           (f"{SECOND}: named by the index and not there: 11 tensors",)),
    Spoilt("a pointer for a shard", lambda: _shards(POINTER), COPY, "10 of 21 tensors can be read",
           (f"{SECOND}: is a pointer",)),
    Spoilt("only an index", lambda: {INDEX: _shards(None)[INDEX]}, NOTHING,
           "right: only the names of tensors, without values",
           (f"{FIRST}: named by the index and not there: 10 tensors",)),
    Spoilt("a pointer", lambda: {"model.safetensors": POINTER}, NOTHING,
           "right: only pointers to files of weights; download these first"),
    Spoilt("no checkpoint", lambda: {"README.md": b"text"}, NOTHING, "right: no file of weights"),
    Spoilt("a web page", lambda: {"model.safetensors": b"<!DOCTYPE html>" * 9}, NOTHING,
           "right: no file of weights that is read (model.safetensors: claims a header of"),
    Spoilt("noise as PyTorch", lambda: {"pytorch_model.bin": bytes(range(256)) * 9}, NOTHING,
           "pytorch_model.bin: is no checkpoint of PyTorch"),
    Spoilt("no tensors", lambda: _one({}), NOTHING, "model.safetensors: holds no tensors"),
    Spoilt("tensors without numbers", lambda: _one({"a": torch.zeros(0, 4)}), NOTHING,
           "right: no values in a form that is read", ("a: holds no numbers",)),
    Spoilt("a pickle", lambda: {"pytorch_model.bin": pickle.dumps({"a": _Evil()})}, NOTHING,
           "pytorch_model.bin: is a plain pickle, which is not read"),
    Spoilt("PyTorch of old", lambda: {"pytorch_model.bin": _pytorch(_copy(), zipped=False)},
           NOTHING, "is in the layout of torch before 1.6, which is not read"),
    Spoilt("an evil pickle beside tensors",
           lambda: {"pytorch_model.bin": _pytorch({**_copy(), "evil": _Evil()})}, COPY, "grade A",
           (".system, which to unpickle it would call; nothing was called",)),
    Spoilt("an evil pickle beside a good file",
           lambda: {"pytorch_model.bin": pickle.dumps(_Evil()), **_one(_copy())}, COPY, "grade A",
           ("pytorch_model.bin: beside model.safetensors, which is compared",)),
)  # fmt: skip


def _evidence(left: Files, right: Files) -> Evidence:
    sides = [codesim.snapshot_of(dict(files)) for files in (left, right)]
    [found] = codesim.compare(*sides, detectors=[WeightsDetector(device="cpu")]).evidence
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_with_a_side_has_a_name(case: Spoilt) -> None:
    found = _evidence(_one(_parent()), case.files())
    assert found.facts["relation"] == case.relation, found.summary
    assert (found.strength is Strength.VERY_STRONG) == (case.relation == COPY)
    assert case.says in found.summary
    said = [f"{each.what}: {each.reason}" for each in found.skipped]
    assert all(any(words in line for line in said) for words in case.skipped), said
    assert not any(word in found.summary for word in _FORBIDDEN)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_left_side_is_no_other(case: Spoilt) -> None:
    found = _evidence(case.files(), _one(_parent()))
    assert found.facts["relation"] == case.relation, found.summary


def test_a_disk_that_gives_up_costs_what_it_holds() -> None:
    data = stored.safetensors(_copy())
    whole = codesim.snapshot_of({"model.safetensors": data})

    def ranges(_: str, start: int, size: int) -> bytes:
        if start + size > len(data) * 3 // 4:
            raise SnapshotError("the disk gave up")
        return data[start : start + size]

    right = open_model(replace(whole, ranges=ranges))
    found = evidence_of(compared(stored.model(dict(_one(_parent()))), right))
    assert found.facts["relation"] == COPY
    lost = [each for each in found.skipped if each.reason == "the disk gave up"]
    assert f"{len(lost)} tensors could not be read" in found.summary
    assert 0 < len(lost) < 21


def test_tensors_of_which_none_can_be_read_leave_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    from codesim.detectors.weights import values

    monkeypatch.setattr(values, "_LONGEST_SPAN", 100)
    wide = {n: torch.cat([v, v], 1)[:, : v.shape[1]] if v.ndim > 1 else v
            for n, v in _parent().items()}  # fmt: skip
    found = _evidence(_one(_parent()), {"pytorch_model.bin": _pytorch(wide)})
    # Norms alone, which are the same, say nothing of the whole.
    assert (found.facts["relation"], found.strength) == (NOTHING, Strength.NONE)
    assert "16 tensors could not be read" in found.summary
    assert sum("neither by rows nor by columns" in each.reason for each in found.skipped) == 16


def test_one_source_twice_is_said(codesim_run, tmp_path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(stored.safetensors(_parent()))
    for command in ("weights", "compare"):
        ended = codesim_run(command, path, path)
        assert (ended.code, ended.err) == (0, "Note: left and right are the same source\n")
    assert "identical" in codesim_run("weights", path, path).out


def test_a_state_has_the_facts_of_a_verdict() -> None:
    sides = [stored.model(files) for files in (_one(_parent()), {"model.safetensors": b""})]
    state = evidence_of(compared(*sides)).facts
    verdict = evidence_of(compared(sides[0], sides[0])).facts
    told = {"relation", "grade", "direction", "p", "log10_p", "sentence", "tensors_compared"}
    assert told <= state.keys() & verdict.keys()
    assert (state["relation"], state["p"], state["tensors_compared"]) == ("no evidence", None, 0)


def test_a_screen_does_not_say_that_what_it_left_out_has_no_counterpart() -> None:
    model = stored.model(_one(_parent()))
    found = WeightsDetector(screen=True).compare(model, model)
    assert found.facts["screened"] is True
    assert "no counterpart" not in found.summary


def test_numbers_that_are_finite_and_too_large_are_told_as_such() -> None:
    left = stored.model(_one(_parent()))
    right = stored.model(_one({n: v.float() * 1e30 for n, v in _parent().items()}))
    found = evidence_of(compared(left, right))
    assert "no number is finite on both sides and within 1e8" in found.summary
    assert any("or beyond 1e8" in each.reason for each in found.skipped)
