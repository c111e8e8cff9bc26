"""Notebooks read as text: code cells only, in the percent format, outputs dropped.

The line numbers of a notebook, everywhere in codesim, are those of this text; each cell starts
with a ``# %% cell N`` line, so a reader finds the cell at once.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from codesim.text.decode import decode

_MAGIC = re.compile(r"^(\s*)([%!?].*)$")


@dataclass(frozen=True, slots=True)
class NotebookText:
    """``text`` in percent format; ``cells`` holds (cell number, first line, last line), 1-based."""

    text: str
    cells: tuple[tuple[int, int, int], ...]


def notebook_text(data: bytes) -> NotebookText:
    """The code cells of a notebook. Raises ValueError when the bytes are not a notebook."""
    try:
        root = json.loads(decode(data))
    except RecursionError:
        raise ValueError("nested too deeply for JSON") from None
    cells = root.get("cells") if isinstance(root, dict) else None
    if cells is None and isinstance(root, dict):
        cells = _version3(root)
    if not isinstance(cells, list):
        raise ValueError("no list of cells")
    return _percent(cells)


def read_text(path: str, data: bytes) -> str:
    """A file as the report shows it and as line numbers count it."""
    if path.endswith(".ipynb"):
        try:
            return notebook_text(data).text
        except ValueError:
            pass
    return decode(data)


def _version3(root: dict[str, object]) -> list[object] | None:
    sheets = root.get("worksheets")
    if not isinstance(sheets, list):
        return None
    found: list[object] = []
    for sheet in sheets:
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            found.extend(sheet["cells"])
    return found


def _percent(cells: list[object]) -> NotebookText:
    lines: list[str] = []
    spans: list[tuple[int, int, int]] = []
    for number, cell in enumerate(cells, 1):
        body = _code(cell)
        if body is None:
            continue
        first = len(lines) + 1
        lines.append(f"# %% cell {number}")
        lines.extend(body)
        spans.append((number, first, len(lines)))
    return NotebookText("".join(line + "\n" for line in lines), tuple(spans))


def _code(cell: object) -> list[str] | None:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    # A lone surrogate is legal in JSON and fatal in every encoder behind us.
    source = source.encode("utf-8", "replace").decode("utf-8")
    body = source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    if body[0].lstrip().startswith("%%"):
        return ["# " + line for line in body]
    return [_MAGIC.sub(r"\1# \2", line) for line in body]
