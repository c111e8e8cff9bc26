"""Which files belong to a tokenizer, told by their names, and who reads them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from codesim.detectors.tokenizer.jsonfiles import (
    read_added,
    read_chat,
    read_config,
    read_tokenizer,
    read_vocabulary,
)
from codesim.detectors.tokenizer.listfiles import read_jinja, read_lines, read_merges, read_ranks
from codesim.detectors.tokenizer.profile import Reading
from codesim.detectors.tokenizer.sentencepiece import read_sentencepiece


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of tokenizer file.

    ``certain``: the name alone says that it is one. ``leading``: a tokenizer may consist of it
    alone; the others only belong to one.
    """

    name: str
    read: Callable[[bytes], Reading] | None
    certain: bool = True
    leading: bool = True
    json: bool = False


# In the order in which they are believed where they differ.
CONFIG = Form("tokenizer_config.json", read_config, json=True)
TOKENIZER = Form("tokenizer.json", read_tokenizer, certain=False, json=True)
ADDED = Form("added_tokens.json", read_added, json=True)
GGUF = Form("gguf", None)
SENTENCEPIECE = Form("sentencepiece", read_sentencepiece)
MODEL = Form("sentencepiece", read_sentencepiece, certain=False)
RANKS = Form("tiktoken", read_ranks)
VOCABULARY = Form("vocab.json", read_vocabulary, certain=False, leading=False, json=True)
LINES = Form("vocab.txt", read_lines, certain=False, leading=False)
MERGES = Form("merges.txt", read_merges, certain=False, leading=False)
CHAT = Form("chat_template.json", read_chat, leading=False, json=True)
JINJA = Form("chat_template.jinja", read_jinja, leading=False)
MAP = Form("special_tokens_map.json", read_config, json=True)
ORDER = tuple(
    form.name
    for form in (
        CONFIG, TOKENIZER, ADDED, GGUF, SENTENCEPIECE, RANKS, VOCABULARY, LINES, MERGES, MAP,
        CHAT, JINJA,
    )
)  # fmt: skip

_NAMES = {
    "tokenizer.json": TOKENIZER,
    "tokenizer_config.json": CONFIG,
    "special_tokens_map.json": MAP,
    "added_tokens.json": ADDED,
    "chat_template.json": CHAT,
    "chat_template.jinja": JINJA,
    "vocab.json": VOCABULARY,
    "vocab.txt": LINES,
    "merges.txt": MERGES,
    "tokenizer.model": SENTENCEPIECE,
    "sentencepiece.bpe.model": SENTENCEPIECE,
    "spiece.model": SENTENCEPIECE,
    "source.spm": SENTENCEPIECE,
    "target.spm": SENTENCEPIECE,
}


def form_of(path: str) -> Form | None:
    """The kind of tokenizer file that a name promises; None for all others."""
    name = posixpath.basename(path).lower()
    if name in _NAMES:
        return _NAMES[name]
    if name.endswith(".tiktoken"):
        return RANKS
    if name.endswith(".gguf"):
        return GGUF
    return MODEL if name.endswith((".model", ".spm")) else None
