"""A report in one file and, where that would be too large, a folder of pages beside it.

Both are one report: they are written, replaced and kept together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from codesim.errors import CodesimError
from codesim.report.folder import begun, exchanged
from codesim.report.write import write_atomically
from codesim.text import display

_PAGE = re.compile(r"pair-[0-9]+\.html")


def report_path(name: str) -> Path:
    """The file that a report named ``name`` is written to: that which a link points to."""
    return Path(os.path.realpath(name)) if os.path.islink(name) else Path(name)


def pages_folder(path: Path) -> Path:
    """The folder for pages of the report in ``path``, whether there is one or not."""
    return path.with_name(f"{path.stem}_pairs")


def page_name(report: str, number: int) -> str:
    """The relative path of the page of one pair, beside a report in a file of that name."""
    return f"{pages_folder(Path(report)).name}/pair-{number}.html"


def address(path: str) -> str:
    """A relative path as an address."""
    return quote(path, errors="surrogateescape")


def back_link(report: str) -> str:
    """The address, from one of its pages, of a report in a file of that name."""
    return f"../{address(report)}"


def check_pages(path: Path) -> None:
    """Raises CodesimError where pages would have to replace anything but pages of this report."""
    folder = pages_folder(path)
    if os.path.lexists(folder) and not _is_ours(folder, path.name):
        raise CodesimError(
            f"cannot write {display(str(path))}: its pages may need the folder "
            f"{display(folder.name)} beside it, and what is there is no page of an earlier "
            "report in this file. Name another file, or move that away."
        )


def write_pages(path: Path, files: Mapping[str, bytes]) -> bool:
    """Write a report whose first file is ``path`` itself and whose others, named ``folder/page``,
    lie in its folder. The pages of an earlier report go; whether there were any is the answer.

    Raises CodesimError; then file and folder are as they were.
    """
    check_pages(path)
    folder = pages_folder(path)
    index, *pages = files.values()
    names = [name.rpartition("/")[2] for name in files][1:]
    had_pages = folder.is_dir()
    try:
        with ExitStack() as stack:
            new = (
                stack.enter_context(begun(folder, zip(names, pages, strict=True)))
                if names
                else None
            )
            stack.enter_context(exchanged(new, folder))
            write_atomically(path, index)
    except OSError as error:
        raise CodesimError(
            f"cannot write {display(str(folder))}: {error.strerror or error}. A report that was "
            "there before is unchanged; name a file in a folder that is writable and has room."
        ) from None
    return had_pages


def _is_ours(folder: Path, report: str) -> bool:
    """Whether a folder holds pages of the report of that name and nothing else."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    marks = (b'<meta name="generator" content="codesim ', f'href="{back_link(report)}'.encode())
    for each in folder.iterdir():
        if each.is_symlink() or not each.is_file() or not _PAGE.fullmatch(each.name):
            return False
        data = each.read_bytes()
        if not all(mark in data for mark in marks):
            return False
    return True
