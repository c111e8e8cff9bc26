"""Where the reports of one run go, checked before the work and written after it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codesim.cli.anonymity import check_key, write_key
from codesim.cli.console import Console
from codesim.errors import CodesimError
from codesim.report import FORMATS
from codesim.report.formats import has_pages, rendered_files, suffix_of
from codesim.report.pages import check_pages, page_name, pages_folder, report_path, write_pages

if TYPE_CHECKING:
    from codesim.report import ResultDocument

STDOUT = "-"


@dataclass(frozen=True)
class Outputs:
    """File name by format, ``-`` for stdout; only formats that were asked for.

    ``key`` is where the key goes when names are replaced; None when they are kept.
    """

    asked: Mapping[str, str]
    key: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Outputs:
        """From the options of a command, among which may be others."""
        names = {form.name: options.get(form.name) for form in FORMATS}
        asked = {form: name for form, name in names.items() if name is not None}
        return cls(asked, options.get("anonymise"))

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
            if self._may_have_pages(form):
                check_pages(report_path(name))
        if self.key is not None:
            check_key(self.key, list(self._places()))

    def _may_have_pages(self, form: str) -> bool:
        """A pipe or device gets one page, however large the report."""
        name = self.asked[form]
        return has_pages(form) and name != STDOUT and not _is_stream(Path(name))

    def _places(self) -> Iterator[str]:
        """Every file that is written, and one for each folder of pages."""
        for form, name in self.asked.items():
            if name != STDOUT:
                yield name
            if self._may_have_pages(form):
                path = report_path(name)
                yield str(path.parent / page_name(path.name, 1))

    def show(self, document: ResultDocument, console: Console, pairs: int | None) -> None:
        """A summary of that many pairs, where one is wanted, then the files, then the key."""
        from codesim.report import render_text

        key = None
        if self.key is not None:
            from codesim.report.anonymise import anonymised

            console.progress("Replacing names ...")
            document, key = anonymised(document)
        if pairs is not None and not self.to_stdout:
            console.result(
                render_text(document, width=console.width, color=console.color, top=pairs)
            )
        self._write(document, console)
        if self.key is not None and key is not None:
            write_key(self.key, key)
            console.note(f"Wrote {self.key}, the key: keep it apart from the reports")

    def _write(self, document: ResultDocument, console: Console) -> None:
        from codesim.report import rendered

        for form, name in self.asked.items():
            console.progress(f"Rendering {form} ...")
            if self._may_have_pages(form):
                path = report_path(name)
                _write_with_pages(console, name, rendered_files(form, document, path.name))
            else:
                write_document(console, name, rendered(form, document))


def _write_with_pages(console: Console, name: str, files: Mapping[str, bytes]) -> None:
    """A report, its folder of pages where it needs one, and what became of an earlier folder."""
    path = report_path(name)
    had_pages = write_pages(path, files)
    folder = os.path.join(pages_folder(path), "")
    console.note(f"Wrote {name}")
    if len(files) > 1:
        console.note(
            f"Wrote {folder}, pages of {len(files) - 1} file pairs for which {path.name} has no "
            "room: keep both together"
        )
    elif had_pages:
        console.note(f"Removed {folder}, the pages of the report that {path.name} was before")


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
        reason = (
            f"it is a folder. Name a file in it: --{form} {Path(name, 'report' + suffix_of(form))}"
        )
    elif not path.parent.is_dir():
        reason = f"there is no folder {path.parent.name!r}. Make it first, or name another file."
    elif not _takes_bytes(path):
        reason = f"the folder {path.parent.name!r} is not writable. Name a file elsewhere."
    if reason:
        raise CodesimError(f"cannot write --{form} {name}: {reason}")


def _is_stream(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _takes_bytes(path: Path) -> bool:
    if _is_stream(path):
        return os.access(path, os.W_OK)  # a pipe or device, which is written to and not replaced
    return os.access(path.parent, os.W_OK | os.X_OK)
