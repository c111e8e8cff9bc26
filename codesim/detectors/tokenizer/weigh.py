"""How much the special tokens that two tokenizers share say, in bits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from codesim.detectors.tokenizer.known import known
from codesim.detectors.tokenizer.recognise import Origin
from codesim.detectors.tokenizer.tokens import CHANGED, SAME, TokenRow, beyond

# A name that many projects use for the same purpose (see the conventions of known.json).
_CUSTOMARY = 1.0
# A name that some public tokenizer has under another id, and the most that all names of one list
# say together: who takes two tokens of a list takes the list.
_LISTED, _LISTED_MOST = 2.0, 6.0
# A name of somebody's own: words of a language come at about two bits a letter (Shannon, 1951),
# less for the few that suggest themselves for a token.
_OWN, _PER_LETTER, _OWN_MOST = 4.0, 0.7, 12.0
# The same name under another id says that the lists agree, not the tokenizers.
_OTHER_ID = 0.4
# Tokens put elsewhere than at the end of the vocabulary: a free choice among a few reserved places.
_PLACED = 3.0
# What belongs together is one choice: opening and closing, start and end, numbered series.
_MARKS = re.compile(r"(?:start|end|begin)_?(?:of)?_?|[^\w]|[\d_]")


def token_bits(rows: Sequence[TokenRow], origins: tuple[Origin, Origin]) -> float:
    """The information in the tokens that both sides have beyond public tokenizers and base."""
    names: dict[str, float] = {}
    lists: dict[str, float] = {}
    for row in beyond(rows, SAME, CHANGED):
        _weigh(row, names, lists)
    own = sum(names.values()) + sum(min(_LISTED_MOST, bits) for bits in lists.values())
    return own + sum(_run_bits(run, origins) for run in runs(beyond(rows, SAME)))


def stem(text: str) -> str:
    """The choice that a token stands for: ``<box>`` and ``</box>`` are one."""
    return _MARKS.sub("", text.lower()) or ("spaces" if not text.strip() else text)


def runs(rows: Sequence[TokenRow]) -> Iterator[list[TokenRow]]:
    """Tokens that stand under consecutive ids."""
    run: list[TokenRow] = []
    for row in rows:
        if row.number is None:
            continue
        if run and row.number != (run[-1].number or 0) + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _weigh(row: TokenRow, names: dict[str, float], lists: dict[str, float]) -> None:
    one = row.left or row.right
    if one is None:
        return
    ids = {each.id for each in (row.left, row.right) if each}
    share = 1.0 if len(ids) == 1 and None not in ids else _OTHER_ID
    key, listed = stem(one.text), known().listed(one.text)
    if known().convention(one.text) or key == "spaces":
        names[key] = max(names.get(key, 0.0), share * _CUSTOMARY)
    elif listed:
        lists[listed] = lists.get(listed, 0.0) + share * _LISTED
    else:
        bits = min(_OWN_MOST, _OWN + _PER_LETTER * len(key))
        names[key] = max(names.get(key, 0.0), share * bits)


def _run_bits(run: Sequence[TokenRow], origins: tuple[Origin, Origin]) -> float:
    """The order of the choices in a run, and where it begins."""
    choices = {_choice(row) for row in run}
    order = math.log2(math.factorial(min(len(choices), 20)))
    first = run[0].number or 0
    appended = any(origin.size is None or first >= origin.size for origin in origins)
    inside = not appended or _in_reserved(first, origins)
    return order + (_PLACED if inside else 0.0)


def _in_reserved(first: int, origins: tuple[Origin, Origin]) -> bool:
    """Whether a run stands among the special tokens of the public tokenizer, not behind them."""
    for base in known().bases:
        if base.name == origins[0].name == origins[1].name:
            ids = [*base.special.values(), *(high for _, _, high in base.runs)]
            return bool(ids) and first < max(ids)
    return False


def _choice(row: TokenRow) -> str:
    """The choice behind a token, or the public list from which it may be taken."""
    one = row.left or row.right
    text = one.text if one else ""
    return known().listed(text) or stem(text)
