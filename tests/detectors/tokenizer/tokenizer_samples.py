"""Invented tokenizers, written the way the usual libraries write them."""

from __future__ import annotations

import base64
import json
import random
import struct

from codesim.detectors.tokenizer import TokenizerDetector
from codesim.detectors.tokenizer.listfiles import byte_letters
from codesim.model import Evidence
from codesim.snapshot.memory import snapshot_of

LLAMA3 = {
    "<|begin_of_text|>": 128000,
    "<|end_of_text|>": 128001,
    "<|start_header_id|>": 128006,
    "<|end_header_id|>": 128007,
    "<|eot_id|>": 128009,
    **{f"<|reserved_special_token_{n}|>": 128020 + n for n in range(40)},
}
LLAMA2 = {"<unk>": 0, "<s>": 1, "</s>": 2}
# Nobody publishes these.
OWN = ["<tile>", "</tile>", "<glimpse>", "</glimpse>", "<caliper>", "</caliper>", "<marginalia>"]


def words(count: int, seed: int) -> list[str]:
    """Tokens as training on some text would give them, in a fixed order."""
    chance = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        size = chance.randint(2, 7)
        found["".join(chance.choice("abcdefghijklmnoprstuvwz") for _ in range(size))] = None
    return list(found)


def config(tokens: dict[str, int], indent: int | None = 2, **more: object) -> bytes:
    """A ``tokenizer_config.json`` with added tokens."""
    decoder = {
        str(number): {
            "content": text,
            "lstrip": False,
            "normalized": False,
            "rstrip": False,
            "single_word": False,
            "special": True,
        }
        for text, number in tokens.items()
    }
    return json.dumps({"added_tokens_decoder": decoder, **more}, indent=indent).encode()


def tokenizer_json(tokens: list[str], added: dict[str, int], merges: bool = True) -> bytes:
    """A ``tokenizer.json`` with a model of byte pairs."""
    listed = [{"id": number, "content": text, "special": True} for text, number in added.items()]
    model = {"type": "BPE", "vocab": {text: at for at, text in enumerate(tokens)}}
    if merges:
        model["merges"] = [f"{text[:1]} {text[1:]}" for text in tokens]
    return json.dumps({"version": "1.0", "added_tokens": listed, "model": model}).encode()


def sentencepiece(tokens: list[str], special: int = 3) -> bytes:
    """A sentencepiece model whose first pieces are control tokens."""
    data = b""
    for at, text in enumerate(tokens):
        written = text.encode()
        piece = b"\x0a" + varint(len(written)) + written + b"\x15" + struct.pack("<f", -float(at))
        if at < special:
            piece += b"\x18\x03"
        data += b"\x0a" + varint(len(piece)) + piece
    trainer, rules = b"\x18\x02", b"\x0a\x04nfkc"
    data += b"\x12" + varint(len(trainer)) + trainer
    return data + b"\x1a" + varint(len(rules)) + rules


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return out + bytes((number,))


def ranks(tokens: list[str]) -> bytes:
    """A rank file of tiktoken."""
    back = {letter: byte for byte, letter in byte_letters().items()}
    written = [bytes(back[letter] for letter in text) for text in tokens]
    lines = [base64.b64encode(each) + b" %d" % at for at, each in enumerate(written)]
    return b"\n".join(lines) + b"\n"


def gguf(tokens: list[str], types: list[int]) -> bytes:
    """The header of a GGUF file with a tokenizer and no tensors."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    keys = [
        text("tokenizer.ggml.model") + struct.pack("<I", 8) + text("gpt2"),
        text("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, 8, len(tokens))
        + b"".join(map(text, tokens)),
        text("tokenizer.ggml.token_type")
        + struct.pack("<IIQ", 9, 5, len(types))
        + struct.pack(f"<{len(types)}i", *types),
        text("tokenizer.ggml.bos_token_id") + struct.pack("<II", 4, 0),
    ]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(keys)) + b"".join(keys)


def compared(
    left: dict[str, bytes], right: dict[str, bytes], base: dict[str, bytes] | None = None
) -> Evidence:
    """The evidence of two sets of files."""
    detector = TokenizerDetector()
    one, two = (detector.profile(snapshot_of(side)) for side in (left, right))
    bases = [detector.profile(snapshot_of(base))] if base else []
    return detector.compare(one, two, bases)
