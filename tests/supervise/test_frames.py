"""Messages of a child that may write anything: never more held than allowed, never an exception
but the one that says so.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.supervise import Limits, Outcome
from codesim.supervise.frames import (
    CRASHED,
    DONE,
    FAILED,
    HEAD,
    MEMORY,
    READY,
    TEXT,
    GarbageError,
    Inbox,
    framed,
    plain,
    text_frame,
)
from codesim.supervise.keeper import outcome_of

LIMITS = Limits(1.0, 1, 50)
STATES = ("done", "failed", "crashed", "out of memory")


@given(st.binary(max_size=50), st.integers(1, 20))
def test_a_message_arrives_whole_however_it_is_cut(payload: bytes, step: int) -> None:
    inbox, message = Inbox(50), framed(DONE, payload)
    for at in range(0, len(message), step):
        assert inbox.message() is None
        inbox.add(message[at : at + step])
    assert inbox.message() == (DONE, payload)
    assert inbox.held == b""


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_any_bytes_give_an_outcome_or_garbage(pieces: list[bytes]) -> None:
    inbox = Inbox(50)
    with suppress(GarbageError):
        for piece in pieces:
            inbox.add(piece)
            message = inbox.message()
            if message:
                assert outcome_of(*message, LIMITS).state in STATES
    assert len(inbox.held) <= HEAD + TEXT + 40


@pytest.mark.parametrize("kind", [READY, FAILED, MEMORY, CRASHED])
def test_only_answers_may_be_long(kind: bytes) -> None:
    inbox = Inbox(1 << 40)
    inbox.add(framed(kind, bytes(TEXT + 1))[:HEAD])
    with pytest.raises(GarbageError, match="longer than any"):
        inbox.message()


@pytest.mark.parametrize(
    "message", [framed(FAILED, b"\xff"), framed(READY), framed(CRASHED, b"\xc3")]
)
def test_what_says_nothing_of_a_task(message: bytes) -> None:
    inbox = Inbox(50)
    inbox.add(message)
    found = inbox.message()
    assert found is not None
    with pytest.raises(GarbageError):
        outcome_of(*found, LIMITS)


@given(st.text(max_size=3000))
def test_a_sentence_is_one_printable_line_and_cut_between_characters(text: str) -> None:
    inbox = Inbox(0)
    inbox.add(text_frame(FAILED, text * 3))
    message = inbox.message()
    assert message is not None
    assert len(message[1]) <= TEXT
    outcome = outcome_of(*message, LIMITS)
    assert isinstance(outcome, Outcome)
    assert outcome.reason.isprintable()


def test_lone_surrogates_are_escaped() -> None:
    assert plain(text_frame(FAILED, "a\udcff b")[HEAD:]) == "a\\udcff b"
