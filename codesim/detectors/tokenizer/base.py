"""What the base snapshots explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.tokenizer.known import squeezed
from codesim.detectors.tokenizer.profile import TokenizerProfile


@dataclass(frozen=True, slots=True)
class Upstream:
    """All base snapshots together: tokens with ids, file contents, templates, vocabularies."""

    tokens: frozenset[tuple[str, int | None]]
    contents: frozenset[str]
    templates: frozenset[str]
    vocabularies: tuple[dict[str, int], ...]


def upstream(base: Sequence[TokenizerProfile]) -> Upstream:
    """What any tokenizer of any base has."""
    tokenizers = [tokenizer for profile in base for tokenizer in profile.tokenizers]
    files = [file for tokenizer in tokenizers for file in tokenizer.files]
    vocabularies = [each.reading.vocabulary for each in tokenizers]
    return Upstream(
        tokens=frozenset((s.text, s.id) for each in tokenizers for s in each.specials),
        contents=frozenset(
            content for file in files for content in (*file.contents, file.canonical) if content
        ),
        templates=frozenset(squeezed(each.reading.template) for each in tokenizers),
        vocabularies=tuple(each.by_token() for each in vocabularies if each is not None),
    )
