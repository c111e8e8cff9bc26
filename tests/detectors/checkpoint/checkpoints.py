"""Invented checkpoints in a few lines: names by pattern, indexes, headers, snapshots."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Mapping

from codesim import snapshot_of
from codesim.detectors.checkpoint import CheckpointDetector
from codesim.model import Evidence

INDEX = "model.safetensors.index.json"
Files = Mapping[str, bytes]

_BLOCK = (
    "input_layernorm", "post_attention_layernorm", "mlp.down_proj", "mlp.gate_proj", "mlp.up_proj",
    "self_attn.k_proj", "self_attn.o_proj", "self_attn.q_proj", "self_attn.v_proj",
)  # fmt: skip


def llama(prefix: str = "", layers: int = 4) -> list[str]:
    """The names of a model as Llama is built."""
    names = ["model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"]
    names += [f"model.layers.{n}.{part}.weight" for n in range(layers) for part in _BLOCK]
    return [prefix + name for name in names]


def vision(prefix: str = "tower", layers: int = 3) -> list[str]:
    """The names of a vision tower as SigLIP is built."""
    parts = ["layer_norm1", "layer_norm2", "mlp.fc1", "mlp.fc2"]
    parts += [f"self_attn.{part}_proj" for part in ("k", "out", "q", "v")]
    names = ["embeddings.patch_embedding.weight", "embeddings.patch_embedding.bias"]
    names += ["embeddings.position_embedding.weight", "post_layernorm.weight"]
    names += [
        f"encoder.layers.{n}.{part}.{end}"
        for n in range(layers) for part in parts for end in ("bias", "weight")
    ]  # fmt: skip
    return [f"{prefix}.{name}" for name in names]


def bridge(prefix: str = "bridge") -> list[str]:
    """The names of a module that only one group of authors has: invented, and unusual."""
    parts = ["gist_tokens", "squash.weight", "squash.bias", "lnorm_ctx.weight", "lnorm_ctx.bias"]
    parts += ["fold_kv.weight", "fold_kv.bias", "heads_mix.weight", "ridge_gain"]
    return [f"{prefix}.{part}" for part in parts]


def renamed(names: Iterable[str], *pairs: tuple[str, str]) -> list[str]:
    """Names after some texts in them were exchanged."""
    found = list(names)
    for old, new in pairs:
        found = [name.replace(old, new) for name in found]
    return found


def index(names: Iterable[str], total_size: int | None = 4_000_000) -> bytes:
    """An index file as ``save_pretrained`` writes it."""
    metadata = {} if total_size is None else {"total_size": total_size}
    weights = dict.fromkeys(sorted(names), "model-00001-of-00001.safetensors")
    return (json.dumps({"metadata": metadata, "weight_map": weights}, indent=2) + "\n").encode()


def header(shapes: Mapping[str, tuple[int, ...]], dtype: str = "F32", size: int = 4) -> bytes:
    """A safetensors file of zeros."""
    described: dict[str, object] = {}
    at = 0
    for name, shape in shapes.items():
        end = at + size
        for each in shape:
            end = at + (end - at) * each
        described[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(described).encode()
    return struct.pack("<Q", len(text)) + text + bytes(at)


def pointer(digit: str, size: int = 5_000_000_000) -> bytes:
    """A Git LFS pointer to a file whose SHA-256 repeats one digit."""
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digit * 64}\nsize {size}\n"
    return text.encode()


def compared(left: Files, right: Files, *base: Files) -> Evidence:
    """The evidence between files, by path."""
    detector = CheckpointDetector()
    one, two, *rest = (detector.profile(snapshot_of(files)) for files in (left, right, *base))
    return detector.compare(one, two, rest)


def between(left: Iterable[str], right: Iterable[str], *base: Iterable[str]) -> Evidence:
    """The evidence between checkpoints of which only the names are there."""
    return compared(*({INDEX: index(names)} for names in (left, right, *base)))


def rename_map(evidence: Evidence) -> dict[str, str]:
    """What was renamed to what."""
    return {rename.left: rename.right for rename in evidence.renames}


def states(evidence: Evidence, column: str = "state") -> list[str]:
    """One column of the table of templates."""
    (table,) = (table for table in evidence.tables if table.title.startswith("tensors of"))
    place = table.columns.index(column)
    return [row[place] for row in table.rows]


Change = Callable[[list[str]], list[str]]
