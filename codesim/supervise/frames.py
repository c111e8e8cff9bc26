"""Messages between parent and child: one letter, a length, that many bytes. Never a pickle.

The parent trusts nothing that a child writes: a child whose memory was overwritten by what it read
may write anything.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

READY, INPUT, DONE, FAILED, MEMORY, CRASHED = b"R", b"I", b"D", b"F", b"M", b"C"
# A sentence; also what of a sentence is sent.
TEXT = 4_096
_HEAD = struct.Struct(">cQ")
HEAD = _HEAD.size


class GarbageError(Exception):
    """Bytes that are no message; the text says what is wrong, without quoting them."""


def framed(kind: bytes, payload: bytes = b"") -> bytes:
    """A whole message."""
    return _HEAD.pack(kind, len(payload)) + payload


def length_of(head: bytes) -> int:
    """How many bytes follow the head of a message."""
    return int(_HEAD.unpack(head)[1])


def text_frame(kind: bytes, text: str) -> bytes:
    """A message that holds a sentence, cut where it is too long."""
    data = text.encode("utf-8", "backslashreplace")[:TEXT]
    return framed(kind, data.decode("utf-8", "ignore").encode("utf-8"))


def plain(payload: bytes) -> str:
    """The sentence of a message on one line, with what cannot be printed as escapes."""
    try:
        text = " ".join(payload.decode("utf-8").split())
    except UnicodeDecodeError:
        raise GarbageError("its message is not text") from None
    return "".join(
        ch if ch.isprintable() else ch.encode("unicode_escape").decode("ascii") for ch in text
    )


@dataclass(slots=True)
class Inbox:
    """Takes bytes as they come and gives messages; never holds more than one allowed message and
    one read beyond it.
    """

    most: int
    held: bytearray = field(default_factory=bytearray)

    def add(self, data: bytes) -> None:
        self.held += data

    def message(self) -> tuple[bytes, bytes] | None:
        """The next message, None while it is incomplete. Raises GarbageError."""
        if len(self.held) < HEAD:
            return None
        kind, length = _HEAD.unpack_from(self.held)
        self._check(kind, length)
        end = HEAD + length
        if len(self.held) < end:
            return None
        payload = bytes(self.held[HEAD:end])
        del self.held[:end]
        if self.held:
            raise GarbageError("more follows its answer")
        return kind, payload

    def _check(self, kind: bytes, length: int) -> None:
        if kind not in (READY, DONE, FAILED, MEMORY, CRASHED):
            raise GarbageError("what it wrote is no answer")
        if kind == DONE and length > self.most:
            raise GarbageError(f"its answer is larger than {self.most:,} bytes")
        if kind != DONE and length > TEXT:
            raise GarbageError("its message is longer than any")
