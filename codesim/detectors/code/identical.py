"""Files that are the same on both sides but for names, found before anything is aligned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codesim.detectors.code.filepairs import FileMatch, file_mass
from codesim.detectors.code.largest import equal_match
from codesim.detectors.code.matching import View, file_bits, is_same_unit, whole_match

# Fewer tokens than this are equal in any two repositories.
_MIN_TOKENS = 12


def identical_pairs(left: View, right: View) -> list[FileMatch]:
    """One pair per file of the left that the right has too; both leave the search.

    A file that occurs several times on a side pairs with the occurrence of the most similar path.
    """
    found: list[FileMatch] = []
    paired: set[int] = set()
    where = _places(right)
    for number, twins in _twins(left, where):
        twin = min(twins, key=lambda t: (_path(right, t) != _path(left, number), t))
        if _is_same(left, right, number, twin):
            found.append(_pair(left, right, number, twin, fresh=twin not in paired))
            paired.add(twin)
    back = _places(left)
    for number, twins in _twins(right, back):
        twin = min(twins, key=lambda t: (_path(left, t) != _path(right, number), t))
        if number not in paired and _is_same(left, right, twin, number):
            found.append(_pair(left, right, twin, number, fresh=False))
    return found


Key = tuple[bool, str | bytes]


def _places(view: View) -> dict[Key, list[int]]:
    """Files of one side by what makes two files the same."""
    where: dict[Key, list[int]] = {}
    for number in range(len(view.profile.files)):
        for key in _keys(view, number):
            where.setdefault(key, []).append(number)
    return where


def _twins(view: View, where: dict[Key, list[int]]) -> Iterator[tuple[int, list[int]]]:
    """Files of one side that have the same file on the other."""
    for number in range(len(view.profile.files)):
        if file_mass(view, number) == 0.0 or _touched(view, number):
            continue
        twins = next((where[key] for key in _keys(view, number) if key in where), None)
        if twins:
            yield number, twins


def _keys(view: View, file: int) -> list[Key]:
    """The same bytes, else the same canonical tokens; a notebook is never a module."""
    notebook = _path(view, file).endswith(".ipynb")
    text = _tokens(view, file)
    keys: list[Key] = [(notebook, view.profile.files[file].blob_id)]
    return [*keys, (notebook, text)] if text else keys


def _path(view: View, file: int) -> str:
    return view.profile.files[file].path


def _tokens(view: View, file: int) -> bytes:
    """The canonical tokens of a whole file; empty for a file that hardly has any."""
    profile = view.profile
    first, last = profile.files[file].units
    low, high = profile.tokens.start[[first, last]].tolist()
    sizes = profile.tokens.start[first : last + 1] - low
    if high - low < _MIN_TOKENS:
        return b""
    return bytes(profile.tokens.canonical[low:high].tobytes() + sizes.tobytes())


def _touched(view: View, file: int) -> bool:
    """True when a base explains a part of this file."""
    return not all(view.is_untouched(unit) for unit in range(*view.profile.files[file].units))


def _is_same(left: View, right: View, file: int, twin: int) -> bool:
    """Equal bytes are the same; equal tokens are when every definition also computes the same."""
    if left.profile.files[file].blob_id == right.profile.files[twin].blob_id:
        return True
    units = zip(
        range(*left.profile.files[file].units),
        range(*right.profile.files[twin].units),
        strict=True,
    )
    return all(is_same_unit(left, right, u, v) for u, v in units)


def _pair(left: View, right: View, file: int, twin: int, fresh: bool) -> FileMatch:
    """A pair of equal files; only the first pair of a file is evidence, others cover it too."""
    same = left.profile.files[file].blob_id == right.profile.files[twin].blob_id
    pair = FileMatch(file, twin, identical=same)
    l_units = range(*left.profile.files[file].units)
    r_units = range(*right.profile.files[twin].units)
    for u, v in zip(l_units, r_units, strict=True):
        left.hidden[u] = right.hidden[v] = True
        match = equal_match(left, right, u, v) if same else whole_match(left, right, u, v)
        if match.region.left:
            pair.matches.append(match if fresh else replace(match, bits=0.0))
        pair.left_nodes.update(range(*left.profile.unit_start[u : u + 2].tolist()))
        pair.right_nodes.update(range(*right.profile.unit_start[v : v + 2].tolist()))
    if fresh:
        _lift(left, right, pair)
    return pair


def _lift(left: View, right: View, pair: FileMatch) -> None:
    """Equal definitions in equal order say more than each alone: the file counts as one run."""
    # Equal bytes are equal names, defaults and comments in equal order, also of plain fields.
    rare = min(
        left.average(pair.left, left.cohort_weight), right.average(pair.right, right.cohort_weight)
    )
    if not pair.identical:
        rare *= min(
            left.average(pair.left, left.field_weight),
            right.average(pair.right, right.field_weight),
        )
    bits = rare * file_bits(left, right, pair.left, pair.right)
    if pair.matches:
        best = max(range(len(pair.matches)), key=lambda n: (pair.matches[n].bits, -n))
        match = pair.matches[best]
        pair.matches[best] = replace(match, bits=max(match.bits, bits))


def all_identical(left: View, right: View) -> bool:
    """True when both sides hold the same Python files, under whatever paths."""
    one, two = (
        sorted((file.path.endswith(".ipynb"), file.blob_id) for file in view.profile.files)
        for view in (left, right)
    )
    return bool(one) and one == two
