"""Definitions of a file as stand-alone sources, and how alike two of them look as plain tokens."""

from __future__ import annotations

import ast
import io
import keyword
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Below this a definition says nothing of its own.
FEWEST_TOKENS = 40
_LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """A class, method or function, cut from its file by lines and moved to the margin."""

    path: str
    name: str
    kind: str
    first_line: int
    source: str

    @property
    def key(self) -> str:
        """A name within the whole package."""
        return f"{self.path}:{self.name}"

    @property
    def last_name(self) -> str:
        """The name without the class."""
        return self.name.rpartition(".")[2]

    @property
    def tokens(self) -> tuple[str, ...]:
        """Tokens without comments, docstrings and layout."""
        return tokens_of(self.source)


def definitions(path: str, text: str) -> Iterator[Definition]:
    """Top-level functions and classes, and the methods of those classes."""
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _definition(path, node, "function", lines)
        elif isinstance(node, ast.ClassDef):
            yield _definition(path, node, "class", lines)
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield _definition(path, inner, "method", lines, f"{node.name}.")


def _definition(
    path: str,
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
    kind: str,
    lines: list[str],
    prefix: str = "",
) -> Definition:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    source = textwrap.dedent("".join(lines[first - 1 : node.end_lineno]))
    return Definition(path, prefix + node.name, kind, first, source)


@lru_cache(maxsize=50_000)
def tokens_of(source: str) -> tuple[str, ...]:
    """Tokens of a source that parses; a string that stands alone as a statement is left out."""
    found: list[str] = []
    fresh = True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _LAYOUT:
            fresh = fresh or token.type in {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
            continue
        if not (fresh and token.type == tokenize.STRING):
            found.append(token.string)
        fresh = False
    return tuple(found)


def blanked(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Names, numbers and strings made equal: what is left when everything is renamed."""
    return tuple("N" if _is_word(token) else token for token in tokens)


def _is_word(token: str) -> bool:
    named = token.isidentifier() and not keyword.iskeyword(token)
    return named or token[:1].isdigit() or token[-1:] in {'"', "'"}


def alike(one: tuple[str, ...], two: tuple[str, ...]) -> float:
    """Share of tokens in the longest common subsequence of both, 0..1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(one, two))
