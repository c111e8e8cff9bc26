"""Strict, bounded JSON."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.text import JsonError, parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(VALUES)
def test_reads_what_json_writes(value):
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary())
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(JsonError):
        json.dumps(parse_json(data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a": NaN}', "holds NaN"),
        (b"[-Infinity]", "holds -Infinity"),
        (b'{"a": 1, "a": 2}', "gives the key 'a' twice"),
        (b'"\xff"', "is not UTF-8 at byte 1"),
        (b"[" * 200_000, "is nested too deeply"),
        (b"9" * 5_000, "a number of 5,000 digits"),
        (b"{", "is not JSON"),
        (b"", "is not JSON"),
    ],
)
def test_refuses_with_a_reason(data, reason):
    with pytest.raises(JsonError, match=reason):
        parse_json(data)


def test_a_byte_order_mark_and_a_key_twice_where_that_is_allowed():
    assert parse_json(b"\xef\xbb\xbf{}") == {}
    assert parse_json(b'{"a": 1, "a": 2}', unique=False) == {"a": 2}
