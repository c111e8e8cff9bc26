"""``audit.json``: the audit document as bytes, the same bytes every time, and back."""

from __future__ import annotations

import msgspec

from codesim.errors import CodesimError
from codesim.report.audit.document import SCHEMA, AuditDocument
from codesim.report.mistaken import AUDIT_AGAIN
from codesim.text import display

# Of every version.
_NAME = SCHEMA.rpartition("/")[0] + "/"


class _Head(msgspec.Struct):
    schema: str = ""


def is_audit(data: bytes) -> bool:
    """Whether ``data`` says that it is an audit; whether it is a good one, decode_audit tells."""
    try:
        return msgspec.json.decode(data, type=_Head).schema.startswith(_NAME)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


def encode_audit(document: AuditDocument) -> bytes:
    """UTF-8 JSON with fixed field order, sorted map keys, one-space indent and a final newline."""
    compact = msgspec.json.encode(document, order="deterministic")
    return msgspec.json.format(compact, indent=1) + b"\n"


def decode_audit(data: bytes) -> AuditDocument:
    """Read an audit document back. Raises CodesimError when ``data`` is not one."""
    try:
        return msgspec.json.decode(data, type=AuditDocument)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise CodesimError(
            f"the file is not an audit of the format {SCHEMA}: {display(str(error))}. {AUDIT_AGAIN}"
        ) from None
