"""A page of a terminal: its width, whether it is coloured, and labelled blocks on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codesim.report.columns import pad

# Below this no table fits; above it the eye loses the line.
_NARROWEST, _WIDEST = 40, 140
# Below this, what does not fit on one line is laid out on several instead of being cut.
_ROOMY = 72
# Below this a label stands above its lines, not beside them.
_LABELS_BESIDE = 50
# Cells of a label, and of a kind of evidence.
LABEL = 13
_MARGIN = "  "

_RESET = "\x1b[0m"
_STYLES = {
    "very strong": "\x1b[1;35m",
    "strong": "\x1b[1;33m",
    "moderate": "\x1b[36m",
    "weak": "\x1b[2m",
    "none": "\x1b[2m",
    "faint": "\x1b[2m",
    "bold": "\x1b[1m",
}


@dataclass(frozen=True, slots=True)
class Page:
    """``width`` is in cells, without the margin."""

    width: int
    color: bool

    @classmethod
    def of(cls, width: int, color: bool) -> Page:
        """A page for a terminal of so many columns, taken as 40 to 140."""
        return cls(min(max(width, _NARROWEST), _WIDEST) - len(_MARGIN), color)

    @property
    def narrow(self) -> bool:
        """Whether what does not fit on one line is laid out on several."""
        return self.width < _ROOMY

    @property
    def label(self) -> int:
        """Cells before each line of a labelled block."""
        return LABEL if self.width >= _LABELS_BESIDE else 2

    def styled(self, text: str, style: str) -> str:
        """Text in the style of a strength, faint or bold."""
        return f"{_STYLES[style]}{text}{_RESET}" if self.color and text else text

    def labelled(self, label: str, lines: Iterable[str]) -> Iterator[str]:
        """``label`` beside the first line, the others below one another."""
        first = self.styled(pad(label, LABEL), "faint")
        for line in lines:
            if self.label < LABEL and first:
                yield self.styled(label, "faint")
                first = ""
            yield (first or " " * self.label) + line
            first = ""


def joined(blocks: Iterable[Iterable[str]]) -> str:
    """Blocks of lines one below the other, with a margin; empty ones leave no gap."""
    rendered = [lines for lines in (list(block) for block in blocks) if lines]
    return "\n\n".join("\n".join(_margined(lines)) for lines in rendered) + "\n"


def _margined(lines: Iterable[str]) -> Iterator[str]:
    return ((_MARGIN + line).rstrip() for line in lines)
