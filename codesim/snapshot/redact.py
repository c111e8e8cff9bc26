"""The one gate that keeps credentials out of everything codesim says."""

from __future__ import annotations

import os
import re

# Where a token for a private repository comes from, by host. Never from an address.
TOKENS: dict[str, tuple[str, ...]] = {
    "github.com": ("GITHUB_TOKEN", "GH_TOKEN"),
    "huggingface.co": ("HF_TOKEN",),
}

_SHAPES = (
    (re.compile(r"(://)[^/\s@]*@"), r"\1"),
    (re.compile(r"\?[^\s'\"#]*"), "?..."),
    (re.compile(r"\b(gh[a-z]_|github_pat_|glpat-|hf_|sk-)[A-Za-z0-9_-]{8,}"), "[redacted]"),
    (
        re.compile(r"(?i)\b([\w-]*(?:token|secret|password|passwd|api[_-]?key)[\w-]*)=[^\s&'\"]+"),
        r"\1=[redacted]",
    ),
    (re.compile(r"(?i)(authorization:\s*\w+\s+)\S+"), r"\1[redacted]"),
)
_SHORTEST_SECRET = 6  # a shorter value would blank out ordinary words


def token_for(host: str) -> str | None:
    """The token that the environment holds for a host, or None."""
    for variable in TOKENS.get(host, ()):
        value = os.environ.get(variable, "").strip()
        if value and value.isascii() and value.isprintable():
            return value
    return None


def redact(text: str) -> str:
    """The text without anything that is, or looks like, a credential."""
    for variables in TOKENS.values():
        for variable in variables:
            value = os.environ.get(variable, "").strip()
            if len(value) >= _SHORTEST_SECRET:
                text = text.replace(value, "[redacted]")
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text
