"""pycode_similar: a unified diff of each function's syntax tree with the names blanked."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.peers.peer import Scores, installed


class PycodeSimilar:
    """https://pypi.org/project/pycode-similar/ (every pair of functions: units only)."""

    name = "pycode_similar"
    scores_files = False
    scores_units = True

    def version(self) -> str:
        return installed("pycode-similar")

    def title(self) -> str:
        return f"{self.name} {self.version()}"

    def scores(self, left: Mapping[str, str], right: Mapping[str, str]) -> Scores:
        found = {(a, b): (self.one(left[a], right[b]), self.one(right[b], left[a]))
                 for a in left for b in right}  # fmt: skip
        return dict(found)

    def one(self, left: str, right: str) -> float:
        import pycode_similar  # type: ignore[import-not-found,unused-ignore]

        try:
            found = pycode_similar.detect([left, right], module_level=True)
        except (pycode_similar.NoFuncException, SyntaxError, RecursionError):
            return 0.0
        functions = found[0][1] if found else []
        total = sum(each.total_count for each in functions)
        return sum(each.plagiarism_count for each in functions) / total if total else 0.0
