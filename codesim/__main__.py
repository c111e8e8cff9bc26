"""``python -m codesim``, and the command ``codesim``."""

from __future__ import annotations

import signal
import sys

from codesim.cli import main


def run() -> None:
    """Run one command and end the process with its exit code."""
    code = main()
    # The work is done and told: Python takes a moment to end, and an interrupt that comes then
    # would end it with another code.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


if __name__ == "__main__":
    run()
