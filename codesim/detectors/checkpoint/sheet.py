"""One inventory laid out by templates, with what is public and what the base explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codesim.detectors.checkpoint.layouts import Layout, layouts_of
from codesim.detectors.checkpoint.names import Indices, Template, template_of
from codesim.detectors.checkpoint.profile import Inventory
from codesim.detectors.checkpoint.public import Architectures, Block
from codesim.detectors.checkpoint.renaming import Signature
from codesim.formats import TensorRecord

Shapes = tuple[tuple[int, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The tensors of one template, by their layer numbers."""

    tensors: Mapping[Indices, TensorRecord]

    @property
    def shapes(self) -> Shapes:
        """The distinct shapes, None for one that is not known."""
        found = {tensor.shape for tensor in self.tensors.values()}
        return tuple(sorted(found, key=lambda shape: (shape is None, shape or ())))

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The distinct dtypes that are known."""
        return tuple(sorted({t.dtype for t in self.tensors.values() if t.dtype}))

    @property
    def signature(self) -> Signature:
        """What tells this group from others whatever its name."""
        return tuple(sorted(self.tensors)), self.shapes


@dataclass(frozen=True, slots=True)
class Sheet:
    """An inventory by templates; ``blocks`` are its public parts, ``base`` what a base has too
    and ``base_layouts`` how the parts of a base are built.
    """

    inventory: Inventory
    groups: Mapping[Template, Group]
    blocks: tuple[Block, ...]
    base: frozenset[Template]
    base_layouts: frozenset[Layout] = frozenset()

    @property
    def public(self) -> dict[Template, Block]:
        """The block of every template that is part of one."""
        return {template: block for block in self.blocks for template in block.templates}


def groups_of(inventory: Inventory) -> dict[Template, Group]:
    """The tensors of an inventory by template, in the order of templates."""
    found: dict[Template, dict[Indices, TensorRecord]] = {}
    for tensor in inventory.tensors:
        template, indices = template_of(tensor.name)
        found.setdefault(template, {})[indices] = tensor
    return {template: Group(found[template]) for template in sorted(found)}


def sheet_of(
    inventory: Inventory,
    architectures: Architectures,
    base: Sequence[Mapping[Template, Group]] = (),
) -> Sheet:
    """The sheet of one inventory; ``base`` holds the groups of every base inventory."""
    groups = groups_of(inventory)
    explained = {
        template
        for template, group in groups.items()
        if any(template in other and _agrees(group, other[template]) for other in base)
    }
    blocks = tuple(architectures.blocks(groups))
    built = frozenset(layout for other in base for layout in layouts_of(other))
    return Sheet(inventory, groups, blocks, frozenset(explained), built)


def _agrees(group: Group, other: Group) -> bool:
    """Whether no known shape of one contradicts the other."""
    if None in group.shapes or None in other.shapes:
        return True
    return bool(set(group.shapes) & set(other.shapes))


def spread(groups: Iterable[Group]) -> int:
    """How many tensors some groups hold."""
    return sum(len(group.tensors) for group in groups)
