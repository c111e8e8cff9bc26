"""How surprising it is what two inventories share."""

from __future__ import annotations

from codesim.detectors.checkpoint.layouts import layout_bits, public_layouts, uncommon
from codesim.detectors.checkpoint.matching import Match, TemplateMatch
from codesim.detectors.checkpoint.names import LAYER
from codesim.detectors.checkpoint.public import Architectures
from codesim.detectors.checkpoint.sheet import Sheet


def shared_segments(match: TemplateMatch) -> set[str]:
    """The segments that both names have, which no rule has exchanged."""
    head = match.rule[0]
    return set(match.left[len(head) :]) | (set(head) & set(match.rule[1]))


def bits_of(match: Match, architectures: Architectures) -> float:
    """Information in what two inventories share beyond public architectures and the base.

    A segment of a name is worth what it takes to meet it by chance among public architectures;
    one that only one side has speaks against a common origin, on the side that has fewer.
    """
    novel = [each for each in match.templates if each.is_novel and not each.by_structure]
    shared: set[str] = set()
    for each in novel:
        shared |= shared_segments(each)
    gain = sum(max(0.0, architectures.bits(each) - _EXPECTED) for each in sorted(shared))
    rest = [_unshared(side, shared) for side in (match.left, match.right)]
    names = max(0.0, gain - _FASHION - _LOSS * min(rest))
    named = names + _shape_bits(match, novel) + _composition_bits(match)
    return max(named + min(named, _size_bits(match)), _structure_bits(match, architectures))


# Two authors who name the parts of the same idea meet on common words; each costs so much less.
_EXPECTED = 2.0
_LOSS = 3.0
# One unusual word, such as the name of a projector, is fashion and no common origin.
_FASHION = 6.0
# Each further public part of the same depth, and all bytes of a composition.
_PART_BITS = 3.0
_SIZE_BITS = 8.0
# Below strong: an index gives no shapes, and structure alone does not make up for names.
_MOST_STRUCTURE_BITS = 20.0
_DIMENSION_BITS = 4.0
_MOST_SHAPE_BITS = 16.0
# Widths are multiples of this by habit.
_HABIT = 64


def _unshared(side: Sheet, shared: set[str]) -> int:
    public = side.public
    own = {
        segment
        for template in side.groups
        if template not in public and template not in side.base
        for segment in template
    }
    return len(own - shared)


def _shape_bits(match: Match, novel: list[TemplateMatch]) -> float:
    """Unusual sizes that novel tensors share."""
    sizes: set[int] = set()
    for each in novel:
        left, right = match.left.groups[each.left].shapes, match.right.groups[each.right].shapes
        for shape in set(left) & set(right) - {None}:
            sizes |= {size for size in shape or () if size > _HABIT and size % _HABIT}
    return min(_MOST_SHAPE_BITS, _DIMENSION_BITS * len(sizes))


def _parts(match: Match) -> int:
    """How many public parts of the same depth both sides put together."""
    found = set()
    for each in match.templates:
        if each.public is not None and not each.in_base and not each.by_structure:
            left, right = match.left.groups[each.left], match.right.groups[each.right]
            if len(left.tensors) == len(right.tensors) == each.mapped > 1:
                found.add(each.public.prefix)
    return len(found)


def _composition_bits(match: Match) -> float:
    return _PART_BITS * max(0, _parts(match) - 1)


def _structure_bits(match: Match, architectures: Architectures) -> float:
    """Information in the structure where the names say nothing: only for two whole checkpoints of
    the same size to the byte, and what is built like no public architecture and no base.
    """
    found = [each for each in match.templates if each.by_structure and not each.in_base]
    if not found or not _size_bits(match):
        return 0.0
    known = (public_layouts(architectures), match.left.base_layouts, match.right.base_layouts)
    odd = [uncommon(names, known) for names in ([e.left for e in found], [e.right for e in found])]
    bits = min(map(layout_bits, odd))
    if not bits:
        return 0.0
    stacks = {each.left[: each.left.index(LAYER)] for each in found if LAYER in each.left}
    bits += _PART_BITS * max(0, len(stacks) - 1)
    novel = [each for each in found if each.left in odd[0] and each.right in odd[1]]
    supported = min(bits + min(bits, _SIZE_BITS), _MOST_STRUCTURE_BITS)
    return supported + _shape_bits(match, novel)


def same_size(match: Match) -> bool:
    """Whether both sides have the same known number of bytes."""
    size = match.left.inventory.total_size
    return size is not None and size == match.right.inventory.total_size


def _size_bits(match: Match) -> float:
    """The same number of bytes supports what the names say, and says nothing without them."""
    return _SIZE_BITS if match.is_whole and same_size(match) else 0.0
