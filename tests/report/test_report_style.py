"""The stylesheet: every colour of text can be read, on every ground, light and dark."""

from __future__ import annotations

import re

import pytest
from pages import style


def tokens(css):
    """The custom properties of the light and of the dark theme."""
    light, dark = re.findall(r":root \{(.*?)\n ?\s*\}", css, re.DOTALL)[:2]
    first = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return {"light": first, "dark": {**first, **dict(re.findall(r"--([\w-]+): (#\w{6})", dark))}}


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_can_be_read(theme):
    colours = tokens(style())[theme]
    tints = [f"tint{n}" for n in range(6)]
    pairs = [(text, ground) for text in ("ink", "muted", "link")
             for ground in ("page", "surface", "sunken")]  # fmt: skip
    pairs += [
        (f"code-{kind}", ground)
        for kind in "ksqcnfbd"
        for ground in ("surface", "differs", "lit", *tints)
    ]
    pairs += [(text, ground) for text in ("ink", "muted") for ground in tints]
    pairs += [("ink", "differs"), ("ink", "lit")]
    pairs += [(f"hue{n}", ground) for n in range(6) for ground in (f"tint{n}", "surface")]
    pairs += [("mark", "mark-tint")]
    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for shape in ("step", "bar", "focus", "strong-line", *(f"hue{n}" for n in range(6))):
        assert contrast(colours[shape], colours["surface"]) >= 3, shape
    # The lines that mark a word stand out from every ground that they are drawn on.
    for n in range(6):
        for ground in (f"tint{n}", "differs", "lit"):
            assert contrast(colours[f"hue{n}"], colours[ground]) >= 3, (n, ground)
