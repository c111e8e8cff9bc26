"""``index.html`` of an audit: one offline file, rendered from the audit document alone."""

from __future__ import annotations

from codesim.report.audit.document import AuditDocument

__all__ = ["render_audit_html"]


def render_audit_html(document: AuditDocument, linked: bool = True) -> str:
    """The report of an audit as one page.

    Pairs link to their pages, which lie in the folder ``pairs`` beside it; not where ``linked`` is
    False, since the page goes elsewhere.
    """
    from codesim.report.html.audit.view import view_of
    from codesim.report.html.environment import environment

    page = view_of(document, linked)
    return environment().get_template("audit/page.html.j2").render(page=page, document=document)
