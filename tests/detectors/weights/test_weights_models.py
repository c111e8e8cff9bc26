"""From files to tensors: every form, and everything that can be missing."""

from __future__ import annotations

import io

import pytest

pytest.importorskip("torch")

import numpy as np
import stored
import torch
from torch import Tensor

_CHANCE = torch.Generator().manual_seed(5)


def _random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=_CHANCE)


# --- what is missing or no model


def test_nothing_there() -> None:
    found = stored.model({"README.md": b"text"})
    assert (found.state, found.has_values, found.declared) == ("none", False, 0)


def test_only_an_index() -> None:
    places = {
        "a.weight": "model-00001-of-00002.safetensors",
        "b": "model-00002-of-00002.safetensors",
    }
    found = stored.model({"model.safetensors.index.json": stored.index(places, 4_000)})
    assert (found.state, found.has_values, found.declared) == ("index only", False, 2)
    assert found.declared_bytes == 4_000
    assert [skip.what for skip in found.skipped] == sorted(places.values())


def test_a_shard_that_is_missing() -> None:
    one = {"a.weight": _random(6, 4)}
    places = {
        "a.weight": "model-00001-of-00002.safetensors",
        "b.weight": "model-00002-of-00002.safetensors",
    }
    found = stored.model(
        {
            "model.safetensors.index.json": stored.index(places, 192),
            "model-00001-of-00002.safetensors": stored.safetensors(one),
        }
    )
    assert (found.state, len(found.tensors), found.declared) == ("partial", 1, 2)
    assert (found.bytes, found.declared_bytes) == (96, 192)
    (skip,) = found.skipped
    assert "not there: 1 tensors" in skip.reason


def test_shards_without_an_index() -> None:
    files = {
        f"model-0000{n}-of-00002.safetensors": stored.safetensors({f"w.{n}": _random(4, 4)})
        for n in (1, 2)
    }
    found = stored.model(files)
    assert (found.state, [v.name for v in found.tensors]) == ("complete", ["w.1", "w.2"])


@pytest.mark.parametrize("cut", [1, 100, 399])
def test_a_safetensors_file_that_is_cut_short(cut: int) -> None:
    data = stored.safetensors({"a": _random(10, 10), "b": _random(10, 10)})
    found = stored.model({"model.safetensors": data[:-cut]})
    assert (found.state, [v.name for v in found.tensors], found.declared) == ("partial", ["a"], 2)
    assert (found.bytes, found.declared_bytes) == (400, 800)
    assert found.skipped[0].reason == "is cut short: b not read"


@pytest.mark.parametrize("size", [0, 5, 20, 60])
def test_a_file_of_which_no_tensor_is_left(size: int) -> None:
    data = stored.safetensors({"a": _random(10, 10)})
    found = stored.model({"model.safetensors": data[:size]})
    assert (found.state, found.has_values) == ("none", False)
    assert [skip.what for skip in found.skipped] == ["model.safetensors"]


def test_a_gguf_file_that_is_cut_short() -> None:
    one = _random(8, 32)
    data = stored.gguf({"a": ("F32", (8, 32), stored.raw(one)), "b": ("F32", (8, 32), bytes(1024))})
    found = stored.model({"model.gguf": data[:-7]})
    assert (found.state, [v.name for v in found.tensors]) == ("partial", ["a"])
    assert torch.equal(stored.read(found, "a"), one)
    for size in range(0, 150, 7):
        assert not stored.model({"model.gguf": data[:size]}).has_values


def test_numbers_that_are_not_decoded() -> None:
    found = stored.model(
        {
            "model.safetensors": stored.safetensors(
                {"a.qweight": torch.ones(4, 4, dtype=torch.int32)}
            )
        }
    )
    assert (found.state, found.declared) == ("unreadable", 1)
    assert found.skipped[0].reason == "stored as I32, which is not decoded"


def test_states_of_training_and_other_forms_are_no_second_model() -> None:
    data = stored.safetensors({"a": _random(4, 4)})
    kept = stored.model(
        {
            "model.safetensors": data,
            "checkpoint-5/model.safetensors": data,
            "optimizer.pt": b"PK",
            "model-q8.gguf": stored.gguf({"x": ("F32", (1, 32), bytes(128))}),
        }
    )
    assert [v.name for v in kept.tensors] == ["a"]
    assert [skip.what for skip in kept.skipped] == [
        "checkpoint-5/model.safetensors",
        "model-q8.gguf",
    ]


# --- every form


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_plain_numbers(dtype: torch.dtype) -> None:
    value = _random(7, 5, 3).to(dtype)
    found = stored.model({"model.safetensors": stored.safetensors({"a": value, "n": value[0, 0]})})
    assert [v.shape for v in found.tensors] == [(7, 15), (3, 1)]
    assert torch.equal(stored.read(found, "a"), value.float().view(7, 15))


@pytest.mark.parametrize(
    ("name", "shape", "factor"),
    [
        ("x.weight_scale", (6, 1), 1.0),
        ("x.weight_scale", (6,), 1.0),
        ("x.scale", (1,), 1.0),
        ("x.weight_scale_inv", (2, 3), 1.0),
        ("x.SCB", (6,), 1 / 127),
    ],
)
@pytest.mark.parametrize("dtype", [torch.int8, torch.float8_e4m3fn])
def test_scales(name: str, shape: tuple[int, ...], factor: float, dtype: torch.dtype) -> None:
    value = (_random(6, 9) * 20).to(dtype)
    scale = _random(*shape).abs() + 0.1
    found = stored.model({"m.safetensors": stored.safetensors({"x.weight": value, name: scale})})
    assert [v.name for v in found.tensors] == ["x.weight"]
    grid = scale.reshape(-1, 1) if len(shape) == 1 else scale
    spread = grid.repeat_interleave(6 // grid.shape[0], 0).repeat_interleave(9 // grid.shape[1], 1)
    torch.testing.assert_close(stored.read(found, "x.weight"), value.float() * spread * factor)
    (values,) = found.tensors
    torch.testing.assert_close(values.read(2, 5), (value.float() * spread * factor)[2:5])


def test_a_scale_that_does_not_fit_is_said() -> None:
    made = {"x.weight": torch.ones(6, 9, dtype=torch.int8), "x.weight_scale": torch.ones(5)}
    found = stored.model({"m.safetensors": stored.safetensors(made)})
    assert (found.has_values, found.skipped[-1].reason) == (
        False, "its scale x.weight_scale does not fit its shape",
    )  # fmt: skip


def test_pytorch_files() -> None:
    weight, fused = _random(12, 8), _random(30, 16)
    made = {
        "plain": weight, "half": weight.half(), "turned": weight.T, "rows": fused[5:9],
        "columns": fused[:, 3:7], "deep": _random(3, 4, 5).permute(2, 0, 1),
    }  # fmt: skip
    out = io.BytesIO()
    torch.save(made, out)
    found = stored.model({"pytorch_model.bin": out.getvalue()})
    assert found.state == "complete"
    for name, value in made.items():
        expected = value.float().reshape(len(value), -1)
        assert torch.equal(stored.read(found, name), weight if name == "turned" else expected), name
    deep = next(values for values in found.tensors if values.name == "deep")
    assert torch.equal(deep.read(1, 3), made["deep"][1:3].reshape(2, -1))


def test_gguf_types() -> None:
    value = _random(4, 32)
    eight = np.concatenate([
        np.full((4, 1), 0.5, "<f2").view(np.uint8).reshape(4, 2),
        torch.arange(128, dtype=torch.int8).view(4, 32).numpy().view(np.uint8),
    ], axis=1).tobytes()  # fmt: skip
    found = stored.model({"m.gguf": stored.gguf({
        "a": ("F32", (4, 32), stored.raw(value)), "b": ("F16", (4, 32), stored.raw(value.half())),
        "c": ("BF16", (4, 32), stored.raw(value.bfloat16())), "d": ("Q8_0", (4, 32), eight),
    })})  # fmt: skip
    assert torch.equal(stored.read(found, "a"), value)
    assert torch.equal(stored.read(found, "b"), value.half().float())
    assert torch.equal(stored.read(found, "c"), value.bfloat16().float())
    assert torch.equal(stored.read(found, "d"), torch.arange(128).view(4, 32) * 0.5)


def _as_converted(weights: Tensor, heads: int) -> Tensor:
    """As ``permute`` of the converter to GGUF reorders the rows of queries and keys."""
    parts = weights.reshape(heads, 2, len(weights) // heads // 2, *weights.shape[1:])
    return parts.swapaxes(1, 2).reshape(weights.shape)


def test_rows_that_the_converter_reordered() -> None:
    query, key, value = _random(64, 32), _random(32, 32), _random(32, 32)
    tensors = {
        "blk.0.attn_q.weight": _as_converted(query, 4),
        "blk.0.attn_k.weight": _as_converted(key, 2),
        "blk.0.attn_v.weight": value,
    }  # fmt: skip
    files = {name: ("F32", tuple(t.shape), stored.raw(t)) for name, t in tensors.items()}
    counts = {"llama.attention.head_count": 4, "llama.attention.head_count_kv": 2}
    found = stored.model({"m.gguf": stored.gguf(files, {"general.architecture": "llama"}, counts)})
    assert torch.equal(stored.read(found, "blk.0.attn_q.weight"), query)
    assert torch.equal(stored.read(found, "blk.0.attn_k.weight"), key)
    assert torch.equal(stored.read(found, "blk.0.attn_v.weight"), value)
    rows = next(v for v in found.tensors if v.name == "blk.0.attn_q.weight")
    assert torch.equal(rows.read(13, 47), query[13:47])
    other = stored.model({"m.gguf": stored.gguf(files, {"general.architecture": "qwen2"}, {
        key.replace("llama", "qwen2"): count for key, count in counts.items()})})  # fmt: skip
    assert torch.equal(stored.read(other, "blk.0.attn_q.weight"), tensors["blk.0.attn_q.weight"])
