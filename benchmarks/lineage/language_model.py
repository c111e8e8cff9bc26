"""A tiny language model, so that lineage is measured on weights that were trained.

Llama-style as it stands: RMS norms, rotary positions, grouped keys, a gated MLP. A ``Shape`` makes
its relatives: layer norms, plain MLPs, as many keys as queries, one tensor for both vocabularies.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

VOCABULARY = 1024
_THETA = 10_000.0


@dataclass(frozen=True)
class Shape:
    """Sizes and kinds of the parts. ``tied``: the head is the embedding; ``std`` is that of the
    initialisation.
    """

    width: int = 64
    layers: int = 4
    heads: int = 4
    key_heads: int = 2
    inner: int = 176
    gated: bool = True
    layer_norm: bool = False
    tied: bool = False
    std: float = 0.02

    @property
    def head(self) -> int:
        """The width of one head."""
        return self.width // self.heads


LLAMA = Shape()


class Attention(nn.Module):
    """Causal self-attention with rotary positions and grouped key and value heads."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, head = shape.width, shape.head
        self.q_proj = nn.Linear(width, shape.heads * head, bias=False)
        self.k_proj = nn.Linear(width, shape.key_heads * head, bias=False)
        self.v_proj = nn.Linear(width, shape.key_heads * head, bias=False)
        self.o_proj = nn.Linear(shape.heads * head, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, length, width) to the same."""
        (batch, length, _), shape = x.shape, self.shape
        q = _rotated(self.q_proj(x).view(batch, length, shape.heads, shape.head).transpose(1, 2))
        k, v = (
            each(x).view(batch, length, shape.key_heads, shape.head).transpose(1, 2)
            for each in (self.k_proj, self.v_proj)
        )
        k = _rotated(k)
        k, v = (each.repeat_interleave(shape.heads // shape.key_heads, dim=1) for each in (k, v))
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        out: Tensor = self.o_proj(mixed.transpose(1, 2).reshape(batch, length, -1))
        return out


def _rotated(x: Tensor) -> Tensor:
    half = x.shape[-1] // 2
    rates = _THETA ** (-torch.arange(half, dtype=torch.float32) / half)
    angles = torch.outer(torch.arange(x.shape[-2], dtype=torch.float32), rates)
    one, two = x[..., :half], x[..., half:]
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((one * cos - two * sin, two * cos + one * sin), dim=-1)


class Mlp(nn.Module):
    """SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(shape.width, shape.inner, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.inner, bias=False)
        self.down_proj = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, length, width) to the same."""
        out: Tensor = self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))
        return out


class PlainMlp(nn.Module):
    """Two matrices with a GELU between them."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.fc1 = nn.Linear(shape.width, shape.inner)
        self.fc2 = nn.Linear(shape.inner, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, length, width) to the same."""
        out: Tensor = self.fc2(functional.gelu(self.fc1(x)))
        return out


def _norm(shape: Shape) -> nn.Module:
    return nn.LayerNorm(shape.width) if shape.layer_norm else nn.RMSNorm(shape.width)


class Layer(nn.Module):
    """Attention and MLP, each behind a norm and beside a residual connection."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn = Attention(shape)
        self.mlp = Mlp(shape) if shape.gated else PlainMlp(shape)
        self.input_layernorm = _norm(shape)
        self.post_attention_layernorm = _norm(shape)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, length, width) to the same."""
        x = x + self.self_attn(self.input_layernorm(x))
        out: Tensor = x + self.mlp(self.post_attention_layernorm(x))
        return out


class Decoder(nn.Module):
    """Embedding, layers and last norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCABULARY, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = _norm(shape)


class LanguageModel(nn.Module):
    """Next-token model; initialised as such models are, from one seed."""

    def __init__(self, seed: int, shape: Shape = LLAMA) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.model = Decoder(shape)
        self.lm_head = nn.Linear(shape.width, VOCABULARY, bias=False)
        for parameter in self.parameters():
            if parameter.ndim == 2:
                nn.init.normal_(parameter, std=shape.std)
        if shape.tied:
            self.lm_head.weight = self.model.embed_tokens.weight

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length) of ids to (batch, length, vocabulary) of logits."""
        x = self.model.embed_tokens(tokens)
        for layer in self.model.layers:
            x = layer(x)
        out: Tensor = self.lm_head(self.model.norm(x))
        return out
