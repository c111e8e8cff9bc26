"""The tokens of a repository: a name is kept where it is anchored and blank where it is free."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.graph import UNKNOWN, FileGraph, Ints
from codesim.detectors.code.names import Resolver, hash64
from codesim.detectors.code.numerals import plain
from codesim.detectors.code.profile import Tokens, joined


def linked_tokens(
    graphs: list[FileGraph],
    words: list[str],
    word_maps: list[Ints],
    unit_offset: Ints,
    resolver: Resolver,
) -> Tokens:
    word_hash = np.array([_word_hash(word) for word in words] + [0], dtype=np.uint64)
    # A message that a person reads is reworded as freely as a name.
    free_word = np.array(
        [resolver.is_free_word(word) or " " in word.strip() for word in words] + [False]
    )
    word_bits = np.array([resolver.word_bits(word) for word in words] + [0.0], dtype=np.float32)
    canon, exact, word_ids, lines, owners, bits = [], [], [], [], [], []
    for graph, table, first in zip(graphs, word_maps, unit_offset, strict=False):
        word = table[graph.token_name]
        kind = graph.token_kind.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        local = _local_words(graph, resolver)
        blank = free_word[word] | local[graph.token_name]
        kept = _aliased(graph, word_hash[table])[graph.token_name]
        canon.append(kind ^ np.where(blank, np.uint64(1), kept))
        exact.append(kind ^ word_hash[word])
        named = graph.token_name >= 0
        bits.append(np.where(named & ~blank, word_bits[word], np.where(named, 0.3, 0.8)))
        word_ids.append(word)
        lines.append(graph.token_line)
        owners.append(graph.token_unit + first)
    owner = joined(owners)
    order = np.argsort(owner, kind="stable")
    return Tokens(
        canonical=joined(canon, np.uint64)[order],  # type: ignore[arg-type]
        exact=joined(exact, np.uint64)[order],  # type: ignore[arg-type]
        word=joined(word_ids)[order],
        line=joined(lines)[order],
        bits=joined(bits, np.float32)[order],  # type: ignore[arg-type]
        start=np.searchsorted(owner[order], np.arange(unit_offset[-1] + 1)).astype(np.int32),
    )


def _word_hash(word: str) -> int:
    return hash64(f"W:{plain(word) if word[:1].isdigit() else word}")


def _local_words(graph: FileGraph, resolver: Resolver) -> npt.NDArray[np.bool_]:
    """Words of a file that name local values or things imported from the repository itself."""
    aliases = graph.aliases
    # A global that nothing here defines belongs to a part of the program that was left out.
    bound = graph.bound | {name[2:] for name in graph.names if name.startswith(UNKNOWN)}
    flags = [
        word in bound or (word in aliases and resolver.is_own(aliases[word]))
        for word in graph.words
    ]
    return np.array([*flags, False])


def _aliased(graph: FileGraph, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Hashes of a file's words with import aliases undone."""
    changed = hashes.copy()
    for number, word in enumerate(graph.words):
        path = graph.aliases.get(word)
        if path is not None and path != word:
            changed[number] = hash64(f"W:{path}")
    return changed
