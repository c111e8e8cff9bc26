"""How bytes become text: decoding, notebooks, JSON, text that is safe to show, and figures."""

from codesim.text.decode import decode
from codesim.text.display import display
from codesim.text.figures import percent
from codesim.text.jsontext import JsonError, parse_json
from codesim.text.notebook import NotebookText, notebook_text, read_text

__all__ = [
    "JsonError",
    "NotebookText",
    "decode",
    "display",
    "notebook_text",
    "parse_json",
    "percent",
    "read_text",
]
