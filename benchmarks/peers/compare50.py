"""compare50: winnowed k-grams of normalised tokens, made to rank submissions of one exercise.

It asks for attrs below 21, which newer tools do not go with, so it lives in an environment of its
own and is found by its command on the path. Its score of a pair is a sum over shared fingerprints
that depends on all other submissions; what can be put beside shares is what it would highlight:
the characters in matching spans, over those of the tokens that it looks at.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from benchmarks.options import BenchmarkError
from benchmarks.peers.peer import Scores

# The pass that blanks names and literals, as its command line runs it by default.
_SCRIPT = """
import json, sys
from pathlib import Path
from compare50 import Submission
from compare50._data import Preprocessor
from compare50.comparators._winnowing import CompareIndex
from compare50._api import expand
from compare50.passes import structure

root, prepare, indexed = Path(sys.argv[1]), Preprocessor(structure.preprocessors), {}

def index(name):
    if name not in indexed:
        file = Submission(root, [name], preprocessor=prepare).files[0]
        tokens = file.tokens()
        made = CompareIndex(structure.comparator.k)
        made.include(file, tokens=tokens)
        indexed[name] = tokens, made
    return indexed[name]

def share(spans, tokens):
    inside, total = 0, 0
    for token in tokens:
        size = token.end - token.start
        total += size
        inside += size * any(s.start <= token.start and token.end <= s.end for s in spans)
    return inside / total if total else 0.0

found = []
for line in sys.stdin:
    one, two = line.split()
    (a, ones), (b, twos) = index(one), index(two)
    if set(ones.keys()) & set(twos.keys()):
        spans = expand(ones.compare(twos), a, b)
        found.append([one, two, share([s for s, _ in spans], a), share([s for _, s in spans], b)])
print(json.dumps(found))
"""


class Compare50:
    """https://pypi.org/project/compare50/, when its command is on the path."""

    name = "compare50"
    scores_files = True
    scores_units = True
    searches = False

    def version(self) -> str:
        return _version()

    def title(self) -> str:
        return f"{self.name} {self.version()}"

    def scores(self, left: Mapping[str, str], right: Mapping[str, str]) -> Scores:
        pairs = [(a, b) for a in left for b in right]
        found = _shares([(left[a], right[b]) for a, b in pairs])
        return {pair: sides for pair, sides in zip(pairs, found, strict=True) if any(sides)}

    def each(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [sum(sides) / 2 for sides in _shares(pairs)]


@cache
def _python() -> str:
    """The interpreter beside the command, which is the one that has the library."""
    command = shutil.which("compare50")
    return str(Path(command).resolve().parent / "python3") if command else ""


@cache
def _version() -> str:
    if not _python():
        return ""
    code = "from importlib.metadata import version; print(version('compare50'))"
    run = subprocess.run([_python(), "-c", code], capture_output=True, text=True, check=False)
    return run.stdout.strip()


def _shares(pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float]]:
    """Shares of both sides of every pair, all in one process."""
    texts = {text: f"{number}.py" for number, text in enumerate(dict.fromkeys(_flat(pairs)))}
    with tempfile.TemporaryDirectory(prefix="codesim-compare50-") as folder:
        for text, name in texts.items():
            (Path(folder) / name).write_text(text, "utf-8")
        run = subprocess.run(
            [_python(), "-c", _SCRIPT, folder],
            input="".join(f"{texts[one]} {texts[two]}\n" for one, two in pairs),
            env={**_ENVIRONMENT, "PYTHONHASHSEED": "50"},
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        raise BenchmarkError(f"compare50 failed:\n{run.stderr[-800:]}")
    found = {(one, two): (a, b) for one, two, a, b in json.loads(run.stdout)}
    return [found.get((texts[one], texts[two]), (0.0, 0.0)) for one, two in pairs]


def _flat(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [text for pair in pairs for text in pair]


# Its own interpreter must not see what this one was told.
_ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
