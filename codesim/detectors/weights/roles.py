"""What a tensor does in a transformer, as far as its name says, and which units it shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.values import Values

# Name endings of public architectures: Llama and its kin, Llama's first release and GGUF, GPT-2,
# BERT, GPT-NeoX, T5, vision transformers. The first that fits counts.
_LINEAR = "_(?:proj|projection|linear|lin|fc|dense|layer)"
_ROLES = (
    ("gate", rf"gate{_LINEAR}|w1|ffn_gate|wi_0"),
    ("up", rf"up{_LINEAR}|w3|ffn_up|wi_1"),
    ("out", rf"o{_LINEAR}|wo|attn_output|out_proj|attention\.output\.dense"),
    ("down", rf"down{_LINEAR}|w2|ffn_down|wo_mlp|fc2|mlp\.c_proj|dense_4h_to_h|output\.dense"),
    ("inner", r"fc1|c_fc|dense_h_to_4h|intermediate\.dense|wi"),
    ("value", rf"v{_LINEAR}|wv|attn_v|value"),
    ("query", rf"q{_LINEAR}|wq|attn_q|query"),
    ("key", rf"k{_LINEAR}|wk|attn_k|key"),
    ("embedding", r"embed_tokens|tok_embeddings|token_embd|wte|word_embeddings"),
    ("head", r"lm_head|output|embed_out"),
)
_PATTERNS = tuple(
    (role, re.compile(rf"(?:^|\.)(?:{names})(?:\.weight)?$")) for role, names in _ROLES
)
_LAYER = re.compile(r"^(.*?\.|)(\d+)\.")
# Alike between any two models: norms, positions, rotary tables, masks, filters of audio, and
# scales that start as constants.
_EXCLUDED = re.compile(
    r"norm|(?:^|[._])ln[._\d]|rotary|inv_freq|position|pos_emb|rel_pos|wpe|alibi|attention_bias"
    r"|bias$|gamma|layer_scale|attn_mask|(?:^|[._])(?:pe|tril|triu|mask)$|(?:^|\.)pe\.weight$"
    r"|mel_(?:basis|filters?)",
    re.IGNORECASE,
)
_NORM = re.compile(r"norm\w*\.weight$|(?:^|[._])ln\w*\.weight$", re.IGNORECASE)
_SHIFT = re.compile(r"(?:norm\w*|(?:^|[._])ln\w*)\.(?:bias|beta)$", re.IGNORECASE)
# What a layer holds for its residual stream to be seen as free of sign: a gated MLP, and a norm
# before it and before attention. Layers with one norm for both subtract a mean without a bias.
_GATED = frozenset({"gate", "up", "down"})
_NORMS = 2


def role_of(name: str) -> str:
    """The role that a name states; empty where it states none that is known."""
    return next((role for role, pattern in _PATTERNS if pattern.search(name)), "")


def place_of(name: str) -> tuple[tuple[int, ...], str]:
    """The layer numbers and the role that a name states; the last part where no role is known."""
    numbers = tuple(int(part) for part in name.split(".") if part.isdecimal())
    last = name.removesuffix(".weight").rpartition(".")[2]
    return numbers, role_of(name) or last


def is_excluded(name: str, shape: tuple[int, ...]) -> bool:
    """True for what any two models have alike, so that it says nothing about lineage."""
    return len([size for size in shape if size > 1]) < 2 or bool(_EXCLUDED.search(name))


def stack_of(name: str) -> tuple[str, int] | None:
    """The stack that a tensor's layer belongs to and its number; None outside the layers."""
    found = _LAYER.match(name)
    return (found.group(1), int(found.group(2))) if found else None


@dataclass(frozen=True, slots=True)
class Layer:
    """The aligned pairs of one layer by role; of each expert by itself."""

    name: str
    pairs: dict[str, Aligned]


def layers(pairs: Sequence[Aligned]) -> list[Layer]:
    """Layers of the left with what is aligned to them, in order; roles by either side's names.

    No part of either side is taken twice, so that layers are disjoint where some are repeated.
    """
    found: dict[tuple[str, tuple[int, ...]], dict[str, Aligned]] = {}
    taken = set()
    for pair in pairs:
        key = pair.names[1], pair.right.first
        left, right = pair.names
        role = role_of(left) or role_of(right)
        named = left if stack_of(left) else right
        place = stack_of(named)
        if role and place and key not in taken:
            taken.add(key)
            found.setdefault((place[0], place_of(named)[0]), {}).setdefault(role, pair)
    return [
        Layer(f"{stack}{'.'.join(map(str, numbers))}", roles)
        for (stack, numbers), roles in found.items()
    ]


def norms_subtract_mean(values: Sequence[Values]) -> bool:
    """False where the layers prove norms that only divide, so that the sign of a residual
    coordinate is free: gated MLPs, two norms a layer, and no norm with a bias anywhere.
    """
    roles: dict[tuple[str, int], set[str]] = {}
    norms: dict[tuple[str, int], set[str]] = {}
    for name in sorted({each.name for each in values}):
        if _SHIFT.search(name):
            return True
        if place := stack_of(name):
            if _NORM.search(name):
                norms.setdefault(place, set()).add(name)
            roles.setdefault(place, set()).add(role_of(name))
    return not any(
        held >= _GATED and len(norms.get(place, ())) >= _NORMS for place, held in roles.items()
    )
