"""Shapes that a configuration implies, for the blocks that most public models are made of.

They are used only where no header gives shapes, and what follows from them is called estimated.
Sources: modeling_llama.py, modeling_siglip.py and modeling_clip.py of transformers 4.44.2; the
resampler is that of Qwen-VL's visual.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codesim.detectors.checkpoint.names import LAYER, Template
from codesim.detectors.checkpoint.profile import Config
from codesim.formats import product

# Sizes are named by a letter: H width, I inner width, V vocabulary, Q and K all query and all
# key heads, D one head, P positions, S side of a patch, W width of the vision tower, N queries.
_DECODER = {
    "embed_tokens.weight": "V H",
    "lm_head.weight": "V H",
    "norm.weight": "H",
    "input_layernorm.weight": "H",
    "post_attention_layernorm.weight": "H",
    "self_attn.q_proj.weight": "Q H",
    "self_attn.k_proj.weight": "K H",
    "self_attn.v_proj.weight": "K H",
    "self_attn.o_proj.weight": "H Q",
    "self_attn.q_proj.bias": "Q",
    "self_attn.k_proj.bias": "K",
    "self_attn.v_proj.bias": "K",
    "self_attn.q_norm.weight": "D",
    "self_attn.k_norm.weight": "D",
    "mlp.gate_proj.weight": "I H",
    "mlp.up_proj.weight": "I H",
    "mlp.down_proj.weight": "H I",
}
_VISION = {
    "layer_norm1.weight": "H",
    "layer_norm1.bias": "H",
    "layer_norm2.weight": "H",
    "layer_norm2.bias": "H",
    "mlp.fc1.weight": "I H",
    "mlp.fc1.bias": "I",
    "mlp.fc2.weight": "H I",
    "mlp.fc2.bias": "H",
    **{f"self_attn.{part}_proj.weight": "H H" for part in ("q", "k", "v", "out")},
    **{f"self_attn.{part}_proj.bias": "H" for part in ("q", "k", "v", "out")},
    "patch_embedding.weight": "H 3 S S",
    "patch_embedding.bias": "H",
    "position_embedding.weight": "P H",
    "class_embedding": "H",
    "pre_layrnorm.weight": "H",
    "pre_layrnorm.bias": "H",
    "post_layernorm.weight": "H",
    "post_layernorm.bias": "H",
}
_RESAMPLER = {
    "query": "N H",
    "proj": "H H",
    "kv_proj.weight": "H W",
    "attn.in_proj_weight": "3H H",
    "attn.in_proj_bias": "3H",
    "attn.out_proj.weight": "H H",
    "attn.out_proj.bias": "H",
    **{f"ln_{part}.{end}": "H" for part in ("q", "kv", "post") for end in ("weight", "bias")},
}
# Widths of public vision towers by depth: CLIP and SigLIP base, large, so400m, huge.
_TOWERS = {12: (768, 3072), 24: (1024, 4096), 27: (1152, 4304), 32: (1280, 5120)}
_INNER = ("text_config", "llm_config", "language_config")


@dataclass(frozen=True, slots=True)
class Part:
    """Templates below one head that one set of rules describes, with the sizes that are known."""

    head: Template
    rules: Mapping[str, str]
    sizes: Mapping[str, int]


def implied_parameters(layers: Mapping[Template, int], config: Config) -> int | None:
    """Parameters of an inventory of names, each template with its number of tensors; None unless
    the configuration and these rules give every shape.
    """
    parts = _parts(layers, config)
    total = 0
    for template, count in layers.items():
        shape = _shape(template, parts)
        if shape is None:
            return None
        total += count * product(shape)
    return total if layers else None


def _parts(layers: Mapping[Template, int], config: Config) -> list[Part]:
    decoder = _decoder_sizes(config)
    found: list[Part] = []
    width = 0
    for template in layers:
        if template[-3:] == (LAYER, "layer_norm1", "weight") and len(template) > 4:
            sizes = _vision_sizes(config, layers[template])
            width = sizes.get("H", 0)
            found.append(Part(template[:-5], _VISION, sizes))
    for template in layers:
        if template[-2:] == ("kv_proj", "weight") and (*template[:-2], "query") in layers:
            sizes = {"H": decoder.get("H", 0), "W": width}
            sizes["N"] = config.number("query_num", "num_query", "n_queries") or 0
            found.append(Part(template[:-2], _RESAMPLER, sizes))
    return [*sorted(found, key=lambda part: part.head), Part((), _DECODER, decoder)]


def _shape(template: Template, parts: list[Part]) -> tuple[int, ...] | None:
    """The shape by the rules of the first part that the template is in."""
    for part in parts:
        if template[: len(part.head)] != part.head:
            continue
        for depth in (3, 2, 1):
            rule = part.rules.get(".".join(template[-depth:]))
            if rule is not None and len(template) >= depth:
                return _sized(rule, part.sizes)
        return None
    return None


def _sized(rule: str, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
    found = []
    for each in rule.split():
        times, letter = (3, each[1:]) if each.startswith("3") and len(each) > 1 else (1, each)
        size = int(letter) if letter.isdigit() else sizes.get(letter, 0)
        if not size:
            return None
        found.append(times * size)
    return tuple(found)


def _decoder_sizes(config: Config) -> dict[str, int]:
    def number(key: str) -> int:
        return config.number(key, *(f"{inner}.{key}" for inner in _INNER)) or 0

    width, heads = number("hidden_size"), number("num_attention_heads")
    head = number("head_dim") or (width // heads if heads else 0)
    return {
        "H": width,
        "I": number("intermediate_size"),
        "V": number("vocab_size"),
        "D": head,
        "Q": heads * head,
        "K": (number("num_key_value_heads") or heads) * head,
    }


def _vision_sizes(config: Config, depth: int) -> dict[str, int]:
    """Sizes of a vision tower: as declared, else those of the public tower of this depth."""
    width, inner = _TOWERS.get(depth, (0, 0))
    patch = config.number("vision_config.patch_size", "patch_size") or 0
    image = config.number("vision_config.image_size", "image_size") or 0
    return {
        "H": config.number("vision_config.hidden_size") or width,
        "I": config.number("vision_config.intermediate_size") or inner,
        "S": patch,
        "P": (image // patch) ** 2 if patch else 0,
    }
