"""Other tools beside codesim, when they are installed: none is needed, none is imported early."""

from __future__ import annotations

from benchmarks.peers.compare50 import Compare50
from benchmarks.peers.copydetect import Copydetect
from benchmarks.peers.difference import PycodeSimilar
from benchmarks.peers.jscpd import Jscpd
from benchmarks.peers.peer import Peer, Scores

PEERS: tuple[Peer, ...] = (Copydetect(), PycodeSimilar(), Compare50(), Jscpd())


def all_peers() -> tuple[list[Peer], str]:
    """Every installed peer, for a few pairs of files, and a note on the others."""
    return [peer for peer in PEERS if peer.version()], _missing(list(PEERS))


def file_peers() -> tuple[list[Peer], str]:
    """Installed peers that score files, and a note on those that are not installed."""
    fit = [peer for peer in PEERS if peer.scores_files]
    return [peer for peer in fit if peer.version()], _missing(fit)


def unit_peers() -> tuple[list[Peer], str]:
    """Installed peers that score single definitions, and a note on those that are not installed."""
    fit = [peer for peer in PEERS if peer.scores_units]
    return [peer for peer in fit if peer.version()], _missing(fit)


def search_peers() -> tuple[list[Peer], str]:
    """Installed peers that can search a large library, and a note on the others."""
    fit = [peer for peer in PEERS if peer.searches]
    unfit = [peer.name for peer in PEERS if not peer.searches]
    return [peer for peer in fit if peer.version()], (
        f"{_missing(fit)}; too slow or too large for so many pairs: {', '.join(unfit)}"
    )


def _missing(peers: list[Peer]) -> str:
    names = [peer.name for peer in peers if not peer.version()]
    return f"not installed: {', '.join(names)}" if names else "every peer is installed"


__all__ = ["PEERS", "Peer", "Scores", "all_peers", "file_peers", "search_peers", "unit_peers"]
