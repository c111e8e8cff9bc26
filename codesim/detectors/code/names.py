"""Which names a copier could have renamed: judged once per name, for a whole repository."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from codesim.detectors.code.graph import (
    BUILTIN,
    EXTERNAL,
    MEMBER,
    NUMBER,
    SELF,
    TEXT,
    UNKNOWN,
    FileGraph,
)
from codesim.detectors.code.library import TENSOR_METHODS
from codesim.detectors.code.scope import BUILTINS

# Methods and attributes of the types that model code handles: owned by torch, numpy and Python, so
# a copier cannot rename them even where the repository defines a function of the same name.
_TENSOR = (
    "abs add addmm all allclose any argmax argmin argsort astype backward baddbmm bfloat16 "
    "bias bmm bool broadcast_to bytes ceil chunk clamp clone contiguous copy_ cos cpu cuda "
    "cumsum data detach device diag diagonal dim div double dtype eq eval exp expand "
    "expand_as fill_ flatten flip float floor fp16 gather ge grad gt half index_select int "
    "is_contiguous isnan item itemsize le log log2 long lt masked_fill masked_fill_ "
    "masked_select matmul max mean median min mm mul narrow ndim ne neg nelement new_ones "
    "new_zeros nonzero norm normal_ num_batches_tracked numel numpy ones_like permute pow "
    "prod ravel relu repeat repeat_interleave requires_grad requires_grad_ reshape roll round "
    "rsqrt running_mean running_var scatter scatter_ shape sigmoid sign sin size softmax sort "
    "split sqrt squeeze stack std storage stride sub sum swapaxes t tanh tile to to_dense "
    "tolist topk transpose tril triu true_divide type type_as unbind unfold uniform_ unique "
    "unsqueeze var view view_as weight where zero_ zeros_like zero_grad step state_dict "
    "load_state_dict parameters named_parameters modules children named_modules "
    "register_buffer register_parameter train apply forward crop resize convert filename mode "
    "read_text write_text exists mkdir parent "
)
_TYPES = (str, bytes, list, dict, set, tuple, int, float, object, type)
WELL_KNOWN = (
    frozenset(_TENSOR.split())
    | TENSOR_METHODS
    | {name for kind in _TYPES for name in dir(kind) if name != "register"}
)

FREE = 0x9E3779B97F4A7C15


@lru_cache(maxsize=200_000)
def hash64(text: str) -> int:
    """A stable 64-bit hash of a text (blake2b)."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class NameLabel:
    """How a name labels a node: its hash and information (bits) when kept and when free.

    ``owned`` is True when the name belongs to somebody outside the repository, so that the keyword
    names of its calls are theirs too.
    """

    kept: int
    kept_bits: float
    free: int
    free_bits: float
    owned: bool


# Information of a name in bits: how surprising it is to meet exactly this name in model code. These
# are the uniform prior that a table of public code refines.
_EXTERNAL_BITS, _BUILTIN_BITS, _MEMBER_BITS, _OTHER_BITS = 6.0, 3.0, 3.5, 5.0
_FREE_BITS = 0.5
_TEXT_BITS, _NUMBER_BITS, _SMALL_NUMBER_BITS = 6.0, 4.0, 1.0
_SMALL = frozenset(["0", "1", "2", "3", "4", "-1", "None", "True", "False", "..."])


class Resolver:
    """Decides for each name reference of a repository whether it is anchored or free."""

    def __init__(self, paths: Iterable[str], files: Iterable[FileGraph]) -> None:
        self._roots = _own_modules(paths)
        self._defined: set[str] = set()
        for graph in files:
            self._defined |= graph.defined
            self._defined.update(n[2:] for n in graph.names if n.startswith(SELF))
        self._labels: dict[str, NameLabel] = {}

    def label(self, reference: str) -> NameLabel:
        """The label of one name reference."""
        found = self._labels.get(reference)
        if found is None:
            found = self._labels[reference] = self._judge(reference[0], reference[2:])
        return found

    def is_own(self, path: str) -> bool:
        """True when a dotted path leads into the repository itself."""
        return path.startswith(".") or path.partition(".")[0] in self._roots

    def is_free_word(self, word: str) -> bool:
        """True when the repository defines this name somewhere."""
        return word in self._defined

    def word_bits(self, word: str) -> float:
        """Information of a word that the token view keeps, in bits."""
        if word in _SMALL:
            return _SMALL_NUMBER_BITS
        if word in BUILTINS:
            return _BUILTIN_BITS
        return _MEMBER_BITS if word in WELL_KNOWN or word[:1].isdigit() else _OTHER_BITS

    def _judge(self, kind: str, name: str) -> NameLabel:
        if kind == EXTERNAL:
            if self.is_own(name):
                return _free()
            root, _, last = name.partition(".")
            short = f"{root}.{last.rpartition('.')[2]}" if last else root
            return _kept(hash64(f"X:{short}"), _EXTERNAL_BITS)
        if kind == BUILTIN:
            return _kept(hash64(f"B:{name}"), _BUILTIN_BITS)
        if kind in (MEMBER, SELF):
            return self._member(kind, name)
        if kind == NUMBER:
            bits = _SMALL_NUMBER_BITS if name in _SMALL else _NUMBER_BITS
            return _kept(hash64(f"N:{name}"), bits)
        if kind == TEXT:
            bits = _TEXT_BITS if len(name) > 3 else 3.0
            return NameLabel(hash64(f"T:{name}"), bits, FREE, _FREE_BITS, False)
        if kind == UNKNOWN:
            return NameLabel(hash64(f"U:{name}"), _OTHER_BITS, FREE, _FREE_BITS, False)
        return _free()

    def _member(self, kind: str, name: str) -> NameLabel:
        if name in WELL_KNOWN and (kind == MEMBER or name not in self._defined):
            return _kept(hash64(f"M:{name}"), _MEMBER_BITS)
        if name in self._defined:
            return _free()
        return NameLabel(hash64(f"M:{name}"), _OTHER_BITS, FREE, _FREE_BITS, False)


def _free() -> NameLabel:
    return NameLabel(FREE, _FREE_BITS, FREE, _FREE_BITS, False)


def _kept(value: int, bits: float) -> NameLabel:
    return NameLabel(value, bits, value, bits, True)


def _own_modules(paths: Iterable[str]) -> frozenset[str]:
    """Names that an import may use for a module of this repository.

    All folders and the stems of all files, without names that the standard library or a well-known
    public package uses.
    """
    roots: set[str] = set()
    for path in paths:
        parts = path.split("/")
        stem = parts[-1].rpartition(".")[0]
        if len(parts) > 1:
            roots.update(part for part in parts[:-1] if part not in sys.stdlib_module_names)
        if stem not in ("__init__", "setup") and stem not in sys.stdlib_module_names:
            roots.add(stem)
    return frozenset(roots - _PUBLIC)


# A folder called like a public package does not make that package the repository's own.
_PUBLIC = frozenset(("torch", "numpy", "tensorflow", "jax", "transformers", "datasets"))
