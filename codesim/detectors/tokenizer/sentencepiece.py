"""Models of sentencepiece: the few fields of the protocol buffer that are needed, bounded.

Source: src/sentencepiece_model.proto of google/sentencepiece; the wire format is that of
https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator

from codesim.detectors.tokenizer.jsonfiles import MOST_TOKENS, clean
from codesim.detectors.tokenizer.profile import Reading, Special, UnreadableError, Vocabulary

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_PIECES, _TRAINER, _NORMALIZER = 1, 2, 3
_PIECE, _TYPE = 1, 3
_NAME = 1
_SPECIAL = {2, 3, 4}  # unknown, control, user defined
_KINDS = {1: "unigram", 2: "bpe", 3: "word", 4: "char"}
_MODEL_TYPE = 3
# A varint has at most ten bytes; a piece is a few letters.
_LONGEST_VARINT = 10
_LONGEST_PIECE = 10_000


def read_sentencepiece(data: bytes) -> Reading:
    """The pieces of a sentencepiece model in the order of ids. Raises UnreadableError."""
    tokens: list[str] = []
    specials: list[Special] = []
    parts: list[tuple[str, str]] = []
    for field, value in _fields(data, 0, len(data)):
        if not isinstance(value, tuple):
            continue
        if field == _PIECES:
            text, kind = _piece(data, *value)
            if kind in _SPECIAL:
                specials.append(Special(text, len(tokens)))
            tokens.append(text)
            if len(tokens) > MOST_TOKENS:
                raise UnreadableError(f"has more than {MOST_TOKENS:,} pieces")
        elif field in {_TRAINER, _NORMALIZER}:
            parts.extend(_part(data, field, *value))
    if not tokens:
        raise UnreadableError("is not a sentencepiece model: it has no pieces")
    vocabulary = Vocabulary(tuple(tokens), tuple(range(len(tokens))))
    return Reading(vocabulary=vocabulary, specials=tuple(specials), parts=tuple(parts))


def _piece(data: bytes, start: int, end: int) -> tuple[str, int]:
    text, kind = "", 1
    if end - start > _LONGEST_PIECE:
        raise UnreadableError(f"has a piece of {end - start:,} bytes")
    for field, value in _fields(data, start, end):
        if field == _PIECE and isinstance(value, tuple):
            text = clean(data[value[0] : value[1]].decode("utf-8", "backslashreplace"))
        elif field == _TYPE and isinstance(value, int):
            kind = value
    return text, kind


def _part(data: bytes, part: int, start: int, end: int) -> Iterator[tuple[str, str]]:
    """The kind of model from the trainer, the name of the rules from the normaliser."""
    for field, value in _fields(data, start, end):
        if part == _TRAINER and field == _MODEL_TYPE and isinstance(value, int):
            yield "model", _KINDS.get(value, str(value))
        if part == _NORMALIZER and field == _NAME and isinstance(value, tuple):
            name = data[value[0] : value[1]][:100]
            yield "normalizer", clean(name.decode("utf-8", "backslashreplace"))


def _fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int | tuple[int, int]]]:
    """Number and value of every field: an integer, or where its bytes begin and end."""
    while start < end:
        key, start = _varint(data, start, end)
        wire = key & 7
        if wire == _VARINT:
            value, start = _varint(data, start, end)
            yield key >> 3, value
            continue
        if wire == _BYTES:
            size, start = _varint(data, start, end)
        elif wire in {_FIXED32, _FIXED64}:
            size = 4 if wire == _FIXED32 else 8
        else:
            raise UnreadableError("is not a sentencepiece model: it has a field of unknown type")
        if size > end - start:
            raise UnreadableError("is not a sentencepiece model, or cut short")
        yield key >> 3, (start, start + size)
        start += size


def _varint(data: bytes, start: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while start < end and shift < 7 * _LONGEST_VARINT:
        byte = data[start]
        start += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, start
        shift += 7
    raise UnreadableError("is not a sentencepiece model: it has an endless number")
