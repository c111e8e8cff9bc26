"""What the names of modules mean, as far as they say it: words that stand for the same part."""

from __future__ import annotations

import re
from functools import lru_cache

from codesim.detectors.checkpoint.names import Template

# Parameters that every module calls so.
PARAMETERS = frozenset(("weight", "bias"))
# Words by the part that they name, as public models use them.
_PARTS = {
    "norm": "norm ln layernorm rmsnorm normalization norms",
    "before": "before pre input",
    "after": "after post",
    "query": "q query queries wq",
    "key": "k key keys wk",
    "value": "v value values wv",
    "qkv": "qkv in",
    "out": "o out output wo merge",
    "up": "up widen expand fc1 w3 inner",
    "down": "down narrow shrink contract fc2 w2",
    "gate": "gate w1",
    "embedding": "embed embedding embeddings token tokens wte stem patch",
    # The first norm of a block stands before its attention, the second before its MLP.
    "attention": "attention attn ln1 norm1",
    "mlp": "mlp ffn feedforward ln2 norm2",
    "text": "text language llm lm decoder",
    "vision": "vision visual image encoder tower",
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words.split()}
_WORD = re.compile(r"[a-z]+\d*")
_KNOWN_PART = 2.0
_LONGEST = 200


def likeness(left: Template, right: Template) -> float:
    """How alike two paths are by their meaning and their letters; the same from either side."""
    one, two = _named(left), _named(right)
    if one == two:
        return _KNOWN_PART + 1.0
    ours, theirs = _parts(one), _parts(two)
    shared = len(ours & theirs) / max(1, len(ours | theirs))
    return _KNOWN_PART * shared + _letters(*sorted((one, two)))


def _named(path: Template) -> str:
    """The part of a path that names it: the last but a parameter's own name."""
    words = [each for each in path if each not in PARAMETERS] or list(path)
    return ".".join(words[-2:])[-_LONGEST:]


@lru_cache(maxsize=4096)
def _parts(name: str) -> frozenset[str]:
    last = name.rpartition(".")[2].lower()
    found = _WORD.findall(last)
    bare = [word.rstrip("0123456789") for word in found]
    return frozenset(_PART_OF[word] for word in (*found, *bare) if word in _PART_OF)


def _letters(left: str, right: str) -> float:
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(left, right))
