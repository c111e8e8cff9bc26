"""copydetect: winnowed k-grams over Pygments tokens, with its own default parameters."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from benchmarks.peers.peer import Scores, installed

# The defaults of its command line: noise threshold 25, guarantee threshold 30.
_K, _WINDOW = 25, 6


class Copydetect:
    """https://pypi.org/project/copydetect/"""

    name = "copydetect"
    scores_files = True
    scores_units = True
    searches = True

    def version(self) -> str:
        return installed("copydetect")

    def title(self) -> str:
        return f"{self.name} {self.version()}"

    def scores(self, left: Mapping[str, str], right: Mapping[str, str]) -> Scores:
        ones = {path: _fingerprint(text) for path, text in left.items()}
        twos = {path: _fingerprint(text) for path, text in right.items()}
        return {(a, b): _shares(ones[a], twos[b]) for a, b in _touching(ones, twos)}

    def each(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [sum(_shares(_fingerprint(one), _fingerprint(two))) / 2 for one, two in pairs]


def _touching(ones: Mapping[str, Any], twos: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs with a common hash: only they have a score, and most of a large library has none."""
    places: dict[int, list[str]] = defaultdict(list)
    for b, two in twos.items():
        for value in {int(each) for each in two.hashes}:
            places[value].append(b)
    touching = {
        (a, b)
        for a, one in ones.items()
        for value in {int(each) for each in one.hashes}
        for b in places[value]
    }
    return sorted(touching)


@lru_cache(maxsize=4096)
def _fingerprint(text: str) -> Any:
    from copydetect import CodeFingerprint  # type: ignore[import-untyped,unused-ignore]

    return CodeFingerprint("unit.py", _K, _WINDOW, fp=io.StringIO(text))


def _shares(one: Any, two: Any) -> tuple[float, float]:
    from copydetect import compare_files

    if not (one.token_coverage and two.token_coverage):
        return 0.0, 0.0
    _, (left, right), _ = compare_files(one, two)
    return float(left), float(right)
