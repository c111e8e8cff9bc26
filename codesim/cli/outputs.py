"""Where the reports of one run go, checked before the work and written after it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codesim.cli.console import Console
from codesim.errors import CodesimError
from codesim.report import FORMATS
from codesim.report.formats import suffix_of

if TYPE_CHECKING:
    from codesim.report import ResultDocument

STDOUT = "-"


@dataclass(frozen=True)
class Outputs:
    """File name by format, ``-`` for stdout; only formats that were asked for."""

    asked: Mapping[str, str]

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Outputs:
        """From the options of a command, among which may be others."""
        names = {form.name: options.get(form.name) for form in FORMATS}
        return cls({form: name for form, name in names.items() if name is not None})

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
            if name != STDOUT:
                _check_file(form, name)

    def write(self, document: ResultDocument, console: Console) -> None:
        """Render and write every format that was asked for."""
        from codesim.report import rendered, write_atomically

        for form, name in self.asked.items():
            console.progress(f"Rendering {form} ...")
            data = rendered(form, document)
            if name == STDOUT:
                console.document(data)
            else:
                write_atomically(Path(name), data)
                console.note(f"Wrote {name}")


def show(console: Console, document: ResultDocument, files: Outputs, pairs: int) -> None:
    """The summary on stdout, unless a report stands there, then the files."""
    from codesim.report import render_text

    if not files.to_stdout:
        console.result(render_text(document, width=console.width, color=console.color, top=pairs))
    files.write(document, console)


def _check_file(form: str, name: str) -> None:
    path = Path(os.path.realpath(name))
    reason = None
    if not name or path.is_dir():
        reason = (
            f"it is a folder. Name a file in it: --{form} {Path(name, 'report' + suffix_of(form))}"
        )
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
