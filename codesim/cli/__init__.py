"""The command line: one module per command, and the only code that prints or exits."""

from codesim.cli.app import main

__all__ = ["main"]
