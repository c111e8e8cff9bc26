"""How bytes become text: decoding, notebooks, and text that is safe to show."""

from __future__ import annotations

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.text import decode, display, notebook_text, read_text

DECODED = {
    "empty": (b"", ""),
    "ascii": (b"x = 1\n", "x = 1\n"),
    "utf-8": ("naïve 日本\n".encode(), "naïve 日本\n"),
    "utf-8 with a mark": (codecs.BOM_UTF8 + b"x = 1\n", "x = 1\n"),
    "two marks": (codecs.BOM_UTF8 * 2 + b"x\n", "x\n"),
    "utf-16 little endian": (codecs.BOM_UTF16_LE + "é = 1\n".encode("utf-16-le"), "é = 1\n"),
    "utf-16 big endian": (codecs.BOM_UTF16_BE + "é = 1\n".encode("utf-16-be"), "é = 1\n"),
    "utf-16 cut in the middle": (codecs.BOM_UTF16_LE + b"a\0b", "a\ufffd"),
    "utf-32 little endian": (codecs.BOM_UTF32_LE + "é = 1\n".encode("utf-32-le"), "é = 1\n"),
    "utf-32 big endian": (codecs.BOM_UTF32_BE + "é = 1\n".encode("utf-32-be"), "é = 1\n"),
    "windows newlines": (b"a\r\nb\r\n", "a\nb\n"),
    "old mac newlines": (b"a\rb\r", "a\nb\n"),
    "mixed newlines": (b"a\r\nb\rc\n", "a\nb\nc\n"),
    "form feed is kept": (b"a\n\x0cb\n", "a\n\x0cb\n"),
    "declared latin-1": (
        b"# -*- coding: latin-1 -*-\n# \xe9\n",
        "# -*- coding: latin-1 -*-\n# é\n",
    ),
    "declared in the second line": (
        b"#!python\n# coding=cp1252\n\x80\n",
        "#!python\n# coding=cp1252\n€\n",
    ),
    "declared in vim's words": (
        b"# vim: set fileencoding=iso-8859-15 :\n\xa4",
        "# vim: set fileencoding=iso-8859-15 :\n€",
    ),
    "declared in the third line": (
        b"#\n#\n# coding: latin-1\n\xe9",
        "#\n#\n# coding: latin-1\n\ufffd",
    ),
    "declared with an underscore": (b"# coding: koi8_r\n\xc1", "# coding: koi8_r\nа"),
    "declared shift_jis": (b"# coding: shift_jis\n\x93\xfa", "# coding: shift_jis\n日"),
    "declared but really utf-8": ("# coding: latin-1\né".encode(), "# coding: latin-1\né"),
    "declared after code": (b"x = 1 # coding: latin-1\n\xe9", "x = 1 # coding: latin-1\n\ufffd"),
    "declared nonsense": (b"# coding: no-such-thing\n\xe9", "# coding: no-such-thing\n\ufffd"),
    "declared a codec that is no text": (b"# coding: zlib\n\xe9", "# coding: zlib\n\ufffd"),
    "declared rot13": (b"# coding: rot13\n\xe9", "# coding: rot13\n\ufffd"),
    "declared unicode_escape": (
        b"# coding: unicode_escape\n\\x41\xe9",
        "# coding: unicode_escape\n\\x41\ufffd",
    ),
    "declared idna": (b"# coding: idna\n\xe9", "# coding: idna\n\ufffd"),
    "declared utf-16 in single bytes": (b"# coding: utf-16\n\xe9", "# coding: utf-16\n\ufffd"),
    "declared utf-7": (b"# coding: utf-7\n+ADw-\xe9", "# coding: utf-7\n+ADw-\ufffd"),
    "declared EBCDIC": (b"# coding: cp037\n\xe9", "# coding: cp037\n\ufffd"),
    "declared gb2312": (b"# coding: gb2312\n\xc4\xe3", "# coding: gb2312\n你"),
    "declared mac-roman": (b"# coding: mac-roman\n\x8e", "# coding: mac-roman\né"),
    "invalid utf-8": (b"a\xffb\n", "a\ufffdb\n"),
    "null bytes": (b"a\0b", "a\0b"),
    "surrogate in utf-8": (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
}


@pytest.mark.parametrize(("data", "text"), DECODED.values(), ids=DECODED)
def test_decoded(data, text):
    assert decode(data) == text


@given(st.binary(max_size=200))
def test_any_bytes_become_text_that_can_be_encoded(data):
    text = decode(data)
    text.encode("utf-8")
    assert "\r" not in text
    assert decode(data) == text


@given(
    st.sampled_from([b"", *(mark for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE))]),
    st.from_regex(rb"# coding: [a-z0-9_\-]{1,20}\n", fullmatch=True),
    st.binary(max_size=60),
)
def test_no_declaration_is_dangerous(mark, declaration, rest):
    text = decode(mark + declaration + rest)

    # Whatever is declared, the text can be written again, and its newlines are ours.
    assert text.encode("utf-8")
    assert "\r" not in text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff")))
def test_utf_8_comes_back_as_it_was(text):
    assert decode(text.encode()) == text


def _notebook(*cells: object, **more: object) -> bytes:
    return json.dumps({"nbformat": 4, "cells": list(cells), **more}).encode()


def _cell(source: object, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, **more}


NOTEBOOKS = {
    "text": (_notebook(_cell("a = 1\nb = 2")), "# %% cell 1\na = 1\nb = 2\n"),
    "lines": (_notebook(_cell(["a = 1\n", "b = 2"])), "# %% cell 1\na = 1\nb = 2\n"),
    "prose keeps its number": (
        _notebook({"cell_type": "markdown", "source": "# x"}, _cell("a")),
        "# %% cell 2\na\n",
    ),
    "outputs are dropped": (
        _notebook(_cell("a", outputs=[{"text": "secret"}])),
        "# %% cell 1\na\n",
    ),
    "line magics": (
        _notebook(_cell("%matplotlib inline\n!pip install x\n?help\nx = a % b")),
        "# %% cell 1\n# %matplotlib inline\n# !pip install x\n# ?help\nx = a % b\n",
    ),
    "indented magic": (_notebook(_cell("if a:\n    !ls")), "# %% cell 1\nif a:\n    # !ls\n"),
    "cell magic": (_notebook(_cell("%%bash\nls -l")), "# %% cell 1\n# %%bash\n# ls -l\n"),
    "windows newlines": (_notebook(_cell("a\r\nb\rc")), "# %% cell 1\na\nb\nc\n"),
    "empty cell": (_notebook(_cell("")), "# %% cell 1\n\n"),
    "no cells": (_notebook(), ""),
    "version 3": (
        json.dumps(
            {"worksheets": [{"cells": [{"cell_type": "code", "input": "a"}]}, {"cells": "no"}, 3]}
        ).encode(),
        "# %% cell 1\na\n",
    ),
    "wrong kinds are left out": (
        _notebook(None, 3, "x", _cell(None), _cell({"a": 1}), _cell([1, "b", None])),
        "# %% cell 6\nb\n",
    ),
    "lone surrogate": (
        b'{"cells": [{"cell_type": "code", "source": "x = \\"\\ud800\\""}]}',
        '# %% cell 1\nx = "?"\n',
    ),
    "with a mark": (codecs.BOM_UTF8 + _notebook(_cell("a")), "# %% cell 1\na\n"),
}

BROKEN = {
    "not JSON": b"{",
    "empty": b"",
    "a list": b"[]",
    "a number": b"3",
    "no cells": b"{}",
    "cells no list": b'{"cells": 3}',
    "cells null": b'{"cells": null}',
    "nested too deeply": b"[" * 100_000,
    "a number too long": b'{"cells": [], "n": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize(("data", "text"), NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_notebook(data, text):
    notebook = notebook_text(data)
    assert notebook.text == text
    lines = text.splitlines()
    for number, first, last in notebook.cells:
        assert lines[first - 1] == f"# %% cell {number}"
        assert last <= len(lines)


def test_cells_cover_the_text_without_gaps():
    notebook = notebook_text(_notebook(_cell("a\nb"), _cell("c"), _cell("d\n\n")))
    assert notebook.cells == ((1, 1, 3), (2, 4, 5), (3, 6, 7))
    assert notebook.text.count("\n") == 7


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_notebook(data):
    with pytest.raises(ValueError, match=r".+"):
        notebook_text(data)
    assert read_text("x.ipynb", data) == decode(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "cell_type", "source", "input"]),
            inner | st.just("code"),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_is_read_or_refused(root):
    data = json.dumps(root).encode()
    try:
        notebook = notebook_text(data)
    except ValueError:
        assert read_text("x.ipynb", data) == decode(data)
    else:
        notebook.text.encode("utf-8")
        assert read_text("x.ipynb", data) == notebook.text


@given(st.lists(st.text(max_size=40), max_size=5))
def test_spans_point_at_their_cells(sources):
    notebook = notebook_text(_notebook(*map(_cell, sources)))
    lines = notebook.text.split("\n")
    assert [number for number, _, _ in notebook.cells] == list(range(1, len(sources) + 1))
    assert [lines[first - 1] for _, first, _ in notebook.cells] == [
        f"# %% cell {number}" for number, _, _ in notebook.cells
    ]


def test_other_files_are_only_decoded():
    assert read_text("x.py", _notebook(_cell("a"))) == decode(_notebook(_cell("a")))


SHOWN = {
    "plain": ("model/attention.py", "model/attention.py"),
    "letters of any script": ("naïve 日本 ж", "naïve 日本 ж"),
    "escape": ("\x1b[31m", "\\x1b[31m"),
    "carriage return": ("a\rb", "a\\rb"),
    "newline and tab": ("a\nb\tc", "a\\nb\\tc"),
    "backspace, bell, null": ("\b\a\0", "\\x08\\x07\\x00"),
    "C1 control": ("\x9b31m", "\\x9b31m"),
    "right to left override": ("\u202egnp", "\\u202egnp"),
    "isolates": ("\u2066x\u2069", "\\u2066x\\u2069"),
    "zero width": ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
    "line separator": ("a\u2028b", "a\\u2028b"),
    "no-break space": ("a\xa0b", "a\\xa0b"),
    "lone surrogate": ("a\ud800b", "a\\ud800b"),
    "undecodable byte of a file name": ("a\udcffb", "a\\udcffb"),
    "tag character": ("\U000e0041", "\\U000e0041"),
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.values(), ids=SHOWN)
def test_display(text, shown):
    assert display(text) == shown


@given(st.text(st.characters()))
def test_what_is_displayed_is_printable_and_stable(text):
    shown = display(text)
    assert shown.isprintable()
    assert display(shown) == shown
    shown.encode("utf-8")
