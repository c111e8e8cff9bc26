"""From a snapshot to its inventories: which files are checkpoints, and what each one says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from codesim.detectors.checkpoint.config import configs_of, nearest
from codesim.detectors.checkpoint.files import is_state, known_files
from codesim.detectors.checkpoint.profile import CheckpointProfile, Config, Inventory
from codesim.errors import SnapshotError
from codesim.formats import (
    ByteSource,
    FormatError,
    TensorIndex,
    TensorRecord,
    is_lfs_pointer,
    read_gguf,
    read_index,
    read_pytorch,
    read_safetensors,
    source_of,
)
from codesim.model import Entry, Snapshot

INDEX = ".index.json"
_SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.[A-Za-z]+$)")
_KEY = re.compile(rb'^\s*"((?:[^"\\]|\\.)+)"\s*:\s*"')
# Files of tensors in one repository beyond this are not a model but a collection of them.
_MOST_INVENTORIES = 200
# Files of such names that are read, and those that are named where they say nothing.
_MOST_FILES, _MOST_NOTES = 5_000, 50


@dataclass(slots=True)
class _Group:
    """Files of one checkpoint on the way to an inventory."""

    path: str = ""
    form: str = ""
    shards: list[TensorRecord] = field(default_factory=list)
    index: TensorIndex | None = None
    lines: dict[str, int] = field(default_factory=dict)


def read_profile(snapshot: Snapshot) -> CheckpointProfile:
    """Everything the comparison needs of one snapshot."""
    skipped: list[tuple[str, str]] = []
    groups: dict[str, _Group] = {}
    named = [each for each in snapshot.entries if _reader_of(each.path) and not is_state(each.path)]
    for entry in named[:_MOST_FILES]:
        reader = _reader_of(entry.path) or _take_index
        group = groups.setdefault(_group_of(entry.path), _Group())
        try:
            problem = reader(snapshot, entry, group)
        except (FormatError, SnapshotError) as error:
            problem = str(error)
        if problem:
            skipped.append((entry.path, problem))
    configs = configs_of(snapshot, skipped) if groups else ()
    found = list(_inventories(groups, configs, skipped))
    if len(named) > _MOST_FILES:
        skipped.append(("other files of weights", f"{len(named) - _MOST_FILES:,} were not read"))
    if len(found) > _MOST_INVENTORIES:
        skipped.append(("other checkpoints", f"more than {_MOST_INVENTORIES} checkpoints"))
    return CheckpointProfile(
        tuple(found[:_MOST_INVENTORIES]), known_files(snapshot), _told(sorted(skipped))
    )


def _told(skipped: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What was not read, the first by name and the rest by number."""
    more = len(skipped) - _MOST_NOTES
    rest = [("other files", f"{more:,} more say nothing either")] if more > 0 else []
    return (*skipped[:_MOST_NOTES], *rest)


# Adds what a file says to its group; gives what was not read of it.
Reader = Callable[[Snapshot, Entry, _Group], str]


def _reader_of(path: str) -> Reader | None:
    name = path.lower()
    if name.endswith(INDEX):
        return _take_index
    return next((reader for suffix, reader in _READERS.items() if name.endswith(suffix)), None)


def _group_of(path: str) -> str:
    """Shards and their index belong together: all are ``model.safetensors``."""
    return _SHARD.sub("", path.removesuffix(INDEX))


def _take_index(snapshot: Snapshot, entry: Entry, group: _Group) -> str:
    data = snapshot.read(entry.path) if entry.readable else b""
    if not data or is_lfs_pointer(data):
        return ""
    group.index = read_index(data)
    group.path, group.form = entry.path, "index"
    group.lines = _key_lines(data)
    return ""


def _key_lines(data: bytes) -> dict[str, int]:
    """The line of each name in an index that has a line for each."""
    found: dict[str, int] = {}
    for number, line in enumerate(data.splitlines(), 1):
        key = _KEY.match(line)
        if key:
            found[key.group(1).decode("utf-8", "replace")] = number
    return found


def _opened(snapshot: Snapshot, entry: Entry) -> ByteSource | None:
    """The file of an entry; None where only a pointer or nothing of it is at hand."""
    source = source_of(snapshot, entry)
    if source is None or is_lfs_pointer(source.at(0, min(source.size, 1024))):
        return None
    return source


def _take_safetensors(snapshot: Snapshot, entry: Entry, group: _Group) -> str:
    source = _opened(snapshot, entry)
    if source is not None:
        _add(group, entry.path, "safetensors", read_safetensors(source).tensors)
    return ""


def _take_gguf(snapshot: Snapshot, entry: Entry, group: _Group) -> str:
    source = _opened(snapshot, entry)
    if source is not None:
        _add(group, entry.path, "GGUF", read_gguf(source).tensors)
    return ""


def _take_pytorch(snapshot: Snapshot, entry: Entry, group: _Group) -> str:
    source = _opened(snapshot, entry)
    if source is None:
        return ""
    found = read_pytorch(source)
    _add(group, entry.path, "PyTorch", found.tensors)
    named = ", ".join(found.foreign[:3])
    return f"names other objects, which are not built: {named}" if named else ""


_READERS: dict[str, Reader] = {
    ".safetensors": _take_safetensors,
    ".gguf": _take_gguf,
    ".bin": _take_pytorch,
    ".pt": _take_pytorch,
    ".pth": _take_pytorch,
    ".ckpt": _take_pytorch,
}


def _add(group: _Group, path: str, form: str, tensors: tuple[TensorRecord, ...]) -> None:
    if not group.form:
        group.path, group.form = path, form
    group.shards.extend(tensors)


def _inventories(
    groups: dict[str, _Group], configs: tuple[Config, ...], skipped: list[tuple[str, str]]
) -> Iterator[Inventory]:
    for name in sorted(groups):
        group = groups[name]
        tensors = {tensor.name: tensor for tensor in (group.index.tensors if group.index else ())}
        twice = len(group.shards) - len({tensor.name for tensor in group.shards})
        if twice:
            skipped.append((name, f"{twice:,} tensors stand in two of its parts"))
        tensors.update((tensor.name, tensor) for tensor in group.shards)
        if not tensors:
            continue
        ordered = tuple(tensors[key] for key in sorted(tensors))
        yield Inventory(
            path=group.path,
            form=group.form,
            tensors=ordered,
            lines=_lines(ordered, group.lines),
            total_size=_total(ordered, group.index),
            config=nearest(configs, group.path),
        )


def _lines(tensors: tuple[TensorRecord, ...], lines: dict[str, int]) -> tuple[int, ...]:
    """Empty unless every tensor has a line of its own."""
    known = tuple(lines.get(tensor.name, 0) for tensor in tensors)
    return known if len(set(known)) == len(known) and 0 not in known else ()


def _total(tensors: tuple[TensorRecord, ...], index: TensorIndex | None) -> int | None:
    """Bytes of all tensors: as the index says, else as the headers show."""
    if index is not None and index.total_size is not None:
        return index.total_size
    sizes = [tensor.bytes for tensor in tensors]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None
