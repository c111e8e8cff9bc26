"""Which public tokenizer one is, or was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codesim.detectors.tokenizer.known import BLOCK, Base, block_digest, known
from codesim.detectors.tokenizer.profile import Special, Tokenizer, Vocabulary

# A vocabulary that shares this many blocks of 1,000 tokens in the same order was made from it.
_LEAST_BLOCKS = 2
# A public vocabulary without digests is taken for the one with its special tokens and about its
# size: padding and a few added tokens move the size by less.
_NEAR_SIZE = 300
_LEAST_FACTS = 2
_SHARE_OF_FACTS = 0.6


@dataclass(frozen=True, slots=True)
class Origin:
    """``name`` of the public tokenizer, empty where none is recognised, and what it explains.

    ``blocks`` are the thousands of ids whose tokens it has; ``whole`` says that it has them all;
    ``size`` is where its own ids end.
    """

    name: str = ""
    blocks: frozenset[int] = frozenset()
    whole: bool = False
    size: int | None = None

    def explains(self, number: int) -> bool:
        """Whether a token of the vocabulary under this id comes from the public tokenizer."""
        if self.size is not None and number >= self.size:
            return False
        return self.whole or number // BLOCK in self.blocks


def origin_of(tokenizer: Tokenizer) -> Origin:
    """The public tokenizer behind one, by its files, its vocabulary or its special tokens."""
    contents = {content for file in tokenizer.files for content in file.contents}
    for base in known().bases:
        if contents.intersection(base.files):
            return Origin(base.name, whole=True, size=base.size)
    vocabulary = tokenizer.reading.vocabulary
    if vocabulary is None:
        return _by_specials(tokenizer.specials, known().bases)
    found = _by_blocks(vocabulary, known().bases)
    if found.name:
        return found
    size = len(vocabulary.tokens)
    near = [
        base
        for base in known().bases
        if not base.blocks and base.size and abs(base.size - size) <= min(_NEAR_SIZE, size // 10)
    ]
    return _by_specials(tokenizer.specials, near)


def _by_blocks(vocabulary: Vocabulary, bases: Iterable[Base]) -> Origin:
    digests = _digests(vocabulary)
    found = Origin()
    for base in bases:
        same = [at for at, block in enumerate(base.blocks) if block and digests.get(at) == block]
        if len(same) >= _LEAST_BLOCKS and len(same) > len(found.blocks):
            blocks = set(same)
            if base.size and len(base.blocks) - 1 in blocks:
                blocks.add(base.size // BLOCK)  # the rest, too short for a block of its own
            found = Origin(base.name, frozenset(blocks), False, base.size)
    return found


def _digests(vocabulary: Vocabulary) -> dict[int, str]:
    """Digests of every full thousand of ids."""
    thousands: dict[int, list[str]] = {}
    for text, number in zip(vocabulary.tokens, vocabulary.ids, strict=True):
        thousands.setdefault(number // BLOCK, []).append(text)
    return {at: block_digest(each) for at, each in thousands.items() if len(each) == BLOCK}


def _by_specials(specials: tuple[Special, ...], bases: Iterable[Base]) -> Origin:
    held = {(special.text, special.id) for special in specials}
    best: list[Base] = []
    most = _LEAST_FACTS - 1
    for base in bases:
        matched = sum(1 for fact in base.special.items() if fact in held)
        if matched < most or matched < _SHARE_OF_FACTS * len(base.special):
            continue
        best = [base] if matched > most else [*best, base]
        most = matched
    if not best or most < _LEAST_FACTS:
        return Origin()
    named = best[0] if len(best) == 1 or best[0].special != best[1].special else None
    size = named.size if named else None
    return Origin(named.name if named else "public tokenizers", whole=True, size=size)
