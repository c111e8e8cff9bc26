"""Tokenizer files in JSON, as the libraries transformers and tokenizers write them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from codesim.detectors.tokenizer.profile import Reading, Special, UnreadableError, Vocabulary
from codesim.text import JsonError, parse_json

# The largest public vocabularies have 262,144 tokens; ids of sparse ones stay below this as well.
MOST_TOKENS = 2_000_000
MOST_ADDED = 100_000
# The largest public tokenizer.json has 262,000 tokens and 514,000 merges of two pieces each. A
# value takes about 60 bytes in memory, whatever the size of the file.
_MOST_VALUES = 3_000_000
_MOST_LISTS = 1_500_000
_HIGHEST_ID = 2**31 - 1
_FLAGS = ("lstrip", "normalized", "rstrip", "single_word", "special")
_PARTS = ("normalizer", "pre_tokenizer", "post_processor", "decoder")


def read_tokenizer(data: bytes) -> Reading:
    """A ``tokenizer.json``. Raises UnreadableError."""
    value = _object(data)
    if value.get("class_name") == "Tokenizer" and isinstance(value.get("config"), dict):
        return _keras(value)
    model = value.get("model")
    if not isinstance(model, dict):
        raise UnreadableError("is not a tokenizer: it has no object 'model'")
    return Reading(
        vocabulary=_vocabulary(model.get("vocab")),
        merges=_merges(model.get("merges")),
        specials=_added_list(value.get("added_tokens")),
        parts=(
            ("model", _canonical({k: v for k, v in model.items() if k not in {"vocab", "merges"}})),
            *((name, _canonical(value[name])) for name in _PARTS if value.get(name) is not None),
        ),
        canonical=_digest(_without_lists(value, model), *_lists(model)),
    )


def read_config(data: bytes) -> Reading:
    """A ``tokenizer_config.json`` or ``special_tokens_map.json``. Raises UnreadableError."""
    value = _object(data)
    roles = tuple(_roles(value))
    return Reading(
        specials=(*_decoder(value.get("added_tokens_decoder")), *_named(value)),
        roles=roles,
        parts=_class(value),
        template=_template(value.get("chat_template")),
        canonical=_digest(value),
    )


def read_chat(data: bytes) -> Reading:
    """A ``chat_template.json``. Raises UnreadableError."""
    value = _object(data)
    return Reading(template=_template(value.get("chat_template")), canonical=_digest(value))


def read_added(data: bytes) -> Reading:
    """An ``added_tokens.json``: ids by token. Raises UnreadableError."""
    value = _object(data)
    _refuse_many(value)
    specials = tuple(Special(clean(text), token_id(number)) for text, number in value.items())
    return Reading(specials=specials, canonical=_digest(value))


def read_vocabulary(data: bytes) -> Reading:
    """A ``vocab.json``: ids by token, without gaps worth the name. Raises UnreadableError."""
    value = _object(data)
    vocabulary = _vocabulary(value)
    if vocabulary is None or vocabulary.ids[-1] > 2 * len(vocabulary.ids) + 1_000:
        raise UnreadableError("is not a vocabulary: its numbers are no ids of tokens")
    return Reading(vocabulary=vocabulary, canonical=_digest({}, vocabulary))


def ordered(pairs: Iterable[tuple[str, int]]) -> Vocabulary | None:
    """Tokens with ids as a vocabulary; None where there are none."""
    entries = sorted((number, text) for text, number in pairs)
    if not entries:
        return None
    return Vocabulary(tuple(text for _, text in entries), tuple(number for number, _ in entries))


def clean(text: object) -> str:
    """The text of a token, in Unicode that can be written anywhere. Raises UnreadableError."""
    if not isinstance(text, str):
        raise UnreadableError(f"has a {type(text).__name__} where a token is expected")
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def token_id(number: object) -> int:
    """The id of a token. Raises UnreadableError for anything else."""
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 11:
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int):
        raise UnreadableError(f"has a {type(number).__name__} where the id of a token is expected")
    if not 0 <= number <= _HIGHEST_ID:
        raise UnreadableError("has a negative or huge id of a token")
    return number


def _object(data: bytes) -> dict[str, Any]:
    if data.count(b",") > _MOST_VALUES or data.count(b"[") + data.count(b"{") > _MOST_LISTS:
        raise UnreadableError("holds more values than any tokenizer")
    try:
        value = parse_json(data)
    except JsonError as error:
        raise UnreadableError(str(error)) from None
    if not isinstance(value, dict):
        raise UnreadableError(f"holds a {type(value).__name__}, not an object")
    return value


def _canonical(value: object) -> str:
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        raise UnreadableError("is nested too deeply") from None


def _digest(value: object, vocabulary: Vocabulary | None = None, merges: object = None) -> str:
    """A digest that spacing and the order of keys leave alone, in one pass over long lists."""
    digest = hashlib.blake2b(_canonical(value).encode(), digest_size=16)
    if vocabulary is not None:
        digest.update(_canonical(vocabulary.ids).encode())
        digest.update(_canonical(vocabulary.tokens).encode())
    if merges is not None:
        digest.update(_canonical(merges).encode())
    return digest.hexdigest()


def _without_lists(value: Mapping[str, Any], model: Mapping[str, Any]) -> dict[str, Any]:
    """A tokenizer without the vocabulary by token and the merges, whose digest is cheaper apart."""
    apart = {"vocab", "merges"} if isinstance(model.get("vocab"), dict) else {"merges"}
    return {**value, "model": {key: each for key, each in model.items() if key not in apart}}


def _lists(model: Mapping[str, Any]) -> tuple[Vocabulary | None, object]:
    vocab = model.get("vocab")
    return (_vocabulary(vocab) if isinstance(vocab, dict) else None), model.get("merges")


def _vocabulary(value: object) -> Vocabulary | None:
    """Ids by token, or pieces with scores in the order of ids (Unigram)."""
    if value is None:
        return None
    if isinstance(value, dict):
        pairs: Iterable[tuple[str, int]] = _checked(value)
    elif isinstance(value, list):
        pairs = [(clean(_first(piece)), number) for number, piece in enumerate(value)]
    else:
        raise UnreadableError(f"is not a tokenizer: its vocabulary is a {type(value).__name__}")
    if len(value) > MOST_TOKENS:
        raise UnreadableError(f"has {len(value):,} tokens; the limit is {MOST_TOKENS:,}")
    return ordered(pairs)


def _checked(value: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    """Tokens with ids; what is as it should be is looked at as a whole, which is far cheaper."""
    numbers = value.values()
    try:
        "".join(value).encode("utf-8")
    except UnicodeEncodeError:
        return [(clean(text), token_id(number)) for text, number in value.items()]
    if set(map(type, numbers)) == {int} and min(numbers) >= 0 and max(numbers) <= _HIGHEST_ID:
        return value.items()
    return [(text, token_id(number)) for text, number in value.items()]


def _first(piece: object) -> object:
    if not isinstance(piece, list) or len(piece) != 2:
        raise UnreadableError("is not a tokenizer: a piece is not a text with a score")
    return piece[0]


def _merges(value: object) -> tuple[str, ...]:
    """Merges as ``left right``, which older files hold as such and newer ones as pairs."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_TOKENS:
        raise UnreadableError("is not a tokenizer: its merges are no list in reason")
    return tuple(_merge(each) for each in value)


def _merge(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{clean(value[0])} {clean(value[1])}"
    if isinstance(value, list):
        raise UnreadableError("is not a tokenizer: a merge is not a pair")
    return clean(value)


def _refuse_many(value: Mapping[str, Any] | list[Any]) -> None:
    if len(value) > MOST_ADDED:
        raise UnreadableError(f"has {len(value):,} added tokens; the limit is {MOST_ADDED:,}")


def _added_list(value: object) -> tuple[Special, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise UnreadableError(f"has a {type(value).__name__} where added tokens are expected")
    _refuse_many(value)
    return tuple(_added(each, each.get("id") if isinstance(each, dict) else None) for each in value)


def _decoder(value: object) -> Iterator[Special]:
    if value is None:
        return
    if not isinstance(value, dict):
        raise UnreadableError(f"has a {type(value).__name__} where added tokens are expected")
    _refuse_many(value)
    for number, token in value.items():
        yield _added(token, number)


def _added(token: object, number: object) -> Special:
    if isinstance(token, str):
        return Special(clean(token), token_id(number))
    if not isinstance(token, dict):
        raise UnreadableError(f"has a {type(token).__name__} where an added token is expected")
    flags = tuple(name for name in _FLAGS if token.get(name) is True)
    return Special(clean(token.get("content")), token_id(number), flags)


def _roles(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a token is for: ``bos_token`` and the like."""
    for role in sorted(value):
        text = _content(value[role])
        if role.endswith("_token") and text is not None:
            yield role, text


def _content(token: object) -> str | None:
    if isinstance(token, dict):
        token = token.get("content")
    return clean(token) if isinstance(token, str) else None


def _named(value: Mapping[str, Any]) -> Iterator[Special]:
    """Tokens that are named without their ids."""
    for _, text in _roles(value):
        yield Special(text)
    for key in ("additional_special_tokens", "extra_special_tokens"):
        more = value.get(key)
        if isinstance(more, dict):
            more = list(more.values())
        if isinstance(more, list):
            _refuse_many(more)
            yield from (Special(text) for text in map(_content, more) if text is not None)


def _class(value: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    name = value.get("tokenizer_class")
    return (("class", clean(name)),) if isinstance(name, str) else ()


def _template(value: object) -> str:
    """A chat template, or several with names."""
    if isinstance(value, str):
        return clean(value)
    if not isinstance(value, list):
        return ""
    named = [each for each in value if isinstance(each, dict)]
    texts = [(str(each.get("name")), each.get("template")) for each in named]
    return "\n".join(clean(f"{name}: {text}") for name, text in sorted(texts, key=str))


def _keras(value: Mapping[str, Any]) -> Reading:
    """The older text tokenizer of Keras, which keeps its index as JSON inside a text."""
    index = value["config"].get("word_index")
    if not isinstance(index, str):
        raise UnreadableError("is a Keras tokenizer without an index of words")
    words = _object(index.encode("utf-8", "backslashreplace"))
    return Reading(vocabulary=_vocabulary(words), canonical=_digest(value))
