"""Weights on a server give what they give here, and a file that fails takes only its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="comparing weights needs the extra [weights]")
pytest.importorskip("httpx2", reason="reading from servers needs the extra [hub]")
pytest.importorskip("huggingface_hub", reason="reading from servers needs the extra [hub]")

import stored
import torch
from rangeserver import File, Handler, Hub, hub, serving

from codesim.detectors.weights import WeightsDetector
from codesim.detectors.weights.models import open_model
from codesim.snapshot import open_weights

MODELS = Path(__file__).resolve().parents[3] / "fixtures" / "weights_models"
NAMES = ("parent", "tuned", "adapted", "independent", "same_seed")
DATA = {name: (MODELS / f"{name}.safetensors").read_bytes() for name in NAMES}
_CHANCE = torch.Generator().manual_seed(5)


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESIM_HTTP_LOOPBACK", "1")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with hub({f"a/{name}": {"model.safetensors": data} for name, data in DATA.items()}) as found:
        monkeypatch.setenv("HF_ENDPOINT", found.main.url)
        yield found


def _result(run: Callable[..., Any], folder: Path, *arguments: str) -> dict[str, Any]:
    ended = run("weights", *arguments, "--json", folder / "result.json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads((folder / "result.json").read_text("utf-8"))
    for side in [found["left"], found["right"], *found.get("base", [])]:
        for key in ("name", "origin", "revision"):
            side.pop(key, None)
    return found


def _same(one: Any, two: Any) -> None:
    text = [json.dumps(each, sort_keys=True) for each in (one, two)]
    for name in NAMES:  # a name is where it lies, here and in sentences
        text = [each.replace(f"a/{name}", name) for each in text]
    assert text[0] == text[1]


# --- the same as here


@pytest.mark.parametrize("right", ["tuned", "adapted", "independent", "same_seed"])
def test_a_repository_on_the_hub(server: Hub, codesim_run: Any, tmp_path: Path, right: str) -> None:
    for name in ("parent", right):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(DATA[name])
    here = _result(codesim_run, tmp_path, *(str(tmp_path / n) for n in ("parent", right)))
    there = _result(codesim_run, tmp_path, "hf:a/parent", f"hf:a/{right}")
    _same(here, there)
    # Each byte came once: the way to each file was asked once, and its beginning, and the rest.
    assert server.cdn.sent == 2 * len(DATA["parent"])
    assert len(server.seen) == 2 + 2 + 4


def test_a_base_and_a_screen(server: Hub, codesim_run: Any, tmp_path: Path) -> None:
    for name in ("parent", "tuned", "adapted"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(DATA[name])
    for options in ((), ("--screen",)):
        here, there = (
            _result(
                codesim_run, tmp_path, f"{at}tuned", f"{at}adapted", "--base", f"{at}parent",
                *options,
            )
            for at in (f"{tmp_path}/", "hf:a/")
        )  # fmt: skip
        _same(here, there)


def test_addresses_of_files(codesim_run: Any, tmp_path: Path) -> None:
    files: Mapping[str, bytes] = {f"/a/{name}.safetensors": DATA[name] for name in NAMES}
    with serving(files) as server:
        here = _result(
            codesim_run, tmp_path, *(str(MODELS / f"{n}.safetensors") for n in ("parent", "tuned"))
        )
        there = _result(
            codesim_run, tmp_path, *(f"{server.url}/a/{n}.safetensors" for n in ("parent", "tuned"))
        )
        _same(here, there)
        assert server.sent == 2 * len(DATA["parent"])


def test_other_forms(server: Hub, codesim_run: Any, tmp_path: Path) -> None:
    import io

    made = {f"layers.{n}.mlp.up_proj.weight": _random(160, 96) for n in range(3)}
    out = io.BytesIO()
    torch.save(made, out)
    forms = {
        "model.gguf": stored.gguf(
            {name: ("F32", tuple(t.shape), stored.raw(t)) for name, t in made.items()}
        ),
        "pytorch_model.bin": out.getvalue(),
    }
    for name, data in forms.items():
        server.add("a/form", {name: data})
        (tmp_path / name).write_bytes(data)
        here = _result(codesim_run, tmp_path, str(tmp_path / name), str(tmp_path / name))
        there = _result(codesim_run, tmp_path, "hf:a/form", "hf:a/form")
        _same(here["evidence"], there["evidence"])


# --- parts that are missing


def _random(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=_CHANCE)


def _sharded(seed: int) -> dict[str, bytes]:
    """A model in three files with an index, each file of 1.2 MB."""
    chance = torch.Generator().manual_seed(seed)
    files, places = {}, {}
    for shard in range(3):
        name = f"model-0000{shard + 1}-of-00003.safetensors"
        tensors = {
            f"model.layers.{shard}.mlp.{role}_proj.weight": torch.randn(
                *((256, 384) if role != "down" else (384, 256)), generator=chance
            )
            for role in ("gate", "up", "down")
        }
        files[name] = stored.safetensors(tensors)
        places |= dict.fromkeys(tensors, name)
    return {**files, "model.safetensors.index.json": stored.index(places)}


def _failing(code: int, beyond: int) -> Callable[[Handler, File, int, int], bool]:
    """Refuses what lies beyond a place."""

    def act(handler: Handler, _: File, start: int, end: int) -> bool:
        if end >= beyond:
            handler.answer(code)
        return end >= beyond

    return act


@pytest.mark.parametrize("beyond", [0, 100_000], ids=["from the start", "after its header"])
def test_a_shard_that_fails_loses_only_its_own(server: Hub, beyond: int) -> None:
    files = _sharded(1)
    server.add("a/left", files)
    server.add("a/right", files)
    lost = "model-00002-of-00003.safetensors"
    server.cdn.acts[f"/a/right/{lost}"] = [_failing(404, beyond)]
    detector = WeightsDetector()
    left, right = (detector.profile(open_weights(f"hf:a/{s}")) for s in ("left", "right"))
    evidence = detector.compare(left, right)
    assert evidence.facts["relation"] == "identical"
    assert evidence.facts["tensors_compared"] == 6
    assert evidence.facts["right_state"] == "partial"
    assert evidence.facts["right_tensors"] == 6
    assert evidence.facts["right_declared_tensors"] == 9
    assert "right is not whole: 6 of 9 tensors can be read" in evidence.summary
    assert any(f"{lost}: the server has no such file" in s.reason for s in evidence.skipped)


def test_when_every_shard_fails_the_reason_is_said(server: Hub) -> None:
    server.cdn.acts["/a/tuned/model.safetensors"] = [_failing(404, 100_000)]
    detector = WeightsDetector()
    left, right = (detector.profile(open_weights(f"hf:a/{s}")) for s in ("parent", "tuned"))
    assert (right.state, len(right.tensors)) == ("complete", 39)
    evidence = detector.compare(left, right)
    assert evidence.strength == 0
    assert "right: no file of weights that is read" in evidence.summary
    assert "the server has no such file" in evidence.summary


@pytest.mark.parametrize("screen", [False, True])
def test_a_base_that_fails_is_said_and_ends_nothing(server: Hub, screen: bool) -> None:
    detector = WeightsDetector(screen=screen)
    left, right, base = (
        detector.profile(open_weights(f"hf:a/{name}")) for name in ("tuned", "adapted", "parent")
    )
    server.cdn.acts["/a/parent/model.safetensors"] = [_failing(404, 40_000)]
    evidence = detector.compare(left, right, [base])
    assert "the base a/parent holds no weights that can be read" in evidence.summary
    assert evidence.facts["tensors_compared"] == (30 if screen else 39)
    assert evidence.strength > 0


def test_a_shard_that_fails_in_a_screen_loses_only_its_own(server: Hub) -> None:
    files = _sharded(3)
    server.add("a/left", files)
    server.add("a/right", files)
    lost = "model-00003-of-00003.safetensors"
    server.cdn.acts[f"/a/left/{lost}"] = [_failing(404, 100_000)]
    detector = WeightsDetector(screen=True)
    left, right = (detector.profile(open_weights(f"hf:a/{s}")) for s in ("left", "right"))
    evidence = detector.compare(left, right)
    assert evidence.facts["relation"] == "alike in a screen"
    assert evidence.facts["tensors_compared"] == 6
    assert "left is not whole: 6 of 9 tensors can be read" in evidence.summary
    assert any("the server has no such file" in each.reason for each in evidence.skipped)


def test_missing_shards_of_an_address(codesim_run: Any) -> None:
    files = _sharded(2)
    there = {f"/m/{name}": data for name, data in files.items() if "00003-of" not in name}
    with serving(there) as server:
        found = open_model(open_weights(f"{server.url}/m/model.safetensors.index.json"))
    assert (found.state, len(found.tensors), found.declared) == ("partial", 6, 9)


# --- not too much is read


def test_headers_alone_are_read_before_comparing(server: Hub) -> None:
    found = open_model(open_weights("hf:a/parent"))
    assert len(found.tensors) == 39
    assert server.cdn.sent <= 33_000


def test_other_forms_of_the_same_model_stay_closed(server: Hub) -> None:
    gguf = stored.gguf({"x": ("F32", (100, 32), bytes(12_800))})
    server.add("a/both", {"model.safetensors": DATA["parent"], "model.gguf": gguf, "x.bin": gguf})
    found = open_model(open_weights("hf:a/both"))
    assert [s.what for s in found.skipped] == ["x.bin", "model.gguf"]
    heads = [each for each in server.cdn.seen if "model.safetensors" not in each.path]
    assert all(each.asked.startswith("bytes=0-") for each in heads)


def test_a_pair_much_larger_than_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all takes each byte hardly more than once, also where little of it is kept."""
    from codesim.snapshot import ahead, far

    # All an eighth of what it is, for a model an eighth of what it would have to be.
    monkeypatch.setattr(far, "_MEMORY", 8 << 20)
    monkeypatch.setattr(ahead, "BLOCK", 512 << 10)
    monkeypatch.setattr(ahead, "_FURTHEST", 2 << 20)
    rows, columns = 8192, 512
    tensors = {
        f"model.layers.{n}.self_attn.{role}_proj.weight": _random(rows, columns).bfloat16()
        for n in range(2)
        for role in ("q", "o", "v")
    }
    data = stored.safetensors(tensors)
    with serving({"/l.safetensors": data, "/r.safetensors": data}) as server:
        detector = WeightsDetector(device="cpu")
        sides = [detector.profile(open_weights(f"{server.url}/{s}.safetensors")) for s in "lr"]
        assert detector.compare(sides[0], sides[1]).facts["relation"] == "identical"
        assert server.sent <= 2 * 1.6 * len(data)
        assert len(server.seen) <= 2 * (len(data) / (256 << 10) + 40)
