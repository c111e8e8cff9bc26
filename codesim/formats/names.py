"""Which files hold trained weights, and which data, by their names alone."""

from __future__ import annotations

_WEIGHTS = (
    ".bin", ".ckpt", ".ggml", ".gguf", ".h5", ".msgpack", ".onnx", ".pb", ".pdparams", ".pt",
    ".pth", ".safetensors", ".tflite",
)  # fmt: skip
# These are as often data: embeddings, recordings, images. NumPy's own formats are nearly always.
_ALSO_DATA = (".bin", ".h5", ".msgpack", ".pb")
_DATA_FOLDERS = frozenset(("data", "dataset", "datasets"))
_TRIAL_FOLDERS = frozenset(("fixtures", "test", "tests"))


def is_weights_name(path: str) -> bool:
    """Whether a name is that of a file of weights.

    A data set that two repositories took from one place is no sign that one was made from the
    other, so that ``.npz`` never counts, and an ambiguous name not inside a folder of data.
    """
    *folders, name = path.lower().split("/")
    if not name.endswith(_WEIGHTS):
        return False
    return not (
        name.endswith(_ALSO_DATA) and (_DATA_FOLDERS | _TRIAL_FOLDERS).intersection(folders)
    )


def data_folder(path: str) -> str:
    """The outermost folder of a path that holds data by its name; empty where there is none."""
    folders = path.split("/")[:-1]
    for depth, folder in enumerate(folders, 1):
        if folder.lower() in _DATA_FOLDERS:
            return "/".join(folders[:depth])
    return ""
