"""The one gate for text from an input on its way to a terminal or an error message."""

from __future__ import annotations


def display(text: str) -> str:
    """Text with control, bidirectional and other invisible characters shown as escapes.

    Keeps a stable, one-line form: ``display`` of the same text is the same everywhere.
    """
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() else _escape(ch) for ch in text)


def _escape(ch: str) -> str:
    return ch.encode("unicode_escape").decode("ascii")
