"""What is kept of the tokenizers of one snapshot: plain data."""

from __future__ import annotations

from dataclasses import dataclass


class UnreadableError(ValueError):
    """Why a file says nothing about a tokenizer, in words that complete a sentence."""


@dataclass(frozen=True, slots=True)
class Special:
    """A special or added token. ``flags`` are those that are set, None where nobody says.

    ``id`` is None where a file names the token only; ``line`` is 1-based, None where unknown.
    """

    text: str
    id: int | None = None
    flags: tuple[str, ...] | None = None
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokens of a model in the order of their ids, without those added later."""

    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    path: str = ""

    def by_token(self) -> dict[str, int]:
        """The id of every token."""
        return dict(zip(self.tokens, self.ids, strict=True))


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says of a tokenizer; empty where it says nothing.

    ``roles`` are pairs such as ("bos_token", "<s>"); ``parts`` are the normaliser, pre-tokeniser
    and so on as canonical text; ``canonical`` is a digest that spacing and key order leave alone.
    """

    vocabulary: Vocabulary | None = None
    merges: tuple[str, ...] = ()
    specials: tuple[Special, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    template: str = ""
    canonical: str = ""


@dataclass(frozen=True, slots=True)
class TokenizerFile:
    """One file of a tokenizer. ``contents`` are its ids: Git blob id and SHA-256, where known.

    ``form`` says what kind of file it is, so that files are paired whatever their folder;
    ``read`` is False where only the ids are known.
    """

    path: str
    form: str
    contents: tuple[str, ...] = ()
    canonical: str = ""
    lines: int = 0
    read: bool = False


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """All files of one folder that describe one tokenizer, taken together.

    ``folder`` is the path of the file for a tokenizer of one file. ``unused`` are special tokens
    that nothing else in the repository mentions.
    """

    folder: str
    files: tuple[TokenizerFile, ...]
    reading: Reading
    unused: frozenset[str] = frozenset()

    @property
    def specials(self) -> tuple[Special, ...]:
        """Special and added tokens, by id, those without one at the end."""
        return self.reading.specials


@dataclass(frozen=True, slots=True)
class TokenizerProfile:
    """The tokenizers of a snapshot by folder, and what could not be read as (path, reason)."""

    name: str
    tokenizers: tuple[Tokenizer, ...]
    skipped: tuple[tuple[str, str], ...] = ()
