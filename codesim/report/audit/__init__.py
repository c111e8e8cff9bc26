"""Renderers of one audit. Every format is rendered from the audit document alone."""

from codesim.report.audit.csv import render_pairs_csv
from codesim.report.audit.document import AuditDocument, schema
from codesim.report.audit.markdown import render_audit_markdown
from codesim.report.audit.result import decode_audit, encode_audit, is_audit
from codesim.report.audit.text import render_audit_text

__all__ = [
    "AuditDocument", "decode_audit", "encode_audit", "is_audit", "render_audit_markdown",
    "render_audit_text", "render_pairs_csv", "schema",
]  # fmt: skip
