"""What public code is looked up by: the fingerprints of a profile that a table of commons holds."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import pairwise

import numpy as np

from codesim.commons import Commons, load
from codesim.detectors.code.profile import DEPTH, OWN, CodeProfile, Hashes

# Below this a computation is so small that its own information says how common it is; the table
# would only repeat it.
_MIN_BITS = 5.0
# A definition of fewer tokens is a name and a `pass`.
_MIN_TOKENS = 4


def fingerprints(profile: CodeProfile) -> Hashes:
    """Sorted distinct fingerprints of a snapshot, as the commons table counts them.

    They are the labels, of both families and at every depth, of what the repository itself
    computes (no copies of inlined helpers), and one hash for each whole definition.
    """
    nodes = profile.nodes
    own = nodes.role == OWN
    parts = [whole_definitions(profile)]
    for family in (0, 1):
        for depth in range(1, DEPTH + 1):
            chosen = own & (nodes.bits[family, depth] >= _MIN_BITS)
            parts.append(np.unique(nodes.labels[family, depth][chosen]))
    found: Hashes = np.unique(np.concatenate(parts))
    return found[1:] if len(found) and found[0] == 0 else found


def whole_definitions(profile: CodeProfile) -> Hashes:
    """One hash of the whole canonical token sequence per unit; 0 where a unit is too short."""
    canonical, start = profile.tokens.canonical, profile.tokens.start.tolist()
    return np.array(
        [
            _digest(canonical[first:last].tobytes()) if last - first >= _MIN_TOKENS else 0
            for first, last in pairwise(start)
        ],
        dtype=np.uint64,
    )


def contents(profile: CodeProfile) -> Hashes:
    """One value per file that tells its bytes."""
    told = [_digest(f"file:{file.blob_id}".encode()) for file in profile.files]
    return np.array(told, dtype=np.uint64)


def _digest(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


@lru_cache(maxsize=1)
def public_code() -> Commons:
    """The shipped table, or empty commons where it was made of other fingerprints than these."""
    commons = load()
    if commons.problem or commons.canonicaliser == canonicaliser():
        return commons
    return Commons.empty(
        "the table of common code was made by another version of codesim; "
        "make it anew with: codesim commons build"
    )


@lru_cache(maxsize=1)
def canonicaliser() -> str:
    """Names how this version of codesim makes fingerprints: another name, other fingerprints.

    It is the digest of what a fixed piece of model code comes to, so that an edit that changes no
    fingerprint changes no name.
    """
    from codesim.detectors.code.detector import CodeDetector
    from codesim.model import Entry, Snapshot

    source = PROBE.encode()
    snapshot = Snapshot("probe", "", None, (Entry("probe.py", size=len(source)),), lambda _: source)
    found = fingerprints(CodeDetector().profile(snapshot))
    return hashlib.blake2b(found.astype("<u8").tobytes(), digest_size=6).hexdigest()


# A fixed piece of model code, by which versions of codesim are told apart.
PROBE = """
import math
import numpy as np
import torch.nn.functional as F
from torch import nn
from . import layers


def positions(width, *, theta=10000.0, dtype=np.float32):
    omega = np.arange(width // 2, dtype=dtype)
    omega /= width / 2.0
    angles = np.einsum("m,d->md", np.arange(width), 1.0 / theta**omega)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


class Attention(nn.Module):
    scale: float = 1.0

    def __init__(self, width, heads=8, bias=True):
        super().__init__()
        if width % heads:
            raise ValueError(f"{width} is not a multiple of {heads}")
        self.heads, self.width = heads, width
        self.qkv = nn.Linear(width, 3 * width, bias=bias)
        self.norm = layers.Norm(width) if bias else nn.Identity()

    @property
    def size(self):
        return self.width // self.heads

    def forward(self, x, mask=None):
        batch, length, _ = x.shape
        q, k, v = self.qkv(self.norm(x)).view(batch, length, 3, self.heads, -1).unbind(2)
        scores = (q @ k.transpose(-2, -1)) * self.scale / math.sqrt(self.size)
        if mask is not None and not self.training:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        for step in range(2):
            scores = scores + step
        while scores.ndim > 4:
            scores = scores[..., 0]
        out = F.softmax(scores, dim=-1) @ v
        return out.transpose(1, 2).reshape(batch, length, self.width)


def run(model, loader, log=print):
    best, names = None, {name: p.numel() for name, p in model.named_parameters()}
    with open("log.txt", "w") as file:
        for number, (x, y) in enumerate(loader, start=1):
            try:
                loss = F.cross_entropy(model(x), y)
            except RuntimeError as error:
                log("batch %d: %s" % (number, error))
                continue
            best = loss if best is None or loss < best else best
            file.write("{}\\n".format(loss.item()))
    return best, sorted(names, key=lambda name: -names[name]), [n for n in names if "w" in n]
"""
