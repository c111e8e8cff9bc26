"""Peers that look at all submissions of a cohort at once: how they are called, what they rank."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from benchmarks.peers.copydetect import Copydetect
from benchmarks.peers.jscpd import OPTIONS, Jscpd
from benchmarks.peers.peer import Peer
from benchmarks.processes import python

_PEERS: tuple[Peer, ...] = (Copydetect(), Jscpd())
NAMES = tuple(peer.name for peer in _PEERS)
# Equal tokens of two files are added up over the files of two submissions.
_COPYDETECT = """
import json, logging, sys
from pathlib import Path
from copydetect import CopyDetector
logging.disable(logging.CRITICAL)
submissions, starter, out = map(Path, sys.argv[1:])
detector = CopyDetector(
    test_dirs=[str(submissions)], ref_dirs=[str(submissions)], boilerplate_dirs=[str(starter)],
    extensions=["py"], same_name_only=False, ignore_leaf=True, silent=True, autoopen=False,
)
detector.run()
found = {}
owner = [Path(name).relative_to(submissions).parts[0] for name in detector.test_files]
overlap, place = detector.token_overlap_matrix, {n: i for i, n in enumerate(detector.test_files)}
for one, two in detector.slice_matrix:
    pair = " ".join(sorted((owner[place[one]], owner[place[two]])))
    found[pair] = found.get(pair, 0) + int(overlap[place[one], place[two]])
out.write_text(json.dumps(found))
"""


def version(name: str) -> str:
    """The installed version of a peer, empty when it is not installed."""
    return next(peer.version() for peer in _PEERS if peer.name == name)


def command(name: str, submissions: Path, starter: Path, out: Path) -> list[str]:
    """How a peer is told to look at all pairs; what it finds goes to ``out``, a file or folder."""
    if name == "copydetect":
        return python(_COPYDETECT, submissions, starter, out)
    # It knows no starter code, so the names of its files are left out.
    given = ",".join(f"**/{path.name}" for path in sorted(starter.rglob("*.py")))
    return ["jscpd", str(submissions), "--output", str(out), "--ignore", given, *OPTIONS]


def ranked(name: str, out: Path) -> list[frozenset[str]]:
    """Pairs of submissions, those with most equal tokens (copydetect) or lines (jscpd) first."""
    shared: Counter[frozenset[str]] = Counter()
    if name == "copydetect":
        for pair, tokens in json.loads(out.read_text("utf-8")).items():
            shared[frozenset(pair.split())] = tokens
    else:
        report = json.loads((out / "jscpd-report.json").read_text("utf-8"))
        for clone in report["duplicates"]:
            ends = (clone["firstFile"]["name"], clone["secondFile"]["name"])
            shared[frozenset(str(end).split("/")[0] for end in ends)] += clone["lines"]
    pairs = [pair for pair in shared if len(pair) == 2]
    return sorted(pairs, key=lambda pair: (-shared[pair], sorted(pair)))
