"""Special and added tokens of both sides, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codesim.detectors.tokenizer.base import Upstream
from codesim.detectors.tokenizer.known import known
from codesim.detectors.tokenizer.profile import Special, Tokenizer

SAME, CHANGED, RENAMED = "same", "changed", "renamed"
ONLY_LEFT, ONLY_RIGHT, BASE, COMMON = "only left", "only right", "base", "common"


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token of one or both sides, and where else it is known from."""

    left: Special | None
    right: Special | None
    state: str
    source: str = ""

    @property
    def number(self) -> int | None:
        """The id that sorts this row."""
        one = self.left or self.right
        return one.id if one else None


def token_rows(left: Tokenizer, right: Tokenizer, base: Upstream) -> tuple[TokenRow, ...]:
    """Every special token of two tokenizers, in the order of ids."""
    ours = {special.text: special for special in left.specials}
    theirs = {special.text: special for special in right.specials}
    rows = [_row(ours.get(text), theirs.get(text), base) for text in sorted({*ours, *theirs})]
    return tuple(sorted(_renamed(rows), key=_order))


def beyond(rows: Iterable[TokenRow], *states: str) -> list[TokenRow]:
    """The rows of some states: what neither a public tokenizer nor a base explains."""
    return [row for row in rows if row.state in states]


def _row(left: Special | None, right: Special | None, base: Upstream) -> TokenRow:
    one = left or right
    if one is None:
        raise ValueError("a row has at least one side")
    sides = [each for each in (left, right) if each is not None]
    public = [_public(each) for each in sides]
    if all(public):
        return TokenRow(left, right, COMMON, public[0])
    if all((each.text, each.id) in base.tokens for each in sides):
        return TokenRow(left, right, BASE, "base")
    source = known().convention(one.text) or known().listed(one.text)
    if left is None or right is None:
        return TokenRow(left, right, ONLY_LEFT if left else ONLY_RIGHT, source)
    same = left.id == right.id and (left.flags == right.flags or None in (left.flags, right.flags))
    return TokenRow(left, right, SAME if same else CHANGED, source)


def _public(special: Special) -> str:
    """Where a token with its id is known from; reserved numbers count under any id."""
    if special.id is None:
        return known().convention(special.text) or known().listed(special.text)
    found = known().base_of(special.text, special.id)
    return found or ("reserved numbers" if known().is_numbered(special.text) else "")


def _renamed(rows: list[TokenRow]) -> list[TokenRow]:
    """Rows in which a token of one side takes the id of one that only the other side has."""
    lefts, rights = _by_number(rows, ONLY_LEFT), _by_number(rows, ONLY_RIGHT)
    both = sorted(lefts.keys() & rights.keys())
    joined = [TokenRow(lefts[at].left, rights[at].right, RENAMED) for at in both]
    used = {id(row) for at in both for row in (lefts[at], rights[at])}
    return [row for row in rows if id(row) not in used] + joined


def _by_number(rows: Iterable[TokenRow], state: str) -> dict[int, TokenRow]:
    """The first row of a state under each id."""
    found: dict[int, TokenRow] = {}
    for row in rows:
        if row.state == state and row.number is not None:
            found.setdefault(row.number, row)
    return found


def _order(row: TokenRow) -> tuple[bool, int, str]:
    one = row.left or row.right
    return row.number is None, row.number or 0, one.text if one else ""
