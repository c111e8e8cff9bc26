"""The tokenizer inside a GGUF file.

Source: the section on tokenizers of docs/gguf.md in ggml-org/ggml.
"""

from __future__ import annotations

from collections.abc import Mapping

from codesim.detectors.tokenizer.jsonfiles import clean
from codesim.detectors.tokenizer.profile import Reading, Special, UnreadableError, Vocabulary
from codesim.formats.errors import FormatError
from codesim.formats.gguf import read_gguf
from codesim.formats.source import ByteSource

_PREFIX = "tokenizer.ggml."
_SPECIAL = {2, 3, 4}  # unknown, control, user defined


def read_gguf_tokenizer(source: ByteSource) -> Reading | None:
    """The tokenizer of a GGUF file, None where it has none. Raises UnreadableError."""
    try:
        metadata = read_gguf(source).metadata
    except FormatError as error:
        raise UnreadableError(str(error)) from None
    tokens = _texts(metadata, "tokens")
    if not tokens:
        return None
    template = metadata.get("tokenizer.chat_template")
    return Reading(
        vocabulary=Vocabulary(tokens, tuple(range(len(tokens)))),
        merges=_texts(metadata, "merges"),
        specials=_specials(tokens, metadata.get(_PREFIX + "token_type")),
        roles=_roles(tokens, metadata),
        parts=tuple(
            (part, clean(value))
            for part, key in (("model", "model"), ("pre_tokenizer", "pre"))
            if isinstance(value := metadata.get(_PREFIX + key), str)
        ),
        template=clean(template) if isinstance(template, str) else "",
    )


def _texts(metadata: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = metadata.get(_PREFIX + name)
    return tuple(map(clean, value)) if isinstance(value, tuple) else ()


def _specials(tokens: tuple[str, ...], types: object) -> tuple[Special, ...]:
    if not isinstance(types, tuple) or len(types) != len(tokens):
        return ()
    pairs = zip(tokens, types, strict=True)
    return tuple(
        Special(token, number) for number, (token, kind) in enumerate(pairs) if kind in _SPECIAL
    )


def _roles(tokens: tuple[str, ...], metadata: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    found = []
    for key in sorted(metadata):
        number = metadata[key]
        if not (key.startswith(_PREFIX) and key.endswith("_token_id")):
            continue
        if isinstance(number, int) and 0 <= number < len(tokens):
            role = key.removeprefix(_PREFIX).removesuffix("_id")
            found.append((role, tokens[number]))
    return tuple(found)
