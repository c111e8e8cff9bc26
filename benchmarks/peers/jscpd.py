"""jscpd: equal runs of tokens between two folders, here with names and literals ignored."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from benchmarks.peers.peer import Scores

# The options that found most in renamed code; its defaults find none of it.
OPTIONS = (
    "--ignore-identifiers", "--ignore-literals", "--max-gap-lines", "3",
    "--max-lines", "100000", "--max-size", "5mb", "--reporters", "json",
)  # fmt: skip


class Jscpd:
    """https://www.npmjs.com/package/jscpd, when its command is on the path."""

    name = "jscpd"
    scores_files = True
    scores_units = True
    searches = True

    def version(self) -> str:
        return _version()

    def title(self) -> str:
        return f"{self.name} {self.version()}"

    def scores(self, left: Mapping[str, str], right: Mapping[str, str]) -> Scores:
        """Shares of lines in clones of each file pair."""
        with tempfile.TemporaryDirectory(prefix="codesim-jscpd-") as folder:
            root = Path(folder)
            # Names in its report are relative to either folder; one letter tells them apart.
            sides = {"L": sorted(left), "R": sorted(right)}
            for letter, texts in (("L", left), ("R", right)):
                (root / letter / letter).mkdir(parents=True)
                for number, path in enumerate(sides[letter]):
                    (root / letter / letter / f"{number}.py").write_text(texts[path], "utf-8")
            command = ["jscpd", "L", "R", "--skip-local", *OPTIONS, "--output", "out"]
            subprocess.run(command, cwd=root, capture_output=True, check=True, timeout=300)
            report = json.loads((root / "out" / "jscpd-report.json").read_text("utf-8"))
        return _shares(report["duplicates"], sides, left, right)

    def each(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """One process a pair: among many files it reports a clone once, beside the first."""
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            found = threads.map(
                lambda pair: self.scores({"a.py": pair[0]}, {"b.py": pair[1]}), pairs
            )
            return [sum(sides.get(("a.py", "b.py"), (0.0, 0.0))) / 2 for sides in found]


@cache
def _version() -> str:
    if not shutil.which("jscpd"):
        return ""
    run = subprocess.run(["jscpd", "--version"], capture_output=True, text=True, check=False)
    return run.stdout.split()[-1] if run.stdout.split() else "unknown"


def _shares(
    clones: list[dict[str, dict[str, str | int]]],
    sides: Mapping[str, list[str]],
    left: Mapping[str, str],
    right: Mapping[str, str],
) -> Scores:
    covered: dict[tuple[str, str], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for clone in clones:
        ends = sorted((clone["firstFile"], clone["secondFile"]), key=lambda each: str(each["name"]))
        one, two = (str(each["name"]) for each in ends)
        if not (one.startswith("L/") and two.startswith("R/")):
            continue
        pair = sides["L"][int(Path(one).stem)], sides["R"][int(Path(two).stem)]
        for lines, each in zip(covered[pair], ends, strict=True):
            lines.update(range(int(each["start"]), int(each["end"]) + 1))
    return {
        (a, b): (
            min(1.0, len(ones) / (left[a].count("\n") + 1)),
            min(1.0, len(twos) / (right[b].count("\n") + 1)),
        )
        for (a, b), (ones, twos) in covered.items()
    }
