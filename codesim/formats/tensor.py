"""One tensor as a file describes it, and the checks that all formats share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codesim.formats.errors import FormatError

# Files with more tensors than this are not models: mixtures of experts in shards stay far below.
MOST_TENSORS = 50_000
# Beyond any tensor in use; longer shapes exist only to make products slow.
MOST_DIMENSIONS = 16
# Names are paths of modules; the longest in public models stay below 300 characters.
LONGEST_NAME = 4_096


@dataclass(frozen=True, slots=True)
class TensorRecord:
    """A tensor: its name, shape in row-major order, dtype, and where its bytes lie in its file.

    ``dtype`` is written as safetensors does (F32, BF16, I64), or is the block type of a GGUF file
    (Q4_K). ``start`` and ``end`` are byte offsets from the beginning of ``file``. ``shape``,
    ``dtype`` and the offsets are empty where a file gives names only. ``strides``, in elements,
    is set where the bytes are not in row-major order.
    """

    name: str
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    file: str = ""
    start: int | None = None
    end: int | None = None
    strides: tuple[int, ...] | None = None

    @property
    def elements(self) -> int | None:
        """How many numbers the tensor holds; None where no shape is known."""
        return None if self.shape is None else product(self.shape)

    @property
    def bytes(self) -> int | None:
        """How many bytes of the file the tensor spans; None where that is not known."""
        return None if self.start is None or self.end is None else self.end - self.start


def product(shape: Iterable[int]) -> int:
    """The product of some sizes; 1 for none."""
    result = 1
    for size in shape:
        result *= size
    return result


def check_name(name: object, seen: set[str]) -> str:
    """A tensor name that is new, not too long and can be written. Adds it to ``seen``."""
    if not isinstance(name, str):
        raise FormatError("names a tensor by something that is not text")
    if len(name) > LONGEST_NAME:
        raise FormatError(f"has a tensor name of {len(name):,} characters")
    if name in seen:
        raise FormatError(f"names the tensor {name[:60]!r} twice")
    seen.add(name)
    return name


def check_disjoint(tensors: Iterable[TensorRecord]) -> None:
    """Refuse tensors that share bytes, as a file written in order never does."""
    last = 0
    spans = [(t.start, t.end, t.name) for t in tensors if t.start is not None and t.bytes]
    for start, end, name in sorted(spans):
        if start < last:
            raise FormatError(f"has tensors that overlap, among them {name[:60]!r}")
        last = end or 0
