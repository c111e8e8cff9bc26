"""Where the reports of one run go, checked before the work and written after it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codesim.cli.console import Console
from codesim.errors import CodesimError

if TYPE_CHECKING:
    from codesim.report import ResultDocument

STDOUT = "-"


@dataclass(frozen=True)
class Outputs:
    """One file name per format, ``-`` for stdout, None for formats that were not asked for."""

    html: str | None = None
    json: str | None = None
    markdown: str | None = None

    @property
    def asked(self) -> dict[str, str]:
        """File name by format."""
        names = {"html": self.html, "json": self.json, "markdown": self.markdown}
        return {form: name for form, name in names.items() if name is not None}

    @property
    def to_stdout(self) -> bool:
        """Whether stdout belongs to a report, so that no summary may stand there."""
        return STDOUT in self.asked.values()

    def check(self) -> None:
        """Fail now rather than after the work. Raises CodesimError for a place not writable."""
        seen: dict[str, str] = {}
        for form, name in self.asked.items():
            place = name if name == STDOUT else os.path.realpath(name)
            if place in seen:
                raise CodesimError(
                    f"--{seen[place]} and --{form} would both write {name}. Give each its own file."
                )
            seen[place] = form
            check_file(form, name)

    def write(self, document: ResultDocument, console: Console) -> None:
        """Render and write every format that was asked for."""
        for form, name in self.asked.items():
            console.progress(f"Rendering {form} ...")
            write_document(console, name, _rendered(form, document))


def show(console: Console, document: ResultDocument, files: Outputs, pairs: int) -> None:
    """The summary on stdout, unless a report stands there, then the files."""
    from codesim.report import render_text

    if not files.to_stdout:
        console.result(render_text(document, width=console.width, color=console.color, top=pairs))
    files.write(document, console)


def _rendered(form: str, document: ResultDocument) -> bytes:
    from codesim.report import encode, render_html, render_markdown

    if form == "json":
        return encode(document)
    text = render_html(document) if form == "html" else render_markdown(document)
    return text.encode("utf-8", "backslashreplace")


def write_document(console: Console, name: str, data: bytes) -> None:
    """One document into a file, or to stdout."""
    from codesim.report import write_atomically

    if name == STDOUT:
        console.document(data)
    else:
        write_atomically(Path(name), data)
        console.note(f"Wrote {name}")


def check_file(form: str, name: str) -> None:
    """Raises CodesimError where ``--form name`` cannot be written."""
    if name == STDOUT:
        return
    path = Path(os.path.realpath(name))
    reason = None
    if not name or path.is_dir():
        reason = f"it is a folder. Name a file in it: --{form} {Path(name, 'report.' + form)}"
    elif not path.parent.is_dir():
        reason = f"there is no folder {path.parent.name!r}. Make it first, or name another file."
    elif not _takes_bytes(path):
        reason = f"the folder {path.parent.name!r} is not writable. Name a file elsewhere."
    if reason:
        raise CodesimError(f"cannot write --{form} {name}: {reason}")


def _takes_bytes(path: Path) -> bool:
    if path.exists() and not path.is_file():
        return os.access(path, os.W_OK)  # a pipe or device, which is written to and not replaced
    return os.access(path.parent, os.W_OK | os.X_OK)
