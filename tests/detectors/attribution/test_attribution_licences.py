"""Which licence a text is, who holds the rights, and what gives credit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.detectors.attribution.licences import header_licences, licence_of, said, spelled
from codesim.detectors.attribution.rights import credit_of, holder_of

MIT = """MIT License

Copyright (c) 2023 Lena Fernlight

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (MIT, ("MIT", "text")),
        (" ".join(MIT.split()).upper(), ("MIT", "text")),
        (MIT.replace("publish, ", ""), ("MIT", "edited text")),
        ("GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n", ("GPL-3.0", "text")),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3\n", ("AGPL-3.0", "text")),
        ("META LLAMA 3 COMMUNITY LICENSE AGREEMENT\n", ("Llama-3-Community", "text")),
        ("Attribution-NonCommercial 4.0 International\n", ("CC-BY-NC-4.0", "text")),
        ("Attribution 4.0 International\n", ("CC-BY-4.0", "text")),
        ("Mozilla Public License Version 2.0\n", ("MPL-2.0", "text")),
        ("Use it as you like.", ("", "")),
        ("", ("", "")),
        ("Terms and conditions for use, reproduction, and distribution", ("", "")),
    ],
)
def test_licence_texts(text: str, found: tuple[str, str]) -> None:
    assert licence_of(text) == found


def test_headers() -> None:
    header = "# SPDX-License-Identifier: Apache-2.0 OR MIT\n# Licensed under the MIT license.\n"

    assert list(header_licences(header)) == ["Apache-2.0 OR MIT", "MIT"]
    assert list(header_licences("import os\n")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The code is under Apache 2.0.", "Apache-2.0"),
        ("[Apache-2.0](x/LICENSE)", "Apache-2.0"),
        ("MIT License", "MIT"),
        ("GPL v3", "GPL-3.0"),
        ("MIT is a university", ""),
        ("a licence to build lamps", ""),
    ],
)
def test_licences_in_running_text(text: str, found: str) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Lamp 1", "Lamp 1"),
        ("llama3", "llama3"),
        ("Apache Software License", "Apache-2.0"),
        ("apache-2.0", "Apache-2.0"),
        ("bsd-3-clause", "BSD-3-Clause"),
        ("BSD 3-Clause", "BSD-3-Clause"),
        ("mit", "MIT"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("GPLv3", "GPL-3.0"),
        ("lgpl-2.1", "LGPL-2.1"),
    ],
)
def test_spelling(text: str, spelling: str) -> None:
    assert spelled(text) == spelling


@pytest.mark.parametrize(
    ("line", "holder"),
    [
        ("# Copyright 2024 The Lamplight Authors. All rights reserved.", "the lamplight authors"),
        ("Copyright (c) 2019-2023, Lena Fernlight <lena@example.org>", "lena fernlight"),
        ("// (C) Copyright 2020 by Fern Light Inc.", "fern light inc"),
        ("© 2021 Lamplight", "lamplight"),
        ("The above copyright notice shall be included", ""),
        ("subject to the copyright holders' consent", ""),
        ("Copyright [yyyy] [name of copyright owner]", ""),
        ("x = f(c)", ""),
        ("Copyright", ""),
    ],
)
def test_holders(line: str, holder: str) -> None:
    assert holder_of(line) == holder


@pytest.mark.parametrize(
    ("line", "gives_credit"),
    [
        ("# Copied from lumigrid.pool.Pooler", True),
        ("# adapted from https://github.com/lena/lumigrid", True),
        ("# Based on the pooler of Lumigrid", True),
        ("# https://github.com/lena/lumigrid", False),
        ('# model = load("lumigrid")', False),
        ("Implementation of the Lumigrid pooler.", False),
        ("# the code of Lumigrid", False),
        ("# original code: Lumigrid", True),
        ("# source: lumigrid/pool.py", True),
        ("# thanks to the authors of Lumigrid", True),
        ("# official repo at https://github.com/lena/lumigrid", True),
        ("# from https://github.com/lena/lumigrid", True),
        ("# the lamp is warm", False),
    ],
)
def test_credits(line: str, gives_credit: bool) -> None:
    assert (credit_of(line, 1) is not None) is gives_credit


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    licence_of(text)
    list(header_licences(text))
    assert isinstance(holder_of(text), str)
    assert isinstance(said(text), str)
