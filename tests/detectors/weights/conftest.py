"""Matrices of the tiny models are too small to share: threads would only wait for each other, and
for those of the other workers.
"""

from __future__ import annotations

try:
    import torch
except ImportError:
    pass
else:
    torch.set_num_threads(1)
