"""What makes the fingerprints of each kind of commons table, for the commands that need it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesim.commons.frequency import Values

# Kinds of tables, the one that is meant where none is named first.
KINDS = ("code", "config", "leftovers")


@dataclass(frozen=True, slots=True)
class Maker:
    """How a table of one kind is made.

    ``suffixes`` are the files that are read of a package. ``least`` is in how many projects a
    fingerprint must be: code that one project has is its own, while the value of a setting in one
    public library is a public default.
    """

    suffixes: tuple[str, ...]
    least: int
    canonicaliser: Callable[[], str]
    fingerprints: Callable[[Path, str], Values]


def maker(kind: str) -> Maker:
    """The maker of tables of a kind."""
    return {"code": _code, "config": _config, "leftovers": _leftovers}[kind]()


_CONFIG_SUFFIXES = (".py", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".gin")


def _code() -> Maker:
    from codesim.detectors.code.commonness import canonicaliser

    return Maker((".py",), 2, canonicaliser, _of_code)


def _config() -> Maker:
    from codesim.detectors.config.commonness import canonicaliser

    return Maker(_CONFIG_SUFFIXES, 1, canonicaliser, _of_settings)


# What a library says in its sources, documents and settings; wheels hold no more kinds of text.
_TEXT_SUFFIXES = (
    ".py", ".md", ".rst", ".txt", ".json", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".sh", ".cu",
    ".cpp", ".h", ".js",
)  # fmt: skip


def _leftovers() -> Maker:
    from codesim.detectors.leftovers.commonness import canonicaliser

    return Maker(_TEXT_SUFFIXES, 2, canonicaliser, _of_words)


def _of_code(wheel: Path, name: str) -> Values:
    from codesim.cli.packages import wheel_snapshot
    from codesim.detectors.code import CodeDetector
    from codesim.detectors.code.commonness import fingerprints

    return fingerprints(CodeDetector().profile(wheel_snapshot(wheel, name)))


def _of_settings(wheel: Path, name: str) -> Values:
    from codesim.cli.packages import wheel_snapshot
    from codesim.detectors.config import ConfigDetector
    from codesim.detectors.config.commonness import fingerprints

    return fingerprints(ConfigDetector().profile(wheel_snapshot(wheel, name, _CONFIG_SUFFIXES)))


def _of_words(wheel: Path, name: str) -> Values:
    from codesim.cli.packages import wheel_snapshot
    from codesim.detectors.leftovers import LeftoversDetector
    from codesim.detectors.leftovers.commonness import fingerprints

    profile = LeftoversDetector().profile(wheel_snapshot(wheel, name, _TEXT_SUFFIXES))
    return fingerprints(profile)
