"""Public facts about well-known tokenizers, each with its source: see ``known.json``."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

BLOCK = 1_000
_DIGEST = 8  # hexadecimal digits of one block
_FREE = "-" * _DIGEST
_NUMBER = re.compile(r"\d+")
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")


@dataclass(frozen=True, slots=True)
class Base:
    """A public tokenizer. ``blocks`` are digests of 1,000 tokens each in the order of ids."""

    name: str
    source: str
    size: int | None
    special: Mapping[str, int]
    runs: tuple[tuple[str, int, int], ...]
    files: tuple[str, ...]
    blocks: tuple[str, ...]


class Known:
    """The table, indexed for the questions that are asked of it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.bases = tuple(map(_base, data["bases"]))
        self._exact: dict[tuple[str, int], str] = {}
        self._listed: dict[str, str] = {}
        self._runs: dict[str, list[tuple[int, int, str]]] = {}
        for base in self.bases:
            for text, number in base.special.items():
                self._exact.setdefault((text, number), base.name)
                self._listed.setdefault(text, base.name)
            for template, low, high in base.runs:
                self._runs.setdefault(template, []).append((low, high, base.name))
        self._conventions: dict[str, str] = {
            text: each["name"] for each in data["conventions"] for text in each["tokens"]
        }
        self._templates: dict[str, str] = {
            each["digest"]: each["name"] for each in data["templates"]
        }

    def base_of(self, text: str, number: int) -> str:
        """The name of a public tokenizer with this token under this id; empty where none has."""
        found = self._exact.get((text, number))
        if found:
            return found
        runs = self._runs.get(template_of(text), ())
        return next((name for low, high, name in runs if low <= number <= high), "")

    def is_numbered(self, text: str) -> bool:
        """Whether a token is one of a numbered series that public tokenizers reserve."""
        return template_of(text) in self._runs

    def convention(self, text: str) -> str:
        """Which custom explains a token, whatever its id; empty where none does."""
        return self._conventions.get(text, "")

    def listed(self, text: str) -> str:
        """The name of a public tokenizer that has this token, under whatever id."""
        return self._listed.get(text, "")

    def template(self, text: str) -> str:
        """Whose chat template this is; empty where it is not known."""
        return self._templates.get(template_digest(text), "")


@functools.cache
def known() -> Known:
    """The table that is part of this package."""
    data = resources.files(__package__).joinpath("known.json").read_text("utf-8")
    return Known(json.loads(data))


def expected_anywhere(text: str) -> bool:
    """Whether nobody asks what a token is for: a reserved number, or white space."""
    return not text.strip(" \t\n▁") or known().is_numbered(text)


def template_of(text: str) -> str:
    """A token with ``{}`` in place of every number."""
    return "<0x{}>" if _BYTE.fullmatch(text) else _NUMBER.sub("{}", text)


def squeezed(text: str) -> str:
    """A chat template without white space, in which copies differ for no reason."""
    return "".join(text.split())


def template_digest(text: str) -> str:
    """The digest of a chat template as ``known.json`` has it."""
    return hashlib.blake2b(squeezed(text).encode("utf-8", "replace"), digest_size=8).hexdigest()


def block_digest(tokens: list[str]) -> str:
    """The digest of consecutive tokens as ``known.json`` has it."""
    joined = "\n".join(tokens).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=_DIGEST // 2).hexdigest()


def _base(each: Mapping[str, Any]) -> Base:
    digests = each.get("blocks", "")
    blocks = [digests[at : at + _DIGEST] for at in range(0, len(digests), _DIGEST)]
    return Base(
        name=each["name"],
        source=each["source"],
        size=each["size"],
        special=each["special"],
        runs=tuple((template, low, high) for template, low, high in each.get("runs", ())),
        files=tuple(each.get("files", ())),
        blocks=tuple("" if block == _FREE else block for block in blocks),
    )
