"""File pairs, renames and what was set aside, in the nouns of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codesim.detectors.tokenizer.finding import Finding
from codesim.detectors.tokenizer.profile import Special, Tokenizer, TokenizerFile
from codesim.detectors.tokenizer.samefiles import DIFFERENT, IDENTICAL, FileFinding
from codesim.detectors.tokenizer.summary import counted, public_name
from codesim.detectors.tokenizer.tables import shown
from codesim.detectors.tokenizer.tokens import BASE, COMMON, RENAMED, TokenRow, beyond
from codesim.detectors.tokenizer.weigh import runs
from codesim.model import CloneType, Excluded, FilePair, Fragment, Match, Rename


def file_pairs(found: Sequence[Finding]) -> tuple[FilePair, ...]:
    """The files that hold what is shared beyond public tokenizers, most alike first."""
    pairs = [pair for finding in found for pair in _pairs(finding)]
    return tuple(sorted(pairs, key=lambda p: (-p.similarity, p.left.path, p.right.path)))


def renames(found: Sequence[Finding]) -> tuple[Rename, ...]:
    """Tokens of one side whose id another token has on the other."""
    votes: dict[tuple[str, str], int] = {}
    for finding in found:
        for row in beyond(finding.rows, RENAMED):
            if row.left and row.right:
                key = (shown(row.left.text), shown(row.right.text))
                votes[key] = votes.get(key, 0) + 1
    return tuple(
        Rename(left, right, count, 1.0, "token") for (left, right), count in sorted(votes.items())
    )


def excluded(found: Sequence[Finding]) -> tuple[Excluded, ...]:
    """What both sides share and everybody has, or the base."""
    return tuple(dict.fromkeys(each for finding in found for each in _excluded(finding)))


def _pairs(finding: Finding) -> Iterator[FilePair]:
    if not finding.bits:
        return
    listed = {"tokenizer.json", "sentencepiece", "tiktoken", "gguf", "vocab.json", "vocab.txt"}
    own = bool(finding.shared)
    for file in finding.files:
        alike = file.how != DIFFERENT
        matches = tuple(_runs(finding, file))
        if file.in_base or not (matches or (alike and (own or file.left.form in listed))):
            continue
        if alike:
            matches = (_whole(file), *matches)
        shares = [_share(finding, matches, side) if not alike else 1.0 for side in (0, 1)]
        yield FilePair(
            left=Fragment(file.left.path),
            right=Fragment(file.right.path),
            left_coverage=shares[0],
            right_coverage=shares[1],
            similarity=round(min(shares), 4),
            matches=matches,
        )


def _whole(file: FileFinding) -> Match:
    why = file.how if file.how != IDENTICAL else "identical files, byte for byte"
    if file.how == IDENTICAL and file.unread:
        why = "identical by content id; the bytes were not needed"
    return Match(
        left=Fragment(file.left.path, _all(file.left), "whole file"),
        right=Fragment(file.right.path, _all(file.right), "whole file"),
        clone_type=CloneType.EXACT,
        similarity=1.0,
        why=why,
    )


def _all(file: TokenizerFile) -> tuple[int, int] | None:
    return (1, file.lines) if file.lines else None


def _runs(finding: Finding, file: FileFinding) -> Iterator[Match]:
    """Runs of tokens under consecutive ids that stand in these two files."""
    here = [row for row in finding.same if _inside(row, file)]
    for run in runs(here):
        lefts = [row.left for row in run if row.left]
        rights = [row.right for row in run if row.right]
        same = counted(len(run), "token")
        yield Match(
            left=_fragment(file.left.path, lefts),
            right=_fragment(file.right.path, rights),
            clone_type=CloneType.EXACT,
            similarity=1.0,
            why=f"{same} with the same id, from {lefts[0].id}, in no public tokenizer known here",
        )


def _inside(row: TokenRow, file: FileFinding) -> bool:
    return bool(
        row.left
        and row.right
        and row.left.path == file.left.path
        and row.right.path == file.right.path
    )


def _fragment(path: str, tokens: Sequence[Special]) -> Fragment:
    lines = [token.line for token in tokens if token.line is not None]
    label = shown(tokens[0].text)
    if len(tokens) > 1:
        label += f" to {shown(tokens[-1].text)}"
    span = (min(lines), max(lines)) if len(lines) == len(tokens) else None
    return Fragment(path, span, label)


def _share(finding: Finding, matches: Sequence[Match], side: int) -> float:
    """Of the tokens of one side beyond public ones, the share that the other has as well."""
    tokenizer: Tokenizer = (finding.left, finding.right)[side]
    own = [r for r in finding.rows if r.state not in {COMMON, BASE} and (r.left, r.right)[side]]
    if not matches or not own or not tokenizer.specials:
        return 0.0
    return round(len(finding.same) / len(own), 4)


def _excluded(finding: Finding) -> Iterator[Excluded]:
    both = [row for row in finding.rows if row.left and row.right]
    common = [row for row in both if row.state == COMMON]
    if common:
        name = public_name(finding.origins) or "public tokenizers"
        amount = counted(len(common), "special token")
        yield Excluded(f"tokens of {name}", amount, "public tokenizers have them under these ids")
    base = [row for row in both if row.state == BASE]
    if base:
        amount = counted(len(base), "special token")
        yield Excluded("tokens of the base", amount, "the base has them under these ids")
    figures = finding.vocabulary
    if figures and figures.in_base:
        amount = counted(figures.in_base, "token")
        yield Excluded("vocabulary of the base", amount, "the base has them under these ids")
    elif figures and figures.same_id > figures.unexplained and any(o.name for o in finding.origins):
        amount = counted(figures.same_id - figures.unexplained, "token")
        name = public_name(finding.origins)
        yield Excluded(f"vocabulary of {name}", amount, "every model on it has them")
    for file in finding.files:
        if file.in_base and file.how != DIFFERENT:
            yield Excluded(file.left.path, "whole file", f"{file.how} in the base")
    if not finding.bits:
        yield from _public_files(finding)
    if finding.template == BASE:
        yield Excluded("chat template", "whole text", "the base has it")
    elif finding.template == COMMON:
        yield Excluded("chat template", "whole text", "public models have it, or it is short")


def _public_files(finding: Finding) -> Iterator[Excluded]:
    """Equal files of two tokenizers that share nothing of their own."""
    name = public_name(finding.origins)
    reason = f"it holds nothing beyond {name}" if name else "it holds no token of anybody's own"
    for file in finding.files:
        if file.how != DIFFERENT and not file.in_base:
            yield Excluded(file.left.path, "whole file", f"{file.how}, but {reason}")
