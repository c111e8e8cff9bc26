"""One file of tensors: opened as far as its header goes, also where its end is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from codesim.formats import (
    ByteSource,
    FormatError,
    TensorRecord,
    is_lfs_pointer,
    read_gguf,
    read_pytorch,
    read_safetensors,
    source_of,
)
from codesim.model import Entry, Snapshot
from codesim.text import JsonError, parse_json

# What a training run leaves beside the model; no part of a model.
_STATE = re.compile(
    r"(^|/)(optimizer|scheduler|scaler|rng_state|training_args|trainer_state)[^/]*$"
)
# Files of values, the first that a snapshot has is taken: others are the same in another form.
FORMS = (".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf")
# Architectures whose query and key rows the converter to GGUF reorders for rotary positions.
# Source: the users of ``permute`` in convert_hf_to_gguf.py of ggml-org/llama.cpp.
_PERMUTED = frozenset((
    "llama", "deci", "granite", "granitemoe", "minicpm", "baichuan", "internlm2", "smollm3",
    "arcee", "xverse",
))  # fmt: skip
_QUERY = re.compile(r"\.attn_q\.(weight|bias)$")
_KEY = re.compile(r"\.attn_k\.(weight|bias)$")
_HEADER = 8
_LONGEST_HEADER = 8_000_000
# Beyond the end of every file.
_ENDLESS = 1 << 62


@dataclass(frozen=True, slots=True)
class Part:
    """The tensors of one file; ``cut`` are those that the file names and ends before.

    ``heads`` and ``key_heads`` are set where rows of queries and keys were reordered. ``foreign``
    is what a pickle names beside tensors, none of which was built or called.
    """

    source: ByteSource
    tensors: tuple[TensorRecord, ...] = ()
    cut: tuple[TensorRecord, ...] = ()
    heads: int = 0
    key_heads: int = 0
    foreign: tuple[str, ...] = ()

    def heads_of(self, record: TensorRecord) -> int:
        """The heads whose rows of this tensor were interleaved; 0 for none."""
        heads = 0
        if _QUERY.search(record.name):
            heads = self.heads
        elif _KEY.search(record.name):
            heads = self.key_heads
        rows = record.shape[0] if record.shape else 0
        return heads if heads and rows % (2 * heads) == 0 else 0


def is_state(path: str) -> bool:
    """Whether a file holds the state of a training run and not a model."""
    return _STATE.search(path) is not None


def form_of(path: str) -> str | None:
    """How a file of values is written, by its name; None for any other file."""
    return next((form for form in FORMS if path.lower().endswith(form)), None)


def far_bytes(snapshot: Snapshot) -> int:
    """Bytes of the weights that would be read from a server; 0 for what is here."""
    snapshot = snapshot.weights or snapshot
    sizes = dict.fromkeys(FORMS, 0)
    for entry in snapshot.entries if snapshot.announce else ():
        form = form_of(entry.path)
        if form and not is_state(entry.path):
            sizes[form] += entry.size or 0
    return next((size for size in sizes.values() if size), 0)


def opened(snapshot: Snapshot, entry: Entry, form: str) -> Part:
    """The header of a file. Raises FormatError or SnapshotError where it cannot be read."""
    source = source_of(snapshot, entry)
    if source is None:
        raise FormatError("has no bytes here")
    if is_lfs_pointer(source.at(0, min(source.size, 1024))):
        raise FormatError("is a pointer to a file that is not here")
    return _OPENERS.get(form, _pytorch)(source)


def _safetensors(source: ByteSource) -> Part:
    try:
        return Part(source, read_safetensors(source).tensors)
    except FormatError as error:
        claimed = _claimed(source)
        if claimed <= source.size:
            raise
        longer = ByteSource(source.path, claimed, source.fetch)
        return _split(source, read_safetensors(longer).tensors, error)


def _claimed(source: ByteSource) -> int:
    """Where the last tensor of a safetensors file ends, as its header says; 0 where it does not."""
    length = int.from_bytes(source.at(0, _HEADER), "little")
    if not 0 < length <= _LONGEST_HEADER:
        return 0
    try:
        header = parse_json(source.at(_HEADER, length))
    except JsonError:
        return 0
    ends = [0]
    for about in header.values() if isinstance(header, dict) else ():
        offsets = about.get("data_offsets") if isinstance(about, dict) else None
        if isinstance(offsets, list) and len(offsets) == 2 and type(offsets[1]) is int:
            ends.append(offsets[1])
    return _HEADER + length + max(ends)


def _gguf(source: ByteSource) -> Part:
    if source.size >= _HEADER and source.at(4, 4)[:2] == b"\0\0":
        raise FormatError("is written for a big-endian machine, whose numbers are not read")
    try:
        found = read_gguf(source)
        part = Part(source, found.tensors)
    except FormatError as error:
        found = read_gguf(ByteSource(source.path, _ENDLESS, _padded(source)))
        part = _split(source, found.tensors, error)
    kind = found.metadata.get("general.architecture")
    if kind not in _PERMUTED:
        return part
    heads = found.metadata.get(f"{kind}.attention.head_count")
    keys = found.metadata.get(f"{kind}.attention.head_count_kv", heads)
    return replace(part, heads=_count(heads), key_heads=_count(keys))


def _count(value: object) -> int:
    return value if type(value) is int and value > 0 else 0


def _padded(source: ByteSource) -> Callable[[int, int], bytes]:
    """A file that goes on with zeros, so that its header can be read for itself."""

    def fetch(start: int, size: int) -> bytes:
        there = max(0, min(size, source.size - start))
        return (source.fetch(start, there) if there else b"") + bytes(size - there)

    return fetch


def _pytorch(source: ByteSource) -> Part:
    found = read_pytorch(source)
    if found.big_endian:
        raise FormatError("is written on a big-endian machine, whose numbers are not read")
    return Part(source, found.tensors, foreign=found.foreign)


def _split(source: ByteSource, tensors: tuple[TensorRecord, ...], error: FormatError) -> Part:
    """What of a file that is cut short is there. Raises the error again where nothing is."""
    whole = tuple(t for t in tensors if t.end is not None and t.end <= source.size)
    if not whole:
        raise error
    return Part(source, whole, tuple(t for t in tensors if t not in whole))


_OPENERS = {".safetensors": _safetensors, ".gguf": _gguf}
