"""An audit, rendered again from its ``audit.json``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from codesim.cli.console import Console
from codesim.cli.outputs import STDOUT, Outputs
from codesim.errors import CodesimError

if TYPE_CHECKING:
    from codesim.report.audit import AuditDocument

_FORMATS = "An audit can be had as --html, --json, --markdown and --csv."


def show_audit(data: bytes, source: str, asked: Outputs, console: Console, top: int) -> None:
    """Show the summary, or write each format that was asked for. ``source`` is where ``data`` is
    from. Raises CodesimError for bytes that are no audit and for formats that an audit lacks.
    """
    from codesim.report import write_atomically
    from codesim.report.audit import decode_audit, render_audit_text

    try:
        document = decode_audit(data)
    except CodesimError as error:
        raise CodesimError(f"{source}: {error}") from error
    if asked.key is not None:
        raise CodesimError(
            "an audit cannot be anonymised after it was made. Run the same `codesim audit` again "
            "with --anonymise KEY: what was compared is kept."
        )
    renderers = _renderers(document)
    for form in asked.asked:
        if form not in renderers:
            raise CodesimError(f"an audit cannot be written as --{form}. {_FORMATS}")
    if not asked.asked:
        console.result(render_audit_text(document, console.width, console.color, top))
    for form, name in asked.asked.items():
        console.progress(f"Rendering {form} ...")
        made = renderers[form](_is_beside(name, source))
        rendered = made if isinstance(made, bytes) else made.encode("utf-8", "backslashreplace")
        if name == STDOUT:
            console.document(rendered)
        else:
            write_atomically(Path(name), rendered)
            console.note(f"Wrote {name}")


def _renderers(document: AuditDocument) -> Mapping[str, Callable[[bool], str | bytes]]:
    """By format; each is told whether the pages of pairs lie beside what it renders."""
    from codesim.report.audit import encode_audit, render_audit_markdown, render_pairs_csv
    from codesim.report.html.audit import render_audit_html

    return {
        "html": lambda linked: render_audit_html(document, linked),
        "json": lambda _: encode_audit(document),
        "markdown": lambda _: render_audit_markdown(document),
        "csv": lambda _: render_pairs_csv(document),
    }


def _is_beside(name: str, source: str) -> bool:
    """Whether the pages of pairs, which lie beside the audit, lie beside the file as well."""
    if STDOUT in (name, source):
        return False
    return Path(name).resolve().parent == Path(source).resolve().parent
