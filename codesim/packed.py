"""Dataclasses with arrays as bytes and back: a head in MessagePack, then the arrays, raw.

Arrays that come back are read-only views of the bytes, so that a large profile is not copied.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar, get_args

import msgspec
import numpy as np
import numpy.typing as npt

T = TypeVar("T")
Buffer = bytes | memoryview

_ALIGNMENT = 16
_LENGTH = 8  # bytes of the length of the head


def pack(value: Any) -> list[Buffer]:
    """The bytes of a dataclass, in pieces. Raises ValueError for what cannot be brought back."""
    arrays: list[npt.NDArray[Any]] = []

    def note(found: Any) -> Any:
        if not isinstance(found, np.ndarray) or found.dtype.hasobject:
            raise ValueError(f"{type(found).__name__} cannot be kept")
        arrays.append(found)
        return found.dtype.name, *found.shape

    try:
        head = msgspec.msgpack.encode(value, enc_hook=note)
    except UnicodeEncodeError as error:
        raise ValueError(str(error)) from None
    pieces: list[Buffer] = [len(head).to_bytes(_LENGTH, "little"), head]
    at = _LENGTH + len(head)
    for array in arrays:
        pieces.append(bytes(-at % _ALIGNMENT))
        # A view of flat bytes, copied only where the array is not contiguous.
        flat = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(-1)
        pieces.append(memoryview(flat.view(np.uint8)))  # type: ignore[arg-type]
        at += len(pieces[-2]) + len(pieces[-1])
    return pieces


def unpack(kind: type[T], data: Buffer) -> T:
    """The dataclass that ``pack`` wrote. Raises ValueError for anything else."""
    view = memoryview(data)
    size = int.from_bytes(view[:_LENGTH], "little")
    if len(view) < _LENGTH + size:
        raise ValueError("the head is cut off")
    arrays = _Arrays(view, _LENGTH + size)
    try:
        found = msgspec.msgpack.decode(view[_LENGTH:][:size], type=kind, dec_hook=arrays.take)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if arrays.at != len(view):
        raise ValueError("more bytes than arrays")
    return found


class _Arrays:
    """Hands out the arrays behind the head, in the order in which they were written."""

    def __init__(self, view: memoryview, at: int) -> None:
        self._view = view
        self.at = at

    def take(self, kind: Any, noted: Any) -> npt.NDArray[Any]:
        """The next array; ``kind`` is its annotation, which fixes the element type."""
        dtype = _dtype(kind)
        if not isinstance(noted, list) or noted[:1] != [dtype.name]:
            raise ValueError(f"not an array of {dtype.name}")
        shape = noted[1:]
        if not all(type(n) is int and 0 <= n <= len(self._view) for n in shape):
            raise ValueError("not the shape of an array")
        first = self.at + -self.at % _ALIGNMENT
        last = first + math.prod(shape) * dtype.itemsize
        if last > len(self._view):
            raise ValueError("an array is cut off")
        self.at = last
        return np.frombuffer(self._view[first:last], dtype).reshape(shape)


def _dtype(kind: Any) -> np.dtype[Any]:
    arguments = get_args(kind)
    if len(arguments) != 2:
        raise ValueError(f"{kind} is not an array of known elements")
    found: np.dtype[Any] = np.dtype(get_args(arguments[1])[0]).newbyteorder("<")
    return found
