"""From a snapshot to the tokenizers in it."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codesim.detectors.tokenizer.assemble import assembled
from codesim.detectors.tokenizer.baggage import unmentioned
from codesim.detectors.tokenizer.forms import GGUF, RANKS, SENTENCEPIECE, Form, form_of
from codesim.detectors.tokenizer.ggufvocab import read_gguf_tokenizer
from codesim.detectors.tokenizer.known import expected_anywhere
from codesim.detectors.tokenizer.places import lines_of
from codesim.detectors.tokenizer.profile import (
    Reading,
    Tokenizer,
    TokenizerFile,
    TokenizerProfile,
    UnreadableError,
)
from codesim.errors import SnapshotError
from codesim.formats.errors import FormatError
from codesim.formats.lfs import LONGEST_POINTER, is_lfs_pointer, read_lfs_pointer
from codesim.formats.source import source_of
from codesim.model import Entry, Snapshot

_MODELS = {GGUF.name, SENTENCEPIECE.name, RANKS.name}
_NOTHING = Reading()


@dataclass(frozen=True, slots=True)
class Found:
    """A tokenizer file and what it says, or with a ``problem`` that kept it from saying more."""

    form: Form
    file: TokenizerFile
    reading: Reading = _NOTHING
    problem: str = ""


def read_profile(snapshot: Snapshot, max_bytes: int, max_tokenizers: int) -> TokenizerProfile:
    """The tokenizers of a snapshot, one per folder, or per file where a file is all there is."""
    groups: dict[str, list[Found]] = {}
    for found in _files(snapshot, max_bytes):
        groups.setdefault(_group(found), []).append(found)
    problems = [found for files in groups.values() for found in files if found.problem]
    groups = {folder: files for folder, files in _apart(groups) if _is_tokenizer(files)}
    listed = sorted(groups)
    skipped = [
        (found.file.path, found.problem)
        for found in problems
        if found.form.certain or _group(found) in groups
    ]
    if len(listed) > max_tokenizers:
        left_out = f"{len(listed) - max_tokenizers:,} beyond the first {max_tokenizers}"
        skipped.append(("other tokenizers", f"{left_out} were not compared"))
    kept = [_tokenizer(folder, groups[folder]) for folder in listed[:max_tokenizers]]
    return TokenizerProfile(
        snapshot.name, tuple(_with_baggage(snapshot, kept)), tuple(sorted(skipped))
    )


def _files(snapshot: Snapshot, max_bytes: int) -> Iterator[Found]:
    for entry in snapshot.entries:
        form = form_of(entry.path)
        if form is None:
            continue
        file = TokenizerFile(entry.path, form.name, _contents(entry.blob_id))
        try:
            found = (
                _gguf(snapshot, entry, file)
                if form is GGUF
                else _file(snapshot, entry, form, file, max_bytes)
            )
        except (UnreadableError, SnapshotError) as error:
            found = Found(form, file, problem=str(error))
        if found is not None:
            yield found


def _file(
    snapshot: Snapshot, entry: Entry, form: Form, file: TokenizerFile, max_bytes: int
) -> Found:
    """A file as far as it can be had. Raises UnreadableError and SnapshotError."""
    if not entry.readable:
        return Found(form, file)
    if entry.size is not None and entry.size > max_bytes:
        raise UnreadableError(f"has {entry.size:,} bytes; the limit is {max_bytes:,}")
    data = snapshot.read(entry.path)
    if is_lfs_pointer(data):
        return Found(form, replace(file, contents=_contents(entry.blob_id, _oid(data))))
    if form.read is None:
        raise UnreadableError("cannot be read as a whole")
    reading = form.read(data)
    file = replace(
        file,
        contents=_contents(entry.blob_id, hashlib.sha256(data).hexdigest()),
        canonical=reading.canonical,
        lines=data.count(b"\n") + (not data.endswith(b"\n")),
        read=True,
    )
    return Found(form, file, _placed(reading, file, data, form))


def _gguf(snapshot: Snapshot, entry: Entry, file: TokenizerFile) -> Found | None:
    if _is_pointer(snapshot, entry):
        return None
    source = source_of(snapshot, entry)
    reading = read_gguf_tokenizer(source) if source is not None else None
    if reading is None:
        return None
    file = replace(file, read=True)
    specials = tuple(replace(each, path=entry.path) for each in reading.specials)
    return Found(GGUF, file, replace(reading, specials=specials))


def _is_pointer(snapshot: Snapshot, entry: Entry) -> bool:
    small = entry.readable and (entry.size or LONGEST_POINTER + 1) <= LONGEST_POINTER
    return small and is_lfs_pointer(snapshot.read(entry.path))


def _contents(*ids: str | None) -> tuple[str, ...]:
    return tuple(each for each in ids if each)


def _oid(data: bytes) -> str:
    try:
        return read_lfs_pointer(data).oid
    except FormatError as error:
        raise UnreadableError(str(error)) from None


def _placed(reading: Reading, file: TokenizerFile, data: bytes, form: Form) -> Reading:
    """A reading whose parts know the path, and its special tokens their lines."""
    texts = {special.text for special in reading.specials}
    lines = lines_of(data, texts, form.json) if texts and form.name != "sentencepiece" else {}
    specials = tuple(
        replace(each, path=file.path, line=lines.get(each.text)) for each in reading.specials
    )
    vocabulary = reading.vocabulary and replace(reading.vocabulary, path=file.path)
    return replace(reading, specials=specials, vocabulary=vocabulary)


def _group(found: Found) -> str:
    return posixpath.dirname(found.file.path)


def _apart(groups: dict[str, list[Found]]) -> Iterator[tuple[str, list[Found]]]:
    """Groups, of which no one holds two models: each of several is a tokenizer of its own.

    So is a GGUF file beside a vocabulary, for it is often of another model.
    """
    for folder, files in groups.items():
        models = [found for found in files if found.form.name in _MODELS]
        if len(models) < 2:
            vocabularies = [found for found in files if found.reading.vocabulary]
            models = [f for f in models if f.form is GGUF and len(vocabularies) > 1]
        apart = {found.file.path for found in models}
        yield folder, [found for found in files if found.file.path not in apart]
        yield from ((found.file.path, [found]) for found in models)


def _is_tokenizer(files: Sequence[Found]) -> bool:
    """Whether the files of a folder are a tokenizer, and not others of the same name."""
    known = [
        found
        for found in files
        if found.reading != _NOTHING or (found.form.certain and not found.problem)
    ]
    if any(found.form.leading for found in known):
        return True
    # A list of words is a vocabulary where it has tokens that no text has, or merges beside it.
    return len({found.form.name for found in known}) > 1 or any(
        found.reading.specials for found in known
    )


def _tokenizer(folder: str, files: Sequence[Found]) -> Tokenizer:
    ordered = sorted(files, key=lambda found: found.file.path)
    reading = assembled([(found.form.name, found.reading) for found in ordered])
    return Tokenizer(folder, tuple(found.file for found in ordered), reading)


def _with_baggage(snapshot: Snapshot, tokenizers: Sequence[Tokenizer]) -> Iterator[Tokenizer]:
    tokens = {
        special.text
        for tokenizer in tokenizers
        for special in tokenizer.specials
        if not expected_anywhere(special.text)
    }
    unused = unmentioned(snapshot, tokens) if tokens else frozenset()
    for tokenizer in tokenizers:
        mine = {s.text for s in tokenizer.specials if s.text in unused}
        spoken = tokenizer.reading.template
        used = {text for _, text in tokenizer.reading.roles} | {t for t in mine if t in spoken}
        yield replace(tokenizer, unused=frozenset(mine - used))
