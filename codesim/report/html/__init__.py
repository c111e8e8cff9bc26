"""One offline HTML file: no network, no inline styles, nothing of an input but inert text."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote

from codesim.report.document import ResultDocument


def render_html(document: ResultDocument, top: int = 20) -> str:
    """The report as one page, with the ``top`` most telling pairs of each kind side by side.

    The page has at most 25 MB; the text of pairs beyond that is left out, and the page says so.
    """
    from codesim.report.html.environment import environment
    from codesim.report.html.site import site_of

    return site_of(environment(), document, top).index


def html_files(document: ResultDocument, name: str, top: int = 20) -> dict[str, str]:
    """The report as files by relative name: ``name`` itself and, where one page would be too large,
    pages of single pairs in the folder ``<name>_pairs`` beside it.
    """
    from codesim.report.html.environment import environment
    from codesim.report.html.site import site_of

    folder = f"{PurePath(name).stem}_pairs"
    site = site_of(environment(), document, top, quote(folder))
    pages = {f"{folder}/{PurePath(page).name}": text for page, text in site.pages.items()}
    return {name: site.index, **pages}
