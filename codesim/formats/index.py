"""Index files of checkpoints in several parts: which tensor stands in which file.

``model.safetensors.index.json`` and ``pytorch_model.bin.index.json`` have the same layout.
"""

from __future__ import annotations

from dataclasses import dataclass

from codesim.formats.errors import FormatError
from codesim.formats.tensor import MOST_TENSORS, TensorRecord, check_name
from codesim.text import JsonError, parse_json

# An index of 50,000 tensors has 6 MB.
_MOST_BYTES = 16_000_000
# An index nests three levels; its values are plain.
_MOST_LISTS = 10_000


@dataclass(frozen=True, slots=True)
class TensorIndex:
    """Names and files only. ``total_size`` is the sum of all tensors in bytes, where it is said."""

    tensors: tuple[TensorRecord, ...]
    total_size: int | None
    total_parameters: int | None = None


def read_index(data: bytes) -> TensorIndex:
    """The content of an index file. Raises FormatError where it is none."""
    if len(data) > _MOST_BYTES:
        raise FormatError(f"has {len(data):,} bytes; an index has at most {_MOST_BYTES:,}")
    if data.count(b"[") > _MOST_LISTS or data.count(b"{") > _MOST_LISTS:
        raise FormatError(f"has more than {_MOST_LISTS:,} lists, which no index has")
    try:
        root = parse_json(data)
    except JsonError as error:
        raise FormatError(str(error)) from None
    names = root.get("weight_map") if isinstance(root, dict) else None
    if not isinstance(names, dict):
        raise FormatError("is no index: it has no map of weights")
    if len(names) > MOST_TENSORS:
        raise FormatError(f"has {len(names):,} tensors; the limit is {MOST_TENSORS:,}")
    metadata = root.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    seen: set[str] = set()
    return TensorIndex(
        tuple(TensorRecord(check_name(n, seen), file=_file(n, f)) for n, f in names.items()),
        _amount(metadata.get("total_size")),
        _amount(metadata.get("total_parameters")),
    )


def _file(name: str, file: object) -> str:
    if not isinstance(file, str):
        raise FormatError(f"places {name[:60]!r} in something that is no file name")
    return file


def _amount(value: object) -> int | None:
    """A count; some writers give it as a float."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        value = int(value)
    return value if type(value) is int and 0 <= value < 2**63 else None
