"""The tables of a report: templates side by side, the architecture as figures, identical files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from codesim.detectors.checkpoint.figures import Figures
from codesim.detectors.checkpoint.matching import Match, TemplateMatch
from codesim.detectors.checkpoint.names import Template, written
from codesim.detectors.checkpoint.profile import KnownFile
from codesim.detectors.checkpoint.sheet import Group, Sheet
from codesim.model import Table

_COLUMNS = ("left", "right", "tensors", "shape", "dtype", "public architecture", "state")
# A model of a few hundred tensors has some fifty templates.
_MOST_ROWS = 400
_ESTIMATED = " (estimated)"
Row = tuple[str, ...]


def template_table(match: Match) -> Table:
    """Every template of both sides with its counterpart."""
    one, two = match.left.inventory.path, match.right.inventory.path
    rows = [
        *(_mapped_row(match, each) for each in match.templates),
        *_lone_rows(match.left, {each.left for each in match.templates}, "only left"),
        *_lone_rows(match.right, {each.right for each in match.templates}, "only right"),
    ]
    cut = len(rows) - _MOST_ROWS
    return Table(
        title=f"tensors of {one} and {two}" if one != two else f"tensors of {one}",
        columns=_COLUMNS,
        rows=tuple(rows[:_MOST_ROWS]),
        note=f"{cut:,} more rows are left out" if cut > 0 else _note(match),
    )


def _note(match: Match) -> str:
    found = "* stands for a layer number"
    if any(each.by_structure for each in match.templates):
        found += "; of parts that are built alike, the names decide which stands for which"
    return found


def _mapped_row(match: Match, each: TemplateMatch) -> Row:
    left, right = match.left.groups[each.left], match.right.groups[each.right]
    counts = _both(f"{len(left.tensors)}", f"{len(right.tensors)}")
    shape, dtype = _both(_shapes(left), _shapes(right)), _both(_dtypes(left), _dtypes(right))
    public = each.public.architecture if each.public else ""
    state = _state(each, left, right)
    return (written(each.left), written(each.right), counts, shape, dtype, public, state)


def _state(each: TemplateMatch, left: Group, right: Group) -> str:
    if each.in_base:
        return "base"
    if _differs(left.shapes, right.shapes):
        return "changed"
    if each.left != each.right:
        return "renamed"
    return "common" if each.public else "same"


def _differs(left: Sequence[object], right: Sequence[object]) -> bool:
    return None not in left and None not in right and left != right


def _lone_rows(side: Sheet, mapped: set[Template], state: str) -> Iterator[Row]:
    public = side.public
    for template, group in side.groups.items():
        if template in mapped:
            continue
        name, block = written(template), public.get(template)
        yield (
            name if state == "only left" else "",
            name if state == "only right" else "",
            f"{len(group.tensors)}",
            _shapes(group),
            _dtypes(group),
            block.architecture if block else "",
            state,
        )


def _both(left: str, right: str) -> str:
    return left if left == right else f"{left or '?'} | {right or '?'}"


def _shapes(group: Group) -> str:
    found = [" x ".join(map(str, shape)) or "1" for shape in group.shapes if shape is not None]
    return ", ".join(found[:2]) + (", ..." if len(found) > 2 else "")


def _dtypes(group: Group) -> str:
    return ", ".join(group.dtypes)


def figure_table(left: Figures, right: Figures) -> Table:
    """What the files say of both checkpoints as a whole."""
    rows = [
        (name, one, two, _told(one, two))
        for (name, one), (_, two) in zip(_figures(left), _figures(right), strict=True)
        if one or two
    ]
    notes = [_surprise(side, figures) for side, figures in (("left", left), ("right", right))]
    note = "; ".join(filter(None, notes))
    return Table("architecture", ("figure", "left", "right", "state"), tuple(rows), note)


def _told(left: str, right: str) -> str:
    """Two estimates that differ say that one is wrong, not that anything was changed."""
    if left == right:
        return "same"
    return "" if _ESTIMATED in left or _ESTIMATED in right else "changed"


def _surprise(side: str, figures: Figures) -> str:
    """Says so where the files do not have the dtype that the configuration declares."""
    if not figures.denied:
        return ""
    per, declared = figures.bytes_per_parameter, figures.declared_bytes
    return f"{side}: {per:.3f} bytes per parameter, though {figures.declared} means {declared}"


def _figures(figures: Figures) -> Iterator[tuple[str, str]]:
    about = _ESTIMATED if figures.estimated else ""
    per = figures.bytes_per_parameter
    yield "tensors", f"{figures.tensors:,}"
    yield "bytes of all tensors", _number(figures.total_size)
    yield "parameters", _number(figures.parameters) + about * (figures.parameters is not None)
    yield "bytes per parameter", f"{per:.3f}{about}" if per is not None else ""
    yield "declared dtype", figures.declared
    yield "layers of each stack", ", ".join(map(str, figures.depths))
    yield "width", _number(figures.width)
    yield "vocabulary", _number(figures.vocabulary)
    yield "attention heads", _number(figures.heads)
    yield "width of all key heads", _number(figures.key_width)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def file_table(same: Iterable[tuple[KnownFile, KnownFile]], base: frozenset[str]) -> Table | None:
    """Files that are the same byte for byte, by their digests; None when there are none."""
    rows = tuple(
        (one.path, two.path, _number(one.size or two.size), _known_by(one, two),
         "base" if one.path in base else "same")
        for one, two in same
    )  # fmt: skip
    columns = ("left", "right", "bytes", "known by", "state")
    return Table("identical files", columns, rows[:_MOST_ROWS]) if rows else None


def _known_by(left: KnownFile, right: KnownFile) -> str:
    if left.sha256 and left.sha256 == right.sha256:
        return f"SHA-256 {left.sha256[:12]}"
    return f"Git blob {left.blob_id[:12]}"
