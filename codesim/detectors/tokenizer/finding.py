"""Everything that one pair of tokenizers has in common, and how much it says."""

from __future__ import annotations

from dataclasses import dataclass

from codesim.detectors.tokenizer.base import Upstream
from codesim.detectors.tokenizer.known import known, squeezed
from codesim.detectors.tokenizer.profile import Tokenizer
from codesim.detectors.tokenizer.recognise import Origin
from codesim.detectors.tokenizer.samefiles import EQUAL, IDENTICAL, FileFinding, file_findings
from codesim.detectors.tokenizer.tokens import CHANGED, SAME, TokenRow, beyond, token_rows
from codesim.detectors.tokenizer.vocabularies import (
    MergeFinding,
    VocabularyFinding,
    compare_merges,
    compare_vocabularies,
)
from codesim.detectors.tokenizer.weigh import token_bits

# A file with tokens of one's own that is the same to the last byte (or as JSON): every flag, every
# part and the order agree as well. A public file says nothing, so only where there are such tokens.
_IDENTICAL_BITS, _EQUAL_BITS = 10.0, 4.0
_LEAST_TOKEN_BITS = 8.0
# The same model file that nobody knows, its bytes out of reach: it may be public all the same.
_UNKNOWN_FILE_BITS = 8.0
_MODELS = {"tokenizer.json", "sentencepiece", "tiktoken", "gguf"}
# A chat template of one's own; shorter ones are idioms.
_TEMPLATE_BITS, _TEMPLATE_LENGTH = 4.0, 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One tokenizer of the left with one of the right."""

    left: Tokenizer
    right: Tokenizer
    origins: tuple[Origin, Origin]
    files: tuple[FileFinding, ...]
    rows: tuple[TokenRow, ...]
    vocabulary: VocabularyFinding | None
    merges: MergeFinding | None
    template: str
    bits: float

    @property
    def same(self) -> list[TokenRow]:
        """The same tokens under the same ids, beyond public tokenizers and base."""
        return beyond(self.rows, SAME)

    @property
    def shared(self) -> list[TokenRow]:
        """The same tokens, under whatever ids."""
        return beyond(self.rows, SAME, CHANGED)


def examine(
    left: Tokenizer, right: Tokenizer, origins: tuple[Origin, Origin], base: Upstream
) -> Finding:
    """Compare two tokenizers, made from these public ones, in every respect."""
    files = file_findings(left, right, base)
    rows = token_rows(left, right, base)
    ours, theirs = left.reading, right.reading
    vocabulary = merges = None
    if ours.vocabulary and theirs.vocabulary:
        vocabulary = compare_vocabularies(ours.vocabulary, theirs.vocabulary, origins, base)
    if ours.merges and theirs.merges:
        merges = compare_merges(ours.merges, theirs.merges)
    template = _template(ours.template, theirs.template, base)
    bits = token_bits(rows, origins)
    bits += vocabulary.bits if vocabulary else 0.0
    bits += _file_bits(files, bits, origins) + (_TEMPLATE_BITS if template == SAME else 0.0)
    return Finding(left, right, origins, files, rows, vocabulary, merges, template, round(bits, 2))


def _file_bits(
    files: tuple[FileFinding, ...], bits: float, origins: tuple[Origin, Origin]
) -> float:
    new = [each for each in files if not each.in_base]
    models = [each for each in new if each.how == IDENTICAL and each.left.form in _MODELS]
    if bits < _LEAST_TOKEN_BITS:
        unknown = models and not any(origin.name for origin in origins)
        return _UNKNOWN_FILE_BITS if unknown and not bits else 0.0
    if models:
        return _IDENTICAL_BITS
    alike = any(each.how in {IDENTICAL, EQUAL} and each.left.form in _TOLD for each in new)
    return _EQUAL_BITS if alike else 0.0


# Files that hold the tokens themselves with their ids.
_TOLD = {"tokenizer_config.json", "added_tokens.json", "tokenizer.json"}


def _template(left: str, right: str, base: Upstream) -> str:
    """How two chat templates stand: ``same`` only for one that nothing else explains."""
    if not left or not right:
        return "" if left == right else ("only left" if left else "only right")
    if squeezed(left) != squeezed(right):
        return "changed"
    if squeezed(left) in base.templates:
        return "base"
    return "common" if known().template(left) or len(left) < _TEMPLATE_LENGTH else SAME
