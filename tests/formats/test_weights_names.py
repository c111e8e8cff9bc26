"""Names that stand for trained weights, and names that stand for data."""

from __future__ import annotations

import pytest

from codesim.formats import is_weights_name


@pytest.mark.parametrize(
    "path",
    [
        "model.safetensors",
        "out/PYTORCH_MODEL.BIN",
        "data/pretrained/resnet.pth",
        "tests/tiny.gguf",
        "checkpoints/flax_model.msgpack",
        "best.h5",
        "export/saved_model.pb",
        "dataset.pt",
    ],
)
def test_weights(path: str) -> None:
    assert is_weights_name(path)


@pytest.mark.parametrize(
    "path",
    [
        "mnist.npz",
        "homework/datasets/images_25.npz",
        "data/train.h5",
        "Data/embeddings.bin",
        "tests/fixtures/words.msgpack",
        "model.py",
        "safetensors",
        "model.safetensors.index.json",
        "",
    ],
)
def test_data_and_everything_else(path: str) -> None:
    assert not is_weights_name(path)
