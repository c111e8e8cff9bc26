"""PyTorch checkpoints (``.bin``, ``.pt``, ``.pth``): the zip layout of torch 1.6 and later.

The pickle inside is interpreted, never loaded; only names that stand for parts of a tensor are
understood. Source: ``torch/serialization.py`` and ``torch/_utils.py`` of pytorch/pytorch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codesim.formats.errors import FormatError
from codesim.formats.source import ByteSource
from codesim.formats.stackmachine import Opaque, StackMachine
from codesim.formats.tensor import LONGEST_NAME, MOST_TENSORS, TensorRecord, check_name
from codesim.formats.torchtensor import Parts, TorchTensor
from codesim.formats.zipfolder import Member, announce_headers, data_start, read_zip

_PICKLE = "data.pkl"
_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
# A pickle of 15,000 tensors has 3 MB.
_MOST_BYTES = 16_000_000
_DEEPEST = 64
# Containers of a module that was saved whole; they are no part of its tensors' names.
_PLUMBING = frozenset(("_modules", "_parameters", "_buffers"))
_FOREIGN = 20
# All names together; those of 15,000 tensors have 2 MB. One key in the pickle can head them all.
_MOST_NAMES = 16_000_000


@dataclass(frozen=True, slots=True)
class PytorchFile:
    """The tensors of a checkpoint. ``foreign`` names what it holds beside tensors and plain
    values, which was not built; tensors inside are listed all the same.
    """

    tensors: tuple[TensorRecord, ...]
    foreign: tuple[str, ...] = ()
    big_endian: bool = False


def read_pytorch(source: ByteSource | bytes) -> PytorchFile:
    """The tensors that a checkpoint describes. Nothing is unpickled and no value is read.

    Raises FormatError for older layouts, compressed members, and tensors larger than what the
    file stores for them.
    """
    if isinstance(source, bytes):
        source = ByteSource.of(source)
    _check_layout(source)
    members = read_zip(source)
    folder = _folder(members)
    at = members[folder + _PICKLE]
    if at.size > _MOST_BYTES:
        raise FormatError(f"has a pickle of {at.size:,} bytes; the limit is {_MOST_BYTES:,}")
    announce_headers(source, members.values())
    parts = Parts()
    root = StackMachine(source.at(data_start(source, at), at.size), parts.build).run()
    found = _Placing(source, folder, members)
    tensors = tuple(found.record(name, tensor) for name, tensor in _named(root))
    return PytorchFile(tensors, tuple(sorted(parts.foreign))[:_FOREIGN], found.big_endian())


def _check_layout(source: ByteSource) -> None:
    first = source.at(0, min(source.size, len(_LEGACY)))
    if first == _LEGACY:
        raise FormatError("is in the layout of torch before 1.6, which is not read")
    if first.startswith(b"\x80"):
        raise FormatError("is a plain pickle, which is not read")
    if not first.startswith(b"PK"):
        raise FormatError("is no checkpoint of PyTorch")


def _folder(members: dict[str, Member]) -> str:
    """The one top folder, as ``archive/``, that holds the pickle."""
    found = [name for name in members if name.count("/") == 1 and name.endswith("/" + _PICKLE)]
    if len(found) != 1:
        raise FormatError("is a zip archive that holds no checkpoint of PyTorch")
    return found[0][: -len(_PICKLE)]


def _named(root: object) -> Iterator[tuple[str, TorchTensor]]:
    """Every tensor with its place as name. Each container is looked into once, so that neither
    cycles nor shared parts make more of a file than it holds.
    """
    seen: set[int] = set()
    names: set[str] = set()
    letters = 0
    waiting: list[tuple[str, object, object, int]] = [("", "", root, 0)]
    while waiting:
        prefix, key, value, depth = waiting.pop()
        name = _joined(prefix, key)
        letters += len(name)
        if letters > _MOST_NAMES:
            raise FormatError(f"has tensor names of more than {_MOST_NAMES:,} characters in all")
        if isinstance(value, TorchTensor):
            if len(names) >= MOST_TENSORS:
                raise FormatError(f"has more than {MOST_TENSORS:,} tensors")
            yield check_name(name, names), value
            continue
        if id(value) in seen:
            continue
        seen.add(id(value))
        if depth > _DEEPEST:
            raise FormatError(f"has a pickle nested more than {_DEEPEST} deep")
        inner = [(name, k, v, depth + 1) for k, v in _inside(value)]
        waiting.extend(reversed(inner))


def _joined(prefix: str, key: object) -> str:
    text = str(key)
    if not text or text in _PLUMBING:
        return prefix
    name = f"{prefix}.{text}" if prefix else text
    if len(name) > LONGEST_NAME:
        raise FormatError(f"has a tensor name of {len(name):,} characters")
    return name


def _inside(value: object) -> Iterator[tuple[object, object]]:
    """Keys and values of a container that may lead to tensors."""
    pairs: list[tuple[object, object]] = []
    if isinstance(value, Opaque):
        pairs = [*value.items.items(), ("", value.state)]
    elif isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list | tuple):
        pairs = list(enumerate(value))
    for key, inner in pairs:
        if isinstance(inner, dict | list | tuple | Opaque | TorchTensor):
            yield key, inner


class _Placing:
    """Where the storages of one file lie; each is looked up once."""

    def __init__(self, source: ByteSource, folder: str, members: dict[str, Member]) -> None:
        self.source = source
        self.folder = folder
        self.members = members
        self.starts: dict[str, int] = {}

    def record(self, name: str, tensor: TorchTensor) -> TensorRecord:
        """A tensor as a record. Raises FormatError where its storage cannot hold it."""
        member = self.members.get(f"{self.folder}data/{tensor.key}")
        if member is None:
            raise FormatError(f"lacks the storage of {name[:60]!r}")
        tensor.check(name, member.size)
        if tensor.key not in self.starts:
            self.starts[tensor.key] = data_start(self.source, member)
        start = self.starts[tensor.key] + tensor.offset * tensor.width
        end = start + tensor.reach * tensor.width
        strides = None if tensor.is_contiguous else tensor.strides
        return TensorRecord(name, tensor.shape, tensor.dtype, self.source.path, start, end, strides)

    def big_endian(self) -> bool:
        member = self.members.get(self.folder + "byteorder")
        if member is None or member.size != len(b"big"):
            return False
        return self.source.at(data_start(self.source, member), member.size) == b"big"
