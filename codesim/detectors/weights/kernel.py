"""The streaming pass as one compiled loop: every number is read and decoded once, in registers.

What is compiled is kept nowhere: it takes a second, which a pass that needs it saves many times,
and what a folder holds would have to be trusted, unpickled and thrown away in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, overload

_F = np.float32
# Sums in float32 are handed on after so many numbers of a row.
_RUN = 4096
# Terms may be added in any order and fused. NaN and infinities keep their meaning.
_FAST = {"reassoc", "contract", "nsz"}
# What is added up, the first four over all rows, the others over those that are sampled.
SUMS = (
    "aa", "bb", "d2", "equal",
    "a", "b", "d3", "d4", "abs_d", "abs_a", "abs_da", "zeroed", "sampled",
)  # fmt: skip
_OF_ALL = 4


@intrinsic
def _as_float(_context: Any, _bits: Any) -> Any:
    """32 bits as the float32 that they are."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.uint32), generate


def decoded(number: Any) -> Any:
    """A number as float32, stored as float32, as the bits of a bfloat16 (uint16) or as those of a
    half (int16), whose NaN and infinities become an infinity.
    """
    raise NotImplementedError("only compiled")


@overload(decoded)
def _decoded(number: Any) -> Any:
    if number == types.float32:
        return _plain
    return _wide if number == types.uint16 else _half


def _plain(number: Any) -> Any:
    return number


def _wide(number: Any) -> Any:
    return _as_float(np.uint32(np.uint32(number) << np.uint32(16)))


def _half(number: Any) -> Any:
    # The sign stays at the top and the exponent comes to lie where that of float32 is, 112 less
    # than it should be; also for numbers that the format holds without a leading one.
    bits = np.uint32((np.int32(number) << np.int32(13)) & np.int32(-0x70002000))
    found = _as_float(bits) * _F(2.0**112)
    return found if abs(found) < _F(65536.0) else _F(np.inf)


@njit(nogil=True, fastmath=_FAST, error_model="numpy")
def _all(a: Any, b: Any, along: Any, into: Any) -> Any:
    """Adds to the sums over all rows, and to ``along`` each product; gives the sum of products."""
    aa = bb = ab = d2 = _F(0)
    equal = np.int32(0)
    for j in range(len(a)):
        x, y = decoded(a[j]), decoded(b[j])
        p, d = x * y, y - x
        aa += x * x
        bb += y * y
        ab += p
        d2 += d * d
        equal += np.int32(x == y)
        along[j] += p
    into[0] += aa
    into[1] += bb
    into[2] += d2
    into[3] += equal
    return ab


@njit(nogil=True, fastmath=_FAST, error_model="numpy")
def _some(a: Any, b: Any, along: Any, into: Any) -> Any:
    """Adds to the other sums, and to ``along`` each square of D; gives the sum of these."""
    one = two = d2 = d3 = d4 = size = size_a = sizes = _F(0)
    zeroed = np.int32(0)
    for j in range(len(a)):
        x, y = decoded(a[j]), decoded(b[j])
        d = y - x
        square, u, v = d * d, abs(d), abs(x)
        one += x
        two += y
        d2 += square
        d3 += square * d
        d4 += square * square
        size += u
        size_a += v
        sizes += u * v
        zeroed += np.int32((y == _F(0)) & (x != _F(0)))
        along[j] += square
    into[0] += one
    into[1] += two
    into[2] += d3
    into[3] += d4
    into[4] += size
    into[5] += size_a
    into[6] += sizes
    into[7] += zeroed
    into[8] += len(a)
    return d2


@njit(nogil=True, fastmath=_FAST, error_model="numpy")
def summed(a: Any, b: Any, place: Any, most: float, sums: Any, rows: Any, columns: Any) -> int:
    """Adds rows of A and B to what is known, and gives how many were added: all, or those before
    a group of rows whose squares add up to ``most`` or more, or to no number.

    ``a`` and ``b`` are of the same shape and type (see ``decoded``). ``place`` is the number of
    their first row in the matrix, how many rows make a step, every which step is sampled, and how
    many rows a group has: along columns, float32 is handed on after each. ``sums`` are SUMS. The
    first of ``rows``, shape (2, height), and of ``columns``, shape (2, width), take the inner
    products of A and B, the second the energy of D where rows are sampled.
    """
    height, width = a.shape
    first, step, every, group = place
    along = np.zeros((2, width), _F)
    part = np.zeros(len(sums))
    for top in range(0, height, group):
        bottom = min(height, top + group)
        along[:] = _F(0)
        part[:] = 0
        for i in range(top, bottom):
            sampled = (first + i) // step % every == 0
            rows[0, i] = rows[1, i] = 0
            for low in range(0, width, _RUN):
                high = min(width, low + _RUN)
                one, two = a[i, low:high], b[i, low:high]
                rows[0, i] += _all(one, two, along[0, low:high], part[:_OF_ALL])
                if sampled:
                    rows[1, i] += _some(one, two, along[1, low:high], part[_OF_ALL:])
        if not part[0] + part[1] < most:
            return top
        sums += part
        columns += along
    return height
