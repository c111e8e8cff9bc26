"""The numbers of one tensor in bounded blocks of float32, whatever they are stored as."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from codesim.detectors.weights.quantised import BLOCKS, decode_blocks
from codesim.formats import ByteSource, FormatError, TensorRecord, product

# What fits into the second-level cache of a core together with its partner and a scratch copy:
# passes over such a block cost no memory bandwidth, which is what makes a dozen sums cheap.
BLOCK_ELEMENTS = 1 << 16
# The span of a tensor that is stored neither by rows nor by columns is read as a whole.
_LONGEST_SPAN = 64_000_000

DTYPES: dict[str, torch.dtype] = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
    "F8_E4M3FNUZ": torch.float8_e4m3fnuz, "F8_E5M2FNUZ": torch.float8_e5m2fnuz,
    "I8": torch.int8,
}  # fmt: skip
READABLE = frozenset(DTYPES) | frozenset(BLOCKS)

with warnings.catch_warnings():
    # Torch warns once of a buffer that cannot be written; what is read here never is.
    warnings.simplefilter("ignore")
    torch.frombuffer(b"\0", dtype=torch.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """A stored matrix: ``rows`` by ``columns``; a tensor of more dimensions is seen as one row per
    index of the first, one of a single dimension as a column.

    ``scale`` multiplies the numbers as stored: a grid of which each number covers an equal part of
    the rows and of the columns, (1, 1) for one that holds for all. ``heads`` is set where rows were
    reordered for rotary positions by the converter to GGUF: the heads whose rows it interleaved.
    """

    record: TensorRecord
    source: ByteSource
    scale: Tensor | None = None
    heads: int = 0

    @property
    def name(self) -> str:
        """The name of the tensor in its file."""
        return self.record.name

    @property
    def rows(self) -> int:
        """The first dimension; 1 for a scalar."""
        return self.shape[0]

    @property
    def columns(self) -> int:
        """The product of the other dimensions."""
        return self.shape[1]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        sizes = self.record.shape or (1,)
        return (sizes[0], product(sizes[1:]))

    @property
    def is_plain(self) -> bool:
        """True where the bytes of consecutive rows are the numbers of consecutive rows."""
        return (
            self.record.dtype in DTYPES
            and self.record.strides is None
            and self.scale is None
            and not self.heads
        )

    def read(self, first: int, last: int) -> Tensor:
        """Rows ``first`` to ``last`` (exclusive) as float32, shape (last - first, columns).

        Raises FormatError where the file ends before, SnapshotError where it cannot be read.
        """
        if not self.heads:
            return self._scaled(self._stored(first, last), first, last)
        size = self.rows // self.heads
        low, high = first // size, -(-last // size)
        block = self._stored(low * size, high * size).view(high - low, size // 2, 2, self.columns)
        rows = block.transpose(1, 2).reshape(-1, self.columns)
        return self._scaled(rows[first - low * size : last - low * size], first, last)

    def raw(self, first: int, last: int) -> Tensor:
        """Rows of a plain matrix in their own number type, shape (last - first, columns). Memory
        of its own that must not be written.
        """
        return self.run(first * self.columns, last * self.columns).view(-1, self.columns)

    def run(self, first: int, last: int) -> Tensor:
        """Numbers ``first`` to ``last`` of a plain matrix, row by row, in their own type."""
        record = self.record
        dtype = self._dtype()
        if record.start is None:
            raise FormatError("gives no place for the tensor's bytes")
        start = record.start + first * dtype.itemsize
        data = self.source.at(start, (last - first) * dtype.itemsize)
        return torch.frombuffer(data, dtype=dtype) if data else torch.zeros(0, dtype=dtype)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Start and size of the bytes that ``read`` takes for these rows; (0, 0) where they are not
        in a row.
        """
        start, columns = self.record.start, self.columns
        if start is None or self.record.strides is not None:
            return 0, 0
        if self.heads:
            size = self.rows // self.heads
            first, last = first // size * size, -(-last // size) * size
        if self.record.dtype in DTYPES:
            width = DTYPES[self.record.dtype].itemsize
            return start + first * columns * width, (last - first) * columns * width
        elements, size = BLOCKS[self.record.dtype]
        low, high = first * columns // elements, -(-last * columns // elements)
        return start + low * size, (high - low) * size

    def blocks(self, most: int = BLOCK_ELEMENTS) -> Iterator[tuple[int, int]]:
        """Row ranges of at most ``most`` elements, at least one row each."""
        step = max(1, most // max(1, self.columns))
        for first in range(0, self.rows, step):
            yield first, min(self.rows, first + step)

    def _stored(self, first: int, last: int) -> Tensor:
        """Rows in the order of the file, as float32, without scales."""
        if self.record.dtype in BLOCKS:
            return self._quantised(first * self.columns, last * self.columns, last - first)
        if self.record.strides is not None:
            return self._strided(first, last)
        return self.raw(first, last).float()

    def _dtype(self) -> torch.dtype:
        dtype = DTYPES.get(self.record.dtype)
        if dtype is None:
            raise FormatError(
                f"stores {self.name[:60]!r} as {self.record.dtype}, which is not decoded"
            )
        return dtype

    def _quantised(self, first: int, last: int, rows: int) -> Tensor:
        elements, size = BLOCKS[self.record.dtype]
        if self.record.start is None:
            raise FormatError("gives no place for the tensor's bytes")
        low, high = first // elements, -(-last // elements)
        data = self.source.at(self.record.start + low * size, (high - low) * size)
        decoded = decode_blocks(self.record.dtype, data)
        found = torch.from_numpy(decoded[first - low * elements : last - low * elements])
        return found.view(rows, self.columns)

    def _strided(self, first: int, last: int) -> Tensor:
        """Rows of a slice or a permuted tensor of a PyTorch file: their span is read as a whole."""
        record, dtype = self.record, self._dtype()
        shape, strides = record.shape or (), record.strides or ()
        sizes = (last - first, *shape[1:])
        steps = zip(sizes, strides, strict=True)
        reach = 1 + sum((size - 1) * stride for size, stride in steps) if 0 not in sizes else 0
        if record.start is None or reach * dtype.itemsize > _LONGEST_SPAN:
            raise FormatError(f"stores {self.name[:60]!r} neither by rows nor by columns")
        start = record.start + first * (strides[0] if strides else 0) * dtype.itemsize
        data = self.source.at(start, reach * dtype.itemsize)
        if not data:
            return torch.zeros(last - first, self.columns)
        flat = torch.frombuffer(data, dtype=dtype)
        return flat.as_strided(sizes, strides).float().reshape(last - first, self.columns)

    def _scaled(self, block: Tensor, first: int, last: int) -> Tensor:
        if self.scale is None:
            return block
        down, across = (
            -(-size // parts) for size, parts in zip(self.shape, self.scale.shape, strict=True)
        )
        rows = self.scale[torch.arange(first, last) // down]
        if rows.shape[1] > 1:
            rows = rows.repeat_interleave(across, dim=1)[:, : self.columns]
        return block * rows
