"""Figures of one inventory: parameters, bytes per parameter, depth, widths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from codesim.detectors.checkpoint.matching import Match
from codesim.detectors.checkpoint.names import LAYER, Template
from codesim.detectors.checkpoint.sheet import Group, Sheet
from codesim.detectors.checkpoint.sizes import implied_parameters

# Bytes of one element, by the names that configurations use.
_DECLARED = {
    "float64": 8, "float32": 4, "float": 4, "float16": 2, "half": 2, "bfloat16": 2, "int8": 1,
    "float8_e4m3fn": 1, "float8_e5m2": 1,
}  # fmt: skip
_TABLES = ("embed_tokens", "wte", "word_embeddings", "tok_embeddings", "token_embd", "shared")
_KEYS = ("k_proj", "wk", "attn_k")
# Some tensors of another dtype, such as norms in full precision, move the mean by less than this.
_NEAR = 0.1


@dataclass(frozen=True, slots=True)
class Figures:
    """What the files say of an inventory as a whole; None where they do not say it.

    ``estimated`` is True where parameters follow from the configuration and not from shapes.
    """

    tensors: int
    total_size: int | None
    parameters: int | None
    estimated: bool
    declared: str
    depths: tuple[int, ...]
    width: int | None
    vocabulary: int | None
    heads: int | None
    key_width: int | None

    @property
    def bytes_per_parameter(self) -> float | None:
        """Bytes on disk for each parameter, to three digits."""
        if not self.parameters or self.total_size is None:
            return None
        return round(self.total_size / self.parameters, 3)

    @property
    def odd_bytes(self) -> float:
        """How far the bytes for each parameter are from a whole number."""
        per = self.bytes_per_parameter or 0.0
        return abs(per - round(per))

    @property
    def denied(self) -> str:
        """In words, where the files do not have the dtype that the configuration declares."""
        declared, per = self.declared_bytes, self.bytes_per_parameter
        if declared is None or per is None or abs(per - declared) < _NEAR * declared:
            return ""
        return f"{per:.3f} bytes per parameter, declared {self.declared.removeprefix('torch.')}"

    @property
    def declared_bytes(self) -> int | None:
        """Bytes for each parameter that the declared dtype means."""
        return _DECLARED.get(self.declared.removeprefix("torch."))


def both_figures(match: Match) -> tuple[Figures, Figures]:
    """The figures of both sides. Checkpoints whose tensors all stand for each other and have as
    many bytes have as many parameters, so one count does for both: the known one, else the
    estimate that comes closest to whole bytes for each parameter.
    """
    left, right = figures_of(match.left), figures_of(match.right)
    if not match.is_whole or left.total_size is None or left.total_size != right.total_size:
        return left, right
    known = [each for each in (left, right) if each.bytes_per_parameter is not None]
    if not known or left.parameters == right.parameters:
        return left, right
    best = min(known, key=lambda each: (each.estimated, each.odd_bytes, each.parameters or 0))
    return (
        left if not left.estimated else replace(left, parameters=best.parameters),
        right if not right.estimated else replace(right, parameters=best.parameters),
    )


def figures_of(sheet: Sheet) -> Figures:
    """The figures of one inventory."""
    inventory, config = sheet.inventory, sheet.inventory.config
    elements = [tensor.elements for tensor in inventory.tensors]
    known = [each for each in elements if each is not None]
    parameters: int | None = sum(known)
    estimated = len(known) < len(elements)
    if estimated:
        layers = {template: len(group.tensors) for template, group in sheet.groups.items()}
        parameters = implied_parameters(layers, config)
    table = _shape_of(sheet, _TABLES)
    keys = _shape_of(sheet, _KEYS)
    return Figures(
        tensors=len(inventory.tensors),
        total_size=inventory.total_size,
        parameters=parameters,
        estimated=estimated,
        declared=config.text("torch_dtype", "dtype"),
        depths=_depths(sheet.groups.items()),
        width=table[1] if table else config.number("hidden_size", "text_config.hidden_size"),
        vocabulary=table[0] if table else config.number("vocab_size", "text_config.vocab_size"),
        heads=config.number("num_attention_heads", "text_config.num_attention_heads"),
        key_width=keys[0] if keys else None,
    )


def _depths(groups: Iterable[tuple[Template, Group]]) -> tuple[int, ...]:
    """The length of every stack of layers, the longest first."""
    found: dict[Template, set[tuple[int, ...]]] = {}
    for template, group in groups:
        if LAYER in template:
            head = template[: template.index(LAYER)]
            found.setdefault(head, set()).update(index[:1] for index in group.tensors)
    return tuple(sorted((len(layers) for layers in found.values()), reverse=True))


def _shape_of(sheet: Sheet, names: tuple[str, ...]) -> tuple[int, ...] | None:
    """The largest matrix whose module has one of these names."""
    found = [
        shape
        for template, group in sheet.groups.items()
        if any(name in template for name in names)
        for shape in group.shapes
        if shape is not None and len(shape) == 2
    ]
    return max(found, default=None)
