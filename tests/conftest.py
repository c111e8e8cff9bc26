"""What every test may lean on: a home of its own, and the command line in this process."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from codesim.cli import main

# The same examples every time and no clock: a slow machine is no reason to fail.
hypothesis.settings.register_profile("codesim", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("codesim")

_FOREIGN = (
    "CLICOLOR_FORCE", "CODESIM_CACHE", "CODESIM_CACHE_DIR", "CODESIM_HTTP_LOOPBACK", "COLUMNS",
    "GH_TOKEN", "GITHUB_TOKEN", "HF_ENDPOINT", "HF_TOKEN", "NO_COLOR", "_CODESIM_COMPLETE",
)  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """How one run of the command line ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the home, the cache or the tokens of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    for name in _FOREIGN:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def codesim_run(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ended]]:
    """``codesim ARGUMENTS`` without a new process."""

    def run(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    before = signal.getsignal(signal.SIGTERM)
    yield run
    signal.signal(signal.SIGTERM, before)
