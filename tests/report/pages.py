"""How the tests read a page: its elements, its words, and what is packed in it."""

from __future__ import annotations

import base64
import gzip
import re

import html5lib

from codesim.report import document_of, render_html
from codesim.report.html.environment import environment

_PACK = re.compile(r'<script type="text/plain" class="pack">([A-Za-z0-9+/=]*)</script>')


def page(comparison, **options):
    return render_html(document_of(comparison), **options)


def parsed(text):
    return html5lib.parse(text, namespaceHTMLElements=False)


def elements(tree):
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def words(element):
    return " ".join("".join(f"{part} " for part in element.itertext()).split())


def packs(text):
    """The markup of each packed pair, in order."""
    return [gzip.decompress(base64.b64decode(pack)).decode() for pack in _PACK.findall(text)]


def whole(text):
    """The page as it is once everything is unpacked."""
    unpacked = iter(packs(text))
    return _PACK.sub(lambda _: next(unpacked), text)


def style():
    return environment().get_template("style.css").render()


def script():
    return environment().get_template("script.js").render()
