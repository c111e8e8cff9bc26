"""Tensor names as paths: segments, and templates in which layer numbers are ``*``."""

from __future__ import annotations

Template = tuple[str, ...]
Indices = tuple[int, ...]

LAYER = "*"
# Longer digits are no layer numbers.
_MOST_DIGITS = 6


def template_of(name: str) -> tuple[Template, Indices]:
    """The template of a name, and the numbers that its ``*`` stand for."""
    segments = name.split(".")
    indices = tuple(int(part) for part in segments if _is_number(part))
    return tuple(LAYER if _is_number(part) else part for part in segments), indices


def written(template: Template) -> str:
    """A template as a person reads it."""
    return ".".join(template)


def starts_with(template: Template, prefix: Template) -> bool:
    """Whether a template lies below a prefix."""
    return template[: len(prefix)] == prefix


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS
