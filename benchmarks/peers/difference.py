"""pycode_similar: a unified diff of each function's syntax tree with the names blanked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.peers.peer import Scores, installed


class PycodeSimilar:
    """https://pypi.org/project/pycode-similar/ (every pair of functions: units only)."""

    name = "pycode_similar"
    scores_files = False
    scores_units = True
    searches = False

    def version(self) -> str:
        return installed("pycode-similar")

    def title(self) -> str:
        return f"{self.name} {self.version()}"

    def scores(self, left: Mapping[str, str], right: Mapping[str, str]) -> Scores:
        return {
            (a, b): (_share(left[a], right[b]), _share(right[b], left[a]))
            for a in left
            for b in right
        }

    def each(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [_share(one, two) for one, two in pairs]


def _share(left: str, right: str) -> float:
    """Lines of the left's functions that have an equal line in the best function of the right."""
    import pycode_similar  # type: ignore[import-untyped,unused-ignore]

    try:
        found = pycode_similar.detect([left, right], module_level=True)
    except (pycode_similar.NoFuncException, SyntaxError, RecursionError):
        return 0.0
    functions = found[0][1] if found else []
    total = sum(each.total_count for each in functions)
    return sum(each.plagiarism_count for each in functions) / total if total else 0.0
