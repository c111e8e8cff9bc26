"""The token view of a text that no parser reads: a lexer that accepts anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from codesim.detectors.code.graph import Ints
from codesim.detectors.code.scope import BUILTINS
from codesim.detectors.code.syntax import KIND_NAMES, NAMED

# A string that does not close ends with its line, so that no text is read twice.
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    | (?P<string>[rbufRBUF]{0,2}(?:\"{3}[\s\S]{0,40000}?\"{3}|'{3}[\s\S]{0,40000}?'{3}
                                |"(?:[^"\\\n]|\\[\s\S])*(?:"|(?=\n)|\Z)
                                |'(?:[^'\\\n]|\\[\s\S])*(?:'|(?=\n)|\Z)))
    | (?P<number>\d[\w.]*)
    | (?P<name>[^\W\d]\w*)
    | (?P<operator>\*\*=|//=|>>=|<<=|!=|==|<=|>=|->|\*\*|//|<<|>>|:=|[-+*/%@&|^]=|[^\s\w])""",
    re.VERBOSE,
)
_IMPORT = re.compile(r"^[^\S\n]*import[^\S\n]+([\w.]+)(?:\s+as\s+(\w+))?", re.MULTILINE)
_FROM = re.compile(
    r"^[^\S\n]*from[^\S\n]+([\w.]+)[^\S\n]+import[^\S\n]+(?:\(([\w\s,]+)\)|([\w ,\t]+))",
    re.MULTILINE,
)
_IMPORT_LINE = re.compile(r"^[^\S\n]*(?:import|from)\s[^\n]*", re.MULTILINE)
_DEFINED = re.compile(r"\b(?:def\s+|class\s+|self\.)(\w+)")
# A whole file takes part as one unit; what is longer is compared up to this many tokens.
MAX_TOKENS = 20_000
_LAYOUT = frozenset("(),:.;]}") | {"->"}

_FIXED = {
    name: number
    for number, name in reversed(list(enumerate(KIND_NAMES)))
    if not NAMED[number] and name not in ("_", "print", "exec", "match", "case", "type")
}
_FIXED.update((word, KIND_NAMES.index(word.lower())) for word in ("True", "False", "None"))
_KIND = {name: KIND_NAMES.index(name) for name in ("identifier", "integer", "float")}
_CONTENT = KIND_NAMES.index("string_content")


@dataclass(frozen=True, slots=True)
class LexedText:
    """Tokens in the terms of the token view, with what could be told about names."""

    kind: Ints
    name: Ints
    offset: Ints
    words: list[str]
    aliases: dict[str, str]
    bound: set[str]
    defined: set[str]


def fallback_tokens(text: str) -> LexedText:
    """Tokens of any text. Names that are no attribute, import or builtin count as local."""
    aliases = _aliases(text)
    body = _IMPORT_LINE.sub(lambda found: " " * len(found.group()), text)
    table: dict[str, int] = {}
    bound: set[str] = set()
    rows: list[tuple[int, int, int]] = []
    before = ""
    hints = _Hints()
    for found in _TOKEN.finditer(body):
        word, group = found.group(), found.lastgroup
        if group == "comment" or _is_docstring(body, found, group) or hints.hide(word):
            continue
        fixed = _FIXED.get(word) if group in ("name", "operator") else None
        if word in _LAYOUT:
            pass
        elif fixed is not None:
            rows.append((fixed, -1, found.start()))
        elif group != "operator":
            kind, content = _classified(word, group)
            rows.append((kind, table.setdefault(content, len(table)), found.start()))
            if group == "name" and before != "." and word not in BUILTINS and word not in aliases:
                bound.add(word)
        before = word
    columns = np.array(rows, dtype=np.int32).reshape(-1, 3).T
    return LexedText(
        columns[0], columns[1], columns[2], list(table), aliases, bound, set(_DEFINED.findall(text))
    )


class _Hints:
    """Tells which tokens of a function header are annotations."""

    def __init__(self) -> None:
        self._depth = -1  # brackets open inside a header; -1 outside of headers
        self._hint_depth = -1  # depth at which the current annotation began; -1 outside

    def hide(self, word: str) -> bool:
        if self._depth < 0:
            if word == "def":
                self._depth = 0
            return False
        if (
            self._hint_depth >= 0
            and self._depth == self._hint_depth
            and (word in (",", "=", ")") if self._depth else word == ":")
        ):
            self._hint_depth = -1
        hidden = self._hint_depth >= 0
        self._depth += (word in "([{") - (word in ")]}")
        if not hidden and ((word == ":" and self._depth == 1) or word == "->"):
            self._hint_depth = self._depth
        if not hidden and word == ":" and self._depth == 0:
            self._depth = -1
        self._depth = max(self._depth, -1)
        return hidden


def _classified(word: str, group: str | None) -> tuple[int, str]:
    if group == "string":
        return _CONTENT, word.lstrip("rbufRBUF").strip("\"'")
    if group == "number":
        return _KIND["float" if "." in word or "e" in word.lower() else "integer"], word
    return _KIND["identifier"], word


def _is_docstring(text: str, found: re.Match[str], group: str | None) -> bool:
    """A triple-quoted string that begins its line stands for itself."""
    if group != "string" or found.group().lstrip("rbufRBUF")[:3] not in ('"""', "'''"):
        return False
    line_start = text.rfind("\n", 0, found.start()) + 1
    return not text[line_start : found.start()].strip()


def _aliases(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, alias in _IMPORT.findall(text):
        found[alias or path.partition(".")[0]] = path if alias else path.partition(".")[0]
    for module, listed, names in _FROM.findall(text):
        for part in (listed or names).split(","):
            words = part.split()
            if len(words) in (1, 3):
                found[words[-1]] = f"{module}.{words[0]}"
    return found
