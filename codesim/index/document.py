"""The answers to a search as a document, ``codesim/search/1``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from codesim import __version__
from codesim.index.content import Repository
from codesim.index.search import Answer, Search
from codesim.report.assemble import evidence_record, scrub, snapshot_record
from codesim.report.document import EvidenceRecord, Share, SnapshotRecord, StrengthWord

SCHEMA = "codesim/search/1"


class _Record(Struct, frozen=True, forbid_unknown_fields=True):
    """Plain data; an unknown field means another schema, so it is refused."""


class RepositoryRecord(_Record, frozen=True):
    """A repository of the index."""

    name: Annotated[str, Meta(description="Its name in the index.")]
    origin: Annotated[str, Meta(description="Where it came from, without credentials.")]
    revision: Annotated[str, Meta(description="Full commit id; empty where there is no commit.")]
    digest: Annotated[str, Meta(description="Names its content, whatever it is called.")]
    files: Annotated[int, Meta(ge=0, description="Number of files, read or not.")]
    lines: Annotated[int, Meta(ge=0, description="Lines of Python.")]


class SharedRecord(_Record, frozen=True):
    """What the query shares with a repository in one kind of fingerprint."""

    kind: Annotated[str, Meta(description="Kind of fingerprint: code or files.")]
    count: Annotated[int, Meta(ge=0, description="Number of shared fingerprints.")]
    bits: Annotated[float, Meta(ge=0, description="Their information; ranks the answers.")]
    of_query: Annotated[Share, Meta(description="Share of the fingerprints of the query.")]
    of_repository: Annotated[Share, Meta(description="Share of those of the repository.")]


class AnswerRecord(_Record, frozen=True):
    """A repository that shares something with the query."""

    repository: Annotated[RepositoryRecord, Meta(description="The repository.")]
    strength: Annotated[
        StrengthWord | None,
        Meta(description="Holds for the best of all repositories; null where none was compared."),
    ]
    identical: Annotated[bool, Meta(description="Whether it has the same content.")]
    shared: Annotated[tuple[SharedRecord, ...], Meta(description="Shared fingerprints by kind.")]
    evidence: Annotated[
        tuple[EvidenceRecord, ...], Meta(description="Left is the query, right the repository.")
    ]
    note: Annotated[str, Meta(description="Why nothing was compared; or empty.")]


class SearchDocument(_Record, frozen=True):
    """One search of an index."""

    schema: Annotated[Literal["codesim/search/1"], Meta(description="Name and version of format.")]
    codesim: Annotated[str, Meta(description="Version of codesim that wrote the document.")]
    query: Annotated[SnapshotRecord, Meta(description="What was searched for.")]
    among: Annotated[int, Meta(ge=0, description="Number of repositories in the index.")]
    answers: Annotated[tuple[AnswerRecord, ...], Meta(description="Best first.")]


def document_of(search: Search) -> SearchDocument:
    """The document of a search."""
    return SearchDocument(
        schema="codesim/search/1",
        codesim=__version__,
        query=snapshot_record(search.query),
        among=search.among,
        answers=tuple(_answer(answer) for answer in search.answers),
    )


def encode(found: Any) -> bytes:
    """UTF-8 JSON with fixed field order and a final newline."""
    compact = msgspec.json.encode(found, order="deterministic")
    return msgspec.json.format(compact, indent=1) + b"\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document; ``schema/search-1.json`` is its copy."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        **msgspec.json.schema(SearchDocument),
    }


def _answer(answer: Answer) -> AnswerRecord:
    word: Any = answer.strength.word if answer.strength is not None else None
    return AnswerRecord(
        repository=repository_record(answer.repository),
        strength=word,
        identical=answer.identical,
        shared=tuple(
            SharedRecord(each.kind, each.count, each.bits, each.of_query, each.of_repository)
            for each in answer.shared
        ),
        evidence=tuple(evidence_record(each) for each in answer.evidence),
        note=answer.note,
    )


def repository_record(repository: Repository) -> RepositoryRecord:
    """A repository as a document and ``codesim index list --json`` name it."""
    return RepositoryRecord(
        scrub(repository.name), scrub(repository.origin), scrub(repository.revision),
        repository.digest, repository.files, repository.lines,
    )  # fmt: skip
