"""How bytes become text: decoding, notebooks, and text that is safe to show."""

from codesim.text.decode import decode
from codesim.text.display import display
from codesim.text.notebook import NotebookText, notebook_text, read_text

__all__ = ["NotebookText", "decode", "display", "notebook_text", "read_text"]
