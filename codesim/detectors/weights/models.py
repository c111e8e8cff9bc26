"""The tensors of a snapshot whose values can be read, and what of the model they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from codesim.detectors.weights.files import FORMS, Part, form_of, is_state, opened
from codesim.detectors.weights.scales import with_scales
from codesim.detectors.weights.values import READABLE, Values
from codesim.errors import SnapshotError
from codesim.formats import FormatError, TensorIndex, TensorRecord, read_index
from codesim.model import Entry, Skipped, Snapshot

_INDEX = ".index.json"
_SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.[A-Za-z]+$)")
# Of the tensors of another file this share may have names that are known already.
_MOST_KNOWN = 0.1
_MOST_NAMED = 3
_HOLDS = ("hold", "holds")


@dataclass(frozen=True, slots=True)
class Model:
    """One model: ``tensors`` that can be read, of ``declared`` tensors that its files or its index
    name. ``bytes`` counts those that can be read, ``declared_bytes`` all, as far as is known.

    ``state`` is ``complete``, ``partial`` (some shards are missing or cut short), ``index only``
    (names without values), ``unreadable`` (values are there, in no form that is read) or ``none``.
    """

    name: str = ""
    tensors: tuple[Values, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    declared: int = 0
    bytes: int = 0
    declared_bytes: int = 0
    state: str = "none"

    @property
    def has_values(self) -> bool:
        """True where at least one tensor can be read."""
        return bool(self.tensors)


@dataclass(slots=True)
class _Group:
    """The files of one checkpoint."""

    path: str
    form: str
    parts: list[Part] = field(default_factory=list)
    index: TensorIndex | None = None
    # Files of it that could not be opened, and whether none was tried.
    lost: int = 0
    is_closed: bool = False

    @property
    def has_values(self) -> bool:
        return any(part.tensors for part in self.parts)

    def names(self) -> set[str]:
        """What the files hold, and what the index says that they do."""
        found = {record.name for part in self.parts for record in (*part.tensors, *part.cut)}
        return found | {record.name for record in (self.index.tensors if self.index else ())}

    @property
    def order(self) -> tuple[bool, int, int, int, str]:
        """Files with values first, then by form, depth, size and path."""
        size = sum(record.bytes or 0 for part in self.parts for record in part.tensors)
        place = FORMS.index(self.form)
        return (not self.has_values, place, self.path.count("/"), -size, self.path)


def open_model(snapshot: Snapshot) -> Model:
    """The model of a snapshot. Reads headers and scales, and no other values."""
    skipped: list[Skipped] = []
    if snapshot.weights is not None:
        snapshot = snapshot.weights
        skipped += [each for each in snapshot.skipped if form_of(each.what)]
    groups = _groups(snapshot, skipped)
    chosen = _chosen(groups, skipped)
    if not chosen:
        return Model(snapshot.name, skipped=tuple(skipped))
    tensors: dict[str, Values] = {}
    declared: dict[str, int] = {}
    total = 0
    for group in chosen:
        found = [values for part in group.parts for values in _readable(part, skipped)]
        for values in with_scales(found, skipped):
            tensors.setdefault(values.name, values)
        known = {r.name: r.bytes or 0 for p in group.parts for r in (*p.tensors, *p.cut)}
        declared |= {name: known.get(name, 0) for name in group.names()}
        total += (group.index.total_size if group.index else None) or sum(known.values())
        skipped += _missing(group, known)
    usable = tuple(tensors[name] for name in sorted(tensors))
    held = sum(values.record.bytes or 0 for values in usable)
    state = _state(chosen, usable)
    return Model(snapshot.name, usable, tuple(skipped), len(declared), held, total, state)


def _groups(snapshot: Snapshot, skipped: list[Skipped]) -> list[_Group]:
    """The checkpoints of a snapshot. Once one form has values, those of later forms stay closed:
    they are not compared, and on a server each header costs a way there and back.
    """
    found: dict[str, _Group] = {}
    held: dict[str, list[Entry]] = {}
    for entry in snapshot.entries:
        path = entry.path.removesuffix(_INDEX)
        form = form_of(path)
        if form is not None and not is_state(path):
            name = _SHARD.sub("", path)
            found.setdefault(name, _Group(name, form))
            held.setdefault(name, []).append(entry)
    for form in FORMS:
        groups = [group for group in found.values() if group.form == form]
        if any(group.has_values for group in found.values()):
            for group in groups:
                group.is_closed = True
            continue
        for group in groups:
            for entry in held[group.path]:
                _open(group, snapshot, entry, skipped)
    return [g for g in found.values() if g.parts or g.index or g.is_closed]


def _open(group: _Group, snapshot: Snapshot, entry: Entry, skipped: list[Skipped]) -> None:
    try:
        if entry.path.endswith(_INDEX):
            group.index = _index(snapshot, entry)
        else:
            group.parts.append(opened(snapshot, entry, group.form))
    except (FormatError, SnapshotError) as error:
        group.lost += 1
        skipped.append(Skipped(entry.path, str(error)))


def _index(snapshot: Snapshot, entry: Entry) -> TensorIndex | None:
    return read_index(snapshot.read(entry.path)) if entry.readable else None


def _chosen(groups: Sequence[_Group], skipped: list[Skipped]) -> list[_Group]:
    """The checkpoint of a snapshot, and others of the same form whose tensors are others."""
    ordered = sorted(groups, key=lambda group: group.order)
    chosen: list[_Group] = []
    names: set[str] = set()
    for group in ordered:
        own = group.names()
        if not own and not group.is_closed:
            skipped.append(Skipped(group.path, "holds no tensors"))
            continue
        other_form = bool(chosen) and group.form != chosen[0].form
        if chosen and (other_form or not own or len(own & names) > _MOST_KNOWN * len(own)):
            skipped.append(Skipped(group.path, f"beside {chosen[0].path}, which is compared"))
            continue
        chosen.append(group)
        names |= own
    return chosen


def _readable(part: Part, skipped: list[Skipped]) -> list[Values]:
    """Tensors of at least one dimension in a form that is decoded."""
    found: list[Values] = []
    other: dict[str, list[str]] = {}
    empty: list[str] = []
    for record in part.tensors:
        if not record.shape:
            continue
        if 0 in record.shape:
            empty.append(record.name)
            continue
        if record.dtype not in READABLE:
            other.setdefault(record.dtype, []).append(record.name)
            continue
        found.append(Values(_by_rows(record), part.source, heads=part.heads_of(record)))
    for dtype, names in sorted(other.items()):
        skipped.append(Skipped(listed(names), f"stored as {dtype}, which is not decoded"))
    if empty:
        skipped.append(Skipped(listed(empty), f"{_HOLDS[len(empty) == 1]} no numbers"))
    if part.foreign:
        reason = (
            f"names {listed(part.foreign)}, which to unpickle it would call; nothing was called,"
            " and only its tensors were read"
        )
        skipped.append(Skipped(part.source.path, reason))
    return found


def _by_rows(record: TensorRecord) -> TensorRecord:
    """A matrix that a PyTorch file stores by columns, as its transpose, which is stored by rows."""
    if record.strides is None or record.shape is None or len(record.shape) != 2:
        return record
    rows, columns = record.shape
    if record.strides != (1, rows):
        return record
    return TensorRecord(
        record.name, (columns, rows), record.dtype, record.file, record.start, record.end
    )


def _missing(group: _Group, known: dict[str, int]) -> list[Skipped]:
    """What is named and not there, in the words of a report."""
    found = []
    for part in group.parts:
        if part.cut:
            names = listed([record.name for record in part.cut])
            found.append(Skipped(part.source.path, f"is cut short: {names} not read"))
    absent: dict[str, int] = {}
    for record in group.index.tensors if group.index else ():
        if record.name not in known:
            absent[record.file] = absent.get(record.file, 0) + 1
    folder = group.path.rpartition("/")[0]
    for file, count in sorted(absent.items()):
        path = f"{folder}/{file}" if folder else file
        found.append(Skipped(path, f"named by the index and not there: {count:,} tensors"))
    return found


def listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _state(chosen: Sequence[_Group], tensors: Sequence[Values]) -> str:
    known = {r.name for group in chosen for part in group.parts for r in part.tensors}
    every = {name for group in chosen for name in group.names()}
    if not known:
        return "index only"
    if not tensors:
        return "unreadable"
    is_whole = known == every and not any(group.lost for group in chosen)
    return "complete" if is_whole else "partial"
