"""Whether words in the pictures of a page can be read: inside their picture, and apart."""

from __future__ import annotations

_CLIPPED = """
() => Array.from(document.querySelectorAll("svg text"))
  .filter((text) => text.getBoundingClientRect().width)
  .filter((text) => {
    const word = text.getBoundingClientRect();
    const picture = text.ownerSVGElement.getBoundingClientRect();
    return word.left < picture.left - 1 || word.right > picture.right + 1
      || word.top < picture.top - 1 || word.bottom > picture.bottom + 1;
  })
  .map((text) => text.textContent)
"""
# Boxes of words are taller than their letters, so words meet where half of a line is shared.
_MEETING = """
() => Array.from(document.querySelectorAll("svg.histogram")).flatMap((picture) => {
  const words = Array.from(picture.querySelectorAll("text"))
    .map((text) => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.width);
  return words.flatMap(([one, a], place) => words.slice(place + 1)
    .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > a.height / 2)
    .map(([other]) => one + " and " + other));
})
"""


def unreadable(page):
    """Words that reach out of their picture, and words of histograms that lie on each other."""
    return page.evaluate(_CLIPPED) + page.evaluate(_MEETING)
