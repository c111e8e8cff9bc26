"""``python -m codesim``."""

from __future__ import annotations

import sys

from codesim.cli import main

if __name__ == "__main__":
    sys.exit(main())
