"""Tokenizer files of one entry per line: vocabularies, merges, and ranks of tiktoken."""

from __future__ import annotations

import base64
import binascii
import functools
import re

from codesim.detectors.tokenizer.jsonfiles import MOST_TOKENS, ordered, token_id
from codesim.detectors.tokenizer.profile import Reading, Special, UnreadableError, Vocabulary

# How vocabularies of one token per line write what is not a piece of text.
_SPECIAL = re.compile(r"\[(?:[A-Z]{2,12}|unused\d{1,5})\]|<[^<>\s]{1,60}>")
# A share of lines that are something else is tolerated: old files have a stray one.
_STRAY = 0.01


def read_jinja(data: bytes) -> Reading:
    """A ``chat_template.jinja``: the template itself."""
    return Reading(template=data.decode("utf-8", "replace"))


def read_lines(data: bytes) -> Reading:
    """A ``vocab.txt``: one token per line, the id is its place. Raises UnreadableError."""
    tokens = _lines(data)
    spaced = sum(1 for token in tokens if not token or " " in token.strip() or "\t" in token)
    if len(tokens) < 2 or spaced > _STRAY * len(tokens) + 1:
        raise UnreadableError("is not a vocabulary of one token per line")
    specials = [Special(t, n) for n, t in enumerate(tokens) if _SPECIAL.fullmatch(t)]
    vocabulary = Vocabulary(tuple(tokens), tuple(range(len(tokens))))
    return Reading(vocabulary=vocabulary, specials=tuple(specials))


def read_merges(data: bytes) -> Reading:
    """A ``merges.txt``: two pieces per line, in order of learning. Raises UnreadableError."""
    lines = [line for line in _lines(data) if line]
    if lines and lines[0].startswith("#version"):
        del lines[0]
    merges = [line for line in lines if len(line.split(" ")) == 2]
    if len(merges) < (1 - _STRAY) * len(lines) or not merges:
        raise UnreadableError("is not a list of merges: its lines are not two pieces each")
    return Reading(merges=tuple(merges))


def read_ranks(data: bytes) -> Reading:
    """A rank file of tiktoken: a token in base64 and its id per line. Raises UnreadableError.

    Bytes are written as GPT-2 writes them, so that ranks and ``vocab.json`` can be compared.
    """
    letters = byte_letters()
    pairs: list[tuple[str, int]] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) != 2 or len(pairs) >= MOST_TOKENS:
            raise UnreadableError(f"is not a file of ranks: line {number:,} is no token and rank")
        try:
            # One public file writes an empty token as a lone "=".
            token = base64.b64decode(fields[0].rstrip(b"=") and fields[0], validate=True)
        except binascii.Error:
            raise UnreadableError(
                f"is not a file of ranks: line {number:,} is not base64"
            ) from None
        pairs.append((token.decode("latin-1").translate(letters), _rank(fields[1])))
    vocabulary = ordered(pairs)
    if vocabulary is None:
        raise UnreadableError("is not a file of ranks: it is empty")
    return Reading(vocabulary=vocabulary)


@functools.cache
def byte_letters() -> dict[int, str]:
    """The letter that stands for each byte in byte-level vocabularies.

    Source: ``bytes_to_unicode`` in src/encoder.py of openai/gpt-2.
    """
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown}
    return letters | {byte: chr(256 + place) for place, byte in enumerate(hidden)}


def _rank(field: bytes) -> int:
    return token_id(field.decode("ascii", "replace"))


def _lines(data: bytes) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"is not UTF-8 at byte {error.start:,}") from None
    lines = (text.replace("\r\n", "\n") if "\r" in text else text).split("\n")
    if len(lines) > MOST_TOKENS:
        raise UnreadableError(f"has {len(lines):,} lines; the limit is {MOST_TOKENS:,}")
    return lines[:-1] if lines and not lines[-1] else lines
