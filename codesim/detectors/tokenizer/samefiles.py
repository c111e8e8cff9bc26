"""Files of two tokenizers that hold the same content, also where the bytes are not at hand."""

from __future__ import annotations

from dataclasses import dataclass

from codesim.detectors.tokenizer.base import Upstream
from codesim.detectors.tokenizer.profile import Tokenizer, TokenizerFile

IDENTICAL, EQUAL, DIFFERENT = "identical", "equal as JSON", "different"


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Two files of one form, and how alike they are as a whole."""

    left: TokenizerFile
    right: TokenizerFile
    how: str
    in_base: bool = False

    @property
    def unread(self) -> bool:
        """Whether only the ids of the contents were compared."""
        return not (self.left.read and self.right.read)


def file_findings(left: Tokenizer, right: Tokenizer, base: Upstream) -> tuple[FileFinding, ...]:
    """The files of both sides, paired one to one by form, the most alike first."""
    ranked = sorted(
        (_rank(ours, theirs), sorted((ours.path, theirs.path)), a, b)
        for a, ours in enumerate(left.files)
        for b, theirs in enumerate(right.files)
        if ours.form == theirs.form
    )
    pairs: dict[int, int] = {}
    for _, _, a, b in ranked:
        if a not in pairs and b not in pairs.values():
            pairs[a] = b
    return tuple(_finding(left.files[a], right.files[b], base) for a, b in sorted(pairs.items()))


def _finding(left: TokenizerFile, right: TokenizerFile, base: Upstream) -> FileFinding:
    shared = {*left.contents, left.canonical} & {*right.contents, right.canonical} - {""}
    return FileFinding(left, right, _how(left, right), bool(shared & base.contents))


def _how(left: TokenizerFile, right: TokenizerFile) -> str:
    if set(left.contents) & set(right.contents):
        return IDENTICAL
    if left.canonical and left.canonical == right.canonical:
        return EQUAL
    return DIFFERENT


def _rank(left: TokenizerFile, right: TokenizerFile) -> int:
    return (IDENTICAL, EQUAL, DIFFERENT).index(_how(left, right))
