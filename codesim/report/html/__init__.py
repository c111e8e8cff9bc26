"""One offline HTML file: no network, no inline styles, nothing of an input but inert text."""

from __future__ import annotations

from codesim.report.document import ResultDocument


def render_html(document: ResultDocument, top: int = 20, back: str = "") -> str:
    """The report as one page, with the ``top`` most telling pairs of each kind side by side.

    The page has at most 25 MB; the text of pairs beyond that is left out, and the page says so.
    ``back`` is the address of the report of many submissions that it belongs to, if any.
    """
    from codesim.report.html.environment import environment
    from codesim.report.html.site import site_of

    return site_of(environment(), document, top, back=back).index


def html_files(document: ResultDocument, name: str, top: int = 20) -> dict[str, str]:
    """The report as files by relative name: ``name`` itself, which comes first, and, where one page
    would be too large, pages of single pairs in the folder ``<stem of name>_pairs`` beside it.
    """
    from codesim.report.html.environment import environment
    from codesim.report.html.site import site_of

    site = site_of(environment(), document, top, name)
    return {name: site.index, **site.pages}
