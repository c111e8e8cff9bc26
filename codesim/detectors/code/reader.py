"""Snapshots to file graphs: which files hold Python, and what if they do not parse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from codesim.detectors.code.builder import build
from codesim.detectors.code.lexer import MAX_TOKENS
from codesim.detectors.code.link import SourceFile, link
from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.code.record import degraded_graph
from codesim.detectors.code.stored import FileRecord, Stored
from codesim.detectors.code.syntax import Syntax, Unparsable, parse
from codesim.errors import SnapshotError
from codesim.formats.blob import blob_id_of
from codesim.model import Entry, Snapshot
from codesim.text import decode, notebook_text

SUFFIXES = (".py", ".pyw", ".pyi", ".ipynb")


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets per file; all deterministic."""

    max_bytes: int
    max_notebook_bytes: int
    max_nodes: int
    max_depth: int


def is_python(entry: Entry) -> bool:
    """Files taken for Python by their name."""
    return entry.path.endswith(SUFFIXES)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that will be read; ``data`` where that was needed to know its id."""

    path: str
    blob_id: str
    data: bytes | None = None


# Files without an id are read before anything else; what exceeds this is read once more later.
_MAX_HELD = 64_000_000


def read_profile(snapshot: Snapshot, limits: Limits) -> CodeProfile:
    """The profile of a snapshot, from the cache where it holds what the ids stand for."""
    stored = Stored(limits)
    skipped: list[tuple[str, str]] = []
    sources = list(_sources(snapshot, limits, skipped))
    listing = [(source.path, source.blob_id) for source in sources]
    passed_over = tuple(skipped)
    profile = stored.profile(listing, passed_over)
    if profile is None:
        files = list(_files(snapshot, sources, limits, stored, skipped))
        profile = link(files, sorted(skipped), snapshot.name)
        stored.keep_profile(listing, passed_over, profile)
    return replace(profile, name=snapshot.name)


def read_graphs(
    snapshot: Snapshot, limits: Limits
) -> tuple[list[SourceFile], list[tuple[str, str]]]:
    """What ``link`` makes the profile of, a fifth of its size: the graph of every file, and what
    was skipped.
    """
    stored = Stored(limits)
    skipped: list[tuple[str, str]] = []
    sources = list(_sources(snapshot, limits, skipped))
    files = list(_files(snapshot, sources, limits, stored, skipped))
    return files, sorted(skipped)


def _sources(
    snapshot: Snapshot, limits: Limits, skipped: list[tuple[str, str]]
) -> Iterator[Source]:
    """Every Python file within the limits, in path order."""
    held = 0
    for entry in snapshot.entries:
        if not is_python(entry) or not entry.readable:
            continue
        limit = limits.max_notebook_bytes if entry.path.endswith(".ipynb") else limits.max_bytes
        if entry.size is not None and entry.size > limit:
            skipped.append((entry.path, f"{entry.size:,} bytes; the limit is {limit:,}"))
            continue
        if entry.blob_id:
            yield Source(entry.path, entry.blob_id)
            continue
        try:
            data = snapshot.read(entry.path)
        except SnapshotError as error:
            skipped.append((entry.path, str(error)))
            continue
        held += len(data)
        yield Source(entry.path, blob_id_of(data), data if held <= _MAX_HELD else None)


def _files(
    snapshot: Snapshot,
    sources: list[Source],
    limits: Limits,
    stored: Stored,
    skipped: list[tuple[str, str]],
) -> Iterator[SourceFile]:
    """The graph of every file that can be read."""
    for source in sources:
        blob_id = source.blob_id
        record = stored.record(source.path, blob_id)
        if record is None:
            try:
                data = snapshot.read(source.path) if source.data is None else source.data
            except SnapshotError as error:
                stored.lasting = False
                skipped.append((source.path, str(error)))
                continue
            record = _read(source.path, data, limits)
            # A damaged or forged object store may hold another content under this id.
            blob_id = blob_id_of(data, like=source.blob_id)
            stored.keep_record(source.path, source.blob_id, blob_id, record)
        if record.reason:
            skipped.append((source.path, record.reason))
        if record.graph is not None:
            yield SourceFile(source.path, blob_id, record.graph, record.cells)


# A file of which the parser had to guess more than this share says more through its tokens.
_BROKEN_SHARE = 0.1


def _refuse_broken(syntax: Syntax) -> None:
    if not syntax.errors:
        return
    lost = reached = 0
    for start, stop in syntax.errors:
        lost += max(0, stop - max(start, reached))
        reached = max(reached, stop)
    if lost > _BROKEN_SHARE * len(syntax.source):
        line = syntax.source.count(b"\n", 0, syntax.errors[0][0]) + 1
        raise Unparsable(f"syntax error near line {line}")


def _read(path: str, data: bytes, limits: Limits) -> FileRecord:
    cells: tuple[tuple[int, int, int], ...] = ()
    if path.endswith(".ipynb"):
        try:
            notebook = notebook_text(data)
        except ValueError as error:
            return FileRecord(None, reason=f"not a notebook: {error}")
        text, cells = notebook.text, notebook.cells
    else:
        text = decode(data)
    source = text.encode("utf-8", "replace")
    try:
        syntax = parse(source, limits.max_nodes, limits.max_depth)
        _refuse_broken(syntax)
        graph = build(syntax, cells)
    except Unparsable as error:
        graph = degraded_graph(text, f"{error}; compared by tokens")
        if len(graph.token_kind) > MAX_TOKENS:
            graph.degraded = f"{error}; compared by tokens, the first {MAX_TOKENS:,} of them"
    return FileRecord(graph, cells, graph.degraded)
